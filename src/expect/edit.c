/* SPDX-License-Identifier: Apache-2.0 */
#include "expect/edit.h"

#include <string.h>

static bool is_insertion(const struct expect_edit *edit)
{
    return edit->start == edit->end;
}

/* An insertion may touch a replaced range at either end, and another insertion. */
static bool overlaps(const struct expect_edit *a, const struct expect_edit *b)
{
    if (is_insertion(a) && is_insertion(b))
        return false;
    return a->start < b->end && b->start < a->end;
}

static bool belongs_before(const struct expect_edit *edit, const struct expect_edit *other)
{
    return edit->start < other->start || (edit->start == other->start && is_insertion(edit) && !is_insertion(other));
}

bool expect_edit_add(struct expect_edits *edits, size_t start, size_t end, const char *text)
{
    struct expect_edit edit = { .start = start, .end = end, .text = arena_copy(edits->arena, text) };
    if (!edits->items)
        edits->items = arena_alloc(edits->arena, EXPECT_EDIT_LIMIT, sizeof *edits->items);
    if (arena_failed(edits->arena) || edits->count == EXPECT_EDIT_LIMIT)
        return false;
    size_t at = edits->count;
    while (at > 0 && belongs_before(&edit, &edits->items[at - 1]))
        at--;
    for (size_t i = 0; i < edits->count; i++)
        if (overlaps(&edits->items[i], &edit))
            return false;
    memmove(edits->items + at + 1, edits->items + at, (edits->count - at) * sizeof *edits->items);
    edits->items[at] = edit;
    edits->count++;
    return true;
}

void expect_edit_apply(const struct expect_edits *edits, const char *bytes, size_t length, struct text *out)
{
    size_t at = 0;
    for (size_t i = 0; i < edits->count; i++) {
        text_add_bytes(out, bytes + at, edits->items[i].start - at);
        text_add(out, edits->items[i].text);
        at = edits->items[i].end;
    }
    text_add_bytes(out, bytes + at, length - at);
}
