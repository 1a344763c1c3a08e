/* SPDX-License-Identifier: Apache-2.0 */
#include "track/pmtu.h"

#include <stdlib.h>

#include "base/nsec.h"
#include "track/judge.h"
#include "track/offload.h"
#include "track/session.h"

/* Below this no "too big" is believed (RFC 791: every host takes 576). */
enum { LEAST_BELIEVED_MTU = 576 };
static const int64_t adapts_within_ns = NSEC_PER_SEC; /* what was in flight when the error arrived */

static inline int32_t ahead(uint32_t number, uint32_t of)
{
    return (int32_t)(number - of);
}

static struct track_pmtu_side *side_of(struct story *s, enum flow_direction direction)
{
    if (!s->pmtu)
        s->pmtu = calloc(1, sizeof *s->pmtu);
    return s->pmtu ? &s->pmtu->sides[direction] : NULL;
}

static void file_repeats(struct track *t, struct story *s, const struct flow *f, enum flow_direction direction)
{
    const struct track_pmtu_side *side = &s->pmtu->sides[direction];
    uint32_t passed = side->smaller ? side->smaller_bytes : s->tcp.passed_bytes[direction];
    struct model_incident hole = { .fact = MODEL_PMTU_BLACKHOLE, .first_ns = side->first_ns, .last_ns = side->last_ns,
                                   .attempts = side->repeats, .size_bytes = side->bytes, .passed_bytes = passed,
                                   .decisive = side->smaller, .downward = direction == FLOW_TO_CLIENT,
                                   .mtu = side->mtu };
    track_judge_show_frames(&side->frames, MODEL_SHOWS_RETRANSMISSION, &hole);
    if (side->smaller)
        model_incident_show(&hole, MODEL_SHOWS_SMALLER, side->smaller_frame, side->smaller_bytes);
    hole.silent_is_client = direction == FLOW_TO_CLIENT; /* the gateway's data is what is repeated */
    track_session_file(t, s, f, &hole);
}

static void file_hole(struct track *t, struct story *s, const struct flow *f, enum flow_direction direction,
                      int64_t until_ns)
{
    const struct track_pmtu_side *side = &s->pmtu->sides[direction];
    uint32_t passed = s->tcp.passed_bytes[direction];
    struct model_incident hole = { .fact = MODEL_PMTU_BLACKHOLE, .first_ns = side->hole_ns, .last_ns = until_ns,
                                   .size_bytes = side->hole_bytes, .missing = true, .decisive = side->smaller,
                                   .passed_bytes = side->tail_bytes > passed ? side->tail_bytes : passed,
                                   .lost_bytes = side->hole_end - side->hole_start,
                                   .downward = direction == FLOW_TO_CLIENT };
    model_incident_show(&hole, MODEL_SHOWS_TAIL, side->tail_frame, side->tail_bytes);
    model_incident_show(&hole, MODEL_SHOWS_STILL_MISSING, side->shown_frame, 0);
    track_session_file(t, s, f, &hole);
}

static bool is_proved(const struct track *t, const struct track_pmtu_side *side)
{
    return side->active && side->repeats >= t->pmtu_repeats && (side->backed_off || side->smaller);
}

/* The peer acknowledges: what it has got was not too large, or no longer. */
static void on_acknowledgment(struct track *t, struct flow *f, enum flow_direction direction,
                              const struct track_packet *packet, const struct decode_packet *d)
{
    struct story *s = story_of(f);
    struct track_pmtu_side *side = &s->pmtu->sides[direction];
    uint32_t acknowledgment = d->tcp.acknowledgment;
    bool new_data = d->payload_bytes && ahead(d->tcp.sequence, f->half[!direction].next_sequence) >= 0;
    if (side->active && ahead(acknowledgment, side->sequence) > 0) {
        if (side->smaller && is_proved(t, side))
            file_repeats(t, s, f, direction);
        side->active = side->smaller = false;
    } else if (side->active && side->repeats >= t->pmtu_repeats && (new_data || !d->payload_bytes)) {
        side->peer_alive = true;
    }
    if (side->hole && ahead(acknowledgment, side->hole_start) > 0) {
        side->hole = false; /* it has them: the capture had not */
    } else if (side->hole && acknowledgment == side->hole_start) {
        side->hole_shown = true;
        side->shown_frame = packet->frame;
    }
}

static void begin_repeats(struct track_pmtu_side *side, const struct track_packet *packet, uint32_t sequence,
                          uint32_t bytes)
{
    side->active = true;
    side->backed_off = side->peer_alive = side->smaller = false;
    side->sequence = sequence;
    side->bytes = bytes;
    side->repeats = 1;
    side->first_ns = side->last_ns = packet->time_ns;
    side->gap_ns = 0;
    side->frames = (struct story_frames){ 0 };
    story_frames_add(&side->frames, packet->frame);
}

/* Data that was sent before and is not acknowledged. */
static void on_repeat(struct track *t, struct flow *f, enum flow_direction direction,
                      const struct track_packet *packet, const struct decode_packet *d)
{
    struct story *s = story_of(f);
    uint32_t bytes = track_offload_ip_bytes(t, f, direction, d);
    bool known = s->pmtu && s->pmtu->sides[direction].active && s->pmtu->sides[direction].sequence == d->tcp.sequence;
    if (!known && (bytes <= t->least_mtu_bytes || bytes <= s->tcp.passed_bytes[direction]))
        return;
    struct track_pmtu_side *side = side_of(s, direction);
    if (!side)
        return;
    if (!known) {
        if (!side->active || ahead(d->tcp.sequence, side->sequence) < 0)
            begin_repeats(side, packet, d->tcp.sequence, bytes);
        return;
    }
    if (bytes < side->bytes) {
        side->smaller = true;
        side->smaller_bytes = bytes;
        side->smaller_frame = packet->frame;
        s->tcp.sent_bytes[direction] = bytes; /* the large ones are gone */
        return;
    }
    int64_t gap_ns = packet->time_ns - side->last_ns;
    side->smaller = false;
    side->backed_off = side->backed_off || (side->gap_ns > 0 && gap_ns > side->gap_ns);
    side->gap_ns = gap_ns;
    side->last_ns = packet->time_ns;
    side->repeats++;
    story_frames_add(&side->frames, packet->frame);
}

/* Data behind bytes that did not come: a whole number of full segments, and this one is smaller. */
static void note_hole(struct track *t, struct flow *f, enum flow_direction direction,
                      const struct track_packet *packet, const struct decode_packet *d)
{
    struct story *s = story_of(f);
    const struct flow_half *half = &f->half[direction];
    uint32_t full = track_offload_mss(t, f, direction, d), missing = d->tcp.sequence - half->next_sequence;
    bool fits = f->half[!direction].mss && full && missing % full == 0 && d->payload_bytes < full;
    if (!fits || (s->pmtu && s->pmtu->sides[direction].hole))
        return;
    struct track_pmtu_side *side = side_of(s, direction);
    if (!side)
        return;
    side->hole = true;
    side->hole_shown = side->smaller = false;
    side->hole_start = half->next_sequence;
    side->hole_end = d->tcp.sequence;
    side->hole_ns = packet->time_ns;
    side->hole_bytes = d->ip_bytes - d->payload_bytes + full;
    side->tail_bytes = d->ip_bytes;
    side->tail_frame = packet->frame;
}

/* What was missing comes. In smaller pieces, and after a long while: the sender has found out by itself (RFC 4821). */
static void fill_hole(struct track *t, struct flow *f, enum flow_direction direction,
                      const struct track_packet *packet, const struct decode_packet *d)
{
    struct story *s = story_of(f);
    struct track_pmtu_side *side = &s->pmtu->sides[direction];
    uint32_t end = d->tcp.sequence + d->payload_bytes;
    if (ahead(end, side->hole_start) <= 0 || ahead(d->tcp.sequence, side->hole_end) >= 0)
        return;
    side->smaller = d->ip_bytes < side->hole_bytes;
    if (side->smaller && packet->time_ns - side->hole_ns >= t->pmtu_hole_ns)
        file_hole(t, s, f, direction, packet->time_ns);
    side->smaller = side->hole = false;
}

static void file_reduced(struct track *t, struct story *s, const struct flow *f, enum flow_direction direction)
{
    struct track_pmtu_side *side = &s->pmtu->sides[direction];
    struct model_incident reduced = { .fact = MODEL_PMTU_REDUCED, .first_ns = side->too_big_first_ns,
                                      .last_ns = side->too_big_ns, .attempts = side->too_big, .mtu = side->mtu,
                                      .size_bytes = side->quoted_bytes, .reporter = side->reporter,
                                      .hops = track_judge_hops(side->reporter_ttl), .by = MODEL_BY_ROUTER,
                                      .downward = direction == FLOW_TO_CLIENT };
    track_judge_show_frames(&side->too_big_frames, MODEL_SHOWS_TOO_BIG, &reduced);
    track_session_file(t, s, f, &reduced);
    side->reduced_told = true;
}

/* Whether the sender heeds an error, its next data shows. A super-segment's pieces are not known after one. */
static void note_adapting(struct track *t, struct flow *f, enum flow_direction direction,
                          const struct track_packet *packet, const struct decode_packet *d)
{
    struct story *s = story_of(f);
    struct track_pmtu_side *side = &s->pmtu->sides[direction];
    bool late = packet->time_ns - side->too_big_ns >= adapts_within_ns;
    if (d->ip_bytes <= side->mtu) {
        side->fitting++;
    } else if (late && track_offload_segments(t, f, direction, d) == 1) {
        side->oversized++;
    }
    if (late && side->fitting && !side->oversized && !side->reduced_told)
        file_reduced(t, s, f, direction);
}

static void on_data(struct track *t, struct flow *f, enum flow_direction direction, const struct track_packet *packet,
                    const struct decode_packet *d)
{
    struct story *s = story_of(f);
    const struct flow_half *half = &f->half[direction], *peer = &f->half[!direction];
    int32_t beyond = ahead(d->tcp.sequence, half->next_sequence);
    bool keepalive = d->payload_bytes <= 1 && beyond == -1;
    if (s->pmtu && s->pmtu->sides[direction].too_big)
        note_adapting(t, f, direction, packet, d);
    if (s->pmtu && s->pmtu->sides[direction].hole)
        fill_hole(t, f, direction, packet, d);
    if (half->packets == 1 || keepalive)
        return;
    if (beyond > 0)
        note_hole(t, f, direction, packet, d);
    else if (beyond < 0 && peer->packets && ahead(d->tcp.sequence, peer->acknowledged) >= 0)
        on_repeat(t, f, direction, packet, d);
}

void track_pmtu_watch(struct track *t, struct flow *f, enum flow_direction direction,
                      const struct track_packet *packet, const struct decode_packet *d)
{
    struct story *s = story_of(f);
    if (d->tcp.flags & DECODE_SYN && d->flags & DECODE_TCP_MSS && d->tcp.mss &&
        (!s->path->least_mss || d->tcp.mss < s->path->least_mss))
        s->path->least_mss = d->tcp.mss;
    if (s->pmtu && d->tcp.flags & DECODE_ACK)
        on_acknowledgment(t, f, !direction, packet, d);
    if (d->payload_bytes && !(d->tcp.flags & DECODE_SYN))
        on_data(t, f, direction, packet, d);
}

void track_pmtu_too_big(struct flow *f, enum flow_direction direction,
                        const struct track_packet *packet, const struct decode_packet *d)
{
    struct story *s = story_of(f);
    const struct decode_quote *q = &d->icmp.quote;
    if (d->icmp.mtu < LEAST_BELIEVED_MTU || d->icmp.mtu >= q->ip_length)
        return;
    struct track_pmtu_side *side = side_of(s, direction);
    if (!side)
        return;
    s->too_big += direction == FLOW_TO_SERVER;
    if (!side->too_big++) {
        side->too_big_first_ns = packet->time_ns;
        side->mtu = d->icmp.mtu;
        side->reporter = d->source;
        side->reporter_ttl = d->ttl;
    }
    if (d->icmp.mtu <= side->mtu)
        side->mtu = d->icmp.mtu;
    side->quoted_bytes = q->ip_length;
    side->too_big_ns = packet->time_ns;
    side->oversized = side->fitting = 0;
    story_frames_add(&side->too_big_frames, packet->frame);
}

static bool judge_side(struct track *t, struct story *s, const struct flow *f, enum flow_direction direction,
                       int64_t now_ns)
{
    const struct track_pmtu_side *side = &s->pmtu->sides[direction];
    bool closed = (f->half[0].tcp_flags | f->half[1].tcp_flags) & (DECODE_FIN | DECODE_RST);
    int64_t until_ns = closed ? f->last_ns : now_ns;
    if (side->too_big && !side->reduced_told && (f->key.protocol != 6 || (side->fitting && !side->oversized)))
        file_reduced(t, s, f, direction);
    if (f->key.protocol != 6 || s->clock_epoch != t->clock_epoch)
        return false;
    bool told = side->too_big && !side->oversized;
    if (is_proved(t, side) && side->peer_alive && !told) {
        file_repeats(t, s, f, direction);
        return true;
    }
    if (side->hole && side->hole_shown && until_ns - side->hole_ns >= t->pmtu_hole_ns) {
        file_hole(t, s, f, direction, until_ns);
        return true;
    }
    return false;
}

bool track_pmtu_judge(struct track *t, struct story *s, const struct flow *f, int64_t now_ns)
{
    if (!s->pmtu)
        return false;
    bool up = judge_side(t, s, f, FLOW_TO_SERVER, now_ns), down = judge_side(t, s, f, FLOW_TO_CLIENT, now_ns);
    return up || down;
}
