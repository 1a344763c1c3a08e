/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_NSEC_H
#define BASE_NSEC_H

#include <stdint.h>

/* Times are nanoseconds since 1970-01-01T00:00:00Z as a signed 64-bit number, durations the same unit. */
#define NSEC_PER_MSEC INT64_C(1000000)
#define NSEC_PER_SEC INT64_C(1000000000)

enum { NSEC_TEXT_SIZE = 50 };

/* RFC 3339 in UTC with nine decimals: "2026-11-22T10:00:00.000000000Z". Years outside 0..9999 do not occur in 64
 * bits. Returns `text`. */
const char *nsec_format(int64_t time_ns, char text[NSEC_TEXT_SIZE]);

/* Milliseconds as a number, for reports. */
static inline double nsec_to_ms(int64_t duration_ns)
{
    return (double)duration_ns / (double)NSEC_PER_MSEC;
}

static inline double nsec_to_seconds(int64_t duration_ns)
{
    return (double)duration_ns / (double)NSEC_PER_SEC;
}

/* a + b and a - b, held at the ends of the range: times in a capture are a stranger's. */
int64_t nsec_add(int64_t a, int64_t b);
int64_t nsec_sub(int64_t a, int64_t b);

#endif
