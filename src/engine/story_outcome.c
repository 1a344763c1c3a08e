/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "base/nsec.h"
#include "engine/sessions.h"
#include "engine/story.h"
#include "rule/context.h"

enum { BREAKS_TOLD = 3 };

/* What the stream had to leave: UDP, or port 4195. */
struct fallback {
    const struct model_stream *stream; /* NULL: it left nothing */
    const char *from;
    int64_t tried_ns;
};

/* The first TCP stream that began after UDP had been tried and had failed. */
static struct fallback from_udp(const struct model_session *s)
{
    if (s->transports[MODEL_UDP].failed)
        for (const struct model_stream *stream = s->streams; stream; stream = stream->next)
            if (stream->transport == MODEL_TCP && stream->sustained_ns >= s->transports[MODEL_UDP].first_failed_ns)
                return (struct fallback){ stream, "UDP", s->transports[MODEL_UDP].first_failed_ns };
    return (struct fallback){ .stream = NULL };
}

/* The first stream on 443 after TCP had failed on 4195. */
static struct fallback from_4195(const struct model_session *s)
{
    int64_t failed_ns = INT64_MAX;
    unsigned left = ENGINE_STORY_PATHS;
    for (const struct model_path *p = s->client->paths; p && left--; p = p->client_next) {
        bool of_session = p->protocol == 6 && p->port == 4195 && p->region == s->region &&
                          p->role != ENDPOINT_HEALTH_CHECK;
        int64_t begin_ns = of_session ? rule_context_first_failure_in(s, p) : INT64_MAX;
        failed_ns = begin_ns < failed_ns ? begin_ns : failed_ns;
    }
    for (const struct model_stream *stream = s->streams; stream && failed_ns != INT64_MAX; stream = stream->next)
        if (stream->port == 443 && stream->sustained_ns >= failed_ns)
            return (struct fallback){ stream, "port 4195", failed_ns };
    return (struct fallback){ .stream = NULL };
}

static void add_fallback(const struct engine_story *s, struct engine_story_steps *steps)
{
    if (s->session->protocol != MODEL_DCV)
        return;
    struct fallback left = from_udp(s->session);
    if (!left.stream)
        left = from_4195(s->session);
    if (!left.stream)
        return;
    int64_t began_ns = left.stream->first_ns > left.tried_ns ? left.stream->first_ns : left.stream->sustained_ns;
    engine_story_add(steps, (struct wspscope_step){
                                .step = "fallback", .outcome = "ok", .at_ns = began_ns,
                                .text = arena_format(s->arena, "to %s %u, %s after %s was tried",
                                                     engine_story_transport_name(left.stream->transport),
                                                     left.stream->port,
                                                     rule_context_duration(s->arena, nsec_sub(began_ns, left.tried_ns)),
                                                     left.from) });
}

static const char *stream_text(const struct engine_story *s, const struct model_stream *stream)
{
    struct arena *a = s->arena;
    int64_t waited_ns = nsec_sub(stream->sustained_ns, s->session->first_ns);
    const char *wait = waited_ns > 0 && s->session->first_ns != INT64_MAX
                           ? arena_format(a, ", %s after the first try", rule_context_duration(a, waited_ns))
                           : "";
    return arena_format(a, "%s %u carries it%s%s", engine_story_transport_name(stream->transport), stream->port, wait,
                        s->session->client->shared ? "; several users share this client address (NAT)" : "");
}

/* Connections that were accepted, on which the client spoke and the gateway never did. */
static bool is_mute(const struct engine_story *s)
{
    const struct model_session *m = s->session;
    return m->transports[MODEL_TCP].worked && m->bytes_to_server && !m->bytes_to_client &&
           !rule_context_tap_is_one_way(s->model);
}

static struct wspscope_step no_stream(const struct engine_story *s)
{
    const struct model_session *m = s->session;
    struct wspscope_step step = { .step = "stream", .outcome = "unknown", .at_ns = WSPSCOPE_UNKNOWN_TIME };
    if (!m) {
        step.outcome = "skipped";
        step.text = "not begun in the capture";
    } else if (is_mute(s)) {
        step.outcome = "failed";
        step.text = "connections are accepted, and then not a byte from the gateway";
    } else if (m->transports[MODEL_UDP].worked || m->transports[MODEL_TCP].worked) {
        step.text = arena_format(s->arena, "no lasting stream in the capture: %.1f kB from the gateway in %s",
                                 (double)m->bytes_to_client / 1000,
                                 rule_context_duration(s->arena, nsec_sub(m->last_ns, m->first_ns)));
    } else if (m->transports[MODEL_UDP].failed || m->transports[MODEL_TCP].failed) {
        step.outcome = "failed";
        step.text = "no connection came about";
    } else {
        step.text = "too little was seen to tell";
    }
    return step;
}

static void add_stream(const struct engine_story *s, struct engine_story_steps *steps)
{
    const struct model_stream *stream = s->session ? engine_sessions_stream(s->session) : NULL;
    if (!stream) {
        engine_story_add(steps, no_stream(s));
        return;
    }
    engine_story_add(steps, (struct wspscope_step){ .step = "stream", .outcome = "ok", .at_ns = stream->sustained_ns,
                                                    .text = stream_text(s, stream) });
}

static bool is_break(const struct model_ending *e)
{
    return e->how == MODEL_END_FAILED && e->fact < MODEL_FACTS;
}

/* The incident that ended it: its words say more than the kind of fact. */
static const char *break_reason(const struct model_ending *e, struct arena *a)
{
    for (size_t i = 0; i < model_incidents_kept(e->path, (enum model_fact)e->fact); i++) {
        const struct model_incident *incident = model_incident_at(e->path, (enum model_fact)e->fact, i);
        if (incident->begin_ns == e->begin_ns && incident->first_ns == e->end_ns)
            return engine_story_reason(incident, a);
    }
    return "it failed";
}

/* The earliest flow of the session that began after it: the reconnect. */
static int64_t next_begin_ns(const struct model_session *s, const struct model_ending *after)
{
    int64_t next_ns = INT64_MAX;
    for (const struct model_ending *e = s->endings; e; e = e->next)
        if (e->begin_ns > after->end_ns && e->begin_ns < next_ns)
            next_ns = e->begin_ns;
    return next_ns;
}

static void add_break(const struct engine_story *s, const struct model_ending *e, struct engine_story_steps *steps)
{
    struct arena *a = s->arena;
    int64_t next_ns = next_begin_ns(s->session, e);
    const char *again =
        next_ns == INT64_MAX
            ? ""
            : arena_format(a, "; set up again %s later", rule_context_duration(a, nsec_sub(next_ns, e->end_ns)));
    engine_story_add(steps, (struct wspscope_step){
                                .step = "end", .outcome = "failed", .at_ns = e->end_ns,
                                .text = arena_format(a, "%s %u broke off after %s: %s%s",
                                                     e->path->protocol == 6 ? "TCP" : "UDP", e->path->port,
                                                     rule_context_duration(a, nsec_sub(e->end_ns, e->begin_ns)),
                                                     break_reason(e, a), again) });
}

static const struct model_ending *last_ending(const struct model_session *s)
{
    const struct model_ending *last = NULL;
    for (const struct model_ending *e = s->endings; e; e = e->next)
        if (!last || e->end_ns > last->end_ns)
            last = e;
    return last;
}

static struct wspscope_step last_step(const struct model_ending *e)
{
    static const char *const words[MODEL_ENDS] = {
        [MODEL_END_OPEN] = "still running when the capture ends", [MODEL_END_CLOSED] = "closed in order",
        [MODEL_END_CLIENT_RESET] = "closed by the client", [MODEL_END_SILENT] = "neither side sends anything more",
        [MODEL_END_UNKNOWN] = "how it ended is not in the capture",
    };
    static const char *const outcomes[MODEL_ENDS] = {
        [MODEL_END_OPEN] = "ok", [MODEL_END_CLOSED] = "ok", [MODEL_END_CLIENT_RESET] = "ok",
        [MODEL_END_SILENT] = "unknown", [MODEL_END_UNKNOWN] = "unknown",
    };
    return (struct wspscope_step){ .step = "end", .outcome = outcomes[e->how], .at_ns = e->end_ns,
                                   .text = words[e->how] };
}

/* What broke off, the first ones and how many there were; then how the last flow ended. */
static void add_end(const struct engine_story *s, struct engine_story_steps *steps)
{
    uint64_t breaks = 0;
    const struct model_ending *last = last_ending(s->session), *last_break = NULL;
    for (const struct model_ending *e = s->session->endings; e; e = e->next)
        if (is_break(e)) {
            last_break = e;
            if (breaks++ < BREAKS_TOLD)
                add_break(s, e, steps);
        }
    if (breaks > BREAKS_TOLD) {
        const char *text = arena_format(s->arena, "broke off %" PRIu64 " times in all", breaks);
        engine_story_add(steps, (struct wspscope_step){ .step = "end", .outcome = "failed",
                                                        .at_ns = last_break->end_ns, .text = text });
    }
    if (last && !is_break(last))
        engine_story_add(steps, last_step(last));
}

void engine_story_outcome(const struct engine_story *story, struct engine_story_steps *steps)
{
    if (story->session)
        add_fallback(story, steps);
    add_stream(story, steps);
    if (story->session)
        add_end(story, steps);
}
