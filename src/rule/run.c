/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "rule/rule.h"

#define RULE(name) extern const struct rule rule_##name;
#include "rule/rules.def"
#undef RULE

const struct rule *const *rule_all(void)
{
    static const struct rule *const all[] = {
#define RULE(name) &rule_##name,
#include "rule/rules.def"
#undef RULE
        NULL,
    };
    return all;
}

/* FINDINGS, "Order and primary". */
static int compare(const void *left, const void *right)
{
    const struct draft *a = *(struct draft *const *)left, *b = *(struct draft *const *)right;
    if (a->severity != b->severity)
        return a->severity < b->severity ? -1 : 1;
    if (a->key.rule->rank != b->key.rule->rank)
        return a->key.rule->rank < b->key.rule->rank ? -1 : 1;
    if (a->clients.count != b->clients.count)
        return a->clients.count > b->clients.count ? -1 : 1;
    if (a->first_ns != b->first_ns)
        return a->first_ns < b->first_ns ? -1 : 1;
    int kind = strcmp(a->key.rule->about.kind, b->key.rule->about.kind);
    if (kind)
        return kind;
    if (a->key.port != b->key.port)
        return a->key.port < b->key.port ? -1 : 1;
    return strcmp(a->key.cause, b->key.cause);
}

static bool sort(struct draft_list *list)
{
    if (!list->count)
        return true;
    struct draft **order = arena_alloc(list->arena, list->count, sizeof *order);
    if (!order)
        return false;
    size_t n = 0;
    for (struct draft *d = list->first; d; d = d->next)
        order[n++] = d;
    qsort(order, n, sizeof *order, compare);
    for (size_t i = 0; i < n; i++)
        order[i]->next = i + 1 < n ? order[i + 1] : NULL;
    list->first = order[0];
    list->last = order[n - 1];
    return true;
}

/* The same client, Region and streaming protocol, as far as either says. */
static bool is_about_the_same(const struct draft *a, const struct draft *b)
{
    enum model_protocol x = model_protocol_of(a->key.role, a->key.port);
    enum model_protocol y = model_protocol_of(b->key.role, b->key.port);
    if ((a->key.region && b->key.region && a->key.region != b->key.region) ||
        (x != MODEL_PROTOCOL_UNKNOWN && y != MODEL_PROTOCOL_UNKNOWN && x != y))
        return false;
    for (size_t i = 0; i < a->clients.count; i++)
        if (rule_draft_has_client(b, &a->clients.items[i]))
            return true;
    return false;
}

static bool is_one_of(const char *kind, const char *const *kinds)
{
    for (; *kinds; kinds++)
        if (strcmp(*kinds, kind) == 0)
            return true;
    return false;
}

/* Of the findings that may explain this one, the first: those nearest to the cause come first. */
static const struct draft *cause_of(const struct draft_list *list, const struct draft *d)
{
    for (const struct draft *c = list->first; c != d; c = c->next)
        if (is_one_of(c->key.rule->about.kind, d->key.rule->causes) && is_about_the_same(d, c))
            return c;
    return NULL;
}

static void link_consequences(const struct draft_list *list)
{
    size_t n = 0;
    for (struct draft *d = list->first; d; d = d->next) {
        d->number = ++n;
        d->because = d->key.rule->causes ? cause_of(list, d) : NULL;
    }
}

bool rule_run(const struct model *model, struct arena *arena, struct draft_list *out)
{
    *out = (struct draft_list){ .arena = arena, .catalogue = model_catalogue(model) };
    for (const struct rule *const *rule = rule_all(); *rule; rule++)
        (*rule)->check(*rule, model, out);
    for (struct draft *d = out->first; d; d = d->next) {
        rule_draft_finish(d);
        d->key.rule->explain(model, d, arena);
    }
    if (arena_failed(arena) || !sort(out))
        return false;
    link_consequences(out);
    return true;
}
