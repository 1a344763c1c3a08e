/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "base/nsec.h"
#include "rule/context.h"
#include "rule/round_trip.h"

static const char client_half[] = "client half", server_half[] = "server half";

/* What varies: one-way transit, or a half's round trip where no answer was held back. */
struct spread {
    const struct histogram *histogram;
    bool transit;
    int64_t p5_ns, p95_ns;
};

static struct spread wider(struct spread best, const struct histogram *h, bool transit, uint64_t least)
{
    struct spread s = { h, transit, histogram_quantile(h, 5), histogram_quantile(h, 95) };
    return h->count >= least && (!best.histogram || s.p95_ns - s.p5_ns > best.p95_ns - best.p5_ns) ? s : best;
}

static struct spread spread_of(const struct model *model, const struct model_path *p, enum model_rtt_half half)
{
    uint64_t least = (uint64_t)endpoint_threshold_value(model_catalogue(model), "jitter-samples");
    const struct model_rtt_variation *v = p->rtt->variation[half];
    struct spread none = { 0 };
    return v ? wider(wider(none, &v->transit, true, least), &v->prompt, false, least) : none;
}

/* Delay that follows the load is a queue's, whether it is long enough for bufferbloat or not. */
static bool follows_load(const struct model *model, const struct model_path *p, enum model_rtt_half half)
{
    enum model_load_direction direction;
    double limit = endpoint_threshold_value(model_catalogue(model), "bufferbloat-correlation");
    return rule_round_trip_load(model, p, half, &direction) >= limit;
}

static bool is_unsteady(const struct model *model, const struct model_path *p, enum model_rtt_half half)
{
    struct spread s = spread_of(model, p, half);
    int64_t limit_ns = endpoint_threshold_ns(model_catalogue(model), "jitter-spread-ms");
    return s.histogram && s.p95_ns - s.p5_ns >= limit_ns && !follows_load(model, p, half);
}

static void check_half(const struct rule *self, const struct model_path *p, enum model_rtt_half half,
                       const struct spread *s, struct draft_list *out)
{
    enum model_rtt_method method;
    struct draft_key key = { .rule = self, .role = p->role, .protocol = p->protocol, .port = p->port,
                             .region = p->region, .cause = half == MODEL_RTT_CLIENT ? client_half : server_half };
    struct model_incident incident = { .first_ns = p->first_ns, .last_ns = p->last_ns,
                                       .life_ns = s->p95_ns - s->p5_ns };
    struct draft *d = rule_draft_of(out, &key, WSPSCOPE_WARNING, WSPSCOPE_HIGH);
    const struct model_rtt_series *series = rule_round_trip_half(p, half, 1, &method);
    if (d && series)
        rule_round_trip_add(out, d, p, series, incident.life_ns);
    else if (d)
        rule_draft_add(out, d, p, &incident);
}

static void check(const struct rule *self, const struct model *model, struct draft_list *out)
{
    if (model_tap(model)->clock_steps)
        return;
    for (const struct model_path *p = model_paths(model); p; p = p->next) {
        for (int half = 0; half < MODEL_RTT_HALVES && rule_round_trip_matters(model, p); half++) {
            struct spread s = spread_of(model, p, (enum model_rtt_half)half);
            if (is_unsteady(model, p, (enum model_rtt_half)half))
                check_half(self, p, (enum model_rtt_half)half, &s, out);
        }
    }
}

static void explain(const struct model *model, struct draft *d, struct arena *a)
{
    enum model_rtt_half half = d->key.cause == client_half ? MODEL_RTT_CLIENT : MODEL_RTT_SERVER;
    struct spread s = spread_of(model, d->worst_path, half);
    d->who = rule_round_trip_who(half);
    d->what = arena_format(a, "has an unsteady delay: it varies by %s %s", rule_context_duration(a, s.p95_ns - s.p5_ns),
                           rule_round_trip_place(half));
    d->summary = arena_format(a, "%s %s, whatever the load (5th to 95th percentile of %s, %" PRIu64 " samples).",
                              rule_draft_subject(d, a), d->what,
                              s.transit ? "the one-way transit by TCP time stamps"
                                        : "round trips by acknowledgments that nothing held back",
                              s.histogram->count);
    d->cause = half == MODEL_RTT_CLIENT
                   ? "Packets wait for changing times between the capture point and the client: a weak or crowded "
                     "Wi-Fi, a mobile network, or a VPN on a busy machine."
                   : "Packets wait for changing times between the capture point and the gateway: a radio, satellite or "
                     "mobile line, an overloaded device or tunnel, or a provider's congested link.";
    d->remedy = half == MODEL_RTT_CLIENT
                    ? arena_format(a, "Let %s use a cable, or another access point, and compare.",
                                   rule_draft_clients(d, a))
                    : "Capture on both sides of the firewall and of the VPN in turn: the device between the steady and "
                      "the unsteady side is the one. If it is the provider's line, show them this.";
    d->disproved_by = "A steady delay in a capture taken on the other side of the device in question clears it.";
    rule_draft_rule_out(d, "a queue that this capture point fills",
                        "the delay does not follow the bytes per second seen here");
    rule_draft_measure_text(d, "half", half == MODEL_RTT_CLIENT ? "client" : "server");
    rule_draft_measure_text(d, "of", s.transit ? "transit" : "round-trip");
    rule_draft_measure_ms(d, "p5_ms", s.p5_ns);
    rule_draft_measure_ms(d, "p95_ms", s.p95_ns);
    rule_draft_measure_ms(d, "spread_ms", s.p95_ns - s.p5_ns);
    rule_draft_measure_integer(d, "samples", (int64_t)s.histogram->count);
    rule_draft_limit(d, model, a, "jitter-spread-ms");
    rule_draft_limit(d, model, a, "jitter-samples");
}

static const char *const thresholds[] = { "jitter-spread-ms", "jitter-samples", "bufferbloat-correlation", NULL };

const struct rule rule_high_jitter = {
    .about.kind = "high-jitter",
    .about.title = "The delay varies from packet to packet",
    .about.severity = "warning",
    .about.meaning = "Packets take now shorter, now longer, without the load that would explain it. The half in which "
                     "it lies is named.",
    .about.signature = "5th and 95th percentile at least 60 ms apart over at least 20 samples: of one side's way to "
                       "the capture point by TCP time stamps, or of a half's round trip by acknowledgments that "
                       "nothing held back. Not when it follows the load.",
    .about.thresholds = thresholds,
    .about.needs = "both directions, and a clock that does not step",
    .about.judged = true,
    .rank = RULE_RANK_QUALITY,
    .needs = RULE_NEEDS_BOTH | RULE_NEEDS_CLOCK,
    .check = check,
    .explain = explain,
};
