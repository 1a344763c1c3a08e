/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "endpoint/parse.h"

static const struct {
    const char *name, *text;
    size_t length; /* 0: of the string */
    const char *error; /* part of the sentence; NULL: good */
} check_rows[] = {
    { "empty", "", 0, NULL },
    { "plain", "a\tb\nc\td\n", 0, NULL },
    { "line end of another system", "a\tb\r\n", 0, NULL },
    { "carriage return in the middle", "a\r\tb\n", 0, "line 1 holds the control character 0x0d at byte 2" },
    { "zero byte", "a\nb\0c\n", 6, "line 2 holds the control character 0x00 at byte 2" },
    { "escape", "a\n\nb\033[2J", 0, "line 3 holds the control character 0x1b" },
    { "delete", "a\x7f", 0, "0x7f" },
    { "not UTF-8", "a\n\xff\xfe\n", 0, "line 2 is not valid UTF-8" },
    { "UTF-8", "S\xc3\xa3o Paulo\n", 0, NULL },
};

static void checks_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof check_rows / sizeof *check_rows; i++) {
        struct error error = { "" };
        size_t length = check_rows[i].length ? check_rows[i].length : strlen(check_rows[i].text);
        print_message("row %s\n", check_rows[i].name);
        enum status status = endpoint_parse_check("t.tsv", check_rows[i].text, length, &error);
        assert_int_equal(status, check_rows[i].error ? STATUS_BAD_INPUT : STATUS_OK);
        if (check_rows[i].error)
            assert_non_null(strstr(error.text, check_rows[i].error));
    }
}

static void splits_lines(void **state)
{
    (void)state;
    char text[] = "# heading\twith tab\n\na\t-\t\nlast\tx\ty\r";
    struct endpoint_parse parse = { .file = "t.tsv", .at = text, .end = text + sizeof text - 1 };
    struct endpoint_line line;
    assert_int_equal(endpoint_parse_lines(text, sizeof text - 1), 4);
    assert_int_equal(endpoint_parse_next(&parse, 3, &line, NULL), STATUS_OK);
    assert_int_equal(line.number, 3);
    assert_string_equal(line.field[0], "a");
    assert_null(line.field[1]);
    assert_null(line.field[2]);
    assert_int_equal(endpoint_parse_next(&parse, 3, &line, NULL), STATUS_OK);
    assert_string_equal(line.field[2], "y");
    assert_int_equal(endpoint_parse_next(&parse, 3, &line, NULL), STATUS_END);
    assert_int_equal(endpoint_parse_next(&parse, 3, &line, NULL), STATUS_END);
}

static void counts_fields(void **state)
{
    (void)state;
    char text[] = "a\tb\nc\td\te\tf\tg\th\ti\tj\tk\tl\n";
    struct endpoint_parse parse = { .file = "t.tsv", .at = text, .end = text + sizeof text - 1 };
    struct endpoint_line line;
    struct error error = { "" };
    assert_int_equal(endpoint_parse_next(&parse, 3, &line, &error), STATUS_BAD_INPUT);
    assert_non_null(strstr(error.text, "t.tsv, line 1 has 2 fields where 3 are needed"));
    assert_int_equal(endpoint_parse_next(&parse, 9, &line, &error), STATUS_BAD_INPUT);
    assert_non_null(strstr(error.text, "line 2 has 10 fields"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checks_bytes),
        cmocka_unit_test(splits_lines),
        cmocka_unit_test(counts_fields),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
