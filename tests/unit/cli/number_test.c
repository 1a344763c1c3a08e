/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/number.h"

static const struct {
    const char *text;
    bool ok;
    uint64_t value;
} number_rows[] = {
    { "1", true, 1 },       { "65535", true, 65535 }, { "007", true, 7 },   { "65536", false, 0 },
    { "0", false, 0 },      { "", false, 0 },         { " 1", false, 0 },   { "1 ", false, 0 },
    { "+1", false, 0 },     { "-1", false, 0 },       { "0x10", false, 0 }, { "443k", false, 0 },
    { "18446744073709551617", false, 0 }, /* 2^64 + 1 must not come out as 1 */
};

static void numbers_are_digits_within_the_range(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof number_rows / sizeof *number_rows; i++) {
        uint64_t value = 0;
        bool ok = cli_number_parse(number_rows[i].text, 1, 65535, &value);
        if (ok != number_rows[i].ok || (ok && value != number_rows[i].value))
            fail_msg("\"%s\"", number_rows[i].text);
    }
}

static const struct {
    const char *text;
    bool ok;
    uint64_t bytes;
} size_rows[] = {
    { "1", true, 1 },
    { "512M", true, UINT64_C(512) << 20 },
    { "64k", true, 65536 },
    { "64K", true, 65536 },
    { "2g", true, UINT64_C(2) << 30 },
    { "17179869183G", true, UINT64_C(17179869183) << 30 },
    { "17179869184G", false, 0 },
    { "0", false, 0 },
    { "0M", false, 0 },
    { "M", false, 0 },
    { "", false, 0 },
    { "5T", false, 0 },
    { "5MB", false, 0 },
    { "1.5G", false, 0 },
};

static void sizes_know_k_m_and_g(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof size_rows / sizeof *size_rows; i++) {
        uint64_t bytes = 0;
        bool ok = cli_number_parse_size(size_rows[i].text, &bytes);
        if (ok != size_rows[i].ok || (ok && bytes != size_rows[i].bytes))
            fail_msg("\"%s\"", size_rows[i].text);
    }
}

static const struct {
    const char *text;
    bool ok;
    uint64_t words[2];
} hex_rows[] = {
    { "0", true, { 0, 0 } },
    { "ff", true, { 0, 255 } },
    { "0123456789abcdef", true, { 0, UINT64_C(0x0123456789abcdef) } },
    { "10123456789ABCDEF", true, { 1, UINT64_C(0x0123456789abcdef) } },
    { "fedcba98765432100123456789abcdef", true, { UINT64_C(0xfedcba9876543210), UINT64_C(0x0123456789abcdef) } },
    { "0fedcba98765432100123456789abcdef", false, { 0, 0 } },
    { "", false, { 0, 0 } },
    { "0x1", false, { 0, 0 } },
    { "g", false, { 0, 0 } },
    { "1 ", false, { 0, 0 } },
};

static void keys_are_hexadecimal(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof hex_rows / sizeof *hex_rows; i++) {
        uint64_t words[2] = { 9, 9 };
        bool ok = cli_number_parse_hex128(hex_rows[i].text, words);
        if (ok != hex_rows[i].ok || (ok && (words[0] != hex_rows[i].words[0] || words[1] != hex_rows[i].words[1])))
            fail_msg("\"%s\"", hex_rows[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_digits_within_the_range),
        cmocka_unit_test(sizes_know_k_m_and_g),
        cmocka_unit_test(keys_are_hexadecimal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
