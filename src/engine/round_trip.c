/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/round_trip.h"

#include "base/nsec.h"
#include "model/loss.h"
#include "model/rtt.h"

static double quantile_ms(const struct histogram *h, unsigned percent)
{
    return h->count ? nsec_to_ms(histogram_quantile(h, percent)) : -1;
}

/* Samples of the whole way; of its better known half where the other is not known at all. */
static uint64_t samples_of(const struct model_rtt_series *s)
{
    uint64_t client = s->half[MODEL_RTT_CLIENT].count, server = s->half[MODEL_RTT_SERVER].count;
    if (s->whole.count)
        return s->whole.count;
    return client > server ? client : server;
}

static struct wspscope_round_trip summary_of(const struct model_rtt_series *s, enum model_rtt_method method)
{
    return (struct wspscope_round_trip){
        .min_ms = s->whole.count ? nsec_to_ms(s->whole.least_ns) : -1,
        .p50_ms = quantile_ms(&s->whole, 50),
        .p95_ms = quantile_ms(&s->whole, 95),
        .client_p50_ms = quantile_ms(&s->half[MODEL_RTT_CLIENT], 50),
        .server_p50_ms = quantile_ms(&s->half[MODEL_RTT_SERVER], 50),
        .samples = samples_of(s),
        .method = model_rtt_method_name(method),
    };
}

struct wspscope_round_trip engine_round_trip(const struct model *model, const struct model_session *session)
{
    struct wspscope_round_trip best = { -1, -1, -1, -1, -1, 0, NULL };
    double enough = endpoint_threshold_value(model_catalogue(model), "rtt-samples");
    for (int method = 0; method < MODEL_RTT_METHODS; method++) {
        struct model_rtt_series sum = { 0 };
        model_rtt_of_session(session, (enum model_rtt_method)method, &sum);
        if (samples_of(&sum) > best.samples)
            best = summary_of(&sum, (enum model_rtt_method)method);
        if ((double)sum.whole.count >= enough)
            break;
    }
    return best;
}

static bool carries(const struct model_path *p, const struct model_session *session, const struct model_stream *stream)
{
    return p->region == session->region && model_protocol_of(p->role, p->port) == session->protocol &&
           (!stream || (p->protocol == 6) == (stream->transport == MODEL_TCP));
}

double engine_loss_ratio(const struct model *model, const struct model_session *session,
                         const struct model_stream *stream)
{
    uint64_t units = 0, lost = 0;
    for (const struct model_path *p = session->client->paths; p; p = p->client_next) {
        for (int way = 0; way < 2 && p->loss && carries(p, session, stream); way++) {
            units += p->loss->way[way].units;
            lost += p->loss->way[way].lost;
        }
    }
    bool enough = (double)units >= endpoint_threshold_value(model_catalogue(model), "loss-segments");
    return enough ? (double)lost / (double)units : -1;
}
