/* SPDX-License-Identifier: Apache-2.0 */
#include "model/name.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/nsec.h"

/* Places for WorkSpaces names alone, beyond the budget: the whole catalogue has some hundreds of patterns. */
enum { OWN_PLACES = 4096, SLAB_NAMES = 1024 };

/* Programs connect a little after they were told an address, and try one after the other. */
static const int64_t grace_ns = 60 * NSEC_PER_SEC;

struct name {
    const char *text;
    const struct endpoint_name_row *row;
    uint32_t number;
};

struct address_key {
    struct ipaddr client, address;
};
_Static_assert(sizeof(struct address_key) == 32, "a key has no padding");

struct address {
    struct address_key key;
    int64_t until_ns;
    uint32_t name;
};

struct lookup_key {
    struct ipaddr client;
    uint32_t name, zero;
};
_Static_assert(sizeof(struct lookup_key) == 24, "a key has no padding");

struct model_names {
    const struct endpoint_catalogue *catalogue;
    struct arena *arena;
    uint64_t hash_key[2];
    uint32_t budget;
    struct map by_text, by_address, by_lookup;
    struct name **slabs; /* of SLAB_NAMES; number n is at n - 1 */
    uint32_t name_count, address_count, lookup_count;
    struct model_lookup *first, *last;
    struct model_name_losses losses;
};

struct model_names *model_name_table_new(const struct endpoint_catalogue *catalogue, uint32_t budget,
                                         const uint64_t hash_key[2])
{
    struct model_names *n = calloc(1, sizeof *n);
    if (!n)
        return NULL;
    n->catalogue = catalogue;
    n->budget = budget;
    n->hash_key[0] = hash_key[0];
    n->hash_key[1] = hash_key[1];
    n->arena = arena_new(SIZE_MAX); /* the budget bounds it */
    n->slabs = calloc(((size_t)budget + OWN_PLACES) / SLAB_NAMES + 1, sizeof(struct name *));
    if (!n->arena || !n->slabs) {
        model_name_table_free(n);
        return NULL;
    }
    return n;
}

void model_name_table_free(struct model_names *n)
{
    if (!n)
        return;
    map_free(&n->by_text);
    map_free(&n->by_address);
    map_free(&n->by_lookup);
    free(n->slabs);
    if (n->arena)
        arena_free(n->arena);
    free(n);
}

static bool fits(const struct model_names *n, uint32_t count, bool own)
{
    return count < n->budget || (own && count < n->budget + OWN_PLACES);
}

static bool name_is(const void *record, const void *key)
{
    return strcmp(((const struct name *)record)->text, key) == 0;
}

static struct name *place(const struct model_names *n, uint32_t index)
{
    struct name *slab = n->slabs[index / SLAB_NAMES];
    return slab ? &slab[index % SLAB_NAMES] : NULL;
}

static const struct endpoint_name_row *own_row(const struct model_names *n, const char *text)
{
    const struct endpoint_name_row *row = endpoint_lookup_name(n->catalogue, text);
    return row && endpoint_role_is_workspaces(row->role) ? row : NULL;
}

static struct name *new_name(struct model_names *n, const char *text, const struct endpoint_name_row *row)
{
    struct name **slab = &n->slabs[n->name_count / SLAB_NAMES];
    if (!*slab)
        *slab = arena_alloc(n->arena, SLAB_NAMES, sizeof **slab);
    struct name *name = *slab ? place(n, n->name_count) : NULL;
    if (!name)
        return NULL;
    *name = (struct name){ .text = arena_copy(n->arena, text), .row = row, .number = n->name_count + 1 };
    return arena_failed(n->arena) ? NULL : name;
}

uint32_t model_name_of(struct model_names *n, const char *text)
{
    uint64_t hash = hash_bytes(n->hash_key, text, strlen(text));
    struct name *name = *text ? map_find(&n->by_text, hash, name_is, text) : NULL;
    if (name || !*text)
        return name ? name->number : 0;
    const struct endpoint_name_row *row = own_row(n, text);
    name = fits(n, n->name_count, row != NULL) ? new_name(n, text, row) : NULL;
    if (!name || !map_add(&n->by_text, hash, name)) {
        n->losses.names++;
        return 0;
    }
    return ++n->name_count;
}

const char *model_name_text(const struct model_names *n, uint32_t name)
{
    return name ? place(n, name - 1)->text : "";
}

const struct endpoint_name_row *model_name_row(const struct model_names *n, uint32_t name)
{
    return name ? place(n, name - 1)->row : NULL;
}

static bool address_is(const void *record, const void *key)
{
    return memcmp(&((const struct address *)record)->key, key, sizeof(struct address_key)) == 0;
}

static struct address *find_address(const struct model_names *n, const struct address_key *key)
{
    return map_find(&n->by_address, hash_bytes(n->hash_key, key, sizeof *key), address_is, key);
}

static void learn(struct model_names *n, const struct address_key *key, uint32_t name, int64_t until_ns)
{
    struct address *a = find_address(n, key);
    if (!a) {
        bool own = model_name_row(n, name) != NULL;
        a = fits(n, n->address_count, own) ? arena_alloc(n->arena, 1, sizeof *a) : NULL;
        if (!a || !map_add(&n->by_address, hash_bytes(n->hash_key, key, sizeof *key), a)) {
            n->losses.addresses++;
            return;
        }
        a->key = *key;
        n->address_count++;
    }
    a->name = name;
    a->until_ns = until_ns;
}

void model_name_learn(struct model_names *n, const struct model_name_answer *answer)
{
    int64_t until_ns = nsec_add(nsec_add(answer->time_ns, (int64_t)answer->ttl_s * NSEC_PER_SEC), grace_ns);
    struct address_key own = { .client = answer->client, .address = answer->address };
    struct address_key anybody = { .address = answer->address };
    if (!answer->name)
        return;
    learn(n, &own, answer->name, until_ns);
    learn(n, &anybody, answer->name, until_ns);
}

uint32_t model_name_find(const struct model_names *n, const struct ipaddr *client, const struct ipaddr *address,
                         int64_t time_ns)
{
    struct address_key key = { .client = *client, .address = *address };
    const struct address *a = n->address_count ? find_address(n, &key) : NULL;
    return a && time_ns <= a->until_ns ? a->name : 0;
}

static bool lookup_is(const void *record, const void *key)
{
    const struct model_lookup *l = record;
    const struct lookup_key *k = key;
    return l->name == k->name && ipaddr_equal(&l->client, &k->client);
}

struct model_lookup *model_name_lookup_find(const struct model_names *n, const struct ipaddr *client, uint32_t name)
{
    struct lookup_key key = { .client = *client, .name = name };
    return map_find(&n->by_lookup, hash_bytes(n->hash_key, &key, sizeof key), lookup_is, &key);
}

struct model_lookup *model_name_lookup_of(struct model_names *n, const struct ipaddr *client, uint32_t name)
{
    struct lookup_key key = { .client = *client, .name = name };
    struct model_lookup *l = model_name_lookup_find(n, client, name);
    if (l)
        return l;
    l = n->lookup_count < n->budget ? arena_alloc(n->arena, 1, sizeof *l) : NULL;
    if (!l || !map_add(&n->by_lookup, hash_bytes(n->hash_key, &key, sizeof key), l)) {
        n->losses.lookups++;
        return NULL;
    }
    l->client = *client;
    l->name = name;
    l->address_until_ns = l->used_ns = l->asked_ns = INT64_MIN;
    *(n->last ? &n->last->next : &n->first) = l;
    n->last = l;
    n->lookup_count++;
    return l;
}

struct model_lookup *model_name_lookups(const struct model_names *n)
{
    return n->first;
}

const struct model_name_losses *model_name_losses(const struct model_names *n)
{
    return &n->losses;
}
