/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXPECT_EDIT_H
#define EXPECT_EDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/text.h"

/* Replacements of byte ranges of a file; every byte outside of them stays. */
enum { EXPECT_EDIT_LIMIT = 4096 };

struct expect_edit {
    size_t start, end; /* equal: an insertion */
    const char *text;  /* borrowed from the arena */
};

struct expect_edits {
    struct arena *arena;
    struct expect_edit *items; /* by start; insertions at one place in the order they came */
    size_t count;
};

/* False when memory ran out, when the limit is met, or when the range overlaps one that is replaced already. */
bool expect_edit_add(struct expect_edits *edits, size_t start, size_t end, const char *text);
void expect_edit_apply(const struct expect_edits *edits, const char *bytes, size_t length, struct text *out);

#endif
