/* SPDX-License-Identifier: Apache-2.0 */
#include "expect/match.h"

#include <string.h>

#include "base/ipaddr.h"
#include "expect/facts.h"
#include "expect/number.h"

struct matcher {
    struct arena *arena;
    struct expect_match result;
    struct expect_mismatch *last;
};

static bool number_of(const struct wspscope_value *have, double *out)
{
    if (have->type == WSPSCOPE_VALUE_INTEGER)
        *out = (double)have->integer;
    else if (have->type == WSPSCOPE_VALUE_NUMBER)
        *out = have->number;
    else
        return false;
    return true;
}

static bool number_matches(const struct expect_node *want, const struct wspscope_value *have)
{
    struct expect_number_range range;
    const struct expect_node *at;
    double number;
    return number_of(have, &number) && !expect_number_range(want, &range, &at) && expect_number_holds(&range, number);
}

bool expect_match_address(const char *a, const char *b)
{
    struct ipaddr first, second;
    if (ipaddr_parse(a, &first) && ipaddr_parse(b, &second))
        return ipaddr_equal(&first, &second);
    return strcmp(a, b) == 0;
}

static bool scalar_matches(enum expect_type type, const struct expect_node *want, const struct wspscope_value *have)
{
    if (expect_node_is_null(want) || have->type == WSPSCOPE_VALUE_NULL)
        return expect_node_is_null(want) && have->type == WSPSCOPE_VALUE_NULL;
    if (have->type == WSPSCOPE_VALUE_BOOL)
        return have->boolean ? expect_node_is_true(want) : expect_node_is_false(want);
    if (have->type == WSPSCOPE_VALUE_STRING && (type == EXPECT_TYPE_ADDRESS || type == EXPECT_TYPE_ADDRESSES))
        return expect_match_address(want->text, have->string);
    if (have->type == WSPSCOPE_VALUE_STRING)
        return strcmp(want->text, have->string) == 0;
    return number_matches(want, have);
}

static bool list_has(enum expect_type type, const struct expect_node *want, const struct wspscope_value *have)
{
    for (size_t i = 0; i < have->child_count; i++)
        if (expect_match_value(type, want, &have->children[i]))
            return true;
    return false;
}

static bool is_wanted(enum expect_type type, const struct expect_node *list, const struct wspscope_value *have)
{
    for (size_t i = 0; i < list->count; i++)
        if (expect_match_value(type, list->items[i], have))
            return true;
    return false;
}

static bool list_matches(enum expect_type type, const struct expect_node *want, const struct wspscope_value *have)
{
    if (have->type != WSPSCOPE_VALUE_LIST)
        return false;
    for (size_t i = 0; i < want->count; i++)
        if (!list_has(type, want->items[i], have))
            return false;
    for (size_t i = 0; i < have->child_count && type == EXPECT_TYPE_ADDRESSES; i++)
        if (!is_wanted(type, want, &have->children[i]))
            return false;
    return true;
}

static bool map_matches(enum expect_type type, const struct expect_node *want, const struct wspscope_value *have)
{
    for (size_t i = 0; i < want->count; i++) {
        const struct wspscope_value *child = expect_facts_get(have, want->keys[i]->text);
        if (!child || !expect_match_value(type, want->items[i], child))
            return false;
    }
    return have->type == WSPSCOPE_VALUE_OBJECT;
}

bool expect_match_value(enum expect_type type, const struct expect_node *want, const struct wspscope_value *have)
{
    if (want->type == EXPECT_SCALAR)
        return scalar_matches(type, want, have);
    if (want->type == EXPECT_LIST)
        return list_matches(type, want, have);
    if (have->type == WSPSCOPE_VALUE_OBJECT)
        return map_matches(type, want, have);
    return number_matches(want, have);
}

static void record(struct matcher *m, struct expect_mismatch mismatch)
{
    m->result.missed++;
    struct expect_mismatch *copy = m->arena ? arena_alloc(m->arena, 1, sizeof *copy) : NULL;
    if (!copy)
        return;
    *copy = mismatch;
    if (m->last)
        m->last->next = copy;
    else
        m->result.mismatches = copy;
    m->last = copy;
}

static const char *path_of(const struct matcher *m, const char *parent, const char *name)
{
    return m->arena ? arena_format(m->arena, "%s.%s", parent, name) : name;
}

static void match_leaf(struct matcher *m, const char *path, enum expect_type type, const struct expect_node *want,
                       const struct wspscope_value *have)
{
    if (have && expect_match_value(type, want, have))
        m->result.held++;
    else
        record(m, (struct expect_mismatch){ .path = path, .type = type, .want = want, .have = have });
}

/* Steps may bear the same name twice: one that matches is enough. */
static const struct wspscope_value *find_child(const struct wspscope_value *object, enum expect_type type,
                                               const char *name, const struct expect_node *want)
{
    for (size_t i = 0; object && i < object->child_count; i++) {
        const struct wspscope_value *child = &object->children[i];
        if (child->name && strcmp(child->name, name) == 0 && expect_match_value(type, want, child))
            return child;
    }
    return expect_facts_get(object, name);
}

static void match_children(struct matcher *m, const struct expect_key *key, const struct expect_node *want,
                           const struct wspscope_value *object)
{
    for (size_t i = 0; i < want->count; i++) {
        if (want->type == EXPECT_LIST) {
            match_children(m, key, want->items[i], object);
            continue;
        }
        const char *name = want->keys[i]->text;
        match_leaf(m, path_of(m, key->name, name), key->type, want->items[i],
                   find_child(object, key->type, name, want->items[i]));
    }
}

struct expect_match expect_match_entry(const struct expect_section *section, const struct expect_node *entry,
                                       const struct wspscope_value *object, struct arena *arena)
{
    struct matcher m = { .arena = arena };
    if (entry->type == EXPECT_SCALAR) {
        const struct expect_key *identity = expect_schema_key(section, section->identity);
        match_leaf(&m, identity->name, identity->type, entry, expect_facts_get(object, identity->name));
        return m.result;
    }
    for (size_t i = 0; i < entry->count; i++) {
        const struct expect_key *key = expect_schema_key(section, entry->keys[i]->text);
        const struct wspscope_value *have = expect_facts_get(object, key->name);
        if (key->type == EXPECT_TYPE_VALUES || key->type == EXPECT_TYPE_STEPS)
            match_children(&m, key, entry->items[i], have);
        else if (key->type != EXPECT_TYPE_FLAG)
            match_leaf(&m, key->name, key->type, entry->items[i], have);
    }
    return m.result;
}

const struct expect_node *expect_match_identity(const struct expect_section *section,
                                                const struct expect_node *entry)
{
    return entry->type == EXPECT_SCALAR ? entry : expect_node_get(entry, section->identity);
}
