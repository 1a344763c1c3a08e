/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/collect.h"
#include "rule/context.h"
#include "rule/pmtu.h"
#include "rule/rule.h"

static const char upstream[] = "upstream", downstream[] = "downstream", initials[] = "initials";

static struct rule_case by_direction(const struct model *model, const struct model_path *path,
                                     const struct model_incident *incident, struct draft_list *out)
{
    (void)model;
    (void)path;
    (void)out;
    return (struct rule_case){ .cause = incident->downward ? downstream : upstream,
                               .confidence = incident->decisive ? WSPSCOPE_HIGH : WSPSCOPE_MEDIUM };
}

static struct rule_case by_mss(const struct model *model, const struct model_path *path,
                               const struct model_incident *incident, struct draft_list *out)
{
    (void)out;
    return (struct rule_case){ .none = !rule_pmtu_passes_bytes(model, path, incident), .cause = initials,
                               .confidence = WSPSCOPE_MEDIUM };
}

static void check(const struct rule *self, const struct model *model, struct draft_list *out)
{
    rule_collect(self, model, MODEL_PMTU_BLACKHOLE, by_direction, out);
    rule_collect(self, model, MODEL_UDP_SILENT, by_mss, out);
}

static const char *small_pass(const struct model_incident *w, struct arena *a)
{
    return w->passed_bytes ? arena_format(a, "packets up to %u bytes passed", w->passed_bytes)
                           : "small packets passed";
}

static void explain_repeats(struct draft *d, struct arena *a)
{
    const struct model_incident *w = &d->worst;
    const char *sender = w->downward ? "gateway" : "client";
    d->what = arena_format(a, "loses large packets %s", w->downward ? "on the way to the client" : "on the way up");
    d->summary = arena_format(a, "%s %s. The %s sent %u bytes again %u times in %s in vain, %s (%s)%s.",
                              rule_draft_subject(d, a), d->what, sender, w->size_bytes, w->attempts,
                              rule_context_duration(a, w->last_ns - w->first_ns), small_pass(w, a),
                              rule_draft_frames(d, a),
                              w->decisive ? "; the same data in smaller packets got through" : "");
}

static void explain_missing(struct draft *d, struct arena *a)
{
    const struct model_incident *w = &d->worst;
    const char *receiver = w->downward ? "client" : "gateway";
    d->what = arena_format(a, "loses large packets before this capture point, %s",
                           w->downward ? "on the way to the client" : "on the way up");
    d->summary = arena_format(a, "%s %s. %s: %u bytes, a whole number of full packets of %u, never came, while a "
                                 "smaller one behind them did; the %s waited %s for them (%s)%s.",
                              rule_draft_subject(d, a), d->what,
                              rule_context_count(a, d->count, "connection hung", "connections hung"), w->lost_bytes,
                              w->size_bytes, receiver, rule_context_duration(a, w->last_ns - w->first_ns),
                              rule_draft_frames(d, a),
                              w->decisive ? "; then the same data came in smaller packets" : "");
}

static void explain_initials(const struct model *model, struct draft *d, struct arena *a)
{
    const struct model_incident *w = &d->worst;
    uint32_t passes = rule_pmtu_passes_bytes(model, d->worst_path, w);
    d->what = "cannot begin: the path is too narrow for QUIC's first packets";
    d->summary = arena_format(a, "%s %s. %s%s of %u bytes in %s, none answered (%s), while TCP to the same gateway is "
                                 "held to packets of %u bytes and works.",
                              rule_draft_subject(d, a), d->what, rule_context_attempts_clause(d, a),
                              rule_context_count(a, w->attempts, "QUIC Initial", "QUIC Initials"), w->size_bytes,
                              rule_context_duration(a, w->last_ns - w->first_ns), rule_draft_frames(d, a), passes);
    rule_draft_rule_out(d, "the gateway is down or unreachable", "TCP to the same gateway works");
    rule_draft_measure_integer(d, "initials", w->attempts);
    rule_draft_measure_integer(d, "smallest_lost_bytes", w->size_bytes);
    rule_draft_measure_integer(d, "path_carries_bytes", passes);
}

static void explain_cause(struct draft *d, struct arena *a)
{
    const struct model_incident *w = &d->worst;
    if (d->key.cause == initials)
        d->cause = "A tunnel or VPN on the way carries smaller packets than QUIC needs. A router there lowers the MSS "
                   "of TCP's handshakes to fit, but drops QUIC's Initials, which may not be split, without \"too "
                   "big\". The alternative left is that UDP is blocked.";
    else if (w->mtu)
        d->cause = arena_format(a, "A router said that its next hop carries %u bytes only, and the sender went on with "
                                   "larger packets: a filter near the sender keeps the \"too big\" errors from it.",
                                w->mtu);
    else
        d->cause = arena_format(a, "Something on the way carries smaller packets than both ends believe, a tunnel or "
                                   "VPN most likely, and its \"too big\" errors (ICMP) are filtered or never sent: "
                                   "what is too large is dropped silently.%s",
                                d->confidence == WSPSCOPE_HIGH ? "" : " The alternative left is plain loss that hit "
                                                                      "the same large packets each time.");
}

static void explain(const struct model *model, struct draft *d, struct arena *a)
{
    const struct model_incident *w = &d->worst;
    if (w->missing && d->count >= (uint64_t)endpoint_threshold_value(model_catalogue(model), "pmtu-hole-repeats") &&
        d->confidence == WSPSCOPE_MEDIUM)
        d->confidence = WSPSCOPE_HIGH; /* chance does not hit the large ones alone twice */
    if (d->key.cause == initials)
        explain_initials(model, d, a);
    else if (w->missing)
        explain_missing(d, a);
    else
        explain_repeats(d, a);
    explain_cause(d, a);
    d->remedy = arena_format(a, "Find the tunnel, VPN or link with the smaller MTU between the clients and the "
                                "gateways: let it clamp the MSS of TCP %s, pass ICMP \"fragmentation needed\" and "
                                "\"packet too big\", and carry at least %u bytes, which QUIC needs.",
                             w->downward ? "in both directions" : "on the way up",
                             (unsigned)endpoint_threshold_value(model_catalogue(model), d->worst_path->ipv6
                                                                                            ? "quic-min-mtu-ipv6"
                                                                                            : "quic-min-mtu-ipv4"));
    d->who = WSPSCOPE_WHO_LOCAL_NETWORK;
    d->disproved_by = "One packet of that size that is answered or acknowledged at that time would disprove this.";
    rule_draft_rule_out(d, "the path or the other side is dead", d->key.cause == initials
                                                                     ? "TCP goes on meanwhile"
                                                                     : "smaller packets pass meanwhile");
    if (d->key.cause != initials) {
        rule_draft_measure_text(d, "direction", w->downward ? "to the client" : "to the server");
        rule_draft_measure_integer(d, "smallest_lost_bytes", w->size_bytes);
        rule_draft_measure_integer(d, "largest_passed_bytes", w->passed_bytes);
        rule_draft_measure_integer(d, "retransmissions", w->attempts);
        rule_draft_measure_ms(d, "span_ms", w->last_ns - w->first_ns);
        rule_draft_measure_bool(d, "smaller_pieces_passed", w->decisive);
        rule_draft_limit(d, model, a, w->missing ? "pmtu-hole-ms" : "pmtu-retransmissions");
    }
    rule_draft_limit(d, model, a, d->worst_path->ipv6 ? "quic-min-mtu-ipv6" : "quic-min-mtu-ipv4");
}

static const char *const thresholds[] = { "pmtu-retransmissions", "pmtu-hole-ms", "pmtu-hole-repeats",
                                          "aws-min-mtu", "quic-min-mtu-ipv4", "quic-min-mtu-ipv6", NULL };

const struct rule rule_pmtu_blackhole = {
    .about.kind = "pmtu-blackhole",
    .about.title = "Large packets vanish",
    .about.severity = "problem",
    .about.meaning = "Small packets pass and large ones never do, and no \"too big\" reaches the sender: a tunnel or "
                     "VPN with a smaller MTU, and a filter that drops the ICMP errors. Connections open and then hang.",
    .about.signature = "The handshake is fine; then a segment above a size is sent again at least twice with growing "
                       "pauses and never acknowledged while the other side goes on speaking, or the same data gets "
                       "through in smaller pieces. Downstream: a whole number of full segments is missing, a smaller "
                       "one behind them arrived, for 3 s. UDP: all QUIC Initials die, and the MSS that TCP was left "
                       "with is too small for them.",
    .about.thresholds = thresholds,
    .about.needs = "both directions, and the start of the flow",
    .about.judged = true,
    .rank = RULE_RANK_PMTU,
    .needs = RULE_NEEDS_BOTH,
    .check = check,
    .explain = explain,
};
