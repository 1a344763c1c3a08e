/* SPDX-License-Identifier: Apache-2.0 */
#include "endpoint/lookup.h"

#include <stdlib.h>

static int compare_rows(const void *a, const void *b)
{
    const struct ipaddr_prefix *p = &((const struct endpoint_row *)a)->prefix;
    const struct ipaddr_prefix *q = &((const struct endpoint_row *)b)->prefix;
    int order = ipaddr_compare(&p->address, &q->address);
    return order != 0 ? order : p->length - q->length;
}

/* The nearest row at or before `from` in the chain of rows that hold `address`. */
static int holder(const struct endpoint_index *index, int from, const struct ipaddr *address)
{
    while (from != ENDPOINT_NO_PARENT && !ipaddr_prefix_contains(&index->rows[from].prefix, address))
        from = index->parents[from];
    return from;
}

enum status endpoint_lookup_index(struct endpoint_catalogue *catalogue, enum endpoint_table table,
                                  struct endpoint_index *out, struct error *error)
{
    struct endpoint_index index = { .rows = catalogue->lists[table].rows, .count = catalogue->lists[table].count };
    if (index.count > 0)
        qsort(index.rows, index.count, sizeof *index.rows, compare_rows);
    index.parents = arena_alloc(catalogue->arena, index.count + 1, sizeof *index.parents);
    if (!index.parents)
        return error_set(error, STATUS_NO_MEMORY, "There is not enough memory for the endpoint tables.");

    for (size_t i = 0; i < index.count; i++) {
        if (i > 0 && compare_rows(&index.rows[i - 1], &index.rows[i]) == 0) {
            char text[IPADDR_PREFIX_TEXT_SIZE];
            return error_set(error, STATUS_BAD_INPUT, "%s has the prefix %s twice; keep one of the rows.",
                             catalogue->origin[table], ipaddr_prefix_format(&index.rows[i].prefix, text));
        }
        index.parents[i] = i == 0 ? ENDPOINT_NO_PARENT : holder(&index, (int)i - 1, &index.rows[i].prefix.address);
    }
    *out = index;
    return STATUS_OK;
}

static const struct endpoint_row *find(const struct endpoint_index *index, const struct ipaddr *address)
{
    size_t low = 0, high = index->count; /* rows before `low` begin at or before the address */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ipaddr_compare(&index->rows[middle].prefix.address, address) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    int row = holder(index, (int)low - 1, address);
    return row == ENDPOINT_NO_PARENT ? NULL : &index->rows[row];
}

const struct endpoint_row *endpoint_lookup(const struct endpoint_catalogue *catalogue, const struct ipaddr *address)
{
    return find(&catalogue->addresses, address);
}

const struct endpoint_row *endpoint_lookup_shared(const struct endpoint_catalogue *catalogue,
                                                  const struct ipaddr *address)
{
    return find(&catalogue->shared, address);
}

bool endpoint_is_published(const struct endpoint_catalogue *catalogue, const struct ipaddr *address)
{
    if (endpoint_lookup(catalogue, address) || endpoint_lookup_shared(catalogue, address))
        return true;
    struct ipaddr embedded = ipaddr_from_v4(address->bytes + 12);
    return !ipaddr_is_v4(address) && endpoint_lookup(catalogue, &embedded);
}
