/* SPDX-License-Identifier: Apache-2.0 */
#include "track/pcoip.h"

#include <stdlib.h>
#include <string.h>

#include "decode/pcoip.h"
#include "model/rate.h"

/* A step beyond this is no gap but another counting; and a gap is sure when so many later numbers have come. */
enum { STEP_MOST = 1 << 16, SURE_AFTER = 64 };

/* Seconds are kept from here on, for the case that the numbers will be believed. */
enum { PACKETS_TO_TIME = 8 };

/* A packet being counted. */
struct count {
    struct track *t;
    struct story *s;
    enum flow_direction direction;
    const struct track_packet *packet;
    const struct decode_packet *d;
    struct track_pcoip_way *way;
    struct model_loss_way *into; /* the model's once believed */
};

static bool is_here(const struct track_pcoip_way *w, uint32_t back)
{
    return back < TRACK_PCOIP_WINDOW && w->here[back / 64] >> back % 64 & 1;
}

static void shift(struct track_pcoip_way *w, uint32_t by)
{
    enum { WORDS = TRACK_PCOIP_WINDOW / 64 };
    uint32_t words = by / 64, bits = by % 64;
    for (int i = WORDS - 1; i >= 0; i--) {
        uint64_t high = (uint32_t)i >= words ? w->here[(uint32_t)i - words] : 0;
        uint64_t low = (uint32_t)i >= words + 1 ? w->here[(uint32_t)i - words - 1] : 0;
        w->here[i] = bits ? high << bits | low >> (64 - bits) : high;
    }
}

static void show(struct model_loss_way *into, uint64_t frame)
{
    if (into->frames < MODEL_LOSS_FRAMES)
        into->frame[into->frames++] = frame;
}

/* Gaps that so many later numbers did not fill. */
static void show_gaps(struct track_pcoip_way *w, struct model_loss_way *into, uint32_t sure_after)
{
    uint8_t kept = 0;
    for (uint8_t i = 0; i < w->gap_count; i++) {
        if (w->highest - w->gaps[i].number >= sure_after)
            show(into, w->gaps[i].frame);
        else
            w->gaps[kept++] = w->gaps[i];
    }
    w->gap_count = kept;
}

static void rate(const struct count *c, uint32_t bytes, int lost)
{
    struct model_path *p = c->s->path;
    struct model_rate *of = lost > 0 ? model_rate_of(c->t->model, p, (int)c->direction, c->packet->time_ns)
                                     : p->rate[c->direction];
    if (of)
        model_rate_add(of, c->packet->time_ns, bytes, lost);
}

static bool looks_like_counting(const struct track *t, const struct track_pcoip_way *w, uint32_t packets)
{
    return w->packets >= packets && w->in_step >= t->pcoip_share * (w->packets - 1);
}

static void on_step(const struct count *c, uint32_t number)
{
    struct track_pcoip_way *w = c->way;
    uint32_t missing = number - w->highest - 1;
    shift(w, missing + 1);
    w->here[0] |= 1;
    w->highest = number;
    show_gaps(w, c->into, SURE_AFTER);
    if (!missing)
        return;
    struct model_loss_way *into = c->into;
    into->lost += missing;
    into->before_tap += missing;
    into->ranges++;
    into->units += missing;
    into->first_ns = into->first_ns ? into->first_ns : c->packet->time_ns;
    into->last_ns = c->packet->time_ns;
    if (w->gap_count < TRACK_PCOIP_GAPS) {
        w->gaps[w->gap_count].frame = c->packet->frame;
        w->gaps[w->gap_count++].number = number - 1;
    }
    if (looks_like_counting(c->t, w, PACKETS_TO_TIME))
        rate(c, 0, missing > UINT16_MAX ? UINT16_MAX : (int)missing);
}

/* Late is not lost. The gap that it was counted in vanishes, shrinks, or falls into two. */
static void on_late(const struct count *c, uint32_t back)
{
    struct track_pcoip_way *w = c->way;
    struct model_loss_way *into = c->into;
    bool newer = is_here(w, back - 1), older = is_here(w, back + 1);
    w->here[back / 64] |= UINT64_C(1) << back % 64;
    if (!into->lost)
        return;
    into->lost--;
    into->before_tap--;
    into->units--; /* it counts when it is here */
    into->ranges = into->ranges + (!newer && !older) - (newer && older && into->ranges);
    for (uint8_t i = 0; i < w->gap_count; i++)
        if (w->gaps[i].number == w->highest - back)
            w->gaps[i--] = w->gaps[--w->gap_count];
    rate(c, 0, -1);
}

/* A copy or something older than the window counts nowhere. False then. */
static bool place(const struct count *c, uint32_t number)
{
    struct track_pcoip_way *w = c->way;
    uint32_t ahead = number - w->highest, back = w->highest - number;
    bool late = back < TRACK_PCOIP_WINDOW && number - w->first <= w->highest - w->first;
    if (ahead && ahead <= STEP_MOST) {
        w->in_step += ahead <= c->t->pcoip_step;
        on_step(c, number);
        return true;
    }
    if (!late || is_here(w, back))
        return false;
    on_late(c, back);
    return true;
}

static void begin_counting(struct track_pcoip_way *w, const struct decode_pcoip *esp)
{
    *w = (struct track_pcoip_way){ .spi = esp->spi, .first = esp->sequence, .highest = esp->sequence, .here = { 1 } };
}

static void add_counts(struct model_loss_way *into, const struct model_loss_way *from)
{
    into->units += from->units;
    into->bytes += from->bytes;
    into->lost += from->lost;
    into->before_tap += from->before_tap;
    into->ranges += from->ranges;
    into->first_ns = into->first_ns ? into->first_ns : from->first_ns;
    into->last_ns = from->last_ns > into->last_ns ? from->last_ns : into->last_ns;
    for (uint32_t i = 0; i < from->frames; i++)
        show(into, from->frame[i]);
}

static void consider_belief(struct count *c)
{
    struct track_pcoip_way *w = c->way;
    if (w->believed || !looks_like_counting(c->t, w, c->t->pcoip_packets))
        return;
    struct model_loss *loss = model_loss_of(c->t->model, c->s->path);
    if (!loss)
        return;
    w->believed = true;
    add_counts(&loss->way[c->direction], &w->counts);
}

static void count_packet(struct count *c, const struct decode_pcoip *esp)
{
    struct track_pcoip_way *w = c->way;
    bool another = w->spi != esp->spi;
    if (another)
        begin_counting(w, esp);
    c->into = w->believed ? &c->s->path->loss->way[c->direction] : &w->counts;
    w->packets++;
    if (!another && !place(c, esp->sequence))
        return;
    c->into->units++;
    c->into->bytes += c->d->ip_bytes;
    rate(c, c->d->ip_bytes, 0);
    consider_belief(c);
}

void track_pcoip_packet(struct track *t, struct story *s, enum flow_direction direction,
                        const struct track_packet *packet, const struct decode_packet *d)
{
    struct story_udp *udp = &s->udp;
    struct decode_pcoip esp;
    if (model_protocol_of(s->path->role, s->path->port) != MODEL_PCOIP ||
        decode_pcoip(cursor_make(packet->bytes + d->payload_offset, d->payload_captured), &esp) != DECODE_OK)
        return;
    if (!udp->pcoip)
        udp->pcoip = calloc(1, sizeof *udp->pcoip);
    if (!udp->pcoip)
        return;
    struct count c = { .t = t, .s = s, .direction = direction, .packet = packet, .d = d,
                       .way = &udp->pcoip->way[direction] };
    count_packet(&c, &esp);
}

void track_pcoip_end(struct story *s)
{
    if (!s->udp.pcoip)
        return;
    for (int direction = 0; direction < 2; direction++) {
        struct track_pcoip_way *w = &s->udp.pcoip->way[direction];
        if (w->believed)
            show_gaps(w, &s->path->loss->way[direction], 0);
    }
    free(s->udp.pcoip);
    s->udp.pcoip = NULL;
}
