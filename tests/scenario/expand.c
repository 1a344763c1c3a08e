/* SPDX-License-Identifier: Apache-2.0 */
#include "scenario.h"

#include <stdlib.h>

#include "base/nsec.h"

/* Lines of the story -> packets in order of time. The tap stands near the client: what the client sends in answer
 * passes TURN_NS after what it answers, what the server sends in answer a round trip after. */

enum {
    SEGMENT_BYTES = 1200,
    SEGMENTS_PER_ACK = 2,
    SEGMENTS_PER_INPUT = 8, /* so often the client says something itself: keys, pointer, feedback */
    INPUT_BYTES = 60,
    STEPS_MAX = 2000000,
    PROTOCOL_TCP = 6,
};

#define TURN_NS NSEC_PER_MSEC

struct expansion {
    struct arena *arena;
    const struct scenario *scenario;
    struct steps *steps;
    const struct event *event;
    struct step base; /* of the event, for this member and repetition */
    int64_t rtt_ns;
    bool failed;
};

static void add(struct expansion *x, const struct step *step)
{
    struct steps *steps = x->steps;
    if (steps->count >= STEPS_MAX)
        x->failed = true;
    if (x->failed)
        return;
    steps->rows = rows_grow(x->arena, steps->rows, steps->count, &steps->capacity, sizeof *steps->rows);
    if (!steps->rows) {
        x->failed = true;
        return;
    }
    steps->rows[steps->count] = *step;
    steps->rows[steps->count].order = steps->count;
    steps->count++;
    x->base.label = NULL; /* a mark is on the first packet of its line */
}

static void send(struct expansion *x, int64_t after_ns, enum action action, bool down, uint32_t bytes)
{
    struct step step = x->base;
    step.at_ns += after_ns;
    step.action = action;
    step.down = down;
    step.bytes = bytes;
    add(x, &step);
}

static void expand_handshake(struct expansion *x)
{
    send(x, 0, ACTION_SYN, false, 0);
    send(x, x->rtt_ns, ACTION_SYN_ACK, true, 0);
    send(x, x->rtt_ns + TURN_NS, ACTION_ACK, false, 0);
}

static void expand_tls(struct expansion *x)
{
    send(x, 0, ACTION_HELLO, false, 0);
    send(x, x->rtt_ns, ACTION_ACK, true, 0);
    send(x, x->rtt_ns + 2 * TURN_NS, ACTION_SERVER_HELLO, true, 0);
    send(x, x->rtt_ns + 2 * TURN_NS, ACTION_DATA, true, SEGMENT_BYTES);
    send(x, x->rtt_ns + 3 * TURN_NS, ACTION_ACK, false, 0);
    send(x, x->rtt_ns + 4 * TURN_NS, ACTION_DATA, false, 80);
    send(x, 2 * x->rtt_ns + 4 * TURN_NS, ACTION_DATA, true, 250);
    send(x, 2 * x->rtt_ns + 5 * TURN_NS, ACTION_ACK, false, 0);
}

/* With an issuer a full handshake; without one an earlier session goes on (RFC 5246, section 7.3). */
static void expand_tls_1_2(struct expansion *x)
{
    bool client_last = !x->base.issuer;
    send(x, 0, ACTION_HELLO, false, 0);
    send(x, x->rtt_ns, ACTION_ACK, true, 0);
    send(x, x->rtt_ns + 2 * TURN_NS, ACTION_FLIGHT, true, 0);
    send(x, x->rtt_ns + 3 * TURN_NS, ACTION_FINISHED, false, 0);
    send(x, 2 * x->rtt_ns + 3 * TURN_NS, client_last ? ACTION_ACK : ACTION_FINISHED, true, 0);
    send(x, 2 * x->rtt_ns + 4 * TURN_NS, ACTION_DATA, false, 80);
    send(x, 3 * x->rtt_ns + 4 * TURN_NS, ACTION_DATA, true, 250);
    send(x, 3 * x->rtt_ns + 5 * TURN_NS, ACTION_ACK, false, 0);
}

static void expand_close(struct expansion *x)
{
    bool down = x->event->by_server;
    int64_t answer_ns = down ? TURN_NS : x->rtt_ns, last_ns = down ? x->rtt_ns : TURN_NS;
    send(x, 0, ACTION_FIN, down, 0);
    send(x, answer_ns, ACTION_FIN, !down, 0);
    send(x, answer_ns + last_ns, ACTION_ACK, down, 0);
}

/* What the receiver does between two pieces of a stream. TCP acknowledges; and the client has its own things to say
 * in a stream from the server, which the server acknowledges. */
static void stream_answers(struct expansion *x, int64_t at_ns, enum action piece, size_t i, bool last)
{
    bool down = x->base.down, tcp = piece == ACTION_DATA;
    int64_t turn_ns = down ? TURN_NS : x->rtt_ns;
    if (tcp && (last || i % SEGMENTS_PER_ACK == 1))
        send(x, at_ns + turn_ns, ACTION_ACK, !down, 0);
    if (!down || i % SEGMENTS_PER_INPUT != SEGMENTS_PER_INPUT - 1)
        return;
    send(x, at_ns + 2 * TURN_NS, piece, false, INPUT_BYTES);
    if (tcp)
        send(x, at_ns + 2 * TURN_NS + x->rtt_ns, ACTION_ACK, true, 0);
}

static void expand_stream(struct expansion *x, enum action piece)
{
    size_t pieces = (x->base.bytes + SEGMENT_BYTES - 1) / SEGMENT_BYTES;
    uint32_t left = x->base.bytes;
    for (size_t i = 0; i < pieces && !x->failed; i++) {
        int64_t at_ns = (int64_t)((double)x->event->for_ns * (double)i / (double)pieces);
        uint32_t bytes = left < SEGMENT_BYTES ? left : SEGMENT_BYTES;
        send(x, at_ns, piece, x->base.down, bytes);
        stream_answers(x, at_ns, piece, i, i + 1 == pieces);
        left -= bytes;
    }
}

static void expand_quic_handshake(struct expansion *x)
{
    send(x, 0, ACTION_INITIAL, false, 0);
    send(x, x->rtt_ns, ACTION_INITIAL, true, 0);
    send(x, x->rtt_ns, ACTION_QUIC_HANDSHAKE, true, 900);
    send(x, x->rtt_ns + TURN_NS, ACTION_QUIC_HANDSHAKE, false, 100);
    send(x, x->rtt_ns + TURN_NS, ACTION_SHORT, false, 120);
    send(x, 2 * x->rtt_ns + TURN_NS, ACTION_SHORT, true, 200);
    send(x, 2 * x->rtt_ns + 2 * TURN_NS, ACTION_SHORT, false, 40);
}

static void expand_lookup(struct expansion *x)
{
    send(x, 0, ACTION_QUERY, false, 0);
    send(x, x->rtt_ns, ACTION_ANSWER, true, 0);
}

static void expand_one(struct expansion *x)
{
    switch ((int)x->base.action) {
    case HELPER_HANDSHAKE:
        expand_handshake(x);
        break;
    case HELPER_TLS:
        expand_tls(x);
        break;
    case HELPER_TLS_1_2:
        expand_tls_1_2(x);
        break;
    case HELPER_STREAM:
        expand_stream(x, x->scenario->flows[x->base.flow].protocol == PROTOCOL_TCP ? ACTION_DATA : ACTION_DATAGRAM);
        break;
    case HELPER_CLOSE:
        expand_close(x);
        break;
    case HELPER_QUIC_HANDSHAKE:
        expand_quic_handshake(x);
        break;
    case HELPER_QUIC_STREAM:
        expand_stream(x, ACTION_SHORT);
        break;
    case HELPER_LOOKUP:
        expand_lookup(x);
        break;
    default:
        add(x, &x->base);
    }
}

static void expand_event(struct expansion *x, const struct event *event)
{
    bool alone = event->step.action == ACTION_BACKGROUND || event->step.action == ACTION_CLOCK;
    unsigned members = alone ? 1 : x->scenario->flows[event->step.flow].count;
    x->event = event;
    x->rtt_ns = alone ? 0 : x->scenario->flows[event->step.flow].rtt_ns;
    for (unsigned member = 0; member < members; member++) {
        for (unsigned i = 0; i < event->times && !x->failed; i++) {
            x->base = event->step;
            x->base.member = member;
            x->base.at_ns += (int64_t)member * event->each_ns + (int64_t)i * event->every_ns;
            if (member || i)
                x->base.label = NULL;
            expand_one(x);
        }
    }
}

static int compare_steps(const void *left, const void *right)
{
    const struct step *a = left, *b = right;
    if (a->at_ns != b->at_ns)
        return a->at_ns < b->at_ns ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

enum status expand_scenario(struct arena *arena, const struct scenario *scenario, struct steps *out,
                            struct error *error)
{
    struct expansion x = { .arena = arena, .scenario = scenario, .steps = out };
    *out = (struct steps){ .count = 0 };
    for (unsigned i = 0; i < scenario->event_count && !x.failed; i++)
        expand_event(&x, &scenario->events[i]);
    if (x.failed)
        return place_error(&scenario->place, error, "the scenario %s is too long", scenario->name);
    if (out->count)
        qsort(out->rows, out->count, sizeof *out->rows, compare_steps);
    return STATUS_OK;
}
