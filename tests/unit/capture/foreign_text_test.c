/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "capture/foreign.h"

static const struct {
    const char *name, *text, *what; /* NULL: no text */
} rows[] = {
    { "HAR", "{\"log\": {\"version\": \"1.2\", \"creator\": {}}}", "HAR" },
    { "JSON of tshark", "[\n  {\n    \"_index\": \"packets\"", "JSON" },
    { "JSON after a byte order mark", "\xEF\xBB\xBF  {\"a\": 1}", "JSON" },
    { "PDML", "<?xml version=\"1.0\"?>\n<pdml version=\"0\">", "PDML" },
    { "HTML", "<!DOCTYPE html><html>", "HTML" },
    { "hex as Wireshark prints it", "0000  00 1b 21 3c 4d 5e 00\n", "hex dump" },
    { "hex as xxd prints it", "00000000: d4c3 b2a1 0200 0400  ........\n", "hex dump" },
    { "tcpdump -x", "0x0000:  4500 003c 1c46\n", "tcpdump" },
    { "tcpdump", "10:00:00.000001 IP 10.0.0.1.5 > 10.0.0.2.443: Flags [S]\n", "tcpdump" },
    { "tshark", "    1 0.000000 10.0.0.1 \xE2\x86\x92 10.0.0.2 TCP 74\n", "tcpdump" },
    { "key log", "CLIENT_RANDOM 0011 2233\n", "key log" },
    { "a date is no hex dump", "2024 was a year\n", "text, not a capture" },
    { "plain", "hello\n", "text, not a capture" },
    { "UTF-16", "\xff\xfe" "1", "UTF-16" },
    { "control characters", "abc\1def", NULL },
    { "not UTF-8", "\xff" "abc", NULL },
    { "spaces alone", " \n\t ", NULL },
    { "nothing", "", NULL },
};

static void texts_are_told_apart(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct capture_foreign *is = capture_foreign_text((const uint8_t *)rows[i].text, strlen(rows[i].text));
        bool right = rows[i].what ? is && strstr(is->what, rows[i].what) : !is;
        if (!right)
            fail_msg("%s: %s", rows[i].name, is ? is->what : "no text");
    }
}

static void zero_bytes_are_no_text(void **state)
{
    (void)state;
    static const uint8_t zeros[100];
    assert_null(capture_foreign_text(zeros, sizeof zeros));
}

/* What was looked at ends anywhere, within a character as well. */
static void a_cut_character_is_still_text(void **state)
{
    (void)state;
    static const uint8_t text[] = "a longer text with a \xE2\x82\xAC";
    for (size_t length = sizeof text - 3; length < sizeof text; length++)
        assert_non_null(capture_foreign_text(text, length));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_told_apart),
        cmocka_unit_test(zero_bytes_are_no_text),
        cmocka_unit_test(a_cut_character_is_still_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
