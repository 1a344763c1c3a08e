/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

#define BYTES(literal) (const uint8_t *)(literal), sizeof(literal) - 1
#define REPLACED "\xEF\xBF\xBD"

static const struct {
    const char *name;
    const uint8_t *bytes;
    size_t length;
    const char *expected; /* of text_add_utf8() */
    bool valid;
} utf8_rows[] = {
    { "ascii", BYTES("plain"), "plain", true },
    { "empty", BYTES(""), "", true },
    { "two, three and four bytes", BYTES("\xC3\xA4 \xE2\x82\xAC \xF0\x9F\x98\x80"),
      "\xC3\xA4 \xE2\x82\xAC \xF0\x9F\x98\x80", true },
    { "first and last of each length",
      BYTES("\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"),
      "\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", true },
    { "stray continuation", BYTES("a\x80z"), "a" REPLACED "z", false },
    { "overlong slash in two", BYTES("\xC0\xAF"), REPLACED REPLACED, false },
    { "overlong in three", BYTES("\xE0\x9F\xBF"), REPLACED REPLACED REPLACED, false },
    { "overlong in four", BYTES("\xF0\x8F\xBF\xBF"), REPLACED REPLACED REPLACED REPLACED, false },
    { "surrogate", BYTES("\xED\xA0\x80"), REPLACED REPLACED REPLACED, false },
    { "last before the surrogates", BYTES("\xED\x9F\xBF"), "\xED\x9F\xBF", true },
    { "above U+10FFFF", BYTES("\xF4\x90\x80\x80"), REPLACED REPLACED REPLACED REPLACED, false },
    { "no such first byte", BYTES("\xF5\xFE\xFF"), REPLACED REPLACED REPLACED, false },
    { "cut at the end", BYTES("ok\xE2\x82"), "ok" REPLACED REPLACED, false },
    { "cut by ascii", BYTES("\xE2\x82z\xC3"), REPLACED REPLACED "z" REPLACED, false },
};

static void bytes_become_valid_utf8(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof utf8_rows / sizeof *utf8_rows; i++) {
        struct text t;
        text_init(&t, 1000);
        text_add_utf8(&t, utf8_rows[i].bytes, utf8_rows[i].length);
        if (strcmp(t.bytes, utf8_rows[i].expected) != 0)
            fail_msg("%s: \"%s\"", utf8_rows[i].name, t.bytes);
        if (text_is_utf8(utf8_rows[i].bytes, utf8_rows[i].length) != utf8_rows[i].valid)
            fail_msg("%s: text_is_utf8()", utf8_rows[i].name);
        text_free(&t);
    }
}

/* Whatever the bytes: the result is valid, and valid bytes come out as they went in. */
static void every_pair_of_bytes_becomes_valid(void **state)
{
    (void)state;
    for (unsigned pair = 0; pair < 65536; pair++) {
        uint8_t bytes[4] = { 'a', (uint8_t)(pair >> 8), (uint8_t)pair, 0x80 };
        for (size_t length = 0; length <= sizeof bytes; length++) {
            struct text t;
            text_init(&t, 100);
            text_add_utf8(&t, bytes, length);
            assert_true(text_is_utf8((const uint8_t *)t.bytes, t.length));
            if (text_is_utf8(bytes, length))
                assert_memory_equal(t.bytes, bytes, length);
            text_free(&t);
        }
    }
}

static const struct {
    const char *name, *string, *expected;
} escape_rows[] = {
    { "plain", "a b~", "a b~" },
    { "escape sequence", "\x1B[31mred", "\\x1B[31mred" },
    { "new line and tab", "a\n\tb", "a\\x0A\\x09b" },
    { "delete", "\x7F", "\\x7F" },
    { "C1 control in UTF-8", "\xC2\x9B" "31m", "\\x9B31m" },
    { "first after C1", "\xC2\xA0", "\xC2\xA0" },
    { "right-to-left override", "a\xE2\x80\xAE" "b", "a\\u{202E}b" },
    { "zero width space", "\xE2\x80\x8B", "\\u{200B}" },
    { "line separator", "\xE2\x80\xA8", "\\u{2028}" },
    { "isolate", "\xE2\x81\xA6", "\\u{2066}" },
    { "byte order mark", "\xEF\xBB\xBF", "\\u{FEFF}" },
    { "before the first of a range", "\xE2\x80\x8A", "\xE2\x80\x8A" },
    { "a byte that is no UTF-8", "a\xFFz", "a\\xFFz" },
    { "letters beyond ascii", "caf\xC3\xA9", "caf\xC3\xA9" },
};

static void harmful_characters_are_escaped(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof escape_rows / sizeof *escape_rows; i++) {
        struct text t;
        text_init(&t, 1000);
        text_add_escaped(&t, escape_rows[i].string);
        if (strcmp(t.bytes, escape_rows[i].expected) != 0)
            fail_msg("%s: \"%s\"", escape_rows[i].name, t.bytes);
        text_free(&t);
    }
}

static void a_new_text_is_an_empty_string(void **state)
{
    struct text t;
    (void)state;
    text_init(&t, 0);
    assert_string_equal(t.bytes, "");
    text_add(&t, "");
    assert_false(text_failed(&t));
    text_add(&t, "x");
    assert_true(text_failed(&t));
    assert_string_equal(t.bytes, "");
    text_free(&t);
}

static void a_text_grows_to_its_limit_and_no_further(void **state)
{
    enum { LIMIT = 1000 };
    struct text t;
    (void)state;
    text_init(&t, LIMIT);
    for (int i = 0; i < LIMIT; i++)
        text_addf(&t, "%d", i % 10);
    assert_false(text_failed(&t));
    assert_int_equal(t.length, LIMIT);
    assert_int_equal(strlen(t.bytes), LIMIT);
    assert_true(t.capacity <= LIMIT + 1);

    text_add(&t, "y");
    assert_true(text_failed(&t));
    text_add_bytes(&t, "", 0);
    assert_int_equal(t.length, LIMIT);
    text_free(&t);
    assert_false(text_failed(&t));
    assert_string_equal(t.bytes, "");
}

static void what_does_not_fit_is_left_out_whole(void **state)
{
    struct text t;
    (void)state;
    text_init(&t, 4);
    text_addf(&t, "%s", "abc");
    text_addf(&t, "%s", "de");
    assert_true(text_failed(&t));
    assert_string_equal(t.bytes, "abc");
    text_add(&t, "d");
    assert_string_equal(t.bytes, "abc");
    text_free(&t);
}

static void zeros_are_kept(void **state)
{
    struct text t;
    (void)state;
    text_init(&t, 10);
    text_add_bytes(&t, "a\0b", 3);
    assert_int_equal(t.length, 3);
    assert_memory_equal(t.bytes, "a\0b", 4);
    text_free(&t);
}

static void columns_are_code_points(void **state)
{
    (void)state;
    assert_int_equal(text_columns(""), 0);
    assert_int_equal(text_columns("abc"), 3);
    assert_int_equal(text_columns("\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_become_valid_utf8),
        cmocka_unit_test(every_pair_of_bytes_becomes_valid),
        cmocka_unit_test(harmful_characters_are_escaped),
        cmocka_unit_test(a_new_text_is_an_empty_string),
        cmocka_unit_test(a_text_grows_to_its_limit_and_no_further),
        cmocka_unit_test(what_does_not_fit_is_left_out_whole),
        cmocka_unit_test(zeros_are_kept),
        cmocka_unit_test(columns_are_code_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
