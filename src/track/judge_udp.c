/* SPDX-License-Identifier: Apache-2.0 */
#include "track/judge.h"
#include "track/pmtu.h"
#include "track/quic.h"
#include "track/session.h"
#include "track/udp.h"

static enum model_shows shows_of(const struct story_udp *udp)
{
    return udp->quic ? MODEL_SHOWS_INITIAL : MODEL_SHOWS_DATAGRAM;
}

static void judge_icmp(struct track *t, struct story *s, const struct flow *f)
{
    const struct story_udp *udp = &s->udp;
    struct model_incident rejected = { .fact = MODEL_UDP_ICMP, .first_ns = udp->first_ns, .last_ns = s->icmp.ns,
                                       .attempts = udp->sent, .quic = udp->quic, .size_bytes = udp->size_bytes,
                                       .before_pkts = udp->answers };
    track_judge_icmp(t, s, &rejected);
    if (udp->answers)
        track_judge_show_frames(&udp->unanswered_frames, MODEL_SHOWS_DATAGRAM, &rejected);
    else
        track_judge_show_frames(&udp->datagrams, shows_of(udp), &rejected);
    track_session_file(t, s, f, &rejected);
}

/* Why a flow without any answer gives no verdict; NONE when it does. */
static enum model_undecided undecided(const struct track *t, const struct story *s, const struct flow *f,
                                      int64_t now_ns)
{
    const struct story_udp *udp = &s->udp;
    if (f->flags & FLOW_QUIC_BEYOND)
        return MODEL_UNDECIDED_ONE_WAY;
    if (!udp->start_seen)
        return MODEL_UNDECIDED_START;
    if (s->clock_epoch != t->clock_epoch)
        return MODEL_UNDECIDED_CLOCK;
    if (s->too_big)
        return MODEL_UNDECIDED_TOO_BIG;
    if (s->icmp.count && s->icmp.loop)
        return MODEL_UNDECIDED_LOOP;
    if (udp->sent < t->udp_datagrams || udp->last_sent_ns - udp->first_ns < t->udp_span_ns)
        return now_ns - udp->last_sent_ns < t->udp_wait_ns ? MODEL_UNDECIDED_WINDOW : MODEL_UNDECIDED_FEW;
    return now_ns - udp->third_ns < t->udp_wait_ns ? MODEL_UNDECIDED_WINDOW : MODEL_UNDECIDED_NONE;
}

static void judge_unanswered(struct track *t, struct story *s, const struct flow *f, int64_t now_ns)
{
    const struct story_udp *udp = &s->udp;
    enum model_undecided why = undecided(t, s, f, now_ns);
    if (why != MODEL_UNDECIDED_NONE) {
        track_judge_undecided(t, s, f, why);
        return;
    }
    struct model_incident silent = { .fact = MODEL_UDP_SILENT, .first_ns = udp->first_ns,
                                     .last_ns = udp->last_sent_ns, .attempts = udp->sent, .quic = udp->quic,
                                     .waited_ns = now_ns - udp->last_sent_ns, .size_bytes = udp->size_bytes };
    track_judge_show_frames(&udp->datagrams, shows_of(udp), &silent);
    track_session_file(t, s, f, &silent);
}

static bool handshake_lost(const struct track *t, const struct story_udp *udp, const struct flow *f)
{
    return udp->initials_after_answer >= t->return_lost_initials && !(f->flags & FLOW_QUIC_BEYOND);
}

static void judge_handshake_lost(struct track *t, struct story *s, const struct flow *f)
{
    const struct story_udp *udp = &s->udp;
    struct model_incident lost = { .fact = MODEL_UDP_HANDSHAKE_LOST, .first_ns = udp->first_ns,
                                   .last_ns = udp->last_sent_ns, .attempts = udp->sent, .quic = true,
                                   .before_pkts = udp->answers, .size_bytes = udp->size_bytes };
    model_incident_show(&lost, MODEL_SHOWS_INITIAL, udp->datagrams.frame[0], 1);
    model_incident_show(&lost, MODEL_SHOWS_ANSWER, udp->first_answer_frame, 0);
    track_judge_show_frames(&udp->late_initials, MODEL_SHOWS_INITIAL, &lost);
    track_session_file(t, s, f, &lost);
}

static void judge_return_lost(struct track *t, struct story *s, const struct flow *f, int64_t now_ns)
{
    const struct story_udp *udp = &s->udp;
    if (udp->unanswered < t->return_lost_datagrams ||
        udp->last_sent_ns - udp->unanswered_first_ns < t->return_lost_span_ns ||
        s->path->moved_ns > udp->last_answer_ns || track_quic_has_left(t, f))
        return;
    if (udp->control_known && !udp->control_open)
        return; /* the session was over */
    if (s->clock_epoch != t->clock_epoch) {
        track_judge_undecided(t, s, f, MODEL_UNDECIDED_CLOCK);
        return;
    }
    uint64_t all = f->half[0].packets + f->half[1].packets;
    struct model_incident lost = { .fact = MODEL_UDP_RETURN_LOST, .first_ns = udp->unanswered_first_ns,
                                   .last_ns = udp->last_sent_ns, .attempts = udp->unanswered, .quic = udp->quic,
                                   .life_ns = udp->last_answer_ns - f->first_ns, .idle_ns = udp->idle_ns,
                                   .before_pkts = (uint32_t)(all - udp->unanswered),
                                   .control_known = udp->control_known, .control_open = udp->control_open,
                                   .waited_ns = now_ns - udp->last_answer_ns };
    model_incident_show(&lost, MODEL_SHOWS_LAST_ANSWER, udp->last_answer_frame, 0);
    track_judge_show_frames(&udp->unanswered_frames, MODEL_SHOWS_DATAGRAM, &lost);
    track_session_file(t, s, f, &lost);
}

/* An error after answers: the gateway's own "port closed" at the end of a session is no fault, and a flow that is
 * answered again after the error was not rejected. */
static void judge_late_icmp(struct track *t, struct story *s, const struct flow *f)
{
    const struct story_udp *udp = &s->udp;
    bool goes_on = udp->last_answer_ns > s->icmp.ns;
    bool few = udp->unanswered < t->return_lost_datagrams;
    if (ipaddr_equal(&s->icmp.reporter, &s->path->server) && !goes_on && (few || s->icmp.session_over))
        return;
    if (!goes_on && !s->icmp.loop && !s->icmp.about_client) {
        judge_icmp(t, s, f);
        return;
    }
    struct model_incident other = { .fact = MODEL_ICMP_OTHER, .first_ns = s->icmp.ns, .last_ns = s->icmp.ns,
                                    .attempts = s->icmp.count };
    track_judge_icmp(t, s, &other);
    track_session_file(t, s, f, &other);
}

void track_udp_judge(struct track *t, const struct flow *f, int64_t now_ns)
{
    struct story *s = story_of(f);
    const struct story_udp *udp = &s->udp;
    track_pmtu_judge(t, s, f, now_ns);
    if (!udp->sent)
        return;
    bool rejected = s->icmp.count && !s->icmp.loop && !s->icmp.about_client;
    if (!udp->answers && rejected)
        judge_icmp(t, s, f);
    else if (!udp->answers)
        judge_unanswered(t, s, f, now_ns);
    else if (handshake_lost(t, udp, f))
        judge_handshake_lost(t, s, f);
    else if (s->icmp.count)
        judge_late_icmp(t, s, f);
    else
        judge_return_lost(t, s, f, now_ns);
    if (!udp->answers && s->icmp.count && !rejected)
        judge_late_icmp(t, s, f);
}
