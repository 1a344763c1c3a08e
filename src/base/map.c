/* SPDX-License-Identifier: Apache-2.0 */
#include "base/map.h"

#include <stdlib.h>

enum { FIRST_SIZE = 64 };

void map_free(struct map *map)
{
    free(map->entries);
    *map = (struct map){ 0 };
}

void *map_find(const struct map *map, uint64_t hash, map_equal *equal, const void *key)
{
    if (!map->size)
        return NULL;
    for (size_t at = hash & (map->size - 1); map->entries[at].record; at = (at + 1) & (map->size - 1))
        if (map->entries[at].hash == hash && equal(map->entries[at].record, key))
            return map->entries[at].record;
    return NULL;
}

static void insert(struct map_entry *entries, size_t size, struct map_entry entry)
{
    size_t at = entry.hash & (size - 1);
    while (entries[at].record)
        at = (at + 1) & (size - 1);
    entries[at] = entry;
}

static bool grow(struct map *map)
{
    size_t size = map->size ? map->size * 2 : FIRST_SIZE;
    struct map_entry *entries = calloc(size, sizeof *entries);
    if (!entries)
        return false;
    for (size_t i = 0; i < map->size; i++)
        if (map->entries[i].record)
            insert(entries, size, map->entries[i]);
    free(map->entries);
    map->entries = entries;
    map->size = size;
    return true;
}

bool map_add(struct map *map, uint64_t hash, void *record)
{
    if ((map->count + 1) * 2 > map->size && !grow(map))
        return false;
    insert(map->entries, map->size, (struct map_entry){ .hash = hash, .record = record });
    map->count++;
    return true;
}
