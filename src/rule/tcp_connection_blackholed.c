/* SPDX-License-Identifier: Apache-2.0 */
#include "base/nsec.h"
#include "rule/by.h"
#include "rule/collect.h"
#include "rule/context.h"
#include "rule/rule.h"

static const char gateway_silent[] = "gateway-silent", client_silent[] = "client-silent", client_gone[] = "client-gone";

/* Below this the pause before it explains nothing. */
static const int64_t idle_worth_telling_ns = 5 * NSEC_PER_SEC;

/* Behind a shared address one user's machine may go while the others work on. */
static bool is_gone(const struct model_path *path, const struct model_incident *incident)
{
    return incident->silent_is_client && (incident->client_gone || path->client->shared);
}

static bool path_mtu_is_left(const struct model_incident *w)
{
    return w->passed_bytes && w->size_bytes > w->passed_bytes && w->size_bytes > 1200;
}

static struct rule_case by_silent_side(const struct model *model, const struct model_path *path,
                                       const struct model_incident *incident, struct draft_list *out)
{
    (void)model;
    (void)out;
    bool gone = is_gone(path, incident);
    return (struct rule_case){ .cause = gone                         ? client_gone
                                        : incident->silent_is_client ? client_silent
                                                                     : gateway_silent,
                               .severity = gone ? WSPSCOPE_NOTICE : WSPSCOPE_PROBLEM,
                               .confidence = path_mtu_is_left(incident) ? WSPSCOPE_MEDIUM : WSPSCOPE_HIGH };
}

static void check(const struct rule *self, const struct model *model, struct draft_list *out)
{
    rule_collect(self, model, MODEL_TCP_BLACKHOLED, by_silent_side, out);
}

static void explain_gone(struct draft *d, struct arena *a)
{
    d->summary = arena_format(a,
                              "%s fell silent in mid-session, with all its connections at once; the gateway repeated "
                              "its data for %s without an answer (%s).",
                              rule_draft_clients(d, a), rule_context_duration(a, d->worst.last_ns - d->worst.first_ns),
                              rule_draft_frames(d, a));
    d->cause = "The client's machine was switched off, went to sleep or lost its own network.";
    d->remedy = "Nothing to change in the network path. If users report it, look at the client's Wi-Fi, docking or "
                "power settings.";
    d->who = WSPSCOPE_WHO_CLIENT;
    d->disproved_by = "Any packet from this client after its last one here would disprove this.";
}

static void explain_hole(struct draft *d, struct arena *a)
{
    const struct model_incident *w = &d->worst;
    const char *silent = w->silent_is_client ? "the client" : "the gateway";
    const char *speaker = w->silent_is_client ? "gateway" : "client";
    const char *idle = w->idle_ns >= idle_worth_telling_ns
                           ? arena_format(a, ", after %s without traffic", rule_context_duration(a, w->idle_ns))
                           : "";
    d->what = arena_format(a, "worked and then went dead: nothing comes back from %s any more", silent);
    d->summary = arena_format(a, "%s %s%s. The %s sent the same data %u times in %s, never acknowledged (%s).",
                              rule_draft_subject(d, a), d->what, idle, speaker, w->attempts,
                              rule_context_duration(a, w->last_ns - w->first_ns), rule_draft_frames(d, a));
    bool idle_before = w->idle_ns >= idle_worth_telling_ns;
    if (idle_before)
        d->cause = arena_format(a,
                                "A firewall or NAT has most likely forgotten the connection: it worked, was idle for "
                                "%s, and what came after the pause is discarded silently. Its idle time-out is "
                                "shorter than that pause.",
                                rule_context_duration(a, w->idle_ns));
    else
        d->cause = "The path broke in mid-session: a link or route failed, or a firewall dropped the connection's "
                   "state, and packets are discarded silently since then.";
    if (w->icmp_type)
        d->cause = arena_format(
            a, "%s said of these packets: %s. The path to %s is broken there, or a filter took the connection away.",
            rule_by_icmp_source(d, a),
            w->about_client ? "they cannot be delivered to the client" : "they cannot be delivered", silent);
    if (path_mtu_is_left(w))
        d->cause = arena_format(a, "%s What is repeated is larger (%u bytes) than anything that passed before (%u): "
                                   "a path MTU black hole would look the same.",
                                d->cause, w->size_bytes, w->passed_bytes);
    if (idle_before)
        d->remedy = arena_format(a,
                                 "Raise the idle time-out for established connections on TCP %u above that pause (an "
                                 "hour or more is usual), or turn on keep-alives.",
                                 d->key.port);
    else
        d->remedy = arena_format(a,
                                 "Look at the link, the route and the firewall's state table between this capture "
                                 "point and %s at that time.",
                                 silent);
    d->who = WSPSCOPE_WHO_LOCAL_NETWORK;
    d->disproved_by = arena_format(a, "A single packet from %s on this connection after that would disprove this.",
                                   silent);
    rule_draft_rule_out(d, "the connection was closed", "no FIN and no RST was seen from the silent side");
}

static void explain(const struct model *model, struct draft *d, struct arena *a)
{
    const struct model_incident *w = &d->worst;
    if (d->key.cause == client_gone)
        explain_gone(d, a);
    else
        explain_hole(d, a);
    rule_draft_measure_text(d, "form", d->key.cause);
    rule_draft_measure_text(d, "silent_side", w->silent_is_client ? "client" : "server");
    rule_draft_measure_ms(d, "idle_before_ms", w->idle_ns);
    rule_draft_measure_integer(d, "transmissions", w->attempts);
    rule_draft_measure_ms(d, "span_ms", w->last_ns - w->first_ns);
    rule_draft_measure_ms(d, "life_ms", w->life_ns);
    rule_draft_measure_integer(d, "lost_packet_bytes", w->size_bytes);
    rule_draft_measure_integer(d, "largest_passed_bytes", w->passed_bytes);
    rule_draft_limit(d, model, a, "blackhole-retransmissions");
    rule_draft_limit(d, model, a, "blackhole-span-ms");
}

static const char *const thresholds[] = { "blackhole-retransmissions", "blackhole-span-ms", NULL };

const struct rule rule_tcp_connection_blackholed = {
    .about.kind = "tcp-connection-blackholed",
    .about.title = "A connection that worked goes dead",
    .about.severity = "problem",
    .about.meaning = "The connection worked; then one side repeats its data with growing pauses and nothing comes "
                     "back. A pause before it points to a firewall that forgot the idle connection. When the client "
                     "falls silent with all its connections at once, its machine has gone, and the finding is a "
                     "notice.",
    .about.signature = "Established and worked, then the same data is retransmitted at least 3 times over at least 3 "
                       "s and nothing comes from the peer any more.",
    .about.thresholds = thresholds,
    .about.needs = "both directions",
    .about.judged = true,
    .rank = RULE_RANK_TCP_LATER,
    .needs = RULE_NEEDS_BOTH,
    .check = check,
    .explain = explain,
};
