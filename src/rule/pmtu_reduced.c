/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/collect.h"
#include "rule/context.h"
#include "rule/rule.h"

static const char narrow[] = "narrow", below_quic[] = "below-quic";

static double quic_needs(const struct model *model, const struct model_path *path)
{
    return endpoint_threshold_value(model_catalogue(model), path->ipv6 ? "quic-min-mtu-ipv6" : "quic-min-mtu-ipv4");
}

static struct rule_case by_mtu(const struct model *model, const struct model_path *path,
                               const struct model_incident *incident, struct draft_list *out)
{
    (void)out;
    bool below = incident->mtu < quic_needs(model, path);
    return (struct rule_case){ .cause = below ? below_quic : narrow,
                               .severity = below ? WSPSCOPE_WARNING : WSPSCOPE_NOTICE, .confidence = WSPSCOPE_HIGH };
}

static void check(const struct rule *self, const struct model *model, struct draft_list *out)
{
    rule_collect(self, model, MODEL_PMTU_REDUCED, by_mtu, out);
}

static void explain(const struct model *model, struct draft *d, struct arena *a)
{
    const struct model_incident *w = &d->worst;
    char router[IPADDR_TEXT_SIZE];
    ipaddr_format(&w->reporter, router);
    double needed = quic_needs(model, d->worst_path);
    double aws = endpoint_threshold_value(model_catalogue(model), "aws-min-mtu");
    d->what = arena_format(a, "meets a path that carries packets of %u bytes only", w->mtu);
    d->summary = arena_format(a, "%s %s: %s, %s, said so of packets of %u bytes%s (%s).", rule_draft_subject(d, a),
                              d->what, router, w->hops ? rule_context_count(a, w->hops, "hop away", "hops away")
                                                       : "on this link",
                              w->size_bytes, d->key.protocol == 6 ? ", and the sender adapted" : "",
                              rule_draft_frames(d, a));
    d->cause = "The link behind that router, often a tunnel or VPN, has a smaller MTU than the others on the way.";
    if (d->key.cause == below_quic) {
        d->remedy = arena_format(a, "Raise the MTU of that link or tunnel to at least %.0f bytes. Below it QUIC cannot "
                                    "run at all and DCV falls back to TCP%s.",
                                 needed, w->mtu < aws ? arena_format(a, "; AWS asks for %.0f at least in any case", aws)
                                                      : "");
        d->who = rule_context_owner(&w->reporter);
    } else {
        d->remedy = "Nothing has to be done: the sender was told and uses smaller packets. Keep ICMP \"fragmentation "
                    "needed\" and \"packet too big\" allowed, this depends on them.";
        d->who = WSPSCOPE_WHO_UNKNOWN;
    }
    d->disproved_by = "A larger packet of this flow that arrives all the same would disprove this.";
    rule_draft_rule_out(d, "a stray or forged error", "it quotes a packet of this flow that was in flight, and that is "
                                                      "larger than the MTU it names");
    rule_draft_measure_integer(d, "mtu", w->mtu);
    rule_draft_measure_text(d, "router", arena_copy(a, router));
    rule_draft_measure_integer(d, "router_hops", w->hops);
    rule_draft_measure_integer(d, "refused_packet_bytes", w->size_bytes);
    rule_draft_measure_text(d, "direction", w->downward ? "to the client" : "to the server");
    rule_draft_limit(d, model, a, d->worst_path->ipv6 ? "quic-min-mtu-ipv6" : "quic-min-mtu-ipv4");
    rule_draft_limit(d, model, a, "aws-min-mtu");
}

static const char *const thresholds[] = { "quic-min-mtu-ipv4", "quic-min-mtu-ipv6", "aws-min-mtu", NULL };

const struct rule rule_pmtu_reduced = {
    .about.kind = "pmtu-reduced",
    .about.title = "The path carries smaller packets only",
    .about.severity = "notice, or warning",
    .about.meaning = "A router said \"too big\" and the sender adapted. Below 1228 bytes (IPv6: 1248) it is a warning: "
                     "QUIC cannot run, and DCV falls back to TCP.",
    .about.signature = "An ICMP \"fragmentation needed\" or \"packet too big\" that quotes a packet in flight of a "
                       "flow with a role and names an MTU of 576 bytes or more below that packet's length; over TCP, "
                       "nothing larger is sent from a second later on.",
    .about.thresholds = thresholds,
    .about.needs = "nothing beyond the packets",
    .about.judged = true,
    .rank = RULE_RANK_PMTU,
    .check = check,
    .explain = explain,
};
