/* SPDX-License-Identifier: Apache-2.0 */
#include "report/number.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/nsec.h"
#include "wspscope/report.h"

/* Columns of "2026-11-22T10:00:00.000000000Z". */
enum { DATE_LENGTH = 10, SECONDS_LENGTH = 19, CLOCK_LENGTH = 8 };

static const double DECIMAL_END = 1e12; /* times 10^6 it still fits 64 bits */

void report_number_decimal(struct text *t, double value, unsigned decimals)
{
    if (!isfinite(value) || fabs(value) >= DECIMAL_END) {
        text_add(t, isfinite(value) ? "beyond measure" : "unknown");
        return;
    }
    int64_t scale = 1;
    for (unsigned i = 0; i < decimals; i++)
        scale *= 10;
    int64_t scaled = (int64_t)(fabs(value) * (double)scale + 0.5);
    text_addf(t, "%s%" PRId64, value < 0 && scaled > 0 ? "-" : "", scaled / scale);
    if (decimals > 0)
        text_addf(t, ".%0*" PRId64, (int)decimals, scaled % scale);
}

void report_number_short(struct text *t, double value)
{
    unsigned decimals = 0;
    for (double scaled = fabs(value); decimals < 3 && scaled < DECIMAL_END; scaled *= 10) {
        double off = scaled - (double)(int64_t)(scaled + 0.5);
        if (fabs(off) < 1e-6)
            break;
        decimals++;
    }
    report_number_decimal(t, value, decimals);
}

void report_number_count(struct text *t, uint64_t count)
{
    uint64_t divisor = 1;
    while (count / divisor >= 1000)
        divisor *= 1000;
    text_addf(t, "%" PRIu64, count / divisor);
    while (divisor > 1) {
        count %= divisor;
        divisor /= 1000;
        text_addf(t, ",%03" PRIu64, count / divisor);
    }
}

void report_number_of(struct text *t, uint64_t count, const char *singular)
{
    report_number_count(t, count);
    text_addf(t, " %s%s", singular, count == 1 ? "" : "s");
}

void report_number_bytes(struct text *t, uint64_t bytes)
{
    static const struct {
        double size;
        const char *unit;
    } units[] = { { 1e9, "GB" }, { 1e6, "MB" }, { 1e3, "kB" } };

    if (bytes < 10000) {
        report_number_of(t, bytes, "byte");
        return;
    }
    size_t i = 0;
    while (i + 1 < sizeof units / sizeof *units && (double)bytes < units[i].size)
        i++;
    report_number_decimal(t, (double)bytes / units[i].size, 1);
    text_addf(t, " %s", units[i].unit);
}

static void add_long(struct text *t, int64_t seconds)
{
    if (seconds < 3600)
        text_addf(t, "%" PRId64 " min %" PRId64 " s", seconds / 60, seconds % 60);
    else if (seconds < 86400)
        text_addf(t, "%" PRId64 " h %" PRId64 " min", seconds / 3600, seconds / 60 % 60);
    else
        text_addf(t, "%" PRId64 " days %" PRId64 " h", seconds / 86400, seconds / 3600 % 24);
}

void report_number_ms(struct text *t, double duration_ms)
{
    double size = fabs(duration_ms);
    if (size >= 59950 && size < DECIMAL_END) {
        text_add(t, duration_ms < 0 ? "-" : "");
        add_long(t, (int64_t)(size / 1000 + 0.5));
        return;
    }
    if (size >= 999.5) {
        report_number_decimal(t, duration_ms / 1000, 1);
        text_add(t, " s");
        return;
    }
    unsigned decimals = size >= 9.95 ? 0 : 1;
    if (size > 0 && size < 0.995)
        decimals = 2;
    report_number_decimal(t, duration_ms, size > 0 ? decimals : 0);
    text_add(t, " ms");
}

void report_number_percent(struct text *t, double ratio)
{
    report_number_decimal(t, ratio * 100, fabs(ratio) < 0.1 && ratio != 0.0 ? 1 : 0);
    text_add(t, " %");
}

static void add_date_and_clock(struct text *t, const char *rfc3339)
{
    text_add_bytes(t, rfc3339, DATE_LENGTH);
    text_add(t, " ");
    text_add_bytes(t, rfc3339 + DATE_LENGTH + 1, CLOCK_LENGTH);
}

void report_number_when(struct text *t, int64_t first_ns, int64_t last_ns)
{
    if (first_ns == WSPSCOPE_UNKNOWN_TIME) {
        text_add(t, "at an unknown time");
        return;
    }
    char first[NSEC_TEXT_SIZE], last[NSEC_TEXT_SIZE];
    nsec_format(first_ns, first);
    nsec_format(last_ns == WSPSCOPE_UNKNOWN_TIME ? first_ns : last_ns, last);
    add_date_and_clock(t, first);
    if (memcmp(first, last, SECONDS_LENGTH) != 0) {
        text_add(t, " to ");
        if (memcmp(first, last, DATE_LENGTH) == 0)
            text_add_bytes(t, last + DATE_LENGTH + 1, CLOCK_LENGTH);
        else
            add_date_and_clock(t, last);
    }
    text_add(t, " UTC");
}
