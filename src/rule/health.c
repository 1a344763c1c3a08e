/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/health.h"

#include "base/nsec.h"
#include "rule/context.h"

/* The four things a client checks, side by side. */
static const struct rule_health_check checks[RULE_HEALTH_CHECKS] = { { 6, 4172 }, { 6, 4195 }, { 17, 4172 },
                                                                     { 17, 4195 } };
const enum model_fact rule_health_failures[] = { MODEL_TCP_SYN_SILENT, MODEL_TCP_SYN_RESET, MODEL_TCP_SYN_ICMP,
                                                 MODEL_TCP_RETURN_LOST, MODEL_UDP_SILENT, MODEL_UDP_ICMP,
                                                 MODEL_UDP_HANDSHAKE_LOST, MODEL_FACTS };

struct rule_health_check rule_health_check_at(size_t check)
{
    return checks[check];
}

bool rule_health_is_of(const struct model_path *p, size_t check, const struct endpoint_region *region)
{
    return p->role == ENDPOINT_HEALTH_CHECK && p->region == region &&
           p->protocol == checks[check].protocol && p->port == checks[check].port;
}

static const char *how_of(enum model_fact fact)
{
    switch (fact) {
    case MODEL_TCP_SYN_RESET:
        return "reset";
    case MODEL_TCP_SYN_ICMP:
    case MODEL_UDP_ICMP:
        return "rejected";
    case MODEL_TCP_RETURN_LOST:
    case MODEL_UDP_HANDSHAKE_LOST:
        return "return-lost";
    default:
        return "no-answer";
    }
}

/* A probe begins with its first datagram: it needs no earlier packet to be known. */
bool rule_health_is_unanswered_probe(const struct model_incident *undecided)
{
    return undecided->why == MODEL_UNDECIDED_FEW || undecided->why == MODEL_UNDECIDED_START;
}

/* When the last of probes that were each too few to judge, but together are enough, went out: three datagrams over a
 * second, or two rounds, since the last answer. INT64_MIN: they are not enough. */
static int64_t few_add_up(const struct model *model, const struct model_path *p)
{
    const struct endpoint_catalogue *c = model_catalogue(model);
    int64_t span = endpoint_threshold_ns(c, "healthcheck-span-ms");
    int64_t round_gap = endpoint_threshold_ns(c, "healthcheck-round-gap-ms");
    uint64_t datagrams = 0;
    int64_t first_ns = INT64_MAX, last_ns = INT64_MIN;
    for (size_t i = 0; p->protocol == 17 && i < model_incidents_kept(p, MODEL_UNDECIDED); i++) {
        const struct model_incident *u = model_incident_at(p, MODEL_UNDECIDED, i);
        if (!rule_health_is_unanswered_probe(u) || u->first_ns < p->answered_ns)
            continue;
        datagrams += u->attempts;
        first_ns = u->first_ns < first_ns ? u->first_ns : first_ns;
        last_ns = u->last_ns > last_ns ? u->last_ns : last_ns;
    }
    if (!datagrams || nsec_sub(model_tap(model)->now_ns, last_ns) < span)
        return INT64_MIN;
    int64_t lasted = nsec_sub(last_ns, first_ns);
    bool rounds = lasted >= round_gap && (double)datagrams >= endpoint_threshold_value(c, "healthcheck-rounds");
    bool probes = lasted >= span && (double)datagrams >= endpoint_threshold_value(c, "healthcheck-probes");
    return rounds || probes ? last_ns : INT64_MIN;
}

static void note_failure(struct rule_health_row *row, int64_t last_ns, const char *how)
{
    if (last_ns <= row->failed_ns)
        return;
    row->failed_ns = last_ns;
    row->how = how;
}

static void add_path(const struct model *model, const struct model_path *p, struct rule_health_row *row)
{
    row->sent += p->protocol == 6 ? p->flows : p->datagrams_to_server;
    row->answered += p->protocol == 6 ? p->syn_acks : p->datagrams_to_client;
    row->answered_ns = p->answered_ns > row->answered_ns ? p->answered_ns : row->answered_ns;
    for (const enum model_fact *bad = rule_health_failures; *bad != MODEL_FACTS; bad++) {
        size_t kept = model_incidents_kept(p, *bad);
        if (kept)
            note_failure(row, model_incident_at(p, *bad, kept - 1)->begin_ns, how_of(*bad));
    }
    int64_t few_ns = few_add_up(model, p);
    note_failure(row, few_ns, "no-answer");
}

/* No host of the Region answered it, or none any more for at least a round. */
static bool row_failed(const struct model *model, const struct rule_health_row *row)
{
    if (row->failed_ns == INT64_MIN)
        return false;
    int64_t round_gap = endpoint_threshold_ns(model_catalogue(model), "healthcheck-round-gap-ms");
    return row->answered_ns == INT64_MIN || nsec_sub(row->failed_ns, row->answered_ns) >= round_gap;
}

bool rule_health_look(const struct model *model, const struct model_client *client,
                      const struct endpoint_region *region, struct rule_health_row rows[RULE_HEALTH_CHECKS])
{
    bool any = false;
    for (size_t c = 0; c < RULE_HEALTH_CHECKS; c++) {
        rows[c] = (struct rule_health_row){ .answered_ns = INT64_MIN, .failed_ns = INT64_MIN };
        for (const struct model_path *p = client->paths; p; p = p->client_next)
            if (rule_health_is_of(p, c, region))
                add_path(model, p, &rows[c]);
        rows[c].failed = row_failed(model, &rows[c]);
        any = any || rows[c].failed;
    }
    if (rule_context_tap_is_one_way(model)) /* datagrams testify nothing there */
        return rows[0].failed || rows[1].failed;
    return any;
}

const char *rule_health_list(const struct rule_health_row rows[RULE_HEALTH_CHECKS], bool failed, struct arena *a)
{
    const char *list = "";
    for (size_t c = 0; c < RULE_HEALTH_CHECKS; c++)
        if (failed ? rows[c].failed : !rows[c].failed && rows[c].answered)
            list = arena_format(a, "%s%s%s %u", list, *list ? ", " : "", rule_draft_protocol_name(checks[c].protocol),
                                checks[c].port);
    return list;
}
