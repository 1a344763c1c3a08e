/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/lookup.h"

#include <string.h>

#include "base/nsec.h"
#include "rule/context.h"
#include "rule/evidence.h"

/* A client with more of them is given the benefit of the doubt. */
enum { PATHS_LOOKED_AT = 4096, TRIES_THAT_PROVE = 2 };

/* A client asks the next server after a second or so: what is younger is still under way. */
static const int64_t settled_ns = NSEC_PER_SEC;

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
    for (const struct model_session *latest = client->sessions; latest; latest = latest->client_next)
        for (const struct model_session *s = latest; s; s = s->earlier)
            if (s->worked_ns >= from_ns && same_or_unknown(s->region, row->region))
                return true;
    unsigned left = PATHS_LOOKED_AT;
    for (const struct model_path *p = client->paths; p; p = p->client_next)
        if (!left-- || (p->role == row->role && p->first_ns >= from_ns && p->answered_ns != INT64_MIN &&
            same_or_unknown(p->region, row->region)))
            return true;
    return false;
}

enum model_lookup_failure rule_lookup_failure_of(const struct model_lookup_run *run)
{
    enum model_lookup_failure most = MODEL_LOOKUP_SILENT;
    for (int i = MODEL_LOOKUP_NXDOMAIN; i < MODEL_LOOKUP_FAILURES; i++)
        if (run->counts[i] && (most == MODEL_LOOKUP_SILENT || run->counts[i] > run->counts[most]))
            most = (enum model_lookup_failure)i;
    return most;
}

static bool is_settled(const struct model *model, const struct model_lookup_run *run)
{
    int64_t end_ns = model_tap(model)->now_ns, first_ns = run->incident.first_ns;
    if (rule_lookup_failure_of(run) != MODEL_LOOKUP_SILENT)
        return nsec_sub(end_ns, run->incident.last_ns) >= settled_ns &&
               nsec_sub(end_ns, run->latest_try_ns) >= settled_ns;
    return run->counts[MODEL_LOOKUP_SILENT] >= TRIES_THAT_PROVE && !rule_context_tap_is_one_way(model) &&
           nsec_sub(run->latest_try_ns, first_ns) >= settled_ns && nsec_sub(end_ns, run->latest_try_ns) >= settled_ns;
}

/* A client behind a web proxy need not resolve names itself: the proxy does. */
static bool asks_a_proxy(const struct model *model, const struct model_lookup *l)
{
    const struct model_host *host = model_host_find(model, &l->client);
    return host && host->proxied;
}

const struct model_lookup_run *rule_lookup_failed_run(const struct model *model, const struct model_lookup *l)
{
    const struct model_lookup_run *run = l->has_failed ? &l->failed : l->is_failing ? &l->failing : NULL;
    if (!run || rule_lookup_by_resolver(model, l) || asks_a_proxy(model, l) || !is_settled(model, run) ||
        rule_lookup_went_on(model, l, run->incident.first_ns))
        return NULL;
    return run;
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
