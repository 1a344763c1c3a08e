/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_NUMBER_H
#define REPORT_NUMBER_H

#include <stdint.h>

#include "base/text.h"

/* Numbers as people read them, the same in every locale. */

/* Fixed decimals, at most 6: "3.0". "unknown" for what is no number. */
void report_number_decimal(struct text *t, double value, unsigned decimals);

/* Up to three decimals, without zeros at the end: "250", "0.5". */
void report_number_short(struct text *t, double value);

void report_number_count(struct text *t, uint64_t count);  /* "1,234" */
void report_number_bytes(struct text *t, uint64_t bytes);  /* "9,876 bytes", "12.3 MB" */
void report_number_ms(struct text *t, double duration_ms); /* "0.25 ms", "31 ms", "3.0 s", "5 min 3 s", "2 h 5 min" */
void report_number_percent(struct text *t, double ratio);  /* "1.3 %" */

/* "1 packet", "1,234 packets" */
void report_number_of(struct text *t, uint64_t count, const char *singular);

/* "2026-11-22 10:00:00 UTC", or "... to 10:05:00 UTC" when the seconds differ. */
void report_number_when(struct text *t, int64_t first_ns, int64_t last_ns);

#endif
