/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/nsec.h"

static const struct {
    const char *name;
    int64_t time_ns;
    const char *expected;
} format_rows[] = {
    { "the epoch", 0, "1970-01-01T00:00:00.000000000Z" },
    { "one nanosecond", 1, "1970-01-01T00:00:00.000000001Z" },
    { "one before the epoch", -1, "1969-12-31T23:59:59.999999999Z" },
    { "a day before the epoch", -86400 * NSEC_PER_SEC, "1969-12-31T00:00:00.000000000Z" },
    { "leap day of a leap century", 951782400 * NSEC_PER_SEC, "2000-02-29T00:00:00.000000000Z" },
    { "end of a leap year", INT64_C(1735689599999999999), "2024-12-31T23:59:59.999999999Z" },
    { "after February of no leap year", 1740787200 * NSEC_PER_SEC, "2025-03-01T00:00:00.000000000Z" },
    { "a capture of ours", INT64_C(1795344255768173000), "2026-11-22T10:44:15.768173000Z" },
    { "2100 is no leap year", INT64_C(4107542400) * NSEC_PER_SEC, "2100-03-01T00:00:00.000000000Z" },
    { "the last time", INT64_MAX, "2262-04-11T23:47:16.854775807Z" },
    { "the first time", INT64_MIN, "1677-09-21T00:12:43.145224192Z" },
};

static void times_are_rfc_3339(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof format_rows / sizeof *format_rows; i++) {
        char text[NSEC_TEXT_SIZE];
        nsec_format(format_rows[i].time_ns, text);
        if (strcmp(text, format_rows[i].expected) != 0)
            fail_msg("%s: %s", format_rows[i].name, text);
    }
}

/* Two hundred years, a step that falls on no particular hour. */
static void times_agree_with_the_library(void **state)
{
    (void)state;
    for (int64_t second = -3155760000; second < 3155760000; second += 86399 * 7) {
        char text[NSEC_TEXT_SIZE], expected[NSEC_TEXT_SIZE];
        time_t time = (time_t)second;
        struct tm broken_down;
        gmtime_r(&time, &broken_down);
        strftime(expected, sizeof expected, "%Y-%m-%dT%H:%M:%S.000000000Z", &broken_down);
        assert_string_equal(nsec_format(second * NSEC_PER_SEC, text), expected);
    }
}

static const struct {
    const char *name;
    int64_t a, b, sum, difference;
} arithmetic_rows[] = {
    { "small", 5, 3, 8, 2 },
    { "negative", -5, 3, -2, -8 },
    { "up to the end", INT64_MAX, 1, INT64_MAX, INT64_MAX - 1 },
    { "down to the end", INT64_MIN, 1, INT64_MIN + 1, INT64_MIN },
    { "minus the least", 0, INT64_MIN, INT64_MIN, INT64_MAX },
    { "both ends", INT64_MAX, INT64_MIN, -1, INT64_MAX },
    { "both ends the other way", INT64_MIN, INT64_MAX, -1, INT64_MIN },
};

static void sums_stay_in_range(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof arithmetic_rows / sizeof *arithmetic_rows; i++) {
        if (nsec_add(arithmetic_rows[i].a, arithmetic_rows[i].b) != arithmetic_rows[i].sum)
            fail_msg("%s: sum", arithmetic_rows[i].name);
        if (nsec_sub(arithmetic_rows[i].a, arithmetic_rows[i].b) != arithmetic_rows[i].difference)
            fail_msg("%s: difference", arithmetic_rows[i].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_rfc_3339),
        cmocka_unit_test(times_agree_with_the_library),
        cmocka_unit_test(sums_stay_in_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
