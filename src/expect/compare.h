/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXPECT_COMPARE_H
#define EXPECT_COMPARE_H

#include "expect/facts.h"
#include "expect/load.h"
#include "expect/match.h"

enum expect_problem_type {
    EXPECT_DIFFERS,    /* an entry does not hold, `nearest` comes near */
    EXPECT_MISSING,    /* an entry does not hold, and nothing of its identity is in the report */
    EXPECT_FORBIDDEN,  /* a kind that must be absent is there: `nearest` */
    EXPECT_UNEXPECTED, /* `only: true` and the file does not name `nearest` */
    EXPECT_OPEN,       /* pending, and does not hold: no failure */
    EXPECT_HOLDS,      /* pending, and holds by now */
};

struct expect_problem {
    enum expect_problem_type type;
    const struct expect_section *section;
    const struct expect_node *entry; /* NULL for EXPECT_UNEXPECTED */
    const struct wspscope_value *nearest;
    bool nearest_is_free; /* no other entry stands for `nearest` */
    const struct expect_mismatch *mismatches; /* of EXPECT_DIFFERS */
    const struct expect_problem *next;
};

struct expect_outcome {
    const struct expect *expect;
    struct arena *arena;
    struct expect_facts facts;
    const struct expect_problem *problems; /* by section, in the order written */
    struct expect_problem *last;
    size_t failed, pending;
};

#endif
