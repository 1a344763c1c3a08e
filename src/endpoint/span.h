/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENDPOINT_SPAN_H
#define ENDPOINT_SPAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/ipaddr.h"

/* Address space by Region: answers whether a prefix is covered, by one other or by several together. */
struct endpoint_span {
    const char *region;
    struct ipaddr_prefix prefix;
};

/* Sorts and drops what another span of the same Region holds; returns how many are left. */
size_t endpoint_span_sort(struct endpoint_span *spans, size_t count);

/* `spans` as endpoint_span_sort() left them. */
bool endpoint_span_covers(const struct endpoint_span *spans, size_t count, const struct endpoint_span *wanted);

#endif
