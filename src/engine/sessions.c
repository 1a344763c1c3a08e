/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/sessions.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/nsec.h"
#include "engine/round_trip.h"

enum { STEPS_MOST = 5 };

const struct model_stream *engine_sessions_stream(const struct model_session *s)
{
    const struct model_stream *most = NULL;
    for (const struct model_stream *stream = s->streams; stream; stream = stream->next)
        if (!most || stream->bytes_to_client > most->bytes_to_client)
            most = stream;
    return most;
}

static const char *address_text(struct arena *a, const struct ipaddr *address)
{
    char text[IPADDR_TEXT_SIZE];
    return arena_copy(a, ipaddr_format(address, text));
}

static struct wspscope_step transport_step(const struct model_session *s, enum model_transport transport,
                                           struct arena *a)
{
    const char *name = transport == MODEL_UDP ? "udp" : "tcp", *title = transport == MODEL_UDP ? "UDP" : "TCP";
    uint64_t tried = s->transports[transport].tried, worked = s->transports[transport].worked,
             failed = s->transports[transport].failed;
    struct wspscope_step step = { .step = name, .at_ns = s->transports[transport].first_tried_ns };
    if (!tried) {
        step.outcome = "skipped";
        step.at_ns = WSPSCOPE_UNKNOWN_TIME;
        step.text = arena_format(a, "%s was not tried", title);
    } else if (worked && !failed) {
        step.outcome = "ok";
        step.text = arena_format(a, "%s answered (%" PRIu64 " of %" PRIu64 " flows)", title, worked, tried);
    } else if (failed) {
        step.outcome = worked > failed ? "ok" : "failed";
        step.text = arena_format(a, "%s failed in %" PRIu64 " of %" PRIu64 " flows", title, failed, tried);
    } else {
        step.outcome = "unknown";
        step.text = arena_format(a, "%s: too little was seen to judge %" PRIu64 " of %" PRIu64 " flows", title, tried,
                                 tried);
    }
    return step;
}

/* The first TCP stream that began after UDP had been tried and had failed. */
static const struct model_stream *fallback(const struct model_session *s)
{
    if (!s->transports[MODEL_UDP].failed)
        return NULL;
    for (const struct model_stream *stream = s->streams; stream; stream = stream->next)
        if (stream->transport == MODEL_TCP && stream->sustained_ns >= s->transports[MODEL_UDP].first_failed_ns)
            return stream;
    return NULL;
}

static struct wspscope_step stream_step(const struct model_session *s, const struct model_stream *stream,
                                        struct arena *a)
{
    struct wspscope_step step = { .step = "stream", .at_ns = WSPSCOPE_UNKNOWN_TIME };
    bool any_worked = s->transports[MODEL_UDP].worked || s->transports[MODEL_TCP].worked;
    if (stream) {
        step.outcome = "ok";
        step.at_ns = stream->sustained_ns;
        step.text = arena_format(a, "sustained bytes from %s over %s %u", address_text(a, &stream->gateway),
                                 stream->transport == MODEL_UDP ? "UDP" : "TCP", stream->port);
    } else {
        uint64_t failed = s->transports[MODEL_UDP].failed + s->transports[MODEL_TCP].failed;
        step.outcome = any_worked || !failed ? "unknown" : "failed";
        step.text = any_worked ? "no sustained bytes: an idle desktop, or no stream yet"
                    : failed   ? "no connection came about"
                               : "too little was seen to tell";
    }
    return step;
}

/* In the order of time; what has none comes last, the stream at the very end. */
static int by_time(const void *left, const void *right)
{
    const struct wspscope_step *a = left, *b = right;
    if ((a->at_ns == WSPSCOPE_UNKNOWN_TIME) != (b->at_ns == WSPSCOPE_UNKNOWN_TIME))
        return a->at_ns == WSPSCOPE_UNKNOWN_TIME ? 1 : -1;
    if (a->at_ns != b->at_ns)
        return a->at_ns < b->at_ns ? -1 : 1;
    return strcmp(b->step, a->step);
}

static void fill_steps(const struct model_session *s, struct wspscope_session *out, struct arena *a)
{
    struct wspscope_step *steps = arena_alloc(a, STEPS_MOST, sizeof *steps);
    const struct model_stream *fell_back = fallback(s);
    size_t n = 0;
    if (!steps)
        return;
    steps[n++] = transport_step(s, MODEL_UDP, a);
    steps[n++] = transport_step(s, MODEL_TCP, a);
    if (s->protocol == MODEL_DCV && fell_back)
        steps[n++] = (struct wspscope_step){
            .step = "fallback", .outcome = "ok", .at_ns = fell_back->first_ns,
            .text = arena_format(a, "TCP %u after UDP had failed, %.1f s after the first try", fell_back->port,
                                 nsec_to_seconds(nsec_sub(fell_back->first_ns,
                                                          s->transports[MODEL_UDP].first_failed_ns))) };
    const struct model_stream *stream = engine_sessions_stream(s);
    steps[n++] = stream_step(s, stream, a);
    if (stream && s->failed_ns > stream->last_ns)
        steps[n++] = (struct wspscope_step){ .step = "end", .outcome = "failed", .at_ns = s->failed_ns,
                                             .text = "the stream had failed by then: see the findings" };
    qsort(steps, n, sizeof *steps, by_time);
    out->steps = steps;
    out->step_count = n;
}

/* The attempts of a session of unknown Region may all have found theirs. */
static bool is_empty(const struct model_session *s)
{
    return !s->transports[MODEL_UDP].tried && !s->transports[MODEL_TCP].tried;
}

const struct wspscope_session *engine_sessions(const struct model *model, struct arena *a, size_t *count)
{
    size_t n = 0;
    for (const struct model_session *s = model_sessions(model); s; s = s->next)
        n += !is_empty(s);
    struct wspscope_session *rows = arena_alloc(a, n + 1, sizeof *rows);
    *count = rows ? n : 0;
    n = 0;
    for (const struct model_session *s = model_sessions(model); rows && s; s = s->next) {
        if (is_empty(s))
            continue;
        const struct model_stream *stream = engine_sessions_stream(s);
        struct wspscope_session *out = &rows[n++];
        *out = (struct wspscope_session){
            .client = address_text(a, &s->client->address),
            .region = s->region ? arena_copy(a, s->region->code) : NULL,
            .protocol = s->protocol == MODEL_DCV ? "dcv" : "pcoip",
            .transport = !stream ? "none" : stream->transport == MODEL_UDP ? "udp" : "tcp",
            .gateway = address_text(a, stream ? &stream->gateway : &s->gateway),
            .port = stream ? stream->port : s->port,
            .first_ns = s->first_ns,
            .last_ns = s->last_ns,
            .round_trip = engine_round_trip(model, s),
            .bytes_to_client = s->bytes_to_client,
            .bytes_to_server = s->bytes_to_server,
            .loss_ratio = engine_loss_ratio(model, s, stream),
        };
        fill_steps(s, out, a);
    }
    return rows;
}
