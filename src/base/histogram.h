/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_HISTOGRAM_H
#define BASE_HISTOGRAM_H

#include <stdint.h>

/* Durations counted in buckets on a logarithmic scale, eight to a doubling, from 16 us to 17 s: 672 bytes, however
 * many samples. A quantile is the middle of its bucket, within 4.5 % of the sample it stands for; what lies beyond the
 * scale is known by `least_ns` and `most_ns` only, which are exact. Zeroed memory is an empty one. */
enum { HISTOGRAM_STEPS = 8, HISTOGRAM_DOUBLINGS = 20, HISTOGRAM_BUCKETS = HISTOGRAM_STEPS * HISTOGRAM_DOUBLINGS };

struct histogram {
    uint64_t count;
    int64_t least_ns, most_ns;         /* unspecified when empty */
    uint32_t bucket[HISTOGRAM_BUCKETS];
};

/* A negative duration counts as 0. */
void histogram_add(struct histogram *histogram, int64_t duration_ns);

void histogram_merge(struct histogram *into, const struct histogram *from);

/* The smallest sample that at least `percent` (1 to 100) of all do not exceed; 0 when empty. */
int64_t histogram_quantile(const struct histogram *histogram, unsigned percent);

#endif
