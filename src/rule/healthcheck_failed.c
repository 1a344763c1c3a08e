/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/nsec.h"
#include "rule/context.h"
#include "rule/rule.h"

/* The four things a client checks, side by side. */
enum { CHECKS = 4 };
static const struct { uint8_t protocol; uint16_t port; } checks[CHECKS] = { { 6, 4172 }, { 6, 4195 }, { 17, 4172 },
                                                                            { 17, 4195 } };
static const enum model_fact bad[] = { MODEL_TCP_SYN_SILENT, MODEL_TCP_SYN_RESET, MODEL_TCP_SYN_ICMP,
                                       MODEL_TCP_RETURN_LOST, MODEL_UDP_SILENT, MODEL_UDP_ICMP,
                                       MODEL_UDP_HANDSHAKE_LOST };

struct check_row {
    uint64_t sent, answered; /* connection attempts, or datagrams */
    int64_t answered_ns;     /* the latest answer; INT64_MIN never */
    int64_t failed_ns;       /* the latest failure; INT64_MIN never */
    bool failed;
    const char *how;
};

static bool is_of(const struct model_path *p, size_t check, const struct endpoint_region *region)
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
static bool is_unanswered_probe(const struct model_incident *undecided)
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
        if (!is_unanswered_probe(u) || u->first_ns < p->answered_ns)
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

static void note_failure(struct check_row *row, int64_t last_ns, const char *how)
{
    if (last_ns <= row->failed_ns)
        return;
    row->failed_ns = last_ns;
    row->how = how;
}

static void add_path(const struct model *model, const struct model_path *p, struct check_row *row)
{
    row->sent += p->protocol == 6 ? p->flows : p->datagrams_to_server;
    row->answered += p->protocol == 6 ? p->syn_acks : p->datagrams_to_client;
    row->answered_ns = p->answered_ns > row->answered_ns ? p->answered_ns : row->answered_ns;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        size_t kept = model_incidents_kept(p, bad[i]);
        if (kept)
            note_failure(row, model_incident_at(p, bad[i], kept - 1)->begin_ns, how_of(bad[i]));
    }
    int64_t few_ns = few_add_up(model, p);
    note_failure(row, few_ns, "no-answer");
}

/* No host of the Region answered it, or none any more for at least a round. */
static bool row_failed(const struct model *model, const struct check_row *row)
{
    if (row->failed_ns == INT64_MIN)
        return false;
    int64_t round_gap = endpoint_threshold_ns(model_catalogue(model), "healthcheck-round-gap-ms");
    return row->answered_ns == INT64_MIN || nsec_sub(row->failed_ns, row->answered_ns) >= round_gap;
}

/* What one client saw of one Region's health check. */
static bool look(const struct model *model, const struct model_client *client, const struct endpoint_region *region,
                 struct check_row rows[CHECKS])
{
    bool any = false;
    for (size_t c = 0; c < CHECKS; c++) {
        rows[c] = (struct check_row){ .answered_ns = INT64_MIN, .failed_ns = INT64_MIN };
        for (const struct model_path *p = client->paths; p; p = p->client_next)
            if (is_of(p, c, region))
                add_path(model, p, &rows[c]);
        rows[c].failed = row_failed(model, &rows[c]);
        any = any || rows[c].failed;
    }
    if (rule_context_tap_is_one_way(model)) /* datagrams testify nothing there */
        return rows[0].failed || rows[1].failed;
    return any;
}

static void add_evidence(struct draft_list *out, struct draft *d, const struct model_path *p)
{
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        for (size_t n = 0; n < model_incidents_kept(p, bad[i]); n++)
            rule_draft_add(out, d, p, model_incident_at(p, bad[i], n));
    for (size_t n = 0; n < model_incidents_kept(p, MODEL_UNDECIDED); n++)
        if (is_unanswered_probe(model_incident_at(p, MODEL_UNDECIDED, n)))
            rule_draft_add(out, d, p, model_incident_at(p, MODEL_UNDECIDED, n));
}

static struct wspscope_value row_value(struct arena *a, size_t check, const struct check_row *row)
{
    struct wspscope_value *fields = arena_alloc(a, 5, sizeof *fields);
    if (!fields)
        return (struct wspscope_value){ .type = WSPSCOPE_VALUE_NULL };
    const char *outcome = row->failed ? row->how : row->answered ? "ok" : row->sent ? "cannot-tell" : "not-tried";
    fields[0] = (struct wspscope_value){ .name = "proto", .type = WSPSCOPE_VALUE_STRING,
                                         .string = checks[check].protocol == 6 ? "tcp" : "udp" };
    fields[1] =
        (struct wspscope_value){ .name = "port", .type = WSPSCOPE_VALUE_INTEGER, .integer = checks[check].port };
    fields[2] =
        (struct wspscope_value){ .name = "sent", .type = WSPSCOPE_VALUE_INTEGER, .integer = (int64_t)row->sent };
    fields[3] = (struct wspscope_value){ .name = "answered", .type = WSPSCOPE_VALUE_INTEGER,
                                         .integer = (int64_t)row->answered };
    fields[4] = (struct wspscope_value){ .name = "outcome", .type = WSPSCOPE_VALUE_STRING, .string = outcome };
    return (struct wspscope_value){ .type = WSPSCOPE_VALUE_OBJECT, .children = fields, .child_count = 5 };
}

/* The rows of all clients of the draft, summed. */
static void sum_rows(const struct model *model, const struct draft *d, struct check_row total[CHECKS])
{
    memset(total, 0, CHECKS * sizeof *total);
    for (size_t i = 0; i < d->clients.count; i++) {
        struct check_row rows[CHECKS];
        look(model, model_client_find(model, &d->clients.items[i]), d->key.region, rows);
        for (size_t c = 0; c < CHECKS; c++) {
            total[c].sent += rows[c].sent;
            total[c].answered += rows[c].answered;
            total[c].failed = total[c].failed || rows[c].failed;
            total[c].how = rows[c].failed ? rows[c].how : total[c].how;
        }
    }
}

static void check_region(const struct rule *self, const struct model *model, const struct model_client *client,
                         const struct endpoint_region *region, struct draft_list *out)
{
    struct check_row rows[CHECKS];
    if (!look(model, client, region, rows))
        return;
    struct draft_key key = { .rule = self, .role = ENDPOINT_HEALTH_CHECK, .region = region, .cause = "health-check" };
    struct draft *d = rule_draft_of(out, &key, WSPSCOPE_PROBLEM,
                                    model_client_was_answered(model, client) ? WSPSCOPE_HIGH : WSPSCOPE_MEDIUM);
    for (const struct model_path *p = client->paths; d && p; p = p->client_next)
        for (size_t c = 0; c < CHECKS; c++)
            if (rows[c].failed && is_of(p, c, region))
                add_evidence(out, d, p);
}

static void check(const struct rule *self, const struct model *model, struct draft_list *out)
{
    size_t count;
    const struct endpoint_region *regions = endpoint_regions(model_catalogue(model), &count);
    for (const struct model_client *client = model_clients(model); client; client = client->next)
        for (size_t r = 0; r < count; r++)
            check_region(self, model, client, &regions[r], out);
}

static const char *list_of(struct arena *a, const struct check_row rows[CHECKS], bool failed)
{
    const char *list = "";
    for (size_t c = 0; c < CHECKS; c++)
        if (failed ? rows[c].failed : !rows[c].failed && rows[c].answered)
            list = arena_format(a, "%s%s%s %u", list, *list ? ", " : "", rule_draft_protocol_name(checks[c].protocol),
                                checks[c].port);
    return list;
}

static void explain(const struct model *model, struct draft *d, struct arena *a)
{
    struct check_row rows[CHECKS];
    sum_rows(model, d, rows);
    const char *failed = list_of(a, rows, true), *passed = list_of(a, rows, false);
    d->summary = arena_format(a, "The WorkSpaces health check of %s to %s fails on %s%s%s (%s).",
                              rule_draft_clients(d, a), rule_draft_servers(d, a), failed,
                              *passed ? "; it passes on " : "", passed, rule_draft_frames(d, a));
    d->cause = arena_format(a, "%s to the health-check hosts gets no way through. The streaming gateways use the "
                               "same ports, so streaming over them will most likely fail as well.", failed);
    const char *disagreement = rule_draft_disagreement(d, a);
    d->remedy = arena_format(a, "Ask the owner of the firewall to allow outbound %s to %s and to the gateways of the "
                                "Region (wspscope endpoints rules --region %s), and the answers.%s%s", failed,
                             rule_draft_prefixes(d, a), d->key.region->code, disagreement ? " " : "",
                             disagreement ? disagreement : "");
    d->who = WSPSCOPE_WHO_LOCAL_NETWORK;
    d->disproved_by = "A single answer from these hosts on the ports that fail would disprove this.";
    if (*passed)
        rule_draft_rule_out(d, "the health-check host is down", arena_format(a, "it answers on %s", passed));
    struct wspscope_value *items = arena_alloc(a, CHECKS, sizeof *items);
    for (size_t c = 0; items && c < CHECKS; c++)
        items[c] = row_value(a, c, &rows[c]);
    if (items)
        rule_draft_measure_list(d, "checks", items, CHECKS);
    rule_draft_limit(d, model, a, "healthcheck-probes");
    rule_draft_limit(d, model, a, "healthcheck-rounds");
    rule_draft_limit(d, model, a, "syn-silent-ms");
}

static const char *const thresholds[] = { "healthcheck-probes", "healthcheck-span-ms", "healthcheck-rounds",
                                          "healthcheck-round-gap-ms", "syn-silent-ms", NULL };

const struct rule rule_healthcheck_failed = {
    .about.kind = "healthcheck-failed",
    .about.title = "The WorkSpaces health check fails",
    .about.severity = "problem",
    .about.meaning = "Clients probe health-check hosts of their Region on 4172 and 4195, TCP and UDP. The report "
                     "puts the four checks side by side, what passed and what failed.",
    .about.signature = "A probe of a health-check host fails while the capture leaves time for an answer, and no "
                       "host of the Region answers that protocol and port. UDP: at least 3 probes over 1 s, or two "
                       "rounds; one lost probe is no failure.",
    .about.thresholds = thresholds,
    .about.needs = "seconds of capture after it",
    .about.judged = true,
    .rank = RULE_RANK_HEALTH_CHECK,
    .needs = RULE_NEEDS_WINDOW,
    .check = check,
    .explain = explain,
};
