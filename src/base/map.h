/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/* An open-addressing index from a hash to a record that somebody else owns. Only for look-ups: its order depends on
 * the hash key, so nothing may walk it. */
struct map_entry {
    uint64_t hash;
    void *record; /* NULL: free */
};

struct map {
    struct map_entry *entries;
    size_t size, count;
};

typedef bool map_equal(const void *record, const void *key);

void map_free(struct map *map);

/* NULL when there is no record of that key. */
void *map_find(const struct map *map, uint64_t hash, map_equal *equal, const void *key);

/* The key must not be there yet. False without memory. */
bool map_add(struct map *map, uint64_t hash, void *record) MUST_USE;

#endif
