/* SPDX-License-Identifier: Apache-2.0 */
#include "track/reset.h"

#include <stdlib.h>

#include "base/nsec.h"
#include "track/judge.h"
#include "track/session.h"

/* What tells a counter from random numbers, and one counter from another. A TSval counts 1 to 1,000 a second (RFC
 * 7323, section 5.4); some stacks count microseconds. */
enum {
    ID_STEP_MOST = 16, ID_STEPS_THAT_COUNT = 8, ID_FAR = 1000,
    TICKS_PER_SECOND = 1000, TICKS_PER_SECOND_MOST = 1000000, TICKS_BACK_MOST = 1000,
    GUESSES_THAT_TELL = 2,
};
static const int64_t rate_span_ns = 100 * NSEC_PER_MSEC;  /* a TSval's rate is measured over at least this */
static const int64_t sent_after_ns = 20 * NSEC_PER_MSEC;  /* jitter that a TSval's time is trusted beyond */
static const int64_t heard_ns = 100 * NSEC_PER_MSEC;      /* a reset has arrived by then, if no round trip is known */

static inline int32_t ahead(uint32_t number, uint32_t of)
{
    return (int32_t)(number - of);
}

static double tick_rate(const struct story_sender *sender)
{
    int64_t span_ns = sender->last_tsval_ns - sender->first_tsval_ns;
    int32_t ticks = ahead(sender->last_tsval, sender->first_tsval);
    if (span_ns < rate_span_ns || ticks <= 0)
        return (double)TICKS_PER_SECOND / NSEC_PER_SEC;
    return (double)ticks / (double)span_ns;
}

static bool tsval_goes_on(const struct story_sender *sender, int64_t now_ns, uint32_t tsval)
{
    double most = (double)TICKS_PER_SECOND_MOST * (nsec_to_seconds(now_ns - sender->last_tsval_ns) + 1);
    int32_t ticks = ahead(tsval, sender->last_tsval);
    return ticks >= -TICKS_BACK_MOST && (double)ticks <= most;
}

/* Test 3: what no stack does. Window 0 and no options are normal. */
static bool impossible(const struct story_sender *sender, const struct track_packet *packet,
                       const struct decode_packet *d)
{
    const uint32_t of_a_syn = DECODE_TCP_MSS | DECODE_TCP_WINDOW_SCALE | DECODE_TCP_SACK_PERMITTED;
    if (d->flags & (DECODE_TCP_RESERVED_BITS | of_a_syn) || (d->tcp.window && !(d->tcp.flags & DECODE_ACK)))
        return true;
    if (!(d->flags & DECODE_TCP_TIMESTAMPS) || !sender->last_ns)
        return false;
    return !sender->timestamps || !tsval_goes_on(sender, packet->time_ns, d->tcp.tsval);
}

static uint8_t signs_of(const struct story_tcp *tcp, enum flow_direction side, const struct track_packet *packet,
                        const struct decode_packet *d)
{
    const struct story_sender *sender = &tcp->senders[side], *peer = &tcp->senders[!side];
    int16_t step = (int16_t)(d->ip_id - sender->ip_id);
    unsigned signs = 0;
    if (d->ip_id && d->ip_id == peer->ip_id)
        signs |= MODEL_SIGN_COPIED_ID;
    if (d->ip_id && sender->id_steps >= ID_STEPS_THAT_COUNT && abs(step) > ID_FAR)
        signs |= MODEL_SIGN_OTHER_COUNTER;
    if (impossible(sender, packet, d))
        signs |= MODEL_SIGN_IMPOSSIBLE;
    return (uint8_t)signs;
}

/* Test 5 asks how soon the reset follows what it answers. An acknowledgment number names that; without one it repeats
 * the acknowledgment number of what it answers (RFC 9293, section 3.10.7.1). In a stream some packet of the peer always
 * came just before. */
static int64_t answer_delay(const struct story *s, const struct flow *f, enum flow_direction side, int64_t now_ns,
                            const struct decode_tcp *rst)
{
    const struct flow_half *peer = &f->half[!side];
    const struct story_sender *sender = &s->tcp.senders[!side];
    if (!sender->last_ns)
        return -1;
    if (!s->tcp.accepted && s->tcp.syn_count)
        return now_ns - sender->last_ns;
    if (rst->flags & DECODE_ACK)
        return rst->acknowledgment == peer->next_sequence ? now_ns - sender->sequence_ns : -1;
    return rst->sequence == peer->acknowledged ? now_ns - sender->acknowledged_ns : -1;
}

/* The server repeats its data to a client that fell silent, and gives up: the silence is what happened. */
static bool gives_up(const struct track *t, const struct story_run *run)
{
    return run->active && run->repeats >= t->blackhole_repeats && run->last_ns - run->first_ns >= t->blackhole_span_ns;
}

static void begin_record(const struct track *t, struct track_reset *r, const struct story_tcp *tcp,
                         const struct flow *f, enum flow_direction side)
{
    const struct flow_half *peer = &f->half[!side];
    uint8_t any = f->half[0].tcp_flags | f->half[1].tcp_flags;
    bool worked = tcp->accepted || (f->half[0].payload_bytes && f->half[1].payload_bytes);
    r->orderly_before = any & DECODE_FIN || peer->tcp_flags & DECODE_RST || tcp->close_notify;
    bool ends = worked && !r->orderly_before && !gives_up(t, &tcp->run[side]);
    r->ends_stream = ends && !tcp->end_unreadable;
    r->unreadable = ends && tcp->end_unreadable;
    r->answers_syn = !tcp->syn_ack_count && !tcp->accepted && tcp->syn_count;
    r->before_pkts = (uint32_t)(f->half[0].packets + f->half[1].packets - 1);
    r->peer_next = peer->next_sequence;
}

static void note_first(struct track_reset *r, const struct story *s, const struct flow *f, enum flow_direction side,
                       const struct decode_packet *d)
{
    const struct story_sender *sender = &s->tcp.senders[side];
    r->ttl = d->ttl;
    r->ip_id = d->ip_id;
    r->id_counts = sender->id_steps >= ID_STEPS_THAT_COUNT && (uint16_t)(d->ip_id - sender->ip_id) <= ID_STEP_MOST;
    r->delay_ns = r->ns - f->half[!side].last_ns;
    r->answer_ns = answer_delay(s, f, side, r->ns, &d->tcp);
    r->tsval = sender->last_tsval;
    r->tsval_ns = sender->last_tsval_ns;
    r->ticks_per_ns = sender->timestamps ? tick_rate(sender) : 0;
    r->has_timestamp = d->flags & DECODE_TCP_TIMESTAMPS && !(r->signs & MODEL_SIGN_IMPOSSIBLE);
    if (r->has_timestamp)
        r->tsval = d->tcp.tsval;
}

static void on_reset(struct track *t, struct flow *f, enum flow_direction side, const struct track_packet *packet,
                     const struct decode_packet *d)
{
    struct story *s = story_of(f);
    struct track_reset *r = s->tcp.resets[side];
    const struct flow_half *half = &f->half[side];
    if (!r)
        r = s->tcp.resets[side] = calloc(1, sizeof *r);
    if (!r)
        return;
    bool sent_before = half->tcp_flags & ~DECODE_RST;
    if (sent_before && ahead(d->tcp.sequence, half->next_sequence) > 0 && d->tcp.sequence != r->last_guess) {
        r->guesses++;
        r->last_guess = d->tcp.sequence;
    }
    if (r->count++)
        return;
    r->frame = packet->frame;
    r->ns = packet->time_ns;
    r->signs = signs_of(&s->tcp, side, packet, d);
    begin_record(t, r, &s->tcp, f, side);
    note_first(r, s, f, side, d);
}

/* Test 4: the side that the reset names was alive after it. Its acknowledgment proves it, or its own clock or counter,
 * which the reset would have had to stop. */
static bool sent_after(const struct track_reset *r, const struct decode_packet *d)
{
    if (d->tcp.flags & DECODE_ACK && r->peer_next && ahead(d->tcp.acknowledgment, r->peer_next) > 0)
        return true;
    if (r->id_counts && d->ip_id && (uint16_t)(d->ip_id - r->ip_id) <= ID_FAR)
        return true;
    if (!(d->flags & DECODE_TCP_TIMESTAMPS) || !(r->ticks_per_ns > 0))
        return false;
    int32_t ticks = ahead(d->tcp.tsval, r->tsval);
    if (r->has_timestamp)
        return ticks > 0;
    return (double)ticks / r->ticks_per_ns > (double)(r->ns - r->tsval_ns + sent_after_ns);
}

void track_reset_show(const struct story *s, enum flow_direction side, struct model_incident *incident)
{
    const struct track_reset *r = s->tcp.resets[side];
    model_incident_show(incident, MODEL_SHOWS_RST, r->frame, r->ttl);
    if (r->contradicted_frame)
        model_incident_show(incident, MODEL_SHOWS_AFTER_RST, r->contradicted_frame, 0);
}

static void note_survival(struct track *t, struct flow *f, enum flow_direction side)
{
    struct story *s = story_of(f);
    struct track_reset *r = s->tcp.resets[side];
    struct model_incident ignored = { .fact = MODEL_TCP_RESET_IGNORED, .first_ns = r->ns, .last_ns = r->ns,
                                      .life_ns = r->ns - f->first_ns, .before_pkts = r->before_pkts,
                                      .delay_ns = r->delay_ns, .attempts = r->count,
                                      .in_clients_name = side == FLOW_TO_SERVER };
    track_reset_judge(t, s, f, side, &ignored);
    if (ignored.by == MODEL_BY_MIDDLEBOX) {
        track_reset_show(s, side, &ignored);
        track_session_file(t, s, f, &ignored);
    }
    *r = (struct track_reset){ 0 };
    f->flags &= (uint16_t)~FLOW_ENDED;
}

/* The peer has had the reset by then, if it ever arrives. */
static int64_t heard_by(const struct track_reset *r, const struct story_tcp *tcp, enum flow_direction side)
{
    int64_t round_trip_ns = side == FLOW_TO_CLIENT ? tcp->rtt_client_ns : tcp->rtt_server_ns;
    return nsec_add(r->ns, round_trip_ns > 0 ? round_trip_ns : heard_ns);
}

/* What comes after a reset may show that it ended nothing: a FIN that crossed it, or both sides going on. */
static void after_reset(struct track *t, struct flow *f, enum flow_direction direction,
                        const struct track_packet *packet, const struct decode_packet *d)
{
    struct story *s = story_of(f);
    struct track_reset *own = s->tcp.resets[direction], *other = s->tcp.resets[!direction];
    if (other && other->count) {
        other->peer_after = other->peer_after || packet->time_ns > heard_by(other, &s->tcp, !direction);
        if (d->tcp.flags & DECODE_FIN)
            other->ends_stream = other->unreadable = false;
    }
    if (!own || !own->count)
        return;
    bool syn_ack = d->tcp.flags & DECODE_SYN && own->answers_syn;
    if (syn_ack && s->tcp.syn_count > 1) {
        *own = (struct track_reset){ 0 }; /* whoever reset the attempt before, it is let in now */
        return;
    }
    if (!own->contradicted_frame && (syn_ack || sent_after(own, d))) {
        own->contradicted_frame = packet->frame;
        own->signs |= MODEL_SIGN_CONTRADICTED;
    }
    if (d->tcp.flags & DECODE_SYN)
        return;
    bool worked = s->tcp.accepted || !s->tcp.syn_count;
    if (own->peer_after && worked && !(f->half[!direction].tcp_flags & DECODE_RST))
        note_survival(t, f, direction);
}

static void note_sender(struct story_sender *sender, const struct flow_half *half, int64_t now_ns,
                        const struct decode_packet *d)
{
    bool first = !sender->last_ns;
    uint16_t step = (uint16_t)(d->ip_id - sender->ip_id);
    if (first || !step || step > ID_STEP_MOST)
        sender->id_steps = 0;
    else if (sender->id_steps < UINT8_MAX)
        sender->id_steps++;
    sender->ip_id = d->ip_id;
    uint32_t end = d->tcp.sequence + d->payload_bytes + !!(d->tcp.flags & (DECODE_SYN | DECODE_FIN));
    if (first || ahead(end, half->next_sequence) > 0)
        sender->sequence_ns = now_ns;
    if (first || ahead(d->tcp.acknowledgment, half->acknowledged) > 0)
        sender->acknowledged_ns = now_ns;
    sender->last_ns = now_ns;
    sender->timestamps = d->flags & DECODE_TCP_TIMESTAMPS;
    if (!sender->timestamps)
        return;
    if (!sender->first_tsval_ns) {
        sender->first_tsval_ns = now_ns;
        sender->first_tsval = d->tcp.tsval;
    }
    sender->last_tsval_ns = now_ns;
    sender->last_tsval = d->tcp.tsval;
}

void track_reset_watch(struct track *t, struct flow *f, enum flow_direction direction,
                       const struct track_packet *packet, const struct decode_packet *d)
{
    struct story *s = story_of(f);
    if (d->tcp.flags & DECODE_RST) {
        on_reset(t, f, direction, packet, d);
        return;
    }
    if (s->tcp.resets[0] || s->tcp.resets[1])
        after_reset(t, f, direction, packet, d);
    note_sender(&s->tcp.senders[direction], &f->half[direction], packet->time_ns, d);
}

/* How packets of the reset's address usually arrive: those of this flow, or else of any other near enough in time. */
static uint8_t usual_ttl(const struct track *t, const struct flow *f, enum flow_direction side,
                         const struct track_reset *r)
{
    const struct story_sender *sender = &story_of(f)->tcp.senders[side];
    if (sender->last_ns && r->ns - sender->last_ns <= t->forgery_memory_ns)
        return f->half[side].ttl;
    const struct model_host *host =
        track_judge_host(t, side == FLOW_TO_CLIENT ? flow_server(f) : flow_client(f), r->ns);
    return host ? host->ttl : 0;
}

static int64_t least_half(const struct track *t, const struct story *s, const struct flow *f, enum flow_direction side)
{
    if (side == FLOW_TO_SERVER)
        return s->tcp.rtt_client_ns > 0 ? s->tcp.rtt_client_ns : INT64_MAX;
    const struct model_host *host = model_host_find(t->model, flow_server(f));
    return host ? host->least_rtt_ns : INT64_MAX;
}

/* Test 5: it answers what cannot have reached that side yet. */
static bool too_early(const struct track *t, const struct track_reset *r, int64_t least_ns)
{
    return least_ns != INT64_MAX && r->answer_ns >= 0 && (double)r->answer_ns < (double)least_ns * t->forgery_rtt_share;
}

/* Test 1. Another initial TTL at the same distance is a load balancer's: it says nothing. */
static unsigned distance_sign(const struct track *t, const struct model_incident *incident, uint8_t ttl, uint8_t usual)
{
    if (incident->hops + t->forgery_hops <= incident->usual_hops)
        return MODEL_SIGN_NEARER;
    return ttl == usual ? MODEL_SIGN_AS_USUAL : 0;
}

static int score_of(unsigned signs)
{
    static const unsigned tests[] = { MODEL_SIGN_NEARER, MODEL_SIGN_COPIED_ID | MODEL_SIGN_OTHER_COUNTER,
                                      MODEL_SIGN_IMPOSSIBLE, MODEL_SIGN_CONTRADICTED, MODEL_SIGN_GUESSED,
                                      MODEL_SIGN_EARLY };
    int score = signs & MODEL_SIGN_AS_USUAL ? -1 : 0;
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
        score += (signs & tests[i]) != 0;
    return score;
}

void track_reset_judge(const struct track *t, const struct story *s, const struct flow *f, enum flow_direction side,
                       struct model_incident *incident)
{
    const struct track_reset *r = s->tcp.resets[side];
    uint8_t usual = usual_ttl(t, f, side, r);
    unsigned signs = r->signs;
    incident->hops = track_judge_hops(r->ttl);
    incident->usual_hops = usual ? track_judge_hops(usual) : 0;
    if (usual)
        signs |= distance_sign(t, incident, r->ttl, usual);
    if (r->guesses >= GUESSES_THAT_TELL)
        signs |= MODEL_SIGN_GUESSED;
    if (too_early(t, r, least_half(t, s, f, side)))
        signs |= MODEL_SIGN_EARLY;
    incident->signs = (uint8_t)signs;
    incident->score = (int8_t)score_of(signs);
    if (incident->score >= t->forgery_score)
        incident->by = MODEL_BY_MIDDLEBOX;
    else if (signs == MODEL_SIGN_AS_USUAL)
        incident->by = MODEL_BY_ENDPOINT;
}

static bool file_one(struct track *t, struct story *s, const struct flow *f, enum flow_direction side)
{
    const struct track_reset *r = s->tcp.resets[side];
    if (!r || !r->count || r->answers_syn)
        return false;
    struct model_incident reset = { .fact = MODEL_TCP_RESET, .first_ns = r->ns, .last_ns = r->ns,
                                    .life_ns = r->ns - f->first_ns, .before_pkts = r->before_pkts,
                                    .delay_ns = r->delay_ns, .attempts = r->count,
                                    .in_clients_name = side == FLOW_TO_SERVER };
    track_reset_judge(t, s, f, side, &reset);
    bool forged = reset.by == MODEL_BY_MIDDLEBOX && !r->orderly_before;
    /* web servers end idle connections so, and a client's own stack ends them for its user */
    bool ends = r->ends_stream && side == FLOW_TO_CLIENT && s->path->role != ENDPOINT_WORKSPACES_SERVICE;
    if (!forged && !ends)
        return false;
    track_reset_show(s, side, &reset);
    track_session_file(t, s, f, &reset);
    return true;
}

bool track_reset_file(struct track *t, struct story *s, const struct flow *f)
{
    const struct track_reset *down = s->tcp.resets[FLOW_TO_CLIENT], *up = s->tcp.resets[FLOW_TO_SERVER];
    bool client_first = up && (!down || up->ns < down->ns);
    return file_one(t, s, f, client_first ? FLOW_TO_SERVER : FLOW_TO_CLIENT) ||
           file_one(t, s, f, client_first ? FLOW_TO_CLIENT : FLOW_TO_SERVER);
}

void track_reset_free(struct story *s)
{
    free(s->tcp.resets[0]);
    free(s->tcp.resets[1]);
    s->tcp.resets[0] = s->tcp.resets[1] = NULL;
}
