/* SPDX-License-Identifier: Apache-2.0 */
#include "track/opening.h"

#include <stdlib.h>

#include "track/order.h"
#include "track/proxy.h"
#include "track/tls.h"

/* A client that has sent so much without a hello says none. */
enum { HELLO_WITHIN_BYTES = 16384 };

struct track_opening {
    struct track_order order[2]; /* by direction */
    struct track_tls tls;
    struct track_proxy proxy;
};

/* One packet on its way through the readers. */
struct turn {
    struct track *t;
    struct flow *f;
    struct track_opening *opening;
    const struct track_packet *packet;
    const struct decode_packet *d;
    enum flow_direction direction;
};

void track_opening_free(struct track *t, struct track_opening *o)
{
    if (!o)
        return;
    for (int side = 0; side < 2; side++)
        track_order_free(&o->order[side], &t->order_budget);
    track_tls_free(&o->tls, &t->order_budget);
    track_proxy_free(&o->proxy, &t->order_budget);
    free(o);
}

static struct track_opening **place_of(struct flow *f)
{
    struct story *s = story_of(f);
    return s ? &s->opening : (struct track_opening **)&f->story;
}

static struct track_tls_piece tls_piece(const struct turn *turn)
{
    return (struct track_tls_piece){ turn->t, turn->f, &turn->opening->tls, turn->packet, turn->direction };
}

static void read_in_order(void *context, struct cursor bytes, uint32_t missing)
{
    const struct turn *turn = context;
    struct track_opening *o = turn->opening;
    struct track_proxy_piece piece = { turn->t, turn->f, &o->proxy, turn->packet, turn->direction };
    if (track_proxy_reads(&piece, bytes)) {
        bytes = track_proxy_read(&piece, bytes, missing);
        if (o->proxy.asked_anew) /* the next answer begins where the client has heard all so far */
            track_order_begin(&o->order[FLOW_TO_CLIENT], turn->d->tcp.acknowledgment);
        o->proxy.asked_anew = false;
    }
    if (!cursor_left(&bytes) && !missing)
        return;
    struct track_tls_piece tls = tls_piece(turn);
    track_tls_read(&tls, bytes, missing);
}

static uint32_t sequence_of(const struct decode_packet *d)
{
    return d->tcp.sequence + ((d->tcp.flags & DECODE_SYN) != 0);
}

static struct track_order_segment segment_of(const struct turn *turn)
{
    const struct decode_packet *d = turn->d;
    return (struct track_order_segment){ .sequence = sequence_of(d), .length = d->payload_bytes,
                                         .bytes = cursor_make(turn->packet->bytes + d->payload_offset,
                                                              d->payload_captured) };
}

/* Where a side's first byte is: behind its SYN, or where it is seen first. */
static void begin_order(const struct turn *turn)
{
    struct track_order *own = &turn->opening->order[turn->direction];
    struct track_order *peer = &turn->opening->order[!turn->direction];
    const struct flow_half *half = &turn->f->half[turn->direction];
    if (!own->begun)
        track_order_begin(own, half->tcp_flags & DECODE_SYN ? half->first_sequence + 1 : sequence_of(turn->d));
    if (!peer->begun && turn->d->tcp.flags & DECODE_ACK)
        track_order_begin(peer, turn->d->tcp.acknowledgment);
}

static void note_hello_segment(const struct turn *turn)
{
    struct track_tls *tls = &turn->opening->tls;
    uint32_t sequence = sequence_of(turn->d);
    bool first = !tls->hellos.count && !turn->opening->order[FLOW_TO_CLIENT].lost;
    if (first) {
        tls->hello_sequence = sequence;
        tls->hello_bytes = turn->d->ip_bytes;
    }
    if (!first && sequence != tls->hello_sequence)
        return;
    story_frames_add(&tls->hellos, turn->packet->frame);
    tls->last_hello_ns = turn->packet->time_ns;
}

/* What the client sends until its hello is whole, and that again. */
static void note_client_segment(const struct turn *turn)
{
    struct track_tls *tls = &turn->opening->tls;
    bool tunnel = turn->opening->proxy.port && !turn->opening->proxy.tunnel;
    if (turn->direction != FLOW_TO_SERVER || tunnel)
        return;
    note_hello_segment(turn);
    if (!tls->client_hello || !tls->hello_end)
        tls->hello_end = sequence_of(turn->d) + turn->d->payload_bytes;
}

static bool is_over(const struct turn *turn)
{
    const struct track_opening *o = turn->opening;
    bool background = turn->f->flags & FLOW_BACKGROUND;
    const struct flow_half *client = &turn->f->half[FLOW_TO_SERVER];
    const struct track_record_reader *reader = &o->tls.reader[FLOW_TO_SERVER];
    bool no_hello = reader->started && !o->tls.client_hello && reader->type != DECODE_TLS_HANDSHAKE;
    bool late = !o->tls.client_hello && client->payload_bytes > HELLO_WITHIN_BYTES;
    return no_hello || late || (background && o->tls.client_hello) || track_tls_is_done(&o->tls);
}

/* The whole CONNECT of a background flow. True when the flow is settled. */
static bool read_request_in_place(const struct turn *turn, struct cursor bytes)
{
    struct decode_http_connect connect;
    enum decode_outcome outcome = decode_http_connect(bytes, &connect);
    if (outcome == DECODE_TRUNCATED)
        return false;
    if (outcome != DECODE_OK)
        return true;
    struct track_proxy_piece piece = { turn->t, turn->f, NULL, turn->packet, turn->direction };
    track_proxy_connect(&piece, &connect);
    return false; /* the hello behind it may say more */
}

/* The whole hello of a background flow in one segment, which is how nearly all come: nothing has to be kept. True when
 * the flow is settled. */
static bool read_hello_in_place(const struct turn *turn, struct cursor bytes)
{
    struct decode_tls_record record;
    struct decode_tls_handshake message;
    struct decode_tls_client_hello hello;
    enum decode_outcome outcome = decode_tls_record(&bytes, &record);
    bool handshake = record.type == DECODE_TLS_HANDSHAKE;
    if (outcome == DECODE_TRUNCATED && (handshake || !record.type))
        return false;
    if (outcome != DECODE_OK || !handshake)
        return true;
    outcome = decode_tls_handshake(&record.body, &message);
    if (outcome != DECODE_OK || message.type != DECODE_TLS_CLIENT_HELLO)
        return outcome != DECODE_TRUNCATED;
    struct track_tls_piece piece = { turn->t, turn->f, NULL, turn->packet, turn->direction };
    decode_tls_client_hello(&message, &hello);
    track_tls_name(&piece, &hello);
    return true;
}

/* What an opening need not be kept for. True when nothing is left to be done with this segment. */
static bool read_in_place(const struct turn *turn)
{
    const struct flow *f = turn->f;
    const struct flow_half *client = &f->half[FLOW_TO_SERVER];
    struct cursor bytes = segment_of(turn).bytes;
    bool first = !(f->flags & FLOW_SYN_SEEN) || f->flags & FLOW_NAME_BY_CONNECT ||
                 sequence_of(turn->d) == client->first_sequence + 1;
    if (!first || turn->d->payload_captured < turn->d->payload_bytes)
        return false;
    bool request = track_proxy_port(turn->t, f) && bytes.at[0] >= 'A' && bytes.at[0] <= 'Z';
    bool settled = request ? read_request_in_place(turn, bytes) : read_hello_in_place(turn, bytes);
    if (!(f->flags & FLOW_BACKGROUND))
        return false; /* it has a role now: its handshake is followed */
    if (settled)
        turn->f->flags |= FLOW_SETTLED;
    return settled || (request && f->flags & FLOW_NAME_BY_CONNECT);
}

static struct track_opening *new_opening(struct track *t)
{
    struct track_opening *o = calloc(1, sizeof *o);
    t->order_budget.refused += !o;
    return o;
}

static void note_hello(const struct turn *turn)
{
    struct story *s = story_of(turn->f);
    struct model_tls *facts = s ? model_path_tls(turn->t->model, s->path) : NULL;
    if (!facts)
        return;
    int64_t now_ns = turn->packet->time_ns;
    facts->hellos++;
    facts->hello_ns = now_ns < facts->hello_ns ? now_ns : facts->hello_ns;
    facts->name = turn->f->flags & FLOW_NAME_BY_SNI ? turn->f->name : facts->name;
}

static void read_segment(const struct turn *turn)
{
    struct track_opening *o = turn->opening;
    uint8_t flags = turn->d->tcp.flags;
    bool had_hello = o->tls.client_hello;
    if (turn->d->payload_bytes && !(flags & DECODE_RST)) {
        struct track_order_segment segment = segment_of(turn);
        begin_order(turn);
        note_client_segment(turn);
        track_order_add(&o->order[turn->direction], &turn->t->order_budget, &segment, read_in_order, (void *)turn);
    }
    if (!had_hello && o->tls.client_hello)
        note_hello(turn);
    struct track_tls_piece piece = tls_piece(turn);
    if (flags & (DECODE_FIN | DECODE_RST) && o->tls.client_hello)
        track_tls_end(&piece, flags & DECODE_RST);
}

static bool concerns(const struct turn *turn)
{
    bool ends = turn->d->tcp.flags & (DECODE_FIN | DECODE_RST);
    bool background = turn->f->flags & FLOW_BACKGROUND;
    if (background)
        return turn->direction == FLOW_TO_SERVER && turn->d->payload_bytes;
    return story_of(turn->f) && (turn->d->payload_bytes || (ends && story_of(turn->f)->opening));
}

void track_opening(struct track *t, struct flow *f, enum flow_direction direction, const struct track_packet *packet,
                   const struct decode_packet *d)
{
    struct turn turn = { .t = t, .f = f, .packet = packet, .d = d, .direction = direction };
    if (f->flags & FLOW_SETTLED || !concerns(&turn))
        return;
    turn.opening = *place_of(f);
    *place_of(f) = NULL; /* the flow may get its role, and with it another place, on the way */
    if (!turn.opening && f->flags & FLOW_BACKGROUND && d->payload_captured && read_in_place(&turn))
        return;
    if (!turn.opening)
        turn.opening = new_opening(t);
    if (!turn.opening)
        return;
    read_segment(&turn);
    bool gone = !(f->flags & FLOW_BACKGROUND) && !story_of(f); /* no place for its path */
    if (!gone && !is_over(&turn)) {
        *place_of(f) = turn.opening;
        return;
    }
    f->flags |= FLOW_SETTLED;
    track_opening_free(t, turn.opening);
}

bool track_opening_judge(struct track *t, struct story *s, const struct flow *f, int64_t now_ns)
{
    struct track_opening *o = s->opening;
    if (!o)
        return false;
    for (int side = 0; side < 2; side++)
        o->tls.unreadable = o->tls.unreadable || o->order[side].lost || o->order[side].early;
    return track_tls_judge(t, s, f, &o->tls, now_ns);
}
