/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <math.h>

#include "rule/context.h"
#include "rule/loss.h"
#include "rule/rate.h"
#include "rule/rule.h"

static const char *const causes[2] = { "to the server", "to the client" };

static void add(const struct rule *self, const struct model_path *p, int way, struct draft_list *out)
{
    struct draft_key key = { .rule = self, .role = p->role, .protocol = p->protocol, .port = p->port,
                             .region = p->region, .cause = causes[way] };
    rule_loss_add(out, rule_draft_of(out, &key, WSPSCOPE_WARNING, WSPSCOPE_MEDIUM), p, &p->loss->way[way]);
}

static void check(const struct rule *self, const struct model *model, struct draft_list *out)
{
    struct rule_rate rate;
    for (const struct model_path *p = model_paths(model); p; p = p->next)
        for (int way = 0; way < 2; way++)
            if (p->loss && !rule_context_told_elsewhere(model, p) && !rule_context_capture_loses(model) &&
                rule_rate_is_limited(model, p, way, &rate))
                add(self, p, way, out);
}

static void explain(const struct model *model, struct draft *d, struct arena *a)
{
    int way = d->key.cause == causes[1];
    struct rule_rate rate;
    (void)rule_rate_is_limited(model, d->worst_path, way, &rate);
    double ceiling = rate.ceiling_bytes * 8 / 1000, offered = rate.offered_bytes * 8 / 1000;
    d->what = arena_format(a, "is held at %.0f kbit/s %s", ceiling, d->key.cause);
    d->summary = arena_format(a, "%s %s: for %" PRIu32 " s %.0f kbit/s were sent, of which %.0f %% were lost, and what "
                                 "came through varied by %.0f %% only. In the %" PRIu32 " s in which less was sent "
                                 "next to nothing was lost (%s).", rule_draft_subject(d, a), d->what,
                              rate.lossy_seconds, offered, rate.loss_percent, rate.variation_percent,
                              rate.calm_seconds, rule_draft_frames(d, a));
    d->cause = arena_format(a, "A policer between %s and this capture point passes about %.0f kbit/s and drops what is "
                               "above it. A bad line would lose packets at any rate.",
                            way ? "the gateway" : "the client", ceiling);
    d->remedy = arena_format(a, "Look for a traffic policy (QoS, bandwidth limit by application or user) that matches "
                                "%s %u to %s, on the firewall, the VPN or the provider's line, and raise it or exempt "
                                "this traffic: a picture that moves needs more than a still one.",
                             rule_draft_protocol_name(d->key.protocol), d->key.port, rule_draft_prefixes(d, a));
    d->who = WSPSCOPE_WHO_UNKNOWN;
    d->disproved_by = "Loss in seconds in which less than the ceiling is sent would disprove this.";
    rule_draft_rule_out(d, "a line that loses packets by chance", "loss ends when less is sent");
    rule_draft_rule_out(d, "the capture lost them", "nothing else in it is missing");
    rule_draft_measure_integer(d, "ceiling_kbps", llround(ceiling));
    rule_draft_measure_integer(d, "offered_kbps", llround(offered));
    rule_draft_measure_integer(d, "loss_percent", llround(rate.loss_percent));
    rule_draft_measure_integer(d, "variation_percent", llround(rate.variation_percent));
    rule_draft_measure_integer(d, "seconds_at_ceiling", rate.lossy_seconds);
    rule_draft_measure_integer(d, "seconds_below", rate.calm_seconds);
    rule_draft_measure_text(d, "direction", way ? "to-client" : "to-server");
    rule_draft_limit(d, model, a, "rate-loss-percent");
    rule_draft_limit(d, model, a, "rate-span-ms");
    rule_draft_limit(d, model, a, "rate-variation-percent");
}

static const char *const thresholds[] = { "rate-loss-percent", "rate-span-ms", "rate-variation-percent",
                                          "pcoip-sequence-packets", "pcoip-sequence-percent", "pcoip-sequence-step",
                                          NULL };

const struct rule rule_rate_limited = {
    .about.kind = "rate-limited",
    .about.title = "The rate is limited",
    .about.severity = "warning",
    .about.meaning = "A policer holds a direction of the stream at a ceiling and drops what is above it. The picture "
                     "is good while it rests and breaks up when it moves.",
    .about.signature = "For at least 5 s what comes through varies by less than 15 % a second while at least 5 % is "
                       "lost, and next to nothing is lost in the seconds in which less is sent. Loss is told by "
                       "PCoIP's sequence numbers; that of QUIC cannot be seen.",
    .about.thresholds = thresholds,
    .about.needs = "nothing beyond the packets",
    .about.judged = true,
    .rank = RULE_RANK_QUALITY,
    .check = check,
    .explain = explain,
};
