/* SPDX-License-Identifier: Apache-2.0 */
#include "model/rtt.h"

#include "base/nsec.h"
#include "model/store.h"

static const int64_t longest_ns = 60 * NSEC_PER_SEC;
static const int64_t pairing_ns = 10 * NSEC_PER_SEC;

static struct model_rtt_series *series_for(struct model *m, struct model_path *path, enum model_rtt_method method)
{
    if (!path->rtt)
        path->rtt = arena_alloc(m->arena, 1, sizeof *path->rtt);
    if (!path->rtt)
        return NULL;
    if (!path->rtt->series[method] && m->rtt_series_count < m->budget.rtt_series) {
        path->rtt->series[method] = arena_alloc(m->arena, 1, sizeof **path->rtt->series);
        m->rtt_series_count += path->rtt->series[method] != NULL;
    }
    return path->rtt->series[method];
}

static void pair(struct model_rtt_series *s, const struct model_rtt_sample *sample)
{
    enum model_rtt_half other = !sample->half;
    s->latest[sample->half].waits = true;
    s->latest[sample->half].value_ns = sample->value_ns;
    s->latest[sample->half].time_ns = sample->time_ns;
    int64_t apart_ns = nsec_sub(sample->time_ns, s->latest[other].time_ns);
    if (!s->latest[other].waits || apart_ns < 0 || apart_ns > pairing_ns)
        return;
    histogram_add(&s->whole, sample->value_ns + s->latest[other].value_ns);
    s->latest[0].waits = s->latest[1].waits = false;
}

void model_rtt_add(struct model *m, struct model_path *path, const struct model_rtt_sample *sample)
{
    if (sample->value_ns < 0 || sample->value_ns > longest_ns)
        return;
    struct model_rtt_series *s = series_for(m, path, sample->method);
    if (!s) {
        m->tap.rtt_samples_dropped++;
        return;
    }
    histogram_add(&s->half[sample->half], sample->value_ns);
    pair(s, sample);
}

const struct model_rtt_series *model_rtt_series(const struct model_path *path, enum model_rtt_method method)
{
    return path->rtt ? path->rtt->series[method] : NULL;
}

void model_rtt_of_session(const struct model_session *session, enum model_rtt_method method,
                          struct model_rtt_series *into)
{
    for (const struct model_path *p = session->client->paths; p; p = p->client_next) {
        const struct model_rtt_series *s = model_rtt_series(p, method);
        if (!s || p->region != session->region || model_protocol_of(p->role, p->port) != session->protocol)
            continue;
        for (int half = 0; half < MODEL_RTT_HALVES; half++)
            histogram_merge(&into->half[half], &s->half[half]);
        histogram_merge(&into->whole, &s->whole);
    }
}

const char *model_rtt_method_name(enum model_rtt_method method)
{
    static const char *const names[MODEL_RTT_METHODS] = {
        [MODEL_RTT_TIMESTAMPS] = "timestamps", [MODEL_RTT_SEQUENCE] = "sequence",   [MODEL_RTT_SPIN] = "spin",
        [MODEL_RTT_QUIC] = "quic",             [MODEL_RTT_HANDSHAKE] = "handshake",
    };
    return names[method];
}
