/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/collect.h"
#include "rule/context.h"
#include "rule/rule.h"

static struct rule_case always(const struct model *model, const struct model_path *path,
                               const struct model_incident *incident, struct draft_list *out)
{
    (void)model;
    (void)path;
    (void)incident;
    (void)out;
    return (struct rule_case){ .cause = "return", .confidence = WSPSCOPE_HIGH };
}

static void check(const struct rule *self, const struct model *model, struct draft_list *out)
{
    rule_collect(self, model, MODEL_TCP_RETURN_LOST, always, out);
}

static void explain(const struct model *model, struct draft *d, struct arena *a)
{
    const struct model_incident *w = &d->worst;
    d->what = "is answered, but the answers do not reach the client";
    d->summary = arena_format(
        a,
        "%s %s. %s; %s passed this capture point and the client asked %s all the same (%s).",
        rule_draft_subject(d, a), d->what, rule_context_count(a, d->count, "connection attempt", "connection attempts"),
        rule_context_count(a, w->before_pkts, "SYN-ACK", "SYN-ACKs"),
                              rule_context_count(a, w->attempts, "time", "times"), rule_draft_frames(d, a));
    d->cause = "The way back is broken between this capture point and the client: a stateless return rule, "
               "asymmetric routing around a stateful firewall, or a lost NAT entry drops the SYN-ACKs.";
    d->remedy = arena_format(a, "Look at the devices between this capture point and %s: the answers from TCP %u must "
                                "be allowed in and must come back the way the request went out.",
                             rule_draft_clients(d, a),
                             d->key.port);
    d->who = WSPSCOPE_WHO_LOCAL_NETWORK;
    d->disproved_by = "An ACK from the client that completes one of these connections would disprove this.";
    rule_draft_rule_out(d, "the port is blocked on the way out", "the gateway's SYN-ACKs arrive here");
    rule_draft_measure_integer(d, "syns", w->attempts);
    rule_draft_measure_integer(d, "syn_acks", w->before_pkts);
    rule_draft_measure_ms(d, "life_ms", w->life_ns);
    rule_draft_limit(d, model, a, "return-lost-repeats");
}

static const char *const thresholds[] = { "return-lost-repeats", NULL };

const struct rule rule_tcp_return_lost = {
    .about.kind = "tcp-return-lost",
    .about.title = "The gateway answers, but the client does not hear it",
    .about.severity = "problem",
    .about.meaning = "SYN-ACKs pass the capture point and the client repeats its SYN, or the gateway its SYN-ACK: "
                     "the answers are lost between the capture point and the client.",
    .about.signature = "The client repeats the same SYN at least twice after a SYN-ACK, or the gateway repeats its "
                       "SYN-ACK at least twice, and the handshake is never completed.",
    .about.thresholds = thresholds,
    .about.needs = "both directions, and seconds of capture after it",
    .about.judged = true,
    .rank = RULE_RANK_TCP_OPEN,
    .needs = RULE_NEEDS_BOTH | RULE_NEEDS_WINDOW,
    .check = check,
    .explain = explain,
};
