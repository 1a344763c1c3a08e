/* SPDX-License-Identifier: Apache-2.0 */
#include "tcp.h"

#include <string.h>

#include "base/nsec.h"
#include "tls.h"

enum { SYN_WINDOW = 64240, WINDOW = 501, WINDOW_SCALE = 7 };

/* How long a segment that passed the tap is under way to the client, which is near. */
#define NEAR_NS (NSEC_PER_MSEC / 2)

static bool before(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b) < 0;
}

static void take_range(struct tcp_side *side, uint32_t from, uint32_t to)
{
    if (!side->has_received) {
        side->received = from;
        side->has_received = true;
    }
    if (before(side->received, from)) { /* over a hole */
        if (side->beyond_from == side->beyond_to)
            side->beyond_from = from;
        side->beyond_to = to;
        return;
    }
    if (before(side->received, to))
        side->received = to;
    if (side->beyond_from != side->beyond_to && !before(side->received, side->beyond_from)) {
        if (before(side->received, side->beyond_to))
            side->received = side->beyond_to;
        side->beyond_from = side->beyond_to;
    }
}

/* Takes what has arrived at a side by `now_ns`. */
static void arrive(struct tcp_side *side, int64_t now_ns)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < side->in_flight_count; i++) {
        struct tcp_range range = side->in_flight[i];
        if (range.arrives_ns <= now_ns)
            take_range(side, range.from, range.to);
        else
            side->in_flight[kept++] = range;
    }
    side->in_flight_count = kept;
}

static void send_range(struct tcp_side *to, int64_t arrives_ns, uint32_t from, uint32_t end)
{
    if (to->in_flight_count == TCP_IN_FLIGHT_MAX) {
        take_range(to, to->in_flight[0].from, to->in_flight[0].to);
        to->in_flight_count--;
        for (unsigned i = 0; i < to->in_flight_count; i++)
            to->in_flight[i] = to->in_flight[i + 1];
    }
    to->in_flight[to->in_flight_count++] = (struct tcp_range){ arrives_ns, from, end };
}

static void open_side(struct tcp_connection *c, const struct flow *flow, const struct step *step)
{
    struct tcp_side *side = &c->side[step->down];
    bool syn = step->action == ACTION_SYN;
    if ((syn || step->action == ACTION_SYN_ACK) && (!step->again || !side->has_sent)) {
        if (syn && c->attempts++)
            c->side[0] = c->side[1] = (struct tcp_side){ .first = 0 };
        side->first = (uint32_t)payload_seed(flow->name, 2 * step->member + step->down, 1000 + c->attempts);
        side->next = side->first;
    } else if (!side->has_sent && step->action != ACTION_RST && step->action != ACTION_RST_ACK) {
        /* a connection that was open before the capture began */
        side->first = (uint32_t)payload_seed(flow->name, 2 * step->member + step->down, 1000);
        side->next = side->first + 1;
        send_range(&c->side[!step->down], INT64_MIN, side->first, side->next);
    }
}

static uint8_t flags_of(enum action action)
{
    switch ((int)action) {
    case ACTION_SYN:
        return CRAFT_SYN;
    case ACTION_SYN_ACK:
        return CRAFT_SYN | CRAFT_ACK;
    case ACTION_ACK:
    case ACTION_KEEPALIVE:
        return CRAFT_ACK;
    case ACTION_FIN:
        return CRAFT_FIN | CRAFT_ACK;
    case ACTION_RST:
        return CRAFT_RST;
    case ACTION_RST_ACK:
        return CRAFT_RST | CRAFT_ACK;
    default:
        return CRAFT_PSH | CRAFT_ACK;
    }
}

static void put_payload(const struct flow *flow, const struct step *step, uint32_t sequence, struct payload *p)
{
    uint64_t seed = payload_seed(flow->name, 2 * step->member + step->down, sequence);
    switch ((int)step->action) {
    case ACTION_DATA:
        payload_tls_data(p, step->bytes, seed);
        break;
    case ACTION_HELLO:
        payload_client_hello(p, step->name, seed);
        break;
    case ACTION_SERVER_HELLO:
        payload_server_hello(p, seed);
        break;
    case ACTION_FLIGHT:
        tls_put_flight(p, step->name, step->issuer, seed);
        break;
    case ACTION_FINISHED:
        tls_put_finished(p, !step->down && step->issuer, seed);
        break;
    case ACTION_ALERT:
        tls_put_alert(p, (uint8_t)step->bytes);
        break;
    case ACTION_SAY:
        payload_text(p, step->name);
        break;
    case ACTION_CLOSE_NOTIFY:
        payload_close_notify(p, seed);
        break;
    default:
        break;
    }
}

static void put_options(const struct tcp_side *side, const struct flow *flow, const struct step *step,
                        struct craft_tcp *out)
{
    struct craft_tcp_options *o = &out->options;
    if (out->flags & CRAFT_RST)
        return;
    if (out->flags & CRAFT_SYN) {
        o->mss = flow->mss;
        o->sack_permitted = o->has_window_scale = true;
        o->window_scale = WINDOW_SCALE;
    } else if (side->beyond_from != side->beyond_to) {
        o->sack_count = 1;
        o->sack[0].left = side->beyond_from;
        o->sack[0].right = side->beyond_to;
    }
    o->has_timestamps = flow->timestamps;
    o->tsval = (uint32_t)(step->at_ns / NSEC_PER_MSEC) + (step->down ? 0x51000000u : 0x12000000u);
    o->tsecr = side->peer_tsval;
}

static uint16_t window_of(const struct step *step, uint8_t flags)
{
    if (step->window != NOT_GIVEN)
        return (uint16_t)step->window;
    if (flags & CRAFT_RST)
        return 0;
    return flags & CRAFT_SYN ? SYN_WINDOW : WINDOW;
}

static bool carries_data(enum action action)
{
    return action == ACTION_DATA || (action >= ACTION_HELLO && action <= ACTION_SAY);
}

/* Where what is sent now begins in the stream, from which its bytes follow. */
static uint32_t sequence_of_data(struct tcp_side *side, const struct step *step)
{
    if (!step->pieces)
        return step->again ? side->last_sequence : side->next;
    if (step->again)
        return side->message;
    if (!side->pieces_sent)
        side->message = side->next;
    side->pieces_sent = (side->pieces_sent + 1) % step->pieces;
    return side->message;
}

/* Leaves one piece of the message. Returns where in the message it begins. */
static uint32_t cut_piece(struct payload *p, const struct step *step)
{
    size_t from = p->length * (step->piece - 1) / step->pieces, to = p->length * step->piece / step->pieces;
    memmove(p->bytes, p->bytes + from, to - from);
    p->length = to - from;
    return (uint32_t)from;
}

/* Where the segment begins, and what it takes of the sequence space. */
static uint32_t place_segment(struct tcp_side *side, const struct step *step, struct craft_tcp *out, struct payload *p)
{
    bool data = carries_data(step->action);
    uint32_t taken = (uint32_t)p->length + ((out->flags & (CRAFT_SYN | CRAFT_FIN)) != 0);
    if (out->flags & CRAFT_SYN)
        out->sequence = side->first;
    else if (step->again && out->flags & CRAFT_FIN)
        out->sequence = side->next - 1;
    else if (step->action == ACTION_KEEPALIVE)
        out->sequence = side->next - 1;
    else if (!data)
        out->sequence = side->next;
    out->sequence += (uint32_t)step->sequence_shift;
    if (data) {
        side->last_sequence = out->sequence;
        side->last_bytes = (uint32_t)p->length;
    }
    if (taken && before(side->next, out->sequence + taken))
        side->next = out->sequence + taken;
    return taken;
}

void tcp_segment(struct tcp_connection *c, const struct flow *flow, const struct step *given, struct craft_tcp *out,
                 struct payload *p)
{
    struct step step = *given;
    open_side(c, flow, &step);
    struct tcp_side *side = &c->side[step.down], *other = &c->side[!step.down];
    *out = (struct craft_tcp){ .flags = flags_of(step.action) };
    out->source_port = step.down ? flow->server_port : flow->client_port;
    out->destination_port = step.down ? flow->client_port : flow->server_port;
    out->sequence = side->next;
    if (carries_data(step.action))
        out->sequence = sequence_of_data(side, &step);
    if (step.action == ACTION_DATA && step.again)
        step.bytes = side->last_bytes;
    /* An ACK or an answer to a SYN stands in the story where the teller wants it: it acknowledges all. */
    bool told = step.action == ACTION_ACK || step.action == ACTION_SYN_ACK || step.action == ACTION_RST_ACK;
    arrive(side, told ? INT64_MAX : step.at_ns);
    put_payload(flow, &step, out->sequence, p);
    if (step.pieces)
        out->sequence += cut_piece(p, &step);
    uint32_t taken = place_segment(side, &step, out, p);
    out->acknowledgment = out->flags & CRAFT_ACK ? side->received : 0;
    put_options(side, flow, &step, out);
    out->window = window_of(&step, out->flags);
    side->has_sent = side->has_sent || !(out->flags & CRAFT_RST);
    if (!step.lost && !(out->flags & CRAFT_RST)) {
        int64_t arrives_ns = step.at_ns + (step.down ? NEAR_NS : flow->rtt_ns);
        if (taken)
            send_range(other, arrives_ns, out->sequence, out->sequence + taken);
        other->peer_tsval = out->options.tsval;
    }
}
