/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "cli/check_names.h"

static const struct {
    const char *file, *stem;
    bool is_capture;
} captures[] = {
    { "a.pcap", "a", true },           { "a.pcapng", "a", true },         { "a.pcap.gz", "a", true },
    { "a.b.pcapng.zst", "a.b", true }, { "a.PCAP", "a", true },           { "a.pcap.tar.xz", "a", true },
    { "a.zip", "a", false },           { "a.tar.gz", "a", false },        { "a.dat", "a.dat", false },
    { "a", "a", false },               { ".pcap", ".pcap", false },       { "a.pcap.bak", "a.pcap.bak", false },
    { "a.pcap.pcap", "a.pcap", true }, { "a.expect.yaml", "a.expect.yaml", false },
};

static void test_captures(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof captures / sizeof *captures; i++) {
        size_t length = cli_check_names_stem(captures[i].file);
        bool is_capture = cli_check_names_is_capture(captures[i].file);
        if (length != strlen(captures[i].stem) || is_capture != captures[i].is_capture)
            fail_msg("%s: stem of %zu characters", captures[i].file, length);
    }
}

static void test_expectations(void **state)
{
    size_t length;
    (void)state;
    assert_true(cli_check_names_is_expectation("a.b.expect.yaml", &length));
    assert_int_equal(length, 3);
    assert_true(cli_check_names_is_expectation("a.expect.yml", &length));
    assert_int_equal(length, 1);
    assert_false(cli_check_names_is_expectation(".expect.yaml", &length));
    assert_false(cli_check_names_is_expectation("a.yaml", &length));
    assert_false(cli_check_names_is_expectation("a.expect.yaml.bak", &length));
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_captures), cmocka_unit_test(test_expectations) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
