/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UNIT_RULE_FIXTURE_H
#define UNIT_RULE_FIXTURE_H

#include "../soft.h"

#include "base/nsec.h"
#include "rule/context.h"
#include "rule/draft.h"
#include "rule/evidence.h"
#include "rule/rule.h"

/* A model filled by hand, and what the rules make of it. Times are milliseconds. */

#define MS(n) ((int64_t)(n) * NSEC_PER_MSEC)

struct desk {
    struct endpoint_catalogue *catalogue;
    struct model *model;
    struct arena *arena;
    struct draft_list drafts;
    uint64_t frame;
};

static const char desk_dcv[] = "18.134.68.9", desk_dcv6[] = "2a05:d02c:8::1", desk_pcoip[] = "18.132.21.7",
                  desk_health[] = "52.56.46.102", desk_health2[] = "35.176.62.54", desk_virginia[] = "3.227.4.9",
                  desk_virginia_health[] = "3.209.215.252", desk_unknown[] = "203.0.113.9";

static inline void desk_begin(struct desk *d)
{
    static const uint64_t key[2] = { 3, 4 };
    const struct model_budget budget = { 10000, 10000, 10000, 10000, 10000 };
    *d = (struct desk){ .catalogue = endpoint_catalogue_builtin(NULL), .arena = arena_new(64 << 20) };
    assert_non_null(d->catalogue);
    assert_non_null(d->arena);
    d->model = model_new(d->catalogue, &budget, key);
    assert_non_null(d->model);
    d->drafts = (struct draft_list){ .arena = d->arena, .catalogue = d->catalogue };
}

static inline void desk_end(struct desk *d)
{
    model_free(d->model);
    arena_free(d->arena);
    endpoint_catalogue_free(d->catalogue);
}

static inline struct ipaddr desk_address(const char *text)
{
    struct ipaddr a;
    assert_true(ipaddr_parse(text, &a));
    return a;
}

static inline struct model_path *desk_path(struct desk *d, const char *client, const char *server, uint16_t port,
                                           uint8_t protocol)
{
    struct ipaddr c = desk_address(client), s = desk_address(server);
    struct model_path *p = model_path_of(d->model, &c, &s, port, protocol);
    assert_non_null(p);
    return p;
}

/* Adds it with two frames of its own, unless it brings its evidence. `attempts` 0 becomes 3. */
static inline void desk_add(struct desk *d, struct model_path *p, struct model_incident incident)
{
    if (!incident.attempts)
        incident.attempts = 3;
    if (!incident.evidence_count) {
        model_incident_show(&incident, MODEL_SHOWS_SYN, ++d->frame, 1);
        model_incident_show(&incident, MODEL_SHOWS_SYN, ++d->frame, 2);
    }
    if (incident.last_ns < incident.first_ns)
        incident.last_ns = incident.first_ns;
    bool worked = incident.fact == MODEL_TCP_ACCEPTED || incident.fact == MODEL_UDP_ANSWERED;
    p->flows++;
    p->client->answered_flows += worked;
    p->syn_acks += worked && p->protocol == 6;
    if (worked && incident.first_ns > p->answered_ns)
        p->answered_ns = incident.first_ns;
    if (worked && !p->ipv6 && endpoint_role_is_gateway(p->role))
        model_note_ipv4_worked(d->model, p->row ? p->row->region : NULL, incident.begin_ns);
    if (incident.fact == MODEL_TCP_SYN_SILENT)
        *(incident.single_syn ? &p->client->silent_single_syns : &p->client->silent_repeated_syns) += 1;
    if (p->protocol == 17)
        p->datagrams_to_server += incident.attempts;
    if (incident.fact == MODEL_UDP_ANSWERED)
        p->datagrams_to_client++;
    model_path_add(d->model, p, &incident);
}

static inline void desk_fact(struct desk *d, struct model_path *p, enum model_fact fact, int64_t at_ms)
{
    desk_add(d, p, (struct model_incident){ .fact = (uint8_t)fact, .first_ns = MS(at_ms), .last_ns = MS(at_ms + 3000),
                                            .begin_ns = MS(at_ms) });
}

static inline void desk_run(struct desk *d)
{
    struct model_tap *tap = model_tap_of(d->model);
    tap->now_ns = MS(3600000);
    assert_true(rule_run(d->model, d->arena, &d->drafts));
}

/* The kinds found, in order: "tcp-syn-dropped udp-blocked". */
static inline const char *desk_kinds(const struct desk *d)
{
    const char *list = "";
    for (const struct draft *f = d->drafts.first; f; f = f->next)
        list = arena_format(d->arena, "%s%s%s", list, *list ? " " : "", f->key.rule->about.kind);
    return list;
}

static inline const struct draft *desk_find(const struct desk *d, const char *kind)
{
    for (const struct draft *f = d->drafts.first; f; f = f->next)
        if (strcmp(f->key.rule->about.kind, kind) == 0)
            return f;
    return NULL;
}

static inline const struct wspscope_value *desk_measured(const struct draft *f, const char *name)
{
    for (size_t i = 0; i < f->measured_count; i++)
        if (strcmp(f->measured[i].name, name) == 0)
            return &f->measured[i];
    return NULL;
}

/* What every finding must be, whatever its kind. */
static inline unsigned desk_check_shape(const char *row, const struct draft *f)
{
    unsigned failed = 0;
    failed += soft_true(row, "it says what, why, what to do, what would disprove it",
                        f->summary && *f->summary && f->cause && *f->cause && f->remedy && *f->remedy &&
                            f->disproved_by && *f->disproved_by);
    failed += soft_true(row, "its sentences end",
                        f->summary && f->summary[strlen(f->summary) - 1] == '.' && f->cause[strlen(f->cause) - 1] ==
                            '.');
    failed += soft_true(row, "evidence, sixteen at most", f->evidence_count > 0 && f->evidence_count <= 16);
    for (size_t i = 1; i < f->evidence_count; i++)
        failed += soft_true(row, "evidence is sorted by frame", f->evidence[i - 1].frame < f->evidence[i].frame);
    for (size_t i = 0; i < f->evidence_count; i++)
        failed += soft_true(row, "evidence has words", f->evidence[i].text && *f->evidence[i].text);
    for (size_t i = 1; i < f->clients.count; i++)
        failed += soft_true(row, "clients are sorted",
                            ipaddr_compare(&f->clients.items[i - 1], &f->clients.items[i]) < 0);
    for (size_t i = 1; i < f->servers.count; i++)
        failed += soft_true(row, "servers are sorted",
                            ipaddr_compare(&f->servers.items[i - 1], &f->servers.items[i]) < 0);
    failed += soft_true(row, "first is not after last", f->first_ns <= f->last_ns);
    failed += soft_true(row, "count", f->count > 0);
    if (f->key.role == ENDPOINT_ROLE_UNKNOWN)
        failed += soft_true(row, "role unknown: a warning at most, confidence low",
                            f->severity >= WSPSCOPE_WARNING && f->confidence == WSPSCOPE_LOW);
    return failed;
}

#endif
