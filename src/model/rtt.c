/* SPDX-License-Identifier: Apache-2.0 */
#include "model/rtt.h"

#include "base/nsec.h"
#include "model/store.h"

static const int64_t longest_ns = 60 * NSEC_PER_SEC;
static const int64_t pairing_ns = 10 * NSEC_PER_SEC;

/* A part of a path's record, made where there is none and the budget allows one. */
static void *part_of(struct model *m, void *known, size_t size)
{
    if (known || m->rtt_part_count >= m->budget.rtt_parts)
        return known;
    void *part = arena_alloc(m->arena, 1, size);
    m->rtt_part_count += part != NULL;
    return part;
}

static struct model_rtt *rtt_of(struct model *m, struct model_path *path)
{
    if (!path->rtt)
        path->rtt = arena_alloc(m->arena, 1, sizeof *path->rtt);
    return path->rtt;
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

static void count(struct model_rtt_series *s, const struct model_rtt_sample *sample)
{
    struct histogram *half = &s->half[sample->half];
    if (!s->half[0].count && !s->half[1].count)
        s->first_ns = sample->time_ns;
    s->last_ns = sample->time_ns;
    if (!half->count || sample->value_ns > half->most_ns)
        s->worst_frame[sample->half] = sample->frame;
    histogram_add(half, sample->value_ns);
    pair(s, sample);
}

static struct model_rtt_variation *variation_of(struct model *m, struct model_rtt *rtt, enum model_rtt_half half)
{
    rtt->variation[half] = part_of(m, rtt->variation[half], sizeof *rtt->variation[half]);
    return rtt->variation[half];
}

/* Handshakes are left out: there is no load of their own beside them. */
static void note_second(struct model *m, struct model_rtt *rtt, const struct model_rtt_sample *sample)
{
    uint8_t *count = &rtt->second_count[sample->half];
    if (sample->method == MODEL_RTT_HANDSHAKE || sample->method == MODEL_RTT_QUIC || *count == MODEL_RTT_SECOND)
        return;
    rtt->second_us[sample->half][(*count)++] = (uint32_t)(sample->value_ns / 1000);
    if (rtt->timed)
        return;
    rtt->timed = true;
    rtt->next_timed = m->timed_this_second;
    m->timed_this_second = rtt;
}

void model_rtt_add(struct model *m, struct model_path *path, const struct model_rtt_sample *sample)
{
    if (sample->value_ns < 0 || sample->value_ns > longest_ns)
        return;
    struct model_rtt *rtt = rtt_of(m, path);
    struct model_rtt_series **s = rtt ? &rtt->series[sample->method] : NULL;
    if (s)
        *s = part_of(m, *s, sizeof **s);
    if (!s || !*s) {
        m->tap.rtt_samples_dropped++;
        return;
    }
    count(*s, sample);
    note_second(m, rtt, sample);
    struct model_rtt_variation *v = sample->prompt ? variation_of(m, rtt, sample->half) : NULL;
    if (v)
        histogram_add(&v->prompt, sample->value_ns);
}

void model_rtt_add_transit(struct model *m, struct model_path *path, enum model_rtt_half half, int64_t excess_ns)
{
    struct model_rtt *rtt = rtt_of(m, path);
    struct model_rtt_variation *v = rtt ? variation_of(m, rtt, half) : NULL;
    if (v)
        histogram_add(&v->transit, excess_ns);
}

static int64_t median_ns(uint32_t *values_us, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t at = i; at > 0 && values_us[at - 1] > values_us[at]; at--) {
            uint32_t larger = values_us[at - 1];
            values_us[at - 1] = values_us[at];
            values_us[at] = larger;
        }
    return (int64_t)values_us[(count - 1) / 2] * 1000;
}

void model_rtt_end_second(struct model *m, const uint64_t bytes[MODEL_LOAD_DIRECTIONS])
{
    for (struct model_rtt *rtt = m->timed_this_second; rtt; rtt = rtt->next_timed) {
        for (int half = 0; half < MODEL_RTT_HALVES; half++) {
            if (!rtt->second_count[half])
                continue;
            rtt->load[half] = part_of(m, rtt->load[half], sizeof *rtt->load[half]);
            if (rtt->load[half])
                model_load_add(rtt->load[half], bytes, median_ns(rtt->second_us[half], rtt->second_count[half]));
            rtt->second_count[half] = 0;
        }
        rtt->timed = false;
    }
    m->timed_this_second = NULL;
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
