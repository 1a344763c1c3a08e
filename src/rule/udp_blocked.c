/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/collect.h"
#include "rule/context.h"
#include "rule/pmtu.h"
#include "rule/rule.h"

/* A client that repeats its QUIC Initial testifies that it heard nothing; other datagrams do not, and on a tap that
 * sees one direction their answers would be missing anyway. */
static bool testifies(const struct model *model, const struct model_incident *incident)
{
    return incident->quic || !rule_context_tap_is_one_way(model);
}

static struct rule_case unanswered(const struct model *model, const struct model_path *path,
                                   const struct model_incident *incident, struct draft_list *out)
{
    (void)out;
    if (path->counts[MODEL_UDP_ICMP] || !testifies(model, incident) || rule_pmtu_passes_bytes(model, path, incident))
        return (struct rule_case){ .none = true };
    return (struct rule_case){ .cause = "silent", .confidence = rule_context_silence_confidence(model, path) };
}

static void check(const struct rule *self, const struct model *model, struct draft_list *out)
{
    rule_collect(self, model, MODEL_UDP_SILENT, unanswered, out);
}

static void explain(const struct model *model, struct draft *d, struct arena *a)
{
    const struct model_incident *w = &d->worst;
    d->what = "is dropped without an answer, after this capture point";
    d->summary = arena_format(a, "%s %s. %s%s in %s, none answered (%s)%s.", rule_draft_subject(d, a), d->what,
                              rule_context_attempts_clause(d, a),
                              rule_context_count(a, w->attempts, w->quic ? "QUIC Initial" : "datagram",
                                            w->quic ? "QUIC Initials" : "datagrams"),
                              rule_context_duration(a, w->last_ns - w->first_ns), rule_draft_frames(d, a),
                              rule_context_sibling_clause(d->worst_path, 6, a));
    rule_context_explain_silence(model, d, a);
    d->disproved_by = "A single UDP answer from that range to one of these datagrams would disprove this.";
    rule_draft_rule_out(d, "a firewall rejects the datagrams and says so", "no ICMP error quotes them");
    rule_draft_rule_out(d, "one lost datagram", "the client repeated itself and was not answered either");
    const struct model_path *sibling = rule_context_working_sibling(d->worst_path, 6);
    if (sibling && ipaddr_equal(&sibling->server, &d->worst_path->server))
        rule_draft_rule_out(d, "the gateway is down or unreachable", "TCP to the same gateway works");
    rule_draft_measure_integer(d, "unanswered_datagrams", w->attempts);
    rule_draft_measure_ms(d, "span_ms", w->last_ns - w->first_ns);
    rule_draft_measure_ms(d, "waited_ms", w->waited_ns);
    rule_draft_measure_integer(d, "largest_packet_bytes", w->size_bytes);
    rule_draft_limit(d, model, a, "udp-blocked-datagrams");
    rule_draft_limit(d, model, a, "udp-blocked-span-ms");
    rule_draft_limit(d, model, a, "udp-blocked-wait-ms");
}

static const char *const thresholds[] = { "udp-blocked-datagrams", "udp-blocked-span-ms", "udp-blocked-wait-ms",
                                          NULL };

const struct rule rule_udp_blocked = {
    .about.kind = "udp-blocked",
    .about.title = "UDP is dropped without an answer",
    .about.severity = "problem",
    .about.meaning = "The client sends datagrams to a gateway's streaming port and nothing comes back, no datagram "
                     "and no ICMP error. DCV then falls back to TCP; PCoIP cannot and shows a black screen.",
    .about.signature = "At least 3 client datagrams over at least 1 s, none answered until at least 1 s after the "
                       "third, on a flow whose beginning is in the capture.",
    .about.thresholds = thresholds,
    .about.needs = "the start of the flow, and seconds of capture after it",
    .about.judged = true,
    .rank = RULE_RANK_UDP,
    .needs = RULE_NEEDS_START | RULE_NEEDS_WINDOW,
    .check = check,
    .explain = explain,
};
