/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/round_trip.h"

#include "base/nsec.h"
#include "rule/context.h"

const struct model_rtt_series *rule_round_trip_half(const struct model_path *p, enum model_rtt_half half,
                                                    uint64_t least, enum model_rtt_method *method)
{
    for (int m = 0; m < MODEL_RTT_METHODS; m++) {
        const struct model_rtt_series *s = model_rtt_series(p, (enum model_rtt_method)m);
        *method = (enum model_rtt_method)m;
        if (s && s->half[half].count >= least)
            return s;
    }
    return NULL;
}

const struct model_rtt_series *rule_round_trip_whole(const struct model_path *p, uint64_t least,
                                                     enum model_rtt_method *method)
{
    for (int m = 0; m < MODEL_RTT_METHODS; m++) {
        const struct model_rtt_series *s = model_rtt_series(p, (enum model_rtt_method)m);
        *method = (enum model_rtt_method)m;
        if (s && s->whole.count >= least)
            return s;
    }
    return NULL;
}

bool rule_round_trip_matters(const struct model *model, const struct model_path *p)
{
    static const struct ipaddr nobody;
    return p->rtt && model_protocol_of(p->role, p->port) != MODEL_PROTOCOL_UNKNOWN &&
           !ipaddr_equal(&p->client->address, &nobody) && !rule_context_told_elsewhere(model, p);
}

double rule_round_trip_load(const struct model *model, const struct model_path *p, enum model_rtt_half half,
                            enum model_load_direction *direction)
{
    const struct model_load *load = p->rtt ? p->rtt->load[half] : NULL;
    if (!load || load->seconds < endpoint_threshold_value(model_catalogue(model), "bufferbloat-seconds"))
        return 0;
    double up = model_load_correlation(load, MODEL_LOAD_UP), down = model_load_correlation(load, MODEL_LOAD_DOWN);
    *direction = up >= down ? MODEL_LOAD_UP : MODEL_LOAD_DOWN;
    return up >= down ? up : down;
}

bool rule_round_trip_is_bloated(const struct model *model, const struct model_path *p, enum model_rtt_half half)
{
    const struct endpoint_catalogue *c = model_catalogue(model);
    enum model_rtt_method method;
    enum model_load_direction direction;
    uint64_t least = (uint64_t)endpoint_threshold_value(c, "bufferbloat-samples");
    const struct model_rtt_series *s = rule_round_trip_half(p, half, least, &method);
    if (!s)
        return false;
    const struct histogram *h = &s->half[half];
    int64_t p95_ns = histogram_quantile(h, 95);
    return (double)p95_ns >= endpoint_threshold_value(c, "bufferbloat-ratio") * (double)h->least_ns &&
           p95_ns - h->least_ns >= endpoint_threshold_ns(c, "bufferbloat-rise-ms") &&
           rule_round_trip_load(model, p, half, &direction) >= endpoint_threshold_value(c, "bufferbloat-correlation");
}

const char *rule_round_trip_place(enum model_rtt_half half)
{
    return half == MODEL_RTT_CLIENT ? "between the capture point and the client"
                                    : "between the capture point and the server";
}

const char *rule_round_trip_method(enum model_rtt_method method)
{
    static const char *const names[MODEL_RTT_METHODS] = {
        [MODEL_RTT_TIMESTAMPS] = "TCP time stamps", [MODEL_RTT_SEQUENCE] = "TCP data and its acknowledgment",
        [MODEL_RTT_SPIN] = "the QUIC spin bit",     [MODEL_RTT_QUIC] = "QUIC handshakes",
        [MODEL_RTT_HANDSHAKE] = "TCP handshakes",
    };
    return names[method];
}

enum wspscope_who rule_round_trip_who(enum model_rtt_half half)
{
    return half == MODEL_RTT_CLIENT ? WSPSCOPE_WHO_LOCAL_NETWORK : WSPSCOPE_WHO_INTERNET;
}

void rule_round_trip_add(struct draft_list *out, struct draft *d, const struct model_path *p,
                         const struct model_rtt_series *s, int64_t rank)
{
    struct model_incident incident = { .first_ns = s->first_ns, .last_ns = s->last_ns, .begin_ns = s->first_ns,
                                       .life_ns = rank };
    for (int half = 0; half < MODEL_RTT_HALVES; half++)
        if (s->worst_frame[half])
            rule_draft_show(d, s->worst_frame[half],
                            arena_format(out->arena, "longest round trip %s: %s",
                                         rule_round_trip_place((enum model_rtt_half)half),
                                         rule_context_duration(out->arena, s->half[half].most_ns)));
    rule_draft_add(out, d, p, &incident);
}
