/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/lookup.h"

#include <string.h>

#include "rule/context.h"
#include "rule/evidence.h"

/* A client with more of them is given the benefit of the doubt. */
enum { PATHS_LOOKED_AT = 4096 };

bool rule_lookup_by_resolver(const struct model *model, const struct model_lookup *l)
{
    const struct model_host *host = model_host_find(model, &l->client);
    return host && host->resolves;
}

static bool same_or_unknown(const struct endpoint_region *a, const struct endpoint_region *b)
{
    return !a || !b || a == b;
}

bool rule_lookup_went_on(const struct model *model, const struct model_lookup *l, int64_t from_ns)
{
    const struct endpoint_name_row *row = model_name_row(model_names(model), l->name);
    const struct model_client *client = model_client_find(model, &l->client);
    if (l->used_ns >= from_ns)
        return true;
    if (!client)
        return false;
    for (const struct model_session *s = client->sessions; s; s = s->client_next)
        if (s->worked_ns >= from_ns && same_or_unknown(s->region, row->region))
            return true;
    unsigned left = PATHS_LOOKED_AT;
    for (const struct model_path *p = client->paths; p; p = p->client_next)
        if (!left-- || (p->role == row->role && p->first_ns >= from_ns && p->answered_ns != INT64_MIN &&
            same_or_unknown(p->region, row->region)))
            return true;
    return false;
}

/* 0.0.0.0/8, 127.0.0.0/8, :: and ::1. */
static bool leads_nowhere(const struct ipaddr *address)
{
    static const uint8_t zeros[15] = { 0 };
    if (ipaddr_is_v4(address))
        return address->bytes[12] == 0 || address->bytes[12] == 127;
    return memcmp(address->bytes, zeros, sizeof zeros) == 0 && address->bytes[15] <= 1;
}

enum rule_lookup_outcome rule_lookup_outcome_of(const struct model *model, const struct model_lookup *l,
                                                const struct ipaddr *address)
{
    static const struct {
        uint16_t port;
        uint8_t protocol;
    } services[] = { { 4195, 6 }, { 4195, 17 }, { 4172, 6 }, { 4172, 17 }, { 443, 6 }, { 443, 17 } };
    bool failed = false;
    if (leads_nowhere(address))
        return RULE_LOOKUP_NOWHERE;
    for (size_t i = 0; i < sizeof services / sizeof *services; i++) {
        const struct model_path *p =
            model_path_find(model, &l->client, address, services[i].port, services[i].protocol);
        if (p && rule_context_worked(p) && p->bytes_to_client)
            return RULE_LOOKUP_WORKS;
        failed = failed || (p && rule_context_failed(p));
    }
    return failed ? RULE_LOOKUP_FAILS : RULE_LOOKUP_UNKNOWN;
}

bool rule_lookup_astray(const struct model *model, const struct model_path *path)
{
    const struct model_lookup *l =
        path->name ? model_name_lookup_find(model_names(model), &path->client->address, path->name) : NULL;
    if (!l || l->has_published)
        return false;
    for (uint8_t i = 0; i < l->strange_count; i++)
        if (ipaddr_equal(&l->strange[i], &path->server))
            return rule_lookup_outcome_of(model, l, &path->server) == RULE_LOOKUP_FAILS;
    return false;
}

void rule_lookup_add(struct draft_list *out, struct draft *d, const struct model_lookup *l,
                     const struct model_incident *incident)
{
    rule_draft_add_client(out, d, &l->client);
    d->count += incident->attempts ? incident->attempts : 1;
    d->first_ns = incident->first_ns < d->first_ns ? incident->first_ns : d->first_ns;
    d->last_ns = incident->last_ns > d->last_ns ? incident->last_ns : d->last_ns;
    if (incident->attempts >= d->worst.attempts)
        d->worst = *incident;
    for (uint8_t i = 0; i < incident->evidence_count; i++)
        rule_draft_show(d, incident->evidence[i].frame,
                        rule_evidence_text(&incident->evidence[i], incident, out->arena));
}
