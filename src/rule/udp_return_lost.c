/* SPDX-License-Identifier: Apache-2.0 */
#include "base/nsec.h"
#include "rule/collect.h"
#include "rule/context.h"
#include "rule/rule.h"

static const char late_block[] = "late-block", idle_expiry[] = "idle-expiry", mid_session[] = "mid-session",
                  handshake[] = "handshake";

static const char *cause_of(const struct model *model, const struct model_incident *incident)
{
    const struct endpoint_catalogue *c = model_catalogue(model);
    if (incident->idle_ns >= endpoint_threshold_ns(c, "idle-expiry-gap-ms"))
        return idle_expiry;
    bool short_lived = incident->life_ns <= endpoint_threshold_ns(c, "late-block-life-ms") ||
                       incident->before_pkts <= endpoint_threshold_value(c, "late-block-packets");
    return short_lived ? late_block : mid_session;
}

/* An earlier flow died after a pause of about the same length: then the pause is what they died of. */
static bool agrees_with_another(const struct model *model, const struct model_incident *incident,
                                const struct draft_list *out)
{
    double share = endpoint_threshold_value(model_catalogue(model), "idle-expiry-agree-percent") / 100;
    for (const struct draft *d = out->first; d; d = d->next) {
        double difference = (double)nsec_sub(d->worst.idle_ns, incident->idle_ns);
        if (d->key.cause == idle_expiry &&
            (difference < 0 ? -difference : difference) <= share * (double)incident->idle_ns)
            return true;
    }
    return false;
}

static struct rule_case answers_stop(const struct model *model, const struct model_path *path,
                                     const struct model_incident *incident, struct draft_list *out)
{
    (void)path;
    const char *cause = cause_of(model, incident);
    bool sure = incident->control_open || (cause == idle_expiry && agrees_with_another(model, incident, out));
    return (struct rule_case){ .cause = cause, .confidence = sure ? WSPSCOPE_HIGH : WSPSCOPE_MEDIUM };
}

static struct rule_case answers_pass(const struct model *model, const struct model_path *path,
                                     const struct model_incident *incident, struct draft_list *out)
{
    (void)model;
    (void)path;
    (void)incident;
    (void)out;
    return (struct rule_case){ .cause = handshake, .confidence = WSPSCOPE_HIGH };
}

static void check(const struct rule *self, const struct model *model, struct draft_list *out)
{
    rule_collect(self, model, MODEL_UDP_RETURN_LOST, answers_stop, out);
    rule_collect(self, model, MODEL_UDP_HANDSHAKE_LOST, answers_pass, out);
}

static void explain_handshake(struct draft *d, struct arena *a)
{
    const struct model_incident *w = &d->worst;
    d->what = "is answered, but the answers do not reach the client";
    d->summary = arena_format(a, "%s %s. %s from the gateway passed this capture point, and the client repeated its "
                                 "QUIC Initial all the same (%s).", rule_draft_subject(d, a), d->what,
                              rule_context_count(a, w->before_pkts, "datagram", "datagrams"), rule_draft_frames(d, a));
    d->cause = "The way back is broken between this capture point and the client: a device there drops UDP answers.";
    d->remedy = arena_format(a, "Look at the firewalls between this capture point and %s: answers from UDP %u must "
                                "be allowed in.", rule_draft_clients(d, a), d->key.port);
    d->disproved_by = "A QUIC Handshake or short-header packet from the client would disprove this.";
    rule_draft_rule_out(d, "UDP is blocked on the way out", "the gateway's answers arrive here");
}

static void explain_lost(struct draft *d, struct arena *a)
{
    const struct model_incident *w = &d->worst;
    const char *how = d->key.cause == idle_expiry ? "stops being answered after a pause"
                      : d->key.cause == late_block ? "is let through at first and then blocked"
                                                   : "stops being answered in mid-session";
    d->what = how;
    d->summary = arena_format(a, "%s %s. It was answered for %s; then %s in %s got no answer (%s).",
                              rule_draft_subject(d, a), how, rule_context_duration(a, w->life_ns),
                              rule_context_count(a, w->attempts, "client datagram", "client datagrams"),
                              rule_context_duration(a, w->last_ns - w->first_ns), rule_draft_frames(d, a));
    if (d->key.cause == idle_expiry)
        d->cause = arena_format(a,
                                "The flow was silent for %s before it. A firewall or NAT has most likely forgotten "
                                "it in that time and drops what comes now.",
                                rule_context_duration(a, w->idle_ns));
    else if (d->key.cause == late_block)
        d->cause = "A firewall that classifies traffic lets the first packets of a flow pass and drops the rest once "
                   "it has decided: an application or QUIC rule, not a port rule.";
    else
        d->cause = "The way of the answers broke in mid-session: a link, a route, or a firewall's state.";
    if (d->key.cause == idle_expiry)
        d->remedy = arena_format(a, "Raise the UDP idle time-out above %s for UDP %u to %s.",
                                 rule_context_duration(a, w->idle_ns), d->key.port, rule_draft_prefixes(d, a));
    else if (d->key.cause == late_block)
        d->remedy = arena_format(a,
                                 "Ask the owner of the firewall to exempt UDP %u to %s from application control, and "
                                 "to allow its answers.",
                                 d->key.port, rule_draft_prefixes(d, a));
    else
        d->remedy = arena_format(a,
                                 "Look at what changed between this capture point and %s at that time: a link, a "
                                 "route, a firewall that failed over or reloaded its rules.",
                                 rule_draft_servers(d, a));
    if (!w->control_known)
        d->cause = arena_format(
            a, "%s The session's TCP connection is not in this capture, so it may also simply have ended.", d->cause);
    d->disproved_by = "A single datagram from the gateway on this flow after that would disprove this.";
    rule_draft_rule_out(d, "the client moved to another port",
                        "no connection goes on from another port of this client");
    if (w->control_open)
        rule_draft_rule_out(d, "the session was over", "its TCP connection to the same gateway was still open");
}

static void explain(const struct model *model, struct draft *d, struct arena *a)
{
    const struct model_incident *w = &d->worst;
    d->who = WSPSCOPE_WHO_LOCAL_NETWORK;
    if (d->key.cause == handshake)
        explain_handshake(d, a);
    else
        explain_lost(d, a);
    rule_draft_measure_text(d, "form", d->key.cause);
    rule_draft_measure_integer(d, "unanswered_datagrams", w->attempts);
    rule_draft_measure_ms(d, "life_ms", w->life_ns);
    rule_draft_measure_ms(d, "idle_before_ms", w->idle_ns);
    rule_draft_measure_integer(d, "packets_before", w->before_pkts);
    rule_draft_limit(d, model, a, "udp-return-lost-datagrams");
    rule_draft_limit(d, model, a, "udp-return-lost-span-ms");
    rule_draft_limit(d, model, a, "late-block-packets");
    rule_draft_limit(d, model, a, "late-block-life-ms");
    rule_draft_limit(d, model, a, "idle-expiry-gap-ms");
}

static const char *const thresholds[] = { "udp-return-lost-datagrams", "udp-return-lost-span-ms",
                                          "return-lost-repeats",       "late-block-packets",
                                          "late-block-life-ms",        "idle-expiry-gap-ms",
                                          "idle-expiry-agree-percent", NULL };

const struct rule rule_udp_return_lost = {
    .about.kind = "udp-return-lost",
    .about.title = "UDP answers stop or do not reach the client",
    .about.severity = "problem",
    .about.meaning = "UDP worked in both directions and then only the client's side goes on (a firewall that decided "
                     "late, or forgot an idle flow), or the gateway's answers pass the capture point and the client "
                     "repeats its QUIC Initial as if it had heard nothing.",
    .about.signature = "After answers, at least 3 client datagrams over at least 3 s without one, the session not "
                       "ended and not moved to another port; or answers seen and the same Initial repeated at least "
                       "twice, each more than a round trip after an answer, and no later QUIC packet.",
    .about.thresholds = thresholds,
    .about.needs = "both directions",
    .about.judged = true,
    .rank = RULE_RANK_UDP,
    .needs = RULE_NEEDS_BOTH,
    .check = check,
    .explain = explain,
};
