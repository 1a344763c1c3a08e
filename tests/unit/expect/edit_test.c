/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "expect/edit.h"

static const struct {
    const char *row;
    struct expect_edit edits[3];
    size_t count;
    bool last_refused;
    const char *text;
} rows[] = {
    { "none", { { 0, 0, NULL } }, 0, false, "0123456789" },
    { "replace", { { 2, 4, "ab" } }, 1, false, "01ab456789" },
    { "replace by nothing", { { 0, 9, "" } }, 1, false, "9" },
    { "insert at both ends", { { 10, 10, "z" }, { 0, 0, "a" } }, 2, false, "a0123456789z" },
    { "out of order", { { 8, 9, "c" }, { 1, 2, "a" }, { 4, 5, "b" } }, 3, false, "0a23b567c9" },
    { "two insertions keep their order", { { 5, 5, "a" }, { 5, 5, "b" } }, 2, false, "01234ab56789" },
    { "insertion behind a replacement", { { 3, 5, "x" }, { 5, 5, "y" } }, 2, false, "012xy56789" },
    { "insertion before a replacement", { { 5, 6, "x" }, { 5, 5, "y" } }, 2, false, "01234yx6789" },
    { "overlap", { { 3, 5, "x" }, { 4, 6, "y" } }, 2, true, "012x56789" },
    { "the same twice", { { 3, 5, "x" }, { 3, 5, "x" } }, 2, true, "012x56789" },
    { "insertion inside a replacement", { { 3, 6, "x" }, { 4, 4, "y" } }, 2, true, "012x6789" },
};

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct text text;
        struct expect_edits edits = { .arena = arena_new(1 << 20) };
        text_init(&text, 1000);
        for (size_t k = 0; k < rows[i].count; k++) {
            const struct expect_edit *e = &rows[i].edits[k];
            bool refused = rows[i].last_refused && k + 1 == rows[i].count;
            if (expect_edit_add(&edits, e->start, e->end, e->text) == refused)
                fail_msg("%s: edit %zu", rows[i].row, k);
        }
        expect_edit_apply(&edits, "0123456789", 10, &text);
        fixture_same_text(rows[i].row, text.bytes, rows[i].text);
        text_free(&text);
        arena_free(edits.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
