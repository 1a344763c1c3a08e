/* SPDX-License-Identifier: Apache-2.0 */
#include "track/ending.h"

#include "base/nsec.h"
#include "track/session.h"

/* A streaming side says something every few seconds, and RFC 9308 (section 3.2) tells QUIC to do so within 30 s. */
static const int64_t silent_ns = 30 * NSEC_PER_SEC;

static struct model_ending *add(struct track *t, struct story *s, const struct flow *f, enum model_end how)
{
    if (!s->session || !s->stream.windows || s->stream.end_noted)
        return NULL;
    s->stream.end_noted = true;
    struct model_ending *ending = model_session_add_ending(t->model, s->session);
    if (ending)
        *ending = (struct model_ending){ .path = s->path, .begin_ns = f->first_ns, .end_ns = f->last_ns,
                                         .begin_frame = f->first_frame, .how = (uint8_t)how };
    return ending;
}

void track_ending_failed(struct track *t, struct story *s, const struct flow *f,
                         const struct model_incident *incident)
{
    struct model_ending *ending = add(t, s, f, MODEL_END_FAILED);
    if (!ending)
        return;
    ending->fact = incident->fact;
    ending->client_gone = incident->client_gone;
    ending->end_ns = incident->first_ns; /* of what went unanswered: the client may have given it up before its last */
    if (incident->evidence_count)
        ending->end_frame = incident->evidence[0].frame;
}

static enum model_end end_of_tcp(const struct flow *f, const struct story_tcp *tcp)
{
    uint8_t client = f->half[FLOW_TO_SERVER].tcp_flags, server = f->half[FLOW_TO_CLIENT].tcp_flags;
    if ((client | server) & DECODE_FIN || tcp->close_notify)
        return MODEL_END_CLOSED;
    if (client & DECODE_RST)
        return MODEL_END_CLIENT_RESET;
    return server & DECODE_RST ? MODEL_END_UNKNOWN : MODEL_END_OPEN;
}

static enum model_end end_of_udp(const struct track *t, const struct flow *f, const struct story *s, int64_t now_ns)
{
    if (track_session_is_over(t, s))
        return MODEL_END_CLOSED;
    return nsec_sub(now_ns, f->last_ns) >= silent_ns ? MODEL_END_SILENT : MODEL_END_OPEN;
}

void track_ending_note(struct track *t, const struct flow *f, int64_t now_ns)
{
    struct story *s = story_of(f);
    if (!s)
        return;
    bool one_way = !f->half[FLOW_TO_SERVER].packets || !f->half[FLOW_TO_CLIENT].packets;
    enum model_end how = f->key.protocol == 6 ? end_of_tcp(f, &s->tcp) : end_of_udp(t, f, s, now_ns);
    if (f->key.protocol == 6 && !s->tcp.closed)
        track_session_closed(s);
    add(t, s, f, one_way && how == MODEL_END_OPEN ? MODEL_END_UNKNOWN : how);
}
