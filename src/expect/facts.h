/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXPECT_FACTS_H
#define EXPECT_FACTS_H

#include <stdbool.h>
#include "base/arena.h"
#include "wspscope/report.h"

/* A report as trees of named values under the names that expectation files use, so that one comparison serves every
 * section. Strings and measured values are borrowed from the report. */
struct expect_facts_list {
    const struct wspscope_value *items; /* objects */
    size_t count;
};

struct expect_facts {
    struct expect_facts_list verdict; /* one */
    struct expect_facts_list findings, limits, unanswered, sessions;
};

/* False when memory ran out. */
bool expect_facts_make(struct arena *arena, const struct wspscope_report *report, struct expect_facts *out);

/* The first child of that name; NULL when there is none. */
const struct wspscope_value *expect_facts_get(const struct wspscope_value *object, const char *name);
/* The string of that child; NULL when it is no string. */
const char *expect_facts_string(const struct wspscope_value *object, const char *name);

#endif
