/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/context.h"
#include "rule/rule.h"

static const char cause_silent[] = "silent", cause_scan[] = "scan";

/* A client that was never answered and never asked twice: one of a scan's many sources. */
static bool looks_like_scan_source(const struct model *model, const struct model_client *client)
{
    return !model_client_was_answered(model, client) && client->silent_single_syns && !client->silent_repeated_syns;
}

static uint64_t scan_sources(const struct model *model)
{
    uint64_t sources = 0;
    for (const struct model_client *c = model_clients(model); c; c = c->next)
        sources += looks_like_scan_source(model, c);
    return sources;
}

static void check(const struct rule *self, const struct model *model, struct draft_list *out)
{
    double scan_limit = endpoint_threshold_value(model_catalogue(model), "scan-sources");
    bool scanned = (double)scan_sources(model) >= scan_limit;
    for (const struct model_path *p = model_paths(model); p; p = p->next) {
        if (!p->counts[MODEL_TCP_SYN_SILENT] || p->counts[MODEL_TCP_SYN_ICMP] || rule_context_told_elsewhere(model, p))
            continue;
        struct draft *d;
        if (scanned && looks_like_scan_source(model, p->client)) {
            struct draft_key key = { .rule = self, .role = p->role, .protocol = 6, .port = p->port,
                                     .cause = cause_scan };
            d = rule_draft_of(out, &key, WSPSCOPE_WARNING, WSPSCOPE_MEDIUM);
        } else {
            d = rule_draft_of_path(out, self, p, cause_silent, rule_context_silence_confidence(model, p));
        }
        if (d)
            rule_draft_add_all(out, d, p, MODEL_TCP_SYN_SILENT);
    }
}

static void explain_scan(struct draft *d, struct arena *a)
{
    d->what = "is scanned: many sources send one SYN each and never ask again";
    d->summary = arena_format(a,
                              "%zu sources sent %s to %s, one SYN each and no repeat (%s). That is a scan, not a "
                              "client at work.",
                              d->clients.count, rule_context_count(a, d->count, "SYN", "SYNs"),
                              rule_draft_servers(d, a), rule_draft_frames(d, a));
    d->cause = "Programs that scan send one SYN and do not wait; a WorkSpaces client repeats an unanswered SYN.";
    d->remedy = "Nothing to open for WorkSpaces. If the sources are your own, find the program that scans.";
    d->who = WSPSCOPE_WHO_LOCAL_NETWORK;
    d->disproved_by = "A repeated SYN or an answered connection from these sources would disprove this.";
}

static void explain_silent(const struct model *model, struct draft *d, struct arena *a)
{
    const struct model_incident *w = &d->worst;
    bool answered = model_client_was_answered(model, d->worst_path->client);
    d->what = "is dropped without an answer, after this capture point";
    d->summary = arena_format(a, "%s %s. %s%s in %s, none answered (%s)%s.", rule_draft_subject(d, a), d->what,
                              rule_context_attempts_clause(d, a), rule_context_count(a, w->attempts, "SYN", "SYNs"),
                              rule_context_duration(a, w->last_ns - w->first_ns), rule_draft_frames(d, a),
                              rule_context_sibling_clause(d->worst_path, 6, a));
    rule_context_explain_silence(model, d, a);
    d->disproved_by = "A single SYN-ACK to one of these SYNs would disprove this.";
    rule_draft_rule_out(d, "the gateway or a firewall refuses the connection", "no RST and no ICMP error came back");
    if (w->attempts > 1)
        rule_draft_rule_out(d, "one lost packet", "the client repeated its SYN and was not answered either");
    if (answered)
        rule_draft_rule_out(d, "the client has no network, or the tap sees one direction",
                       "other connections of the same client were answered");
}

static void explain(const struct model *model, struct draft *d, struct arena *a)
{
    if (d->key.cause == cause_scan)
        explain_scan(d, a);
    else
        explain_silent(model, d, a);
    rule_draft_measure_integer(d, "attempts", (int64_t)d->count);
    rule_draft_measure_integer(d, "syns_of_the_longest", d->worst.attempts);
    rule_draft_measure_ms(d, "span_ms", d->worst.last_ns - d->worst.first_ns);
    rule_draft_measure_ms(d, "waited_ms", d->worst.waited_ns);
    rule_draft_limit(d, model, a, d->key.cause == cause_scan ? "scan-sources" : "syn-silent-ms");
}

static const char *const thresholds[] = { "syn-silent-ms", "scan-sources", NULL };

const struct rule rule_tcp_syn_dropped = {
    .about.kind = "tcp-syn-dropped",
    .about.title = "TCP connections are dropped without an answer",
    .about.severity = "problem",
    .about.meaning = "The client asks for a connection and hears nothing: no SYN-ACK, no RST, no ICMP error. A "
                     "firewall that drops the port silently looks like this. A scan (many sources, one SYN each) is "
                     "told apart and is a warning.",
    .about.signature = "One attempt (same five-tuple and initial sequence number, repeats of any timing) without "
                       "SYN-ACK, RST or ICMP error, and without any later ACK or data of the client, at least 3 s "
                       "after its first SYN inside the capture.",
    .about.thresholds = thresholds,
    .about.needs = "seconds of capture after it",
    .about.judged = true,
    .rank = RULE_RANK_TCP_OPEN,
    .needs = RULE_NEEDS_WINDOW,
    .check = check,
    .explain = explain,
};
