/* SPDX-License-Identifier: Apache-2.0 */
#include "base/histogram.h"

#include <stddef.h>

/* The scale begins at 2^14 ns. Tables instead of logarithms: the same bytes on every machine. */
enum { FIRST_BIT = 14, FRACTION_BITS = 16 };

/* 2^(n/8) and 2^((2n+1)/16), times 2^16: where a step begins, and its middle. */
static const uint32_t begins[HISTOGRAM_STEPS] = { 65536, 71468, 77936, 84990, 92682, 101070, 110218, 120194 };
static const uint32_t middles[HISTOGRAM_STEPS] = { 68438, 74632, 81386, 88752, 96785, 105545, 115098, 125515 };

static unsigned highest_bit(uint64_t value)
{
    unsigned bit = 0;
    while (value >>= 1)
        bit++;
    return bit;
}

static size_t bucket_of(int64_t duration_ns)
{
    if (duration_ns < INT64_C(1) << FIRST_BIT)
        return 0;
    unsigned bit = highest_bit((uint64_t)duration_ns);
    if (bit >= FIRST_BIT + HISTOGRAM_DOUBLINGS)
        return HISTOGRAM_BUCKETS - 1;
    uint64_t mantissa = ((uint64_t)duration_ns << FRACTION_BITS) >> bit; /* bit < 34: nothing is shifted out */
    size_t step = HISTOGRAM_STEPS - 1;
    while (mantissa < begins[step])
        step--;
    return (bit - FIRST_BIT) * (size_t)HISTOGRAM_STEPS + step;
}

static int64_t middle_of(size_t bucket)
{
    uint64_t base = UINT64_C(1) << (FIRST_BIT + bucket / HISTOGRAM_STEPS);
    return (int64_t)(base * middles[bucket % HISTOGRAM_STEPS] >> FRACTION_BITS);
}

static void widen(struct histogram *h, int64_t least_ns, int64_t most_ns)
{
    if (!h->count || least_ns < h->least_ns)
        h->least_ns = least_ns;
    if (!h->count || most_ns > h->most_ns)
        h->most_ns = most_ns;
}

void histogram_add(struct histogram *h, int64_t duration_ns)
{
    duration_ns = duration_ns < 0 ? 0 : duration_ns;
    widen(h, duration_ns, duration_ns);
    h->count++;
    h->bucket[bucket_of(duration_ns)]++;
}

void histogram_merge(struct histogram *into, const struct histogram *from)
{
    if (!from->count)
        return;
    widen(into, from->least_ns, from->most_ns);
    into->count += from->count;
    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++)
        into->bucket[i] += from->bucket[i];
}

int64_t histogram_quantile(const struct histogram *h, unsigned percent)
{
    uint64_t rank = h->count / 100 * percent + (h->count % 100 * percent + 99) / 100, seen = 0;
    if (!h->count)
        return 0;
    if (rank >= h->count)
        return h->most_ns;
    size_t i = 0;
    while (i < HISTOGRAM_BUCKETS - 1 && (seen += h->bucket[i]) < rank)
        i++;
    int64_t middle_ns = middle_of(i);
    if (middle_ns < h->least_ns)
        return h->least_ns;
    return middle_ns > h->most_ns ? h->most_ns : middle_ns;
}
