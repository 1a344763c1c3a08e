/* SPDX-License-Identifier: Apache-2.0 */
#include "endpoint/span.h"

#include <stdint.h>
#include <stdlib.h>

static int compare(const void *a, const void *b)
{
    const struct endpoint_span *p = a, *q = b;
    int order = strcmp(p->region, q->region);
    if (order == 0)
        order = ipaddr_compare(&p->prefix.address, &q->prefix.address);
    return order != 0 ? order : p->prefix.length - q->prefix.length;
}

static bool holds(const struct endpoint_span *span, const char *region, const struct ipaddr *address)
{
    return strcmp(span->region, region) == 0 && ipaddr_prefix_contains(&span->prefix, address);
}

size_t endpoint_span_sort(struct endpoint_span *spans, size_t count)
{
    size_t kept = 0;
    if (count > 0)
        qsort(spans, count, sizeof *spans, compare);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || !holds(&spans[kept - 1], spans[i].region, &spans[i].prefix.address))
            spans[kept++] = spans[i];
    return kept;
}

static struct ipaddr last_address(const struct ipaddr_prefix *prefix)
{
    struct ipaddr last = prefix->address;
    for (unsigned bit = prefix->length; bit < 128; bit++)
        last.bytes[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
    return last;
}

/* False past the last address there is. */
static bool next_address(struct ipaddr *address)
{
    for (int i = 15; i >= 0; i--)
        if (++address->bytes[i] != 0)
            return true;
    return false;
}

/* The only span that can hold the address; they do not overlap within a Region. */
static const struct endpoint_span *candidate(const struct endpoint_span *spans, size_t count,
                                             const struct endpoint_span *wanted)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(&spans[middle], wanted) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? &spans[low - 1] : NULL;
}

bool endpoint_span_covers(const struct endpoint_span *spans, size_t count, const struct endpoint_span *wanted)
{
    struct ipaddr end = last_address(&wanted->prefix);
    struct endpoint_span at = { wanted->region, { wanted->prefix.address, 128 } };
    while (ipaddr_compare(&at.prefix.address, &end) <= 0) {
        const struct endpoint_span *span = candidate(spans, count, &at);
        if (!span || !holds(span, at.region, &at.prefix.address))
            return false;
        at.prefix.address = last_address(&span->prefix);
        if (!next_address(&at.prefix.address))
            return true;
    }
    return true;
}
