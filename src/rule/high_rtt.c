/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "base/nsec.h"
#include "rule/context.h"
#include "rule/round_trip.h"

/* AWS's bands by protocol, the worst first: above `limit` the round trip is `word`. */
static const struct band {
    enum model_protocol protocol;
    const char *limit, *word, *meaning;
    enum wspscope_severity severity;
} bands[] = {
    { MODEL_DCV, "rtt-dcv-bad-ms", "bad", "beyond what AWS calls degraded", WSPSCOPE_PROBLEM },
    { MODEL_DCV, "rtt-dcv-degraded-ms", "degraded", "where AWS expects a degraded session", WSPSCOPE_WARNING },
    { MODEL_PCOIP, "rtt-pcoip-ended-ms", "bad", "where the gateway ends the session", WSPSCOPE_PROBLEM },
    { MODEL_PCOIP, "rtt-pcoip-degraded-ms", "degraded", "where AWS expects a degraded session", WSPSCOPE_WARNING },
    { MODEL_PCOIP, "rtt-pcoip-affected-ms", "affected", "where AWS expects users to notice it", WSPSCOPE_WARNING },
};

/* The cause of a draft: which half is the longer one. */
static const char client_side[] = "client half", server_side[] = "server half";

struct measure {
    const struct model_rtt_series *series;
    enum model_rtt_method method;
    int64_t p50_ns;
    uint64_t samples;
    bool server_alone; /* the client half is not known: the whole is longer still */
};

static struct measure measure_of(const struct model *model, const struct model_path *p)
{
    struct measure m = { 0 };
    uint64_t least = (uint64_t)endpoint_threshold_value(model_catalogue(model), "rtt-samples");
    m.series = rule_round_trip_whole(p, least, &m.method);
    if (m.series) {
        m.p50_ns = histogram_quantile(&m.series->whole, 50);
        m.samples = m.series->whole.count;
        return m;
    }
    m.series = rule_round_trip_half(p, MODEL_RTT_SERVER, least, &m.method);
    m.server_alone = true;
    m.p50_ns = m.series ? histogram_quantile(&m.series->half[MODEL_RTT_SERVER], 50) : 0;
    m.samples = m.series ? m.series->half[MODEL_RTT_SERVER].count : 0;
    return m;
}

static const struct band *band_of(const struct model *model, const struct model_path *p, int64_t p50_ns)
{
    enum model_protocol protocol = model_protocol_of(p->role, p->port);
    for (size_t i = 0; i < sizeof bands / sizeof *bands; i++)
        if (bands[i].protocol == protocol && p50_ns > endpoint_threshold_ns(model_catalogue(model), bands[i].limit))
            return &bands[i];
    return NULL;
}

/* A session's control connection and stream go the same way: the one timed more often speaks for both. */
struct voice {
    const struct endpoint_region *region;
    enum model_protocol protocol;
    const struct model_path *path;
    uint64_t samples;
};

enum { VOICES_MAX = 256 }; /* Regions and protocols of one client: more than there are */

static void listen(const struct model *model, const struct model_path *p, struct voice *voices, size_t *count)
{
    struct voice heard = { .region = p->region, .protocol = model_protocol_of(p->role, p->port), .path = p,
                           .samples = measure_of(model, p).samples };
    size_t i = 0;
    while (i < *count && (voices[i].region != heard.region || voices[i].protocol != heard.protocol))
        i++;
    if (i == VOICES_MAX)
        return;
    if (i == *count)
        voices[(*count)++] = heard;
    else if (heard.samples > voices[i].samples)
        voices[i] = heard;
}

static void judge(const struct rule *self, const struct model *model, const struct model_path *p,
                  struct draft_list *out)
{
    struct measure m = measure_of(model, p);
    const struct band *band = m.series ? band_of(model, p, m.p50_ns) : NULL;
    if (!band || !rule_round_trip_matters(model, p))
        return;
    int64_t client_ns = histogram_quantile(&m.series->half[MODEL_RTT_CLIENT], 50);
    struct draft_key key = { .rule = self, .role = p->role, .protocol = p->protocol, .port = p->port,
                             .region = p->region, .cause = 2 * client_ns > m.p50_ns ? client_side : server_side };
    struct draft *d = rule_draft_of(out, &key, band->severity, WSPSCOPE_HIGH);
    if (d)
        rule_round_trip_add(out, d, p, m.series, m.p50_ns);
}

static void check(const struct rule *self, const struct model *model, struct draft_list *out)
{
    struct voice voices[VOICES_MAX];
    for (const struct model_path *first = model_paths(model); first; first = first->next) {
        size_t count = 0;
        if (first != first->client->paths)
            continue; /* each client once */
        for (const struct model_path *p = first; p; p = p->client_next)
            if (p->rtt)
                listen(model, p, voices, &count);
        for (size_t i = 0; i < count; i++)
            judge(self, model, voices[i].path, out);
    }
}

static void explain_where(struct draft *d, struct arena *a)
{
    bool client = d->key.cause == client_side;
    d->who = rule_round_trip_who(client ? MODEL_RTT_CLIENT : MODEL_RTT_SERVER);
    if (client) {
        d->cause = "Most of it is spent between the capture point and the client: its Wi-Fi, its VPN, or a slow or "
                   "loaded link to its site.";
        d->remedy = arena_format(a, "Measure from %s to this capture point: try a cable instead of Wi-Fi, and the "
                                    "session without the VPN.", rule_draft_clients(d, a));
        return;
    }
    d->cause = "Most of it is spent between the capture point and the gateway: distance, or a detour on the way to "
               "AWS (a VPN or proxy in another country, a provider's route).";
    d->remedy = d->key.region
                    ? arena_format(a, "Trace the route to %s. If it is direct, the distance itself is too long: move "
                                      "the WorkSpace to a Region nearer than %s.", rule_draft_servers(d, a),
                                   d->key.region->city)
                    : "Trace the route to the gateway. If it is direct, the distance itself is too long.";
}

static void explain(const struct model *model, struct draft *d, struct arena *a)
{
    struct measure m = measure_of(model, d->worst_path);
    const struct band *band = band_of(model, d->worst_path, m.p50_ns);
    int64_t client_ns = histogram_quantile(&m.series->half[MODEL_RTT_CLIENT], 50);
    int64_t server_ns = histogram_quantile(&m.series->half[MODEL_RTT_SERVER], 50);
    d->what = arena_format(a, "has a round trip of %s%s, %s", m.server_alone ? "more than " : "",
                           rule_context_duration(a, m.p50_ns), band->meaning);
    d->summary = arena_format(a, "%s %s (median of %" PRIu64 " samples by %s; %s to the client, %s to the server).",
                              rule_draft_subject(d, a), d->what, m.samples, rule_round_trip_method(m.method),
                              m.server_alone ? "unknown" : rule_context_duration(a, client_ns),
                              rule_context_duration(a, server_ns));
    explain_where(d, a);
    d->disproved_by = arena_format(a, "A median below %.0f ms over a longer capture would disprove this.",
                                   endpoint_threshold_value(model_catalogue(model), band->limit));
    rule_draft_rule_out(d, "delayed acknowledgments or slow programs",
                        "acknowledgments that carry data, cover repeats, or come a delayed-ACK time late gave no "
                        "sample");
    rule_draft_measure_text(d, "band", band->word);
    rule_draft_measure_ms(d, "p50_ms", m.p50_ns);
    rule_draft_measure_ms(d, "client_p50_ms", client_ns);
    rule_draft_measure_ms(d, "server_p50_ms", server_ns);
    rule_draft_measure_integer(d, "samples", (int64_t)m.samples);
    rule_draft_measure_text(d, "method", model_rtt_method_name(m.method));
    rule_draft_measure_text(d, "half", d->key.cause == client_side ? "client" : "server");
    rule_draft_limit(d, model, a, band->limit);
    rule_draft_limit(d, model, a, "rtt-samples");
}

static const char *const thresholds[] = { "rtt-samples",           "rtt-dcv-degraded-ms",   "rtt-dcv-bad-ms",
                                          "rtt-pcoip-affected-ms", "rtt-pcoip-degraded-ms", "rtt-pcoip-ended-ms",
                                          NULL };

const struct rule rule_high_rtt = {
    .about.kind = "high-rtt",
    .about.title = "The round trip is long",
    .about.severity = "warning, or problem",
    .about.meaning = "The way to the gateway and back takes longer than AWS recommends for the protocol. The two "
                     "halves, client to capture point and capture point to gateway, are told apart.",
    .about.signature = "The median of at least 5 samples is above the protocol's band.",
    .about.thresholds = thresholds,
    .about.needs = "both directions",
    .about.judged = true,
    .rank = RULE_RANK_QUALITY,
    .needs = RULE_NEEDS_BOTH,
    .check = check,
    .explain = explain,
};
