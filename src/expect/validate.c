/* SPDX-License-Identifier: Apache-2.0 */
#include "expect/validate.h"

#include <stdint.h>
#include <string.h>

#include "base/ipaddr.h"
#include "base/text.h"
#include "expect/number.h"
#include "expect/schema.h"

enum { ENTRY_LIMIT = 256, LIST_LIMIT = 4096, WORD_LIMIT = 60, TYPO_EDITS = 2 };

static const char *const step_names[] = { "dns",      "login",  "health-check", "udp", "tcp",
                                          "fallback", "stream", "end",          NULL };

struct checker {
    const char *name;
    const char *const *kinds;
    struct error *error;
    bool pending; /* the entry under way may name a kind of a later version */
    bool absent;  /* so may one that must be absent: it is, and a look-alike can be written before its kind */
};

static enum status check_map(struct checker *c, const struct expect_section *section, const struct expect_node *map);

static bool is_among(const char *word, const char *const *words)
{
    for (; *words; words++)
        if (strcmp(word, *words) == 0)
            return true;
    return false;
}

static enum status check_word(const struct checker *c, const char *key, const char *const *words,
                              const struct expect_node *node)
{
    if (expect_node_is_null(node) || is_among(node->text, words))
        return STATUS_OK;
    struct text list;
    text_init(&list, 200);
    for (size_t i = 0; words[i]; i++)
        text_addf(&list, "%s%s", i ? ", " : "", words[i]);
    enum status status = expect_node_error(c->error, c->name, node, "`%.40s` is no `%.40s`; it is one of: %s.",
                                           node->text, key, list.bytes);
    text_free(&list);
    return status;
}

/* The edits that turn one word into the other (Levenshtein); words of usual length only. */
static size_t distance(const char *from, const char *to)
{
    size_t row[WORD_LIMIT + 1];
    size_t length = strlen(to);
    if (length > WORD_LIMIT)
        return SIZE_MAX;
    for (size_t i = 0; i <= length; i++)
        row[i] = i;
    for (size_t k = 0; from[k]; k++) {
        size_t diagonal = row[0];
        row[0] = k + 1;
        for (size_t i = 1; i <= length; i++) {
            size_t change = diagonal + (from[k] != to[i - 1]);
            size_t other = (row[i] < row[i - 1] ? row[i] : row[i - 1]) + 1;
            diagonal = row[i];
            row[i] = change < other ? change : other;
        }
    }
    return row[length];
}

static const char *nearest(const char *word, const char *const *words)
{
    const char *best = NULL;
    size_t least = TYPO_EDITS + 1;
    for (; *words; words++) {
        size_t edits = distance(word, *words);
        if (edits < least) {
            least = edits;
            best = *words;
        }
    }
    return best;
}

static enum status check_kind(const struct checker *c, const struct expect_node *node)
{
    if (!c->kinds || !c->kinds[0] || c->pending || expect_node_is_null(node) || is_among(node->text, c->kinds))
        return STATUS_OK;
    const char *meant = nearest(node->text, c->kinds);
    if (meant)
        return expect_node_error(c->error, c->name, node, "no kind is called `%.60s`; did you mean %s?", node->text,
                                 meant);
    if (c->absent)
        return STATUS_OK;
    return expect_node_error(c->error, c->name, node,
                             "no kind is called `%.60s`; `wspscope findings` lists them, and an entry for a later "
                             "version says `pending: true`.", node->text);
}

static enum status check_number(const struct checker *c, const struct expect_node *node)
{
    struct expect_number_range range;
    const struct expect_node *at;
    if (expect_node_is_null(node))
        return STATUS_OK;
    const char *reason = expect_number_range(node, &range, &at);
    return reason ? expect_node_error(c->error, c->name, at ? at : node, "%s.", reason) : STATUS_OK;
}

static enum status check_address(const struct checker *c, const struct expect_node *node)
{
    struct ipaddr address;
    if (expect_node_is_null(node) || ipaddr_parse(node->text, &address))
        return STATUS_OK;
    return expect_node_error(c->error, c->name, node, "`%.60s` is no IP address.", node->text);
}

static enum status check_frame(const struct checker *c, const struct expect_node *node)
{
    double frame;
    if (expect_number_parse(node->text, &frame) && frame >= 1 && strspn(node->text, "0123456789") == strlen(node->text))
        return STATUS_OK;
    return expect_node_error(c->error, c->name, node, "`%.60s` is no frame number; the first frame is 1.", node->text);
}

static enum status check_list(const struct checker *c, const struct expect_key *key, const struct expect_node *list)
{
    enum status status = STATUS_OK;
    if (list->type != EXPECT_LIST)
        return expect_node_error(c->error, c->name, list, "`%s` wants a list, such as [a, b].", key->name);
    if (list->count > LIST_LIMIT)
        return expect_node_error(c->error, c->name, list, "`%s` has more than %d items.", key->name, LIST_LIMIT);
    for (size_t i = 0; i < list->count && status == STATUS_OK; i++) {
        const struct expect_node *item = list->items[i];
        if (item->type != EXPECT_SCALAR)
            status = expect_node_error(c->error, c->name, item, "`%s` wants single values.", key->name);
        else if (key->type == EXPECT_TYPE_ADDRESSES)
            status = check_address(c, item);
        else if (key->type == EXPECT_TYPE_FRAMES)
            status = check_frame(c, item);
    }
    return status;
}

/* Names are the finding's own, so only tolerances can be wrong. */
static enum status check_values(const struct checker *c, const struct expect_node *node)
{
    enum status status = STATUS_OK;
    if (node->type == EXPECT_SCALAR)
        return STATUS_OK;
    if (expect_number_is_tolerance(node))
        return check_number(c, node);
    for (size_t i = 0; i < node->count && status == STATUS_OK; i++)
        status = check_values(c, node->items[i]);
    return status;
}

static enum status check_steps(const struct checker *c, const struct expect_key *key, const struct expect_node *node)
{
    enum status status = STATUS_OK;
    if (node->type == EXPECT_SCALAR)
        return expect_node_error(c->error, c->name, node, "`steps` wants pairs, such as [udp: failed, tcp: ok].");
    for (size_t i = 0; i < node->count && status == STATUS_OK; i++) {
        if (node->type == EXPECT_LIST && (node->items[i]->type != EXPECT_MAP || node->items[i]->count != 1))
            return expect_node_error(c->error, c->name, node->items[i], "a step is one pair, such as `udp: failed`.");
        if (node->type == EXPECT_LIST) {
            status = check_steps(c, key, node->items[i]);
            continue;
        }
        if (node->items[i]->type != EXPECT_SCALAR)
            return expect_node_error(c->error, c->name, node->items[i], "a step has one outcome.");
        status = check_word(c, "step", step_names, node->keys[i]);
        if (status == STATUS_OK)
            status = check_word(c, "outcome", key->words, node->items[i]);
    }
    return status;
}

static enum status check_scalar(const struct checker *c, const struct expect_key *key, const struct expect_node *node)
{
    if (node->type != EXPECT_SCALAR)
        return expect_node_error(c->error, c->name, node, "`%s` wants a single value.", key->name);
    if (key->type == EXPECT_TYPE_WORD)
        return check_word(c, key->name, key->words, node);
    if (key->type == EXPECT_TYPE_KIND)
        return check_kind(c, node);
    if (key->type == EXPECT_TYPE_ADDRESS)
        return check_address(c, node);
    if (key->type == EXPECT_TYPE_FLAG && !expect_node_is_true(node) && !expect_node_is_false(node))
        return expect_node_error(c->error, c->name, node, "`%s` is true or false.", key->name);
    return STATUS_OK;
}

static enum status check_entry(struct checker *c, const struct expect_section *section,
                               const struct expect_node *entry)
{
    c->pending = expect_schema_is_pending(entry);
    c->absent = section == &expect_schema_absent;
    if (entry->type == EXPECT_SCALAR && expect_node_is_null(entry))
        return expect_node_error(c->error, c->name, entry, "an empty %s.", section->thing);
    if (entry->type == EXPECT_SCALAR)
        return check_scalar(c, expect_schema_key(section, section->identity), entry);
    if (entry->type != EXPECT_MAP || entry->count == (c->pending ? 1u : 0u))
        return expect_node_error(c->error, c->name, entry, "a %s is written as `key: value` pairs.", section->thing);
    const struct expect_node *identity = expect_node_get(entry, section->identity);
    if (section->required && (!identity || expect_node_is_null(identity)))
        return expect_node_error(c->error, c->name, entry, "a %s needs its `%s`.", section->thing, section->identity);
    return check_map(c, section, entry);
}

static enum status check_entries(struct checker *c, const struct expect_section *section,
                                 const struct expect_node *list)
{
    enum status status = STATUS_OK;
    if (expect_node_is_null(list))
        return STATUS_OK;
    if (list->type != EXPECT_LIST)
        return expect_node_error(c->error, c->name, list, "`%s` wants a list: one `- ` for each %s.", section->name,
                                 section->thing);
    if (list->count > ENTRY_LIMIT)
        return expect_node_error(c->error, c->name, list, "`%s` has more than %d entries.", section->name, ENTRY_LIMIT);
    for (size_t i = 0; i < list->count && status == STATUS_OK; i++)
        status = check_entry(c, section, list->items[i]);
    return status;
}

static enum status check_value(struct checker *c, const struct expect_key *key, const struct expect_node *node)
{
    switch (key->type) {
    case EXPECT_TYPE_NUMBER:
        return check_number(c, node);
    case EXPECT_TYPE_ADDRESSES:
    case EXPECT_TYPE_FRAMES:
    case EXPECT_TYPE_TEXTS:
        return check_list(c, key, node);
    case EXPECT_TYPE_VALUES:
        if (node->type != EXPECT_MAP)
            return expect_node_error(c->error, c->name, node, "`%s` wants `name: value` pairs.", key->name);
        return check_values(c, node);
    case EXPECT_TYPE_STEPS:
        return check_steps(c, key, node);
    case EXPECT_TYPE_ENTRIES:
        return check_entries(c, key->section, node);
    case EXPECT_TYPE_ENTRY:
        return check_entry(c, key->section, node);
    case EXPECT_TYPE_TEXT:
    case EXPECT_TYPE_WORD:
    case EXPECT_TYPE_KIND:
    case EXPECT_TYPE_FLAG:
    case EXPECT_TYPE_ADDRESS:
    default:
        return check_scalar(c, key, node);
    }
}

static enum status unknown_key(const struct checker *c, const struct expect_section *section,
                               const struct expect_node *key)
{
    struct text list;
    text_init(&list, 250);
    for (const struct expect_key *k = section->keys; k->name; k++)
        text_addf(&list, "%s%s", k == section->keys ? "" : ", ", k->name);
    enum status status = expect_node_error(c->error, c->name, key, "unknown key `%.60s`; a %s has: %s.", key->text,
                                           section->thing, list.bytes);
    text_free(&list);
    return status;
}

static enum status check_map(struct checker *c, const struct expect_section *section, const struct expect_node *map)
{
    enum status status = STATUS_OK;
    for (size_t i = 0; i < map->count && status == STATUS_OK; i++) {
        const struct expect_key *key = expect_schema_key(section, map->keys[i]->text);
        status = key ? check_value(c, key, map->items[i]) : unknown_key(c, section, map->keys[i]);
    }
    return status;
}

static bool says_something(const struct expect_node *root)
{
    const struct expect_node *only = expect_node_get(root, "only");
    bool says = (only && expect_node_is_true(only)) || expect_node_get(root, "verdict");
    for (const struct expect_key *key = expect_schema_root.keys; key->name && !says; key++) {
        const struct expect_node *const *entries;
        says = key->type == EXPECT_TYPE_ENTRIES && expect_schema_entries(root, key->section, &entries) > 0;
    }
    return says;
}

enum status expect_validate(const struct expect_node *root, const char *name, const char *const *kinds,
                                struct error *error)
{
    struct checker c = { .name = name, .kinds = kinds, .error = error };
    if (root->type != EXPECT_MAP)
        return expect_node_error(error, name, root, "an expectation is written as `key: value` lines.");
    enum status status = check_map(&c, &expect_schema_root, root);
    if (status == STATUS_OK && !says_something(root))
        return expect_node_error(error, name, root, "the file expects nothing; give it a verdict or a finding.");
    return status;
}
