/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "base/nsec.h"
#include "rule/context.h"
#include "rule/round_trip.h"

static const char client_half[] = "client half", server_half[] = "server half";

static void check(const struct rule *self, const struct model *model, struct draft_list *out)
{
    uint64_t least = (uint64_t)endpoint_threshold_value(model_catalogue(model), "bufferbloat-samples");
    for (const struct model_path *p = model_paths(model); p; p = p->next) {
        if (!rule_round_trip_matters(model, p))
            continue;
        for (int half = 0; half < MODEL_RTT_HALVES; half++) {
            enum model_rtt_method method;
            if (!rule_round_trip_is_bloated(model, p, (enum model_rtt_half)half))
                continue;
            const struct model_rtt_series *s = rule_round_trip_half(p, (enum model_rtt_half)half, least, &method);
            struct draft_key key = { .rule = self, .role = p->role, .protocol = p->protocol, .port = p->port,
                                     .region = p->region,
                                     .cause = half == MODEL_RTT_CLIENT ? client_half : server_half };
            struct draft *d = rule_draft_of(out, &key, WSPSCOPE_WARNING, WSPSCOPE_HIGH);
            if (d)
                rule_round_trip_add(out, d, p, s, histogram_quantile(&s->half[half], 95));
        }
    }
}

static void explain(const struct model *model, struct draft *d, struct arena *a)
{
    enum model_rtt_half half = d->key.cause == client_half ? MODEL_RTT_CLIENT : MODEL_RTT_SERVER;
    enum model_rtt_method method;
    enum model_load_direction direction;
    uint64_t least = (uint64_t)endpoint_threshold_value(model_catalogue(model), "bufferbloat-samples");
    const struct histogram *h = &rule_round_trip_half(d->worst_path, half, least, &method)->half[half];
    double correlation = rule_round_trip_load(model, d->worst_path, half, &direction);
    const char *way = direction == MODEL_LOAD_UP ? "towards the internet" : "towards the clients";
    d->who = WSPSCOPE_WHO_LOCAL_NETWORK;
    d->what = arena_format(a, "waits in a queue under load: its round trip grows from %s to %s %s",
                           rule_context_duration(a, h->least_ns), rule_context_duration(a, histogram_quantile(h, 95)),
                           rule_round_trip_place(half));
    d->summary = arena_format(a, "%s %s (least and 95th percentile of %" PRIu64 " samples by %s), and it follows the "
                                 "bytes per second %s (rank correlation %.2f).", rule_draft_subject(d, a), d->what,
                              h->count, rule_round_trip_method(method), way, correlation);
    d->cause = arena_format(a, "A line %s is filled %s, by any traffic, and the device in front of it holds a queue "
                               "that is far too long: every packet of the session waits in it.",
                            rule_round_trip_place(half), way);
    d->remedy = "On the router in front of the slowest line, limit the rate to a little below the line's and use a "
                "queue that stays short (fq_codel, CAKE), or give TCP and UDP 4172 and 4195 their own queue. Until "
                "then, keep large transfers off the line while people work.";
    d->disproved_by = "Round trips that stay long while the line is idle would disprove this.";
    rule_draft_rule_out(d, "a long or unsteady way", "the round trip is short whenever the load is low");
    rule_draft_measure_text(d, "half", half == MODEL_RTT_CLIENT ? "client" : "server");
    rule_draft_measure_ms(d, "floor_ms", h->least_ns);
    rule_draft_measure_ms(d, "p50_ms", histogram_quantile(h, 50));
    rule_draft_measure_ms(d, "p95_ms", histogram_quantile(h, 95));
    rule_draft_measure_integer(d, "samples", (int64_t)h->count);
    rule_draft_measure_text(d, "method", model_rtt_method_name(method));
    rule_draft_measure_text(d, "load_direction", direction == MODEL_LOAD_UP ? "up" : "down");
    rule_draft_measure_integer(d, "seconds", d->worst_path->rtt->load[half]->seconds);
    rule_draft_measure_integer(d, "correlation_percent", (int64_t)(correlation * 100));
    rule_draft_limit(d, model, a, "bufferbloat-ratio");
    rule_draft_limit(d, model, a, "bufferbloat-rise-ms");
    rule_draft_limit(d, model, a, "bufferbloat-samples");
    rule_draft_limit(d, model, a, "bufferbloat-seconds");
    rule_draft_limit(d, model, a, "bufferbloat-correlation");
}

static const char *const thresholds[] = { "bufferbloat-ratio",   "bufferbloat-rise-ms",     "bufferbloat-samples",
                                          "bufferbloat-seconds", "bufferbloat-correlation", NULL };

const struct rule rule_bufferbloat = {
    .about.kind = "bufferbloat",
    .about.title = "Queues fill up under load",
    .about.severity = "warning",
    .about.meaning = "The round trip of a session grows with the load of the line, its own or anybody's: a queue on "
                     "the way is too long. The half in which it lies is named.",
    .about.signature = "The 95th percentile of a half's round trip is at least 3 times and 100 ms above its least, "
                       "over at least 20 samples, and the medians of the seconds follow the bytes per second of the "
                       "whole capture point in one direction (rank correlation 0.6).",
    .about.thresholds = thresholds,
    .about.needs = "both directions",
    .about.judged = true,
    .rank = RULE_RANK_QUALITY,
    .needs = RULE_NEEDS_BOTH | RULE_NEEDS_CLOCK,
    .check = check,
    .explain = explain,
};
