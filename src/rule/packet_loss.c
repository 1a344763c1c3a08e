/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "base/nsec.h"
#include "rule/context.h"
#include "rule/loss.h"
#include "rule/rate.h"
#include "rule/rule.h"

/* The cause of a draft: on which side of the tap, and in which direction, most of it is lost. Named by what is lost
 * (index of model_loss.way) and where. */
static const char *const causes[2][2] = {
    { "to the server, beyond the capture point", "to the server, before the capture point" },
    { "to the client, beyond the capture point", "to the client, before the capture point" },
};

static double percent_of(const struct model_loss_way *w)
{
    return w->units ? (double)w->lost * 100 / (double)w->units : 0;
}

static bool is_lossy(const struct model *model, const struct model_loss_way *w)
{
    const struct endpoint_catalogue *c = model_catalogue(model);
    return (double)w->units >= endpoint_threshold_value(c, "loss-segments") &&
           (double)w->ranges >= endpoint_threshold_value(c, "loss-ranges") &&
           percent_of(w) >= endpoint_threshold_value(c, "loss-percent");
}

/* A ceiling explains the loss above it; gaps in numbers prove nothing where the capture itself loses packets. */
static bool explained_otherwise(const struct model *model, const struct model_path *p, int way)
{
    struct rule_rate rate;
    return (p->protocol != 6 && rule_context_capture_loses(model)) || rule_rate_is_limited(model, p, way, &rate);
}

static void check(const struct rule *self, const struct model *model, struct draft_list *out)
{
    double problem = endpoint_threshold_value(model_catalogue(model), "loss-problem-percent");
    for (const struct model_path *p = model_paths(model); p; p = p->next) {
        if (!p->loss || model_protocol_of(p->role, p->port) == MODEL_PROTOCOL_UNKNOWN ||
            rule_context_told_elsewhere(model, p))
            continue;
        for (int way = 0; way < 2; way++) {
            const struct model_loss_way *w = &p->loss->way[way];
            if (!is_lossy(model, w) || explained_otherwise(model, p, way))
                continue;
            struct draft_key key = { .rule = self, .role = p->role, .protocol = p->protocol, .port = p->port,
                                     .region = p->region, .cause = causes[way][2 * w->before_tap > w->lost] };
            enum wspscope_severity severity = percent_of(w) >= problem ? WSPSCOPE_PROBLEM : WSPSCOPE_WARNING;
            rule_loss_add(out, rule_draft_of(out, &key, severity, WSPSCOPE_HIGH), p, w);
        }
    }
}

static const char *how_it_shows(const struct draft *d, bool before)
{
    if (d->key.protocol != 6)
        return "PCoIP numbers its datagrams, and the numbers that are missing never passed here";
    return before ? "they were missing when they should have passed here, and came when they were sent again"
                  : "they passed here, and had to be sent again all the same";
}

static void explain_where(struct draft *d, bool to_client, bool before, struct arena *a)
{
    bool client_side = to_client != before;
    d->who = client_side ? WSPSCOPE_WHO_LOCAL_NETWORK : WSPSCOPE_WHO_INTERNET;
    d->cause = arena_format(a, "They are lost between %s: %s.",
                            client_side ? "this capture point and the client" : "this capture point and the gateway",
                            how_it_shows(d, before));
    d->remedy = client_side ? arena_format(a, "Look at the way to %s: Wi-Fi, cabling, duplex, error counters of the "
                                              "switch ports, a policer or a VPN in between.", rule_draft_clients(d, a))
                            : "Look at error and drop counters from this capture point outwards: the firewall, the "
                              "router in front of the provider's line, its policer. If they are clean, give the frames "
                              "below to the provider.";
}

static void measure(struct draft *d, const struct model_loss_way *w)
{
    rule_draft_measure_integer(d, "units", (int64_t)w->units);
    rule_draft_measure_integer(d, "lost", (int64_t)w->lost);
    rule_draft_measure_integer(d, "ranges", (int64_t)w->ranges);
    if (d->key.protocol != 6)
        return;
    rule_draft_measure_integer(d, "lost_bytes", (int64_t)w->lost_bytes);
    rule_draft_measure_integer(d, "timeouts", (int64_t)w->timeouts);
    rule_draft_measure_integer(d, "fast", (int64_t)w->fast);
    rule_draft_measure_integer(d, "tail_probes", (int64_t)w->tail_probes);
    rule_draft_measure_integer(d, "spurious", (int64_t)w->spurious);
}

static void explain(const struct model *model, struct draft *d, struct arena *a)
{
    bool to_client = d->key.cause == causes[1][0] || d->key.cause == causes[1][1];
    bool before = d->key.cause == causes[0][1] || d->key.cause == causes[1][1];
    const struct model_loss_way *w = &d->worst_path->loss->way[to_client];
    const char *unit = d->key.protocol == 6 ? "segments" : "datagrams";
    d->what = arena_format(a, "loses %.1f %% of the %s %s", percent_of(w), unit,
                           to_client ? "to the client" : "to the server");
    d->summary = arena_format(a, "%s %s (%" PRIu64 " of %" PRIu64 ", in %" PRIu64 " places).", rule_draft_subject(d, a),
                              d->what, w->lost, w->units, w->ranges);
    explain_where(d, to_client, before, a);
    d->disproved_by = "The same numbers arriving in a capture taken at the other end would disprove this.";
    rule_draft_rule_out(d, "copies and losses of the capture itself",
                        d->key.protocol == 6 ? "copies are left out, and what the capture missed is not sent again"
                                             : "copies are left out, and nothing else in the capture is missing");
    if (w->spurious)
        rule_draft_rule_out(d, "needless repeats", arena_format(a, "%" PRIu64 " repeats of data that had arrived are "
                                                                   "left out", w->spurious));
    rule_draft_measure_text(d, "direction", to_client ? "to-client" : "to-server");
    rule_draft_measure_text(d, "half", to_client != before ? "client" : "server");
    measure(d, w);
    rule_draft_limit(d, model, a, "loss-percent");
    rule_draft_limit(d, model, a, "loss-ranges");
    rule_draft_limit(d, model, a, "loss-segments");
    rule_draft_limit(d, model, a, "loss-problem-percent");
}

static const char *const thresholds[] = { "loss-percent", "loss-ranges", "loss-segments", "loss-problem-percent",
                                          NULL };

const struct rule rule_packet_loss = {
    .about.kind = "packet-loss",
    .about.title = "Packets are lost on the way",
    .about.severity = "warning, or problem",
    .about.meaning = "Data has to be sent again, or numbered datagrams are missing. Which side of the capture point "
                     "loses them, and in which direction, is told.",
    .about.signature = "At least 1 % of at least 100 data segments of a direction, in at least 5 places, sent again "
                       "and then acknowledged; of PCoIP, as many gaps in its numbers. Copies, needless repeats (DSACK, "
                       "Eifel), keep-alives, window probes, what a router called too big and connections that never "
                       "recovered are left out.",
    .about.thresholds = thresholds,
    .about.needs = "both directions",
    .about.judged = true,
    .rank = RULE_RANK_QUALITY,
    .needs = RULE_NEEDS_BOTH,
    .check = check,
    .explain = explain,
};
