/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "report/page.h"

/* What a page of 20 columns makes of one paragraph. */
static void expect(const char *label, const char *words, struct report_page_style style, const char *expected)
{
    struct fixture_sink sink = fixture_sink_new();
    struct report_run run = { .out = { .sink = { .write = fixture_write, .context = &sink } } };
    run.options.columns = 20;
    run.options.color = style.color != REPORT_PAGE_PLAIN;
    struct report_page page = report_page_open(&run);
    report_page_label(&page, label);
    report_page_add_foreign(&page, words);
    report_page_end(&page, style);
    report_page_close(&page);
    assert_true(report_out_flush(&run.out));
    if (strcmp(sink.text.bytes, expected) != 0)
        fail_msg("\"%s\": expected\n%s\ngot\n%s", words, expected, sink.text.bytes);
    text_free(&sink.text);
}

static void words_wrap(void **state)
{
    (void)state;
    static const struct report_page_style plain = { 0 }, hanging = { .indent = 2, .hang = 4 };
    expect(NULL, "", plain, "\n");
    expect(NULL, "one", plain, "one\n");
    expect(NULL, "exactly twenty chars", plain, "exactly twenty chars\n");
    expect(NULL, "exactly twenty-1 chars", plain, "exactly twenty-1\nchars\n");
    expect(NULL, "one two three four five six", hanging, "  one two three four\n    five six\n");
    expect(NULL, "a word-that-is-longer-than-the-page b", hanging,
           "  a\n    word-that-is-longer-than-the-page\n    b\n");
    expect(NULL, "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4 \xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6 "
                 "\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc x", plain,
           "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4 \xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6\xc3\xb6 "
           "\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc\xc3\xbc x\n");
}

static void labels_stand_before_the_text(void **state)
{
    (void)state;
    static const struct report_page_style body = { .indent = 8, .hang = 8, .label_at = 2 };
    expect("Who", "one two three four", body, "  Who   one two\n        three four\n");
    expect("Longer label", "one two", body, "  Longer label one\n        two\n");
    expect("Exact", "one", body, "  Exact one\n");
}

static void colors_hug_the_words(void **state)
{
    (void)state;
    static const struct report_page_style red = { .indent = 2, .hang = 2, .color = REPORT_PAGE_RED };
    expect(NULL, "one two three four five", red,
           "  \033[1;31mone two three four\033[0m\n  \033[1;31mfive\033[0m\n");
    expect("L", "one", (struct report_page_style){ .indent = 4, .hang = 4, .color = REPORT_PAGE_GREEN },
           "\033[1mL\033[0m   \033[1;32mone\033[0m\n");
}

static void foreign_strings_are_escaped(void **state)
{
    (void)state;
    expect(NULL, "a\033[0mb", (struct report_page_style){ 0 }, "a\\x1B[0mb\n");
    expect(NULL, "a\nb\xff", (struct report_page_style){ 0 }, "a\\x0Ab\\xFF\n");
    expect(NULL, NULL, (struct report_page_style){ 0 }, "unknown\n");
}

static void sentences_end(void **state)
{
    (void)state;
    static const struct {
        const char *sentence, *expected;
    } rows[] = { { "Yes", "Yes.\n" }, { "Yes.", "Yes.\n" }, { "Yes!", "Yes!\n" }, { "Yes?", "Yes?\n" }, { "", "\n" } };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct fixture_sink sink = fixture_sink_new();
        struct report_run run = { .out = { .sink = { .write = fixture_write, .context = &sink } } };
        run.options.columns = 80;
        struct report_page page = report_page_open(&run);
        report_page_add_sentence(&page, rows[i].sentence);
        report_page_end(&page, (struct report_page_style){ 0 });
        report_page_close(&page);
        assert_true(report_out_flush(&run.out));
        assert_string_equal(sink.text.bytes, rows[i].expected);
        text_free(&sink.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_wrap),           cmocka_unit_test(labels_stand_before_the_text),
        cmocka_unit_test(colors_hug_the_words), cmocka_unit_test(foreign_strings_are_escaped),
        cmocka_unit_test(sentences_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
