/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/nsec.h"
#include "rule/context.h"
#include "rule/health.h"
#include "rule/rule.h"

static void add_evidence(struct draft_list *out, struct draft *d, const struct model_path *p)
{
    for (const enum model_fact *bad = rule_health_failures; *bad != MODEL_FACTS; bad++)
        for (size_t n = 0; n < model_incidents_kept(p, *bad); n++)
            rule_draft_add(out, d, p, model_incident_at(p, *bad, n));
    for (size_t n = 0; n < model_incidents_kept(p, MODEL_UNDECIDED); n++)
        if (rule_health_is_unanswered_probe(model_incident_at(p, MODEL_UNDECIDED, n)))
            rule_draft_add(out, d, p, model_incident_at(p, MODEL_UNDECIDED, n));
}

static struct wspscope_value row_value(struct arena *a, size_t check, const struct rule_health_row *row)
{
    struct wspscope_value *fields = arena_alloc(a, 5, sizeof *fields);
    if (!fields)
        return (struct wspscope_value){ .type = WSPSCOPE_VALUE_NULL };
    struct rule_health_check what = rule_health_check_at(check);
    const char *outcome = row->failed ? row->how : row->answered ? "ok" : row->sent ? "cannot-tell" : "not-tried";
    fields[0] = (struct wspscope_value){ .name = "proto", .type = WSPSCOPE_VALUE_STRING,
                                         .string = what.protocol == 6 ? "tcp" : "udp" };
    fields[1] = (struct wspscope_value){ .name = "port", .type = WSPSCOPE_VALUE_INTEGER, .integer = what.port };
    fields[2] =
        (struct wspscope_value){ .name = "sent", .type = WSPSCOPE_VALUE_INTEGER, .integer = (int64_t)row->sent };
    fields[3] = (struct wspscope_value){ .name = "answered", .type = WSPSCOPE_VALUE_INTEGER,
                                         .integer = (int64_t)row->answered };
    fields[4] = (struct wspscope_value){ .name = "outcome", .type = WSPSCOPE_VALUE_STRING, .string = outcome };
    return (struct wspscope_value){ .type = WSPSCOPE_VALUE_OBJECT, .children = fields, .child_count = 5 };
}

/* The rows of all clients of the draft, summed. */
static void sum_rows(const struct model *model, const struct draft *d, struct rule_health_row total[RULE_HEALTH_CHECKS])
{
    memset(total, 0, RULE_HEALTH_CHECKS * sizeof *total);
    for (size_t i = 0; i < d->clients.count; i++) {
        struct rule_health_row rows[RULE_HEALTH_CHECKS];
        rule_health_look(model, model_client_find(model, &d->clients.items[i]), d->key.region, rows);
        for (size_t c = 0; c < RULE_HEALTH_CHECKS; c++) {
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
    struct rule_health_row rows[RULE_HEALTH_CHECKS];
    if (!rule_health_look(model, client, region, rows))
        return;
    struct draft_key key = { .rule = self, .role = ENDPOINT_HEALTH_CHECK, .region = region, .cause = "health-check" };
    struct draft *d = rule_draft_of(out, &key, WSPSCOPE_PROBLEM,
                                    model_client_was_answered(model, client) ? WSPSCOPE_HIGH : WSPSCOPE_MEDIUM);
    for (const struct model_path *p = client->paths; d && p; p = p->client_next)
        for (size_t c = 0; c < RULE_HEALTH_CHECKS; c++)
            if (rows[c].failed && rule_health_is_of(p, c, region))
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

static void explain(const struct model *model, struct draft *d, struct arena *a)
{
    struct rule_health_row rows[RULE_HEALTH_CHECKS];
    sum_rows(model, d, rows);
    const char *failed = rule_health_list(rows, true, a), *passed = rule_health_list(rows, false, a);
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
    struct wspscope_value *items = arena_alloc(a, RULE_HEALTH_CHECKS, sizeof *items);
    for (size_t c = 0; items && c < RULE_HEALTH_CHECKS; c++)
        items[c] = row_value(a, c, &rows[c]);
    if (items)
        rule_draft_measure_list(d, "checks", items, RULE_HEALTH_CHECKS);
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
