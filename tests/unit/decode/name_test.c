/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/name.h"

#include "mutate.h"

static void read_name(const uint8_t *bytes, size_t length, char *line)
{
    char text[DECODE_NAME_SIZE];
    bool read = decode_name_host(cursor_make(bytes, length), text);

    mutate_add(line, "%s %s", read ? "ok" : "no", text);
    mutate_name(text, sizeof text);
    assert_true(read == (text[0] != 0));
}

static const struct mutate_row names[] = {
    { "capitals", "57536f2e4d79417070732E636f6d", "ok wso.myapps.com" },
    { "final dot", "612e622e", "ok a.b" },
    { "only a dot", "2e", "ok ." },
    { "controls, a space, beyond ASCII", "61001b0a207f80ff62", "ok a???????b" },
    { "nothing", "", "no " },
};

static void rows(void **state)
{
    (void)state;
    MUTATE_ROWS(read_name, names);
}

static void as_long_as_it_gets(void **state)
{
    uint8_t bytes[DECODE_NAME_SIZE];
    char text[DECODE_NAME_SIZE];

    (void)state;
    memset(bytes, 'A', sizeof bytes);
    assert_true(decode_name_host(cursor_make(bytes, DECODE_NAME_SIZE - 1), text));
    assert_int_equal(strlen(text), DECODE_NAME_SIZE - 1);
    assert_false(decode_name_host(cursor_make(bytes, DECODE_NAME_SIZE), text));
    assert_string_equal(text, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows),
        cmocka_unit_test(as_long_as_it_gets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
