/* SPDX-License-Identifier: Apache-2.0 */
#include "track/judge.h"
#include "track/opening.h"
#include "track/pmtu.h"
#include "track/reset.h"
#include "track/session.h"
#include "track/tcp.h"
#include "track/window.h"

static void judge_silent_syn(struct track *t, struct story *s, const struct flow *f, int64_t now_ns)
{
    const struct story_tcp *tcp = &s->tcp;
    if (tcp->probe)
        return;
    if (s->clock_epoch != t->clock_epoch) {
        track_judge_undecided(t, s, f, MODEL_UNDECIDED_CLOCK);
        return;
    }
    if (now_ns - tcp->first_syn_ns < t->syn_silent_ns) {
        track_judge_undecided(t, s, f, MODEL_UNDECIDED_WINDOW);
        return;
    }
    struct model_incident silent = { .fact = MODEL_TCP_SYN_SILENT, .first_ns = tcp->first_syn_ns,
                                     .last_ns = tcp->last_syn_ns, .attempts = tcp->syn_count,
                                     .waited_ns = now_ns - tcp->last_syn_ns, .single_syn = tcp->syn_count == 1 };
    track_judge_show_frames(&tcp->syns, MODEL_SHOWS_SYN, &silent);
    track_session_file(t, s, f, &silent);
}

static void judge_reset_syn(struct track *t, struct story *s, const struct flow *f)
{
    const struct story_tcp *tcp = &s->tcp;
    const struct track_reset *rst = tcp->resets[FLOW_TO_CLIENT];
    struct model_incident reset = { .fact = MODEL_TCP_SYN_RESET, .first_ns = tcp->first_syn_ns, .last_ns = rst->ns,
                                    .attempts = tcp->syn_count, .delay_ns = rst->delay_ns };
    track_reset_judge(t, s, f, FLOW_TO_CLIENT, &reset);
    model_incident_show(&reset, MODEL_SHOWS_SYN, tcp->syns.frame[0], 1);
    track_reset_show(s, FLOW_TO_CLIENT, &reset);
    track_session_file(t, s, f, &reset);
}

static void judge_icmp_syn(struct track *t, struct story *s, const struct flow *f)
{
    struct model_incident rejected = { .fact = MODEL_TCP_SYN_ICMP, .first_ns = s->tcp.first_syn_ns,
                                       .last_ns = s->icmp.ns, .attempts = s->tcp.syn_count };
    track_judge_show_frames(&s->tcp.syns, MODEL_SHOWS_SYN, &rejected);
    track_judge_icmp(t, s, &rejected);
    track_session_file(t, s, f, &rejected);
}

/* A SYN-ACK that comes after it changes nothing for the client: its socket is gone. */
static bool was_refused(const struct story_tcp *tcp)
{
    const struct track_reset *rst = tcp->resets[FLOW_TO_CLIENT];
    return !tcp->accepted && rst && rst->count && rst->answers_syn;
}

static bool icmp_rejects(const struct story *s)
{
    return s->icmp.count && s->icmp.quotes_syn && !s->icmp.loop && !s->icmp.about_client;
}

static void judge_unanswered_syn(struct track *t, struct story *s, const struct flow *f, int64_t now_ns)
{
    if (f->flags & FLOW_ACK_AFTER_SYN)
        track_judge_undecided(t, s, f, MODEL_UNDECIDED_ONE_WAY);
    else if (was_refused(&s->tcp))
        judge_reset_syn(t, s, f);
    else if (s->icmp.count && s->icmp.loop)
        return; /* an answer of a kind: judge_other_icmp() tells it */
    else if (icmp_rejects(s))
        judge_icmp_syn(t, s, f);
    else if (f->half[FLOW_TO_CLIENT].packets)
        track_judge_undecided(t, s, f, MODEL_UNDECIDED_ONE_WAY);
    else
        judge_silent_syn(t, s, f, now_ns);
}

/* SYN-ACKs pass here, and the client asks again or never goes on. */
static void judge_unheard_syn_ack(struct track *t, struct story *s, const struct flow *f)
{
    const struct story_tcp *tcp = &s->tcp;
    if (f->half[FLOW_TO_SERVER].tcp_flags & DECODE_RST)
        return; /* the client gave up or scans: it heard the SYN-ACK, or did not want it any more */
    if (tcp->syn_after_syn_ack < t->return_lost_repeats && tcp->syn_ack_count < t->return_lost_repeats + 1) {
        track_judge_undecided(t, s, f, MODEL_UNDECIDED_WINDOW);
        return;
    }
    struct model_incident lost = { .fact = MODEL_TCP_RETURN_LOST, .first_ns = tcp->first_syn_ns,
                                   .last_ns = f->last_ns, .life_ns = f->last_ns - tcp->first_syn_ns,
                                   .attempts = tcp->syn_count,
                                   .before_pkts = tcp->syn_ack_count };
    track_judge_show_frames(&tcp->syn_acks, MODEL_SHOWS_SYN_ACK, &lost);
    lost.evidence_count = lost.evidence_count > MODEL_EVIDENCE_MAX / 2 ? MODEL_EVIDENCE_MAX / 2 : lost.evidence_count;
    track_judge_show_frames(&tcp->syns, MODEL_SHOWS_SYN, &lost);
    track_session_file(t, s, f, &lost);
}

/* The side whose data is repeated into silence; the client's when both are. False when there is none. */
static bool judge_blackhole(struct track *t, struct story *s, const struct flow *f, int64_t now_ns)
{
    for (int side = FLOW_TO_SERVER; side <= FLOW_TO_CLIENT; side++) {
        const struct story_run *run = &s->tcp.run[side];
        bool peer_closed = f->half[!side].tcp_flags & (DECODE_FIN | DECODE_RST);
        if (!run->active || run->repeats < t->blackhole_repeats || peer_closed || !f->half[!side].packets ||
            run->last_ns - run->first_ns < t->blackhole_span_ns)
            continue;
        if (s->clock_epoch != t->clock_epoch) {
            track_judge_undecided(t, s, f, MODEL_UNDECIDED_CLOCK);
            return true;
        }
        struct model_incident hole = { .fact = MODEL_TCP_BLACKHOLED, .first_ns = run->first_ns,
                                       .last_ns = run->last_ns, .attempts = run->repeats + 1,
                                       .idle_ns = run->idle_ns, .waited_ns = now_ns - run->first_ns,
                                       .life_ns = run->first_ns - f->first_ns, .size_bytes = run->size_bytes,
                                       .passed_bytes = s->tcp.passed_bytes[side],
                                       .silent_is_client = side == FLOW_TO_CLIENT,
                                       .client_gone = side == FLOW_TO_CLIENT && track_judge_client_gone(t, f, run),
                                       .before_pkts = (uint32_t)(f->half[0].packets + f->half[1].packets) };
        model_incident_show(&hole, MODEL_SHOWS_LAST_HEARD, s->tcp.last_frame[!side], 0);
        model_incident_show(&hole, MODEL_SHOWS_DATA, run->first_frame, 0);
        track_judge_show_frames(&run->frames, MODEL_SHOWS_RETRANSMISSION, &hole);
        if (s->icmp.count) /* what routers said of it belongs to it */
            track_judge_icmp(t, s, &hole);
        track_session_file(t, s, f, &hole);
        return true;
    }
    return false;
}

static void judge_other_icmp(struct track *t, struct story *s, const struct flow *f)
{
    struct model_incident other = { .fact = MODEL_ICMP_OTHER, .first_ns = s->icmp.ns, .last_ns = s->icmp.ns,
                                    .attempts = s->icmp.count };
    track_judge_icmp(t, s, &other);
    track_session_file(t, s, f, &other);
}

/* True when what ICMP errors said is told with it. */
static bool judge_silence(struct track *t, struct story *s, const struct flow *f, int64_t now_ns)
{
    const struct track_reset *rst = s->tcp.resets[FLOW_TO_CLIENT];
    if (s->tcp.syn_count && !s->tcp.accepted)
        judge_unheard_syn_ack(t, s, f);
    else if (rst && rst->unreadable)
        track_judge_undecided(t, s, f, MODEL_UNDECIDED_CUT);
    else
        return judge_blackhole(t, s, f, now_ns);
    return false;
}

void track_tcp_judge(struct track *t, const struct flow *f, int64_t now_ns)
{
    struct story *s = story_of(f);
    const struct story_tcp *tcp = &s->tcp;
    bool unanswered = tcp->syn_count && !tcp->syn_ack_count && !tcp->accepted;
    track_window_finish(t, s, f);
    if (unanswered)
        judge_unanswered_syn(t, s, f, now_ns);
    else if (was_refused(tcp))
        judge_reset_syn(t, s, f);
    else if (!track_pmtu_judge(t, s, f, now_ns) &&
             (track_opening_judge(t, s, f, now_ns) ||
              (!track_reset_file(t, s, f) && judge_silence(t, s, f, now_ns))))
        return;
    if (s->icmp.count && (!unanswered || s->icmp.loop || s->icmp.about_client))
        judge_other_icmp(t, s, f);
}
