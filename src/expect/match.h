/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXPECT_MATCH_H
#define EXPECT_MATCH_H

#include "base/arena.h"
#include "expect/schema.h"
#include "wspscope/report.h"

/* One condition of an entry that does not hold. */
struct expect_mismatch {
    const char *path; /* "measured.fallback_delay_ms" */
    enum expect_type type;
    const struct expect_node *want;
    const struct wspscope_value *have; /* NULL: there is no such value */
    const struct expect_mismatch *next;
};

struct expect_match {
    size_t held, missed;
    const struct expect_mismatch *mismatches; /* in the order written */
};

/* Compares an entry with one thing of a report (facts.h). Mismatches are recorded only when `arena` is given. */
struct expect_match expect_match_entry(const struct expect_section *section, const struct expect_node *entry,
                                       const struct wspscope_value *object, struct arena *arena);

/* The same for a single condition. */
bool expect_match_value(enum expect_type type, const struct expect_node *want, const struct wspscope_value *have);

/* True when two texts are the same address or, where they are none, the same text. */
bool expect_match_address(const char *a, const char *b);

/* The value of an entry's identity: that of its key, or the entry itself; NULL when it has none. */
const struct expect_node *expect_match_identity(const struct expect_section *section,
                                                const struct expect_node *entry);

#endif
