/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "capture/name.h"

static const struct {
    const char *name, *bytes;
    size_t length, limit;
    const char *expected;
} rows[] = {
    { "plain", "a.pcap", 6, 100, "a.pcap" },
    { "nothing", "", 0, 100, "" },
    { "up to the zero byte", "ab\0cd", 5, 100, "ab" },
    { "invalid bytes", "a\xff" "b", 3, 100, "a\xEF\xBF\xBD" "b" },
    { "as long as the limit", "abcde", 5, 5, "abcde" },
    { "beyond the limit", "abcdef", 6, 5, "abcde..." },
    { "not within a character", "abcd\xC3\xA4", 6, 5, "abcd..." },
    { "all bytes invalid, at the limit", "\xff\xff\xff", 3, 3, "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD" },
};

static void texts_are_cleaned(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *text = capture_name_clean((const uint8_t *)rows[i].bytes, rows[i].length, rows[i].limit);
        if (!text || strcmp(text, rows[i].expected) != 0)
            fail_msg("%s: \"%s\"", rows[i].name, text ? text : "(null)");
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(texts_are_cleaned) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
