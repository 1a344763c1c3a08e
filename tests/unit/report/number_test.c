/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "report/number.h"
#include "wspscope/report.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void expect(struct text *t, const char *name, const char *expected)
{
    if (strcmp(t->bytes, expected) != 0)
        fail_msg("%s: expected \"%s\", got \"%s\"", name, expected, t->bytes);
    text_free(t);
}

static void durations(void **state)
{
    (void)state;
    static const struct {
        double ms;
        const char *expected;
    } rows[] = {
        { 0, "0 ms" },           { 0.254, "0.25 ms" },    { 1.04, "1.0 ms" },       { 9.96, "10 ms" },
        { 31.2, "31 ms" },       { 999.4, "999 ms" },     { 999.6, "1.0 s" },       { 3010, "3.0 s" },
        { 59940, "59.9 s" },     { 59960, "1 min 0 s" },  { 303000, "5 min 3 s" },  { 7500000, "2 h 5 min" },
        { 200000000, "2 days 7 h" }, { -1500, "-1.5 s" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct text t;
        text_init(&t, 100);
        report_number_ms(&t, rows[i].ms);
        expect(&t, "duration", rows[i].expected);
    }
}

static void byte_counts(void **state)
{
    (void)state;
    static const struct {
        uint64_t bytes;
        const char *expected;
    } rows[] = {
        { 0, "0 bytes" },         { 1, "1 byte" },           { 9876, "9,876 bytes" },
        { 10000, "10.0 kB" },     { 12345678, "12.3 MB" },   { 98765432100, "98.8 GB" },
        { UINT64_MAX, "18446744073.7 GB" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct text t;
        text_init(&t, 100);
        report_number_bytes(&t, rows[i].bytes);
        expect(&t, "bytes", rows[i].expected);
    }
}

static void counts(void **state)
{
    (void)state;
    static const struct {
        uint64_t count;
        const char *expected;
    } rows[] = {
        { 0, "0" }, { 999, "999" }, { 1000, "1,000" }, { 1000001, "1,000,001" },
        { UINT64_MAX, "18,446,744,073,709,551,615" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct text t;
        text_init(&t, 100);
        report_number_count(&t, rows[i].count);
        expect(&t, "count", rows[i].expected);
    }
}

static void short_numbers_and_ratios(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *expected;
        void (*add)(struct text *t, double value);
    } rows[] = {
        { 250, "250", report_number_short },
        { 0.5, "0.5", report_number_short },
        { -1.25, "-1.25", report_number_short },
        { 1.0 / 3, "0.333", report_number_short },
        { -0.0001, "0.000", report_number_short },
        { NAN, "unknown", report_number_short },
        { INFINITY, "unknown", report_number_short },
        { 1e300, "beyond measure", report_number_short },
        { 0, "0 %", report_number_percent },
        { 0.013, "1.3 %", report_number_percent },
        { 0.5, "50 %", report_number_percent },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct text t;
        text_init(&t, 100);
        rows[i].add(&t, rows[i].value);
        expect(&t, "number", rows[i].expected);
    }
}

static void times(void **state)
{
    (void)state;
    static const int64_t t0 = INT64_C(1795341600000000000), second = INT64_C(1000000000);
    const struct {
        int64_t first_ns, last_ns;
        const char *expected;
    } rows[] = {
        { t0, t0 + second - 1, "2026-11-22 10:00:00 UTC" },
        { t0, WSPSCOPE_UNKNOWN_TIME, "2026-11-22 10:00:00 UTC" },
        { t0, t0 + second, "2026-11-22 10:00:00 to 10:00:01 UTC" },
        { t0, t0 + 86400 * second, "2026-11-22 10:00:00 to 2026-11-23 10:00:00 UTC" },
        { WSPSCOPE_UNKNOWN_TIME, t0, "at an unknown time" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct text t;
        text_init(&t, 100);
        report_number_when(&t, rows[i].first_ns, rows[i].last_ns);
        expect(&t, "time", rows[i].expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations),
        cmocka_unit_test(byte_counts),
        cmocka_unit_test(counts),
        cmocka_unit_test(short_numbers_and_ratios),
        cmocka_unit_test(times),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
