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

bool rule_run(const struct model *model, struct arena *arena, struct draft_list *out)
{
    *out = (struct draft_list){ .arena = arena, .catalogue = model_catalogue(model) };
    for (const struct rule *const *rule = rule_all(); *rule; rule++)
        (*rule)->check(*rule, model, out);
    for (struct draft *d = out->first; d; d = d->next) {
        rule_draft_finish(d);
        d->key.rule->explain(model, d, arena);
    }
    return !arena_failed(arena) && sort(out);
}
