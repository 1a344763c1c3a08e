/* SPDX-License-Identifier: Apache-2.0 */
#include "track/resend.h"

#include <stdlib.h>

#include "base/nsec.h"
#include "model/loss.h"
#include "track/offload.h"
#include "track/resend_book.h"
#include "track/sequence.h"
#include "track/timing.h"

enum { FAST_DUPLICATES = 3 };

/* Less than any stack's least retransmission time-out, which adds to the round trip. */
static const int64_t least_timeout_ns = 200 * NSEC_PER_MSEC;
static const int64_t reordering_ns = 3 * NSEC_PER_MSEC; /* where the round trip is not known, as Wireshark has it */

struct resend_half {
    struct track_resend_book *book; /* NULL until something was sent again or is missing */
    int64_t last_ns;           /* its latest data */
    uint32_t duplicates;       /* ACKs alike that the peer sent in a row */
    uint32_t sacked_end;       /* highest edge that the peer acknowledged selectively */
    uint32_t recovery_end;     /* what was outstanding when fast recovery began */
    uint32_t too_big;          /* of the story, as it was seen last */
    uint16_t window;           /* that it announced last, not scaled */
    uint8_t scale;
    bool syn_seen, scaled;     /* whether its windows are scaled is known; they are */
    bool window_known, sacked, recovers;
};

struct track_resend {
    struct flow_tcp_counts counts[2];
    struct resend_half half[2];
};

/* A segment and what it is judged by. */
struct segment {
    struct track *t;
    struct flow *f;
    enum flow_direction direction;
    int64_t now_ns;
    uint64_t frame;
    const struct decode_packet *d;
    struct track_resend *r;
};

static struct track_resend *resend_of(struct story *s, bool make)
{
    if (!s->tcp.resend && make)
        s->tcp.resend = calloc(1, sizeof *s->tcp.resend);
    return s->tcp.resend;
}

const struct flow_tcp_counts *track_resend_counts(const struct flow *f)
{
    const struct story *s = f->key.protocol == 6 ? story_of(f) : NULL;
    return s && s->tcp.resend ? s->tcp.resend->counts : NULL;
}

void track_resend_free(struct track_resend *r)
{
    if (!r)
        return;
    free(r->half[0].book);
    free(r->half[1].book);
    free(r);
}

static struct track_resend_book *book_of(struct resend_half *half)
{
    if (!half->book)
        half->book = calloc(1, sizeof *half->book);
    return half->book;
}

static struct model_loss_way *way_of(const struct segment *g, enum flow_direction sender)
{
    struct model_loss *loss = model_loss_of(g->t->model, story_of(g->f)->path);
    return loss ? &loss->way[sender] : NULL;
}

/* What a repeat turned out to be, once and for all or until a DSACK takes it back. */
static void settle(const struct segment *g, enum flow_direction sender, struct track_resend_entry *e,
                   enum track_resend_state state)
{
    struct flow_tcp_counts *counts = &g->r->counts[sender];
    struct model_loss_way *way = way_of(g, sender);
    bool lost = state == TRACK_RESEND_LOST, was_lost = e->state == TRACK_RESEND_LOST;
    uint32_t ranges = e->joined ? 0 : 1;
    if (e->excused || e->state == TRACK_RESEND_SPURIOUS || !way)
        return;
    if (lost && !was_lost) {
        counts->lost_segments += e->segments, counts->lost_ranges += ranges, counts->lost_bytes += e->end - e->start;
        way->lost += e->segments, way->ranges += ranges, way->lost_bytes += e->end - e->start;
        way->before_tap += e->fills_hole ? e->segments : 0;
    } else if (!lost && was_lost) {
        counts->lost_segments -= e->segments, counts->lost_ranges -= ranges, counts->lost_bytes -= e->end - e->start;
        way->lost -= e->segments, way->ranges -= ranges, way->lost_bytes -= e->end - e->start;
        way->before_tap -= e->fills_hole ? e->segments : 0;
    }
    if (state == TRACK_RESEND_SPURIOUS) {
        counts->resent[e->kind]--;
        counts->resent[FLOW_RESENT_SPURIOUS]++;
        way->spurious++;
    }
    e->state = (uint8_t)state;
}

/* RFC 2883: the first block lies below the acknowledgment, or within the second block. */
static bool is_dsack(const struct decode_tcp *tcp)
{
    if (!sequence_before(tcp->acknowledgment, tcp->sack[0].right))
        return true;
    return tcp->sack_count > 1 && !sequence_before(tcp->sack[0].left, tcp->sack[1].left) &&
           !sequence_before(tcp->sack[1].right, tcp->sack[0].right);
}

static void note_sack(const struct segment *g, enum flow_direction sender)
{
    struct resend_half *half = &g->r->half[sender];
    const struct decode_tcp *tcp = &g->d->tcp;
    if (!(g->d->flags & DECODE_TCP_SACK_BLOCKS) || !tcp->sack_count)
        return;
    g->r->counts[!sender].sack = true;
    bool dsack = is_dsack(tcp);
    for (size_t i = 0; dsack && half->book && i < TRACK_RESEND_ENTRIES; i++) {
        struct track_resend_entry *e = &half->book->entries[i];
        if (e->state != TRACK_RESEND_NONE && !sequence_before(e->start, tcp->sack[0].left) &&
            sequence_before(e->start, tcp->sack[0].right))
            settle(g, sender, e, TRACK_RESEND_SPURIOUS);
    }
    for (uint8_t i = dsack; i < tcp->sack_count; i++) {
        if (!half->sacked || sequence_before(half->sacked_end, tcp->sack[i].right))
            half->sacked_end = tcp->sack[i].right;
        half->sacked = true;
    }
}

/* RFC 3522: the acknowledgment of a repeat carries a time stamp from before it: the original had arrived. */
static void note_advance(const struct segment *g, enum flow_direction sender)
{
    struct resend_half *half = &g->r->half[sender];
    uint32_t ack = g->d->tcp.acknowledgment;
    half->duplicates = 0;
    half->sacked = half->sacked && sequence_before(ack, half->sacked_end);
    half->recovers = half->recovers && sequence_before(ack, half->recovery_end);
    if (!half->book)
        return;
    track_resend_book_forget(half->book, ack);
    for (size_t i = 0; i < TRACK_RESEND_ENTRIES; i++) {
        struct track_resend_entry *e = &half->book->entries[i];
        if (e->state != TRACK_RESEND_WAITS || sequence_before(ack, e->end))
            continue;
        bool eifel = e->stamped && g->d->flags & DECODE_TCP_TIMESTAMPS && !e->fills_hole &&
                     sequence_before(g->d->tcp.tsecr, e->tsval);
        settle(g, sender, e, eifel ? TRACK_RESEND_SPURIOUS : TRACK_RESEND_LOST);
    }
}

/* An ACK that says nothing new while data is outstanding (RFC 5681, section 2). */
static bool is_duplicate(const struct segment *g, const struct resend_half *own)
{
    const struct decode_packet *d = g->d;
    const struct flow_half *peer = &g->f->half[!g->direction], *half = &g->f->half[g->direction];
    bool alike = own->window_known && own->window == d->tcp.window;
    return !d->payload_bytes && !(d->tcp.flags & DECODE_FIN) && d->tcp.acknowledgment == half->acknowledged &&
           sequence_before(d->tcp.acknowledgment, peer->next_sequence) && d->tcp.sequence == half->next_sequence &&
           (alike || d->flags & DECODE_TCP_SACK_BLOCKS);
}

static void note_ack(const struct segment *g)
{
    enum flow_direction sender = !g->direction;
    struct resend_half *own = &g->r->half[g->direction];
    bool known = g->f->half[g->direction].tcp_flags & DECODE_ACK;
    note_sack(g, sender);
    if (known && is_duplicate(g, own)) {
        g->r->half[sender].duplicates++;
        g->r->counts[g->direction].duplicate_acks++;
    } else if (!known || sequence_before(g->f->half[g->direction].acknowledged, g->d->tcp.acknowledgment)) {
        note_advance(g, sender);
    }
    own->window = g->d->tcp.window;
    own->window_known = true;
    g->r->counts[g->direction].zero_windows += !g->d->tcp.window;
}

/* Late or sent again: what is sent again for a hole comes a round trip after the hole, with a younger time stamp. */
static bool is_late(const struct segment *g, const struct track_resend_hole *hole)
{
    int64_t after_ns = nsec_sub(g->now_ns, hole->time_ns);
    int64_t round_trip_ns = track_timing_least_ns(story_of(g->f));
    if (hole->stamped && g->d->flags & DECODE_TCP_TIMESTAMPS && g->d->tcp.tsval != hole->tsval)
        return sequence_before(g->d->tcp.tsval, hole->tsval);
    return after_ns >= 0 && after_ns < (round_trip_ns ? round_trip_ns : reordering_ns);
}

static enum flow_resent kind_of(const struct segment *g, const struct resend_half *own, bool first_time)
{
    uint32_t start = g->d->tcp.sequence;
    const struct flow_half *half = &g->f->half[g->direction];
    int64_t round_trip_ns = track_timing_least_ns(story_of(g->f));
    int64_t rested_ns = nsec_sub(g->now_ns, own->last_ns);
    bool asked = own->duplicates >= FAST_DUPLICATES || (own->sacked && sequence_before(start, own->sacked_end));
    if (asked || own->recovers)
        return FLOW_RESENT_FAST;
    if (first_time && start + g->d->payload_bytes == half->next_sequence && rested_ns >= round_trip_ns * 3 / 2 &&
        rested_ns < round_trip_ns + least_timeout_ns)
        return FLOW_RESENT_TAIL_PROBE;
    return FLOW_RESENT_TIMEOUT;
}

static void show(const struct segment *g)
{
    struct model_loss_way *way = way_of(g, g->direction);
    if (!way)
        return;
    if (!way->frames)
        way->first_ns = g->now_ns;
    way->last_ns = g->now_ns;
    if (way->frames < MODEL_LOSS_FRAMES)
        way->frame[way->frames] = g->frame;
    way->frames++;
}

static void count_kind(const struct segment *g, enum flow_resent kind, uint32_t segments)
{
    struct model_loss_way *way = way_of(g, g->direction);
    g->r->counts[g->direction].resent[kind] += segments;
    if (!way)
        return;
    uint64_t *totals[] = { &way->timeouts, &way->fast, &way->tail_probes, &way->spurious };
    *totals[kind] += segments;
}

/* Data that was sent again for want of an acknowledgment. */
static void note_resent(const struct segment *g, bool fills_hole)
{
    struct resend_half *own = &g->r->half[g->direction];
    const struct decode_packet *d = g->d;
    struct track_resend_book *book = book_of(own);
    struct track_resend_entry *known = book ? track_resend_book_find(book, d->tcp.sequence) : NULL;
    enum flow_resent kind = kind_of(g, own, !known);
    const struct story *s = story_of(g->f);
    uint32_t segments = track_offload_segments(g->t, g->f, g->direction, d);
    if (kind == FLOW_RESENT_FAST && !own->recovers) {
        own->recovers = true;
        own->recovery_end = g->f->half[g->direction].next_sequence;
    }
    count_kind(g, kind, segments);
    if (!book)
        return;
    if (g->direction == FLOW_TO_SERVER && own->too_big != s->too_big) {
        own->too_big = s->too_big;
        book->excused_end = g->f->half[g->direction].next_sequence;
        book->excuses = true;
    }
    struct track_resend_entry entry = {
        .start = d->tcp.sequence, .end = d->tcp.sequence + d->payload_bytes, .tsval = d->tcp.tsval,
        .segments = segments, .kind = (uint8_t)kind, .state = TRACK_RESEND_WAITS, .fills_hole = fills_hole,
        .stamped = d->flags & DECODE_TCP_TIMESTAMPS,
        .excused = book->excuses && sequence_before(d->tcp.sequence, book->excused_end) };
    if (!known)
        show(g);
    track_resend_book_add(book, known, &entry);
}

static bool fills_window(const struct segment *g)
{
    const struct resend_half *own = &g->r->half[g->direction], *peer = &g->r->half[!g->direction];
    uint32_t acknowledged = g->f->half[!g->direction].acknowledged;
    bool known = own->syn_seen && peer->syn_seen && peer->window_known && peer->window;
    uint32_t window = (uint32_t)peer->window << (own->scaled && peer->scaled ? peer->scale : 0);
    return known && g->d->tcp.sequence + g->d->payload_bytes == acknowledged + window;
}

static void note_new(const struct segment *g, const struct flow_half *half, bool first)
{
    struct resend_half *own = &g->r->half[g->direction];
    uint32_t segments = track_offload_segments(g->t, g->f, g->direction, g->d);
    struct model_loss_way *way = way_of(g, g->direction);
    g->r->counts[g->direction].data_segments += segments;
    g->r->counts[g->direction].window_full += fills_window(g);
    if (way) {
        way->units += segments;
        way->bytes += g->d->payload_bytes;
    }
    if (first || !sequence_before(half->next_sequence, g->d->tcp.sequence) || !book_of(own))
        return;
    const struct track_resend_hole hole = { .start = half->next_sequence, .end = g->d->tcp.sequence,
                                            .tsval = g->d->tcp.tsval, .time_ns = g->now_ns,
                                            .stamped = g->d->flags & DECODE_TCP_TIMESTAMPS };
    track_resend_book_open(own->book, &hole);
}

static void note_data(const struct segment *g)
{
    const struct flow_half *half = &g->f->half[g->direction], *peer = &g->f->half[!g->direction];
    struct resend_half *own = &g->r->half[g->direction];
    struct flow_tcp_counts *counts = &g->r->counts[g->direction];
    uint32_t start = g->d->tcp.sequence, end = start + g->d->payload_bytes;
    bool first = !(half->tcp_flags & ~DECODE_RST), shut = g->r->half[!g->direction].window_known &&
                                                          !g->r->half[!g->direction].window;
    if (!first && (sequence_is_keepalive(half, g->d) || (shut && g->d->payload_bytes == 1))) {
        *(shut ? &counts->window_probes : &counts->keepalives) += 1;
        return;
    }
    if (!g->d->payload_bytes)
        return;
    /* one byte below what comes next: the window probe before it was not accepted */
    if (first || !sequence_before(start + (g->d->payload_bytes > 1), half->next_sequence)) {
        note_new(g, half, first);
    } else if (peer->tcp_flags & DECODE_ACK && !sequence_before(peer->acknowledged, end)) {
        count_kind(g, FLOW_RESENT_SPURIOUS, track_offload_segments(g->t, g->f, g->direction, g->d));
    } else {
        struct track_resend_hole hole;
        bool fills = own->book && track_resend_book_fill(own->book, start, end, &hole);
        if (fills && is_late(g, &hole))
            counts->out_of_order++;
        else
            note_resent(g, fills);
    }
    own->last_ns = g->now_ns;
}

static void note_syn(struct resend_half *half, const struct decode_packet *d)
{
    half->syn_seen = true;
    half->scaled = d->flags & DECODE_TCP_WINDOW_SCALE;
    half->scale = d->tcp.window_scale > 14 ? 14 : d->tcp.window_scale; /* RFC 7323, section 2.3 */
}

void track_resend_segment(struct track *t, struct flow *f, enum flow_direction direction,
                          const struct track_packet *packet, const struct decode_packet *d)
{
    struct story *s = story_of(f);
    struct segment g = { .t = t, .f = f, .direction = direction, .now_ns = packet->time_ns, .frame = packet->frame,
                         .d = d, .r = resend_of(s, d->payload_bytes || d->tcp.flags & DECODE_SYN) };
    if (!g.r || d->tcp.flags & DECODE_RST)
        return;
    if (d->tcp.flags & DECODE_SYN) {
        note_syn(&g.r->half[direction], d);
        return;
    }
    if (d->tcp.flags & DECODE_ACK)
        note_ack(&g);
    note_data(&g);
}
