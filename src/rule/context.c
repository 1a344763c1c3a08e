/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/context.h"

#include <inttypes.h>

#include "base/nsec.h"
#include "rule/lookup.h"

/* A client that prefers IPv6 falls back to IPv4 within seconds (RFC 8305); a SYN is given up after 20 s or so. */
static const int64_t family_fallback_ns = 30 * NSEC_PER_SEC;

static const enum model_fact failures[] = {
    MODEL_TCP_SYN_SILENT, MODEL_TCP_SYN_RESET, MODEL_TCP_SYN_ICMP, MODEL_TCP_RETURN_LOST, MODEL_TCP_RESET,
    MODEL_TCP_BLACKHOLED, MODEL_TLS_FAILED, MODEL_PROXY_REFUSED, MODEL_UDP_SILENT, MODEL_UDP_ICMP,
    MODEL_UDP_RETURN_LOST, MODEL_UDP_HANDSHAKE_LOST, MODEL_QUIC_CLOSED, MODEL_PMTU_BLACKHOLE,
};

bool rule_context_failed(const struct model_path *path)
{
    return rule_context_first_failure_ns(path) != INT64_MAX;
}

int64_t rule_context_first_failure_ns(const struct model_path *path)
{
    int64_t first = INT64_MAX;
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
        if (!model_incidents_kept(path, failures[i]))
            continue;
        int64_t begin = model_incident_at(path, failures[i], 0)->begin_ns;
        first = begin < first ? begin : first;
    }
    return first;
}

int64_t rule_context_first_failure_in(const struct model_session *session, const struct model_path *path)
{
    int64_t first = INT64_MAX;
    for (size_t f = 0; f < sizeof failures / sizeof *failures; f++)
        for (size_t i = 0; i < model_incidents_kept(path, failures[f]); i++) {
            int64_t begin = model_incident_at(path, failures[f], i)->begin_ns;
            if (begin < first && model_session_holds(session, begin))
                first = begin;
        }
    return first;
}

bool rule_context_worked(const struct model_path *path)
{
    return path->counts[MODEL_TCP_ACCEPTED] || path->counts[MODEL_UDP_ANSWERED];
}

static bool same_region(const struct model_path *a, const struct model_path *b)
{
    return a->region && a->region == b->region;
}

bool rule_context_ipv6_works(const struct model *model, const struct model_path *path)
{
    return path->client->ipv6_regions & model_region_bit(model, path->region);
}

/* Each attempt that failed was soon followed by one over IPv4 that worked: a client that goes on trying IPv6 alone
 * while its colleagues use IPv4 has not been healed by them. */
bool rule_context_ipv4_worked(const struct model *model, const struct model_path *ipv6_path)
{
    bool any = false;
    if (!ipv6_path->ipv6 || !endpoint_role_is_gateway(ipv6_path->role) || rule_context_ipv6_works(model, ipv6_path))
        return false;
    for (size_t f = 0; f < sizeof failures / sizeof *failures; f++)
        for (size_t i = 0; i < model_incidents_kept(ipv6_path, failures[f]); i++) {
            int64_t begin_ns = model_incident_at(ipv6_path, failures[f], i)->begin_ns;
            any = true;
            if (!model_ipv4_worked_between(model, ipv6_path->region, begin_ns, nsec_add(begin_ns, family_fallback_ns)))
                return false;
        }
    return any;
}

/* A login host tried over IPv6 in vain, while the client reached one over IPv4. */
static bool login_works_over_ipv4(const struct model_path *path)
{
    if (!path->ipv6 || path->role != ENDPOINT_WORKSPACES_SERVICE)
        return false;
    for (const struct model_path *p = path->client->paths; p; p = p->client_next)
        if (!p->ipv6 && p->role == path->role && rule_context_worked(p))
            return true;
    return false;
}

bool rule_context_told_elsewhere(const struct model *model, const struct model_path *path)
{
    return path->role == ENDPOINT_HEALTH_CHECK || rule_context_ipv4_worked(model, path) ||
           login_works_over_ipv4(path) || rule_lookup_astray(model, path);
}

enum wspscope_confidence rule_context_silence_confidence(const struct model *model, const struct model_path *path)
{
    return model_client_was_answered(model, path->client) ? WSPSCOPE_HIGH : WSPSCOPE_MEDIUM;
}

bool rule_context_tap_is_one_way(const struct model *model)
{
    const struct model_tap *tap = model_tap(model);
    uint64_t one_way = tap->flows_client_only_proved + tap->flows_server_only_proved;
    double share = endpoint_threshold_value(model_catalogue(model), "one-way-share-percent");
    return one_way && (double)one_way * 100 >= share * (double)(one_way + tap->flows_two_way);
}

const struct model_path *rule_context_working_sibling(const struct model_path *path, uint8_t protocol)
{
    const struct model_path *in_region = NULL;
    for (const struct model_path *p = path->client->paths; p; p = p->client_next) {
        if (p == path || p->protocol != protocol || !rule_context_worked(p))
            continue;
        if (ipaddr_equal(&p->server, &path->server))
            return p;
        if (!in_region && p->role == path->role && same_region(p, path))
            in_region = p;
    }
    return in_region;
}

const char *rule_context_sibling_clause(const struct model_path *path, uint8_t protocol, struct arena *arena)
{
    const struct model_path *sibling = rule_context_working_sibling(path, protocol);
    if (!sibling)
        return "";
    bool same = ipaddr_equal(&sibling->server, &path->server);
    const char *rtt = sibling->least_rtt_ns == INT64_MAX
                          ? ""
                          : arena_format(arena, " (round trip %.0f ms)", nsec_to_ms(sibling->least_rtt_ns));
    return arena_format(arena, "; %s %u to %s works%s", rule_draft_protocol_name(protocol), sibling->port,
                        same ? "the same gateway" : "the same Region", rtt);
}

enum wspscope_who rule_context_owner(const struct ipaddr *reporter)
{
    return ipaddr_is_private(reporter) ? WSPSCOPE_WHO_LOCAL_NETWORK : WSPSCOPE_WHO_INTERNET;
}

const char *rule_context_duration(struct arena *arena, int64_t duration_ns)
{
    if (duration_ns >= NSEC_PER_SEC)
        return arena_format(arena, "%.1f s", nsec_to_seconds(duration_ns));
    if (duration_ns >= 10 * NSEC_PER_MSEC)
        return arena_format(arena, "%.0f ms", nsec_to_ms(duration_ns));
    if (duration_ns < NSEC_PER_MSEC / 10)
        return "less than 0.1 ms";
    return arena_format(arena, "%.1f ms", nsec_to_ms(duration_ns));
}

const char *rule_context_count(struct arena *arena, uint64_t count, const char *one, const char *many)
{
    return arena_format(arena, "%" PRIu64 " %s", count, count == 1 ? one : many);
}

const char *rule_context_attempts_clause(const struct draft *d, struct arena *arena)
{
    return d->count > 1 ? arena_format(arena, "%" PRIu64 " attempts; the longest sent ", d->count) : "";
}

const char *rule_context_allow(const struct draft *d, struct arena *arena)
{
    const char *disagreement = rule_draft_disagreement(d, arena);
    return arena_format(arena, "Ask the owner of the firewall to allow outbound %s %u to %s, and the answers.%s%s",
                        rule_draft_protocol_name(d->key.protocol), d->key.port, rule_draft_prefixes(d, arena),
                        disagreement ? " " : "", disagreement ? disagreement : "");
}

enum rule_neighbours rule_context_neighbours(const struct model *model, const struct model_path *path)
{
    enum rule_neighbours found = RULE_NEIGHBOURS_UNKNOWN;
    for (const struct model_path *p = model_paths(model); p; p = p->next) {
        if (p == path || p->protocol != path->protocol || p->port != path->port || !rule_context_worked(p))
            continue;
        if (p->client == path->client && p->row && p->row == path->row)
            return RULE_NEIGHBOURS_OTHER_SERVERS;
        if (ipaddr_equal(&p->server, &path->server))
            found = RULE_NEIGHBOURS_OTHER_CLIENTS;
    }
    return found;
}

static const char *silence_cause(enum rule_neighbours neighbours)
{
    switch (neighbours) {
    case RULE_NEIGHBOURS_OTHER_CLIENTS:
        return "Other clients in this capture reach the same gateway on this port. So a rule about these clients, "
               "their subnet or their path discards the packets, or the answers, without saying so.";
    case RULE_NEIGHBOURS_OTHER_SERVERS:
        return "The same client reaches another gateway of the same range on this port, so the network lets the "
               "range pass. This gateway, or the path to it alone, does not answer.";
    case RULE_NEIGHBOURS_UNKNOWN:
        break;
    }
    return "A firewall or an access list beyond this capture point discards the packets, or their answers, without "
           "saying so. One capture point cannot tell which of the two.";
}

void rule_context_explain_silence(const struct model *model, struct draft *d, struct arena *a)
{
    enum rule_neighbours neighbours = rule_context_neighbours(model, d->worst_path);
    bool answered = model_client_was_answered(model, d->worst_path->client);
    d->who = neighbours == RULE_NEIGHBOURS_OTHER_SERVERS ? WSPSCOPE_WHO_UNKNOWN : WSPSCOPE_WHO_LOCAL_NETWORK;
    d->cause = arena_format(a, "%s%s", silence_cause(neighbours),
                            answered ? ""
                                     : " Nothing else from this client was answered here: a tap that sees only one "
                                       "direction would look the same.");
    if (neighbours == RULE_NEIGHBOURS_OTHER_SERVERS)
        d->remedy = "Let the client connect again, so that it is given another gateway. If the same address stays "
                    "silent, compare with a capture from another network before you open a case with AWS.";
    else if (neighbours == RULE_NEIGHBOURS_OTHER_CLIENTS)
        d->remedy = arena_format(a, "Compare the firewall rules for %s with those of the clients that get through. %s",
                                 rule_draft_clients(d, a), rule_context_allow(d, a));
    else
        d->remedy = rule_context_allow(d, a);
}

bool rule_context_capture_has_holes(const struct model *model)
{
    const struct model_tap *tap = model_tap(model);
    const struct endpoint_catalogue *c = model_catalogue(model);
    double percent = endpoint_threshold_value(c, "capture-loss-percent");
    double segments = endpoint_threshold_value(c, "capture-loss-segments");
    return !tap->data_hidden_flows && tap->unseen_holes &&
           ((double)tap->unseen_holes >= segments ||
            (double)tap->unseen_holes * 100 >= percent * (double)tap->segments);
}

bool rule_context_capture_loses(const struct model *model)
{
    return model_tap(model)->capture_drops || rule_context_capture_has_holes(model);
}
