/* SPDX-License-Identifier: Apache-2.0 */
#include "track/quic.h"

#include <stdlib.h>
#include <string.h>

#include "decode/quic_initial.h"
#include "track/judge.h"
#include "track/role.h"
#include "track/rtt.h"
#include "track/session.h"

/* Only the first packets of a flow are looked into for long headers; so many of its Initials are opened at most; and
 * so many packets of one datagram are looked at. */
enum { PACKETS_LOOKED_AT = 64, TRIES_MOST = 8, COALESCED_MOST = 4 };

enum { LONG_HEADER = 0x80 };

/* RFC 9000, section 20.1. */
enum { NO_ERROR = 0x00, APPLICATION_ERROR = 0x0c, CRYPTO_ERROR = 0x100, CRYPTO_ERROR_END = 0x200 };

struct track_quics {
    struct decode_quic_keys *keys;
    struct track_quic_hellos hellos;
    struct track_quic_ids ids;
};

struct track_quics *track_quic_new(struct decode_quic_keys *keys)
{
    struct track_quics *quics = calloc(1, sizeof *quics);
    if (quics)
        quics->keys = keys;
    return quics;
}

void track_quic_free(struct track_quics *quics)
{
    free(quics);
}

/* A packet being looked at. */
struct look {
    struct track *t;
    struct flow *f;
    struct track_quic *quic;
    enum flow_direction direction;
    const struct track_packet *packet;
};

static void set_id(struct track_quic_id *id, struct decode_quic_bytes bytes)
{
    id->length = bytes.length <= sizeof id->bytes ? (uint8_t)bytes.length : 0;
    memcpy(id->bytes, bytes.at, id->length);
}

static bool same_id(const struct track_quic_id *id, struct decode_quic_bytes bytes)
{
    return id->length == bytes.length && memcmp(id->bytes, bytes.at, id->length) == 0;
}

struct track_quic *track_quic_of(const struct flow *f)
{
    const struct story *s = story_of(f);
    return f->key.protocol != 17 ? NULL : s ? s->udp.connection : f->flags & FLOW_BACKGROUND ? f->story : NULL;
}

static void attach(struct flow *f, struct track_quic *quic)
{
    struct story *s = story_of(f);
    if (s)
        s->udp.connection = quic;
    else if (f->flags & FLOW_BACKGROUND)
        f->story = quic;
    else
        free(quic); /* there was no memory for the story */
}

void track_quic_drop(struct track *t, struct flow *f)
{
    struct track_quic *quic = track_quic_of(f);
    if (!quic)
        return;
    track_quic_hello_drop(&t->quics->hellos, &quic->hello);
    attach(f, NULL);
    free(quic);
}

static bool opens(struct look *x, const struct track_quic_id *id, struct cursor packet,
                  struct decode_quic_initial *out)
{
    if (!id->length || x->quic->tries == TRIES_MOST)
        return false;
    x->quic->tries++;
    const struct decode_quic_opener opener = {
        .keys = x->t->quics->keys, .dcid = { id->bytes, id->length },
        .sender = x->direction == FLOW_TO_SERVER ? DECODE_QUIC_CLIENT : DECODE_QUIC_SERVER,
    };
    return decode_quic_initial_open(&opener, packet, out) == DECODE_OK;
}

/* By the keys of the connection as far as it is known; a client's Initial that they do not open may begin another one,
 * after a Retry, a Version Negotiation, or a first Initial that was not captured. */
static bool open_initial(struct look *x, const struct decode_quic *header, struct cursor packet,
                         struct decode_quic_initial *out)
{
    struct track_quic *quic = x->quic;
    bool cut = header->length_bytes > cursor_left(&packet) - header->header_bytes;
    if (cut || !x->t->quics->keys)
        return false;
    if (opens(x, &quic->key, packet, out))
        return true;
    struct track_quic_id own = { 0 };
    if (x->direction == FLOW_TO_SERVER && !same_id(&quic->key, header->dcid))
        set_id(&own, header->dcid);
    if (!opens(x, &own, packet, out))
        return false;
    track_quic_hello_drop(&x->t->quics->hellos, &quic->hello);
    quic->key = own;
    return true;
}

static void note_time(struct track_quic_times *times, uint32_t number, int64_t ns)
{
    uint8_t at = times->count < TRACK_QUIC_TIMES ? times->count++ : TRACK_QUIC_TIMES - 1;
    times->number[at] = number;
    times->ns[at] = ns;
}

/* An Initial names the other side's that it answers: from that one to here is the round trip of the half on which this
 * one came. The first one counts; what is acknowledged later may have waited. */
static void note_acknowledged(struct look *x, uint64_t number)
{
    struct story *s = story_of(x->f);
    enum flow_direction asked = x->direction == FLOW_TO_SERVER ? FLOW_TO_CLIENT : FLOW_TO_SERVER;
    const struct track_quic_times *times = &x->quic->sent[asked];
    struct model_rtt_sample sample = { .half = asked == FLOW_TO_SERVER ? MODEL_RTT_SERVER : MODEL_RTT_CLIENT,
                                       .method = MODEL_RTT_QUIC, .time_ns = x->packet->time_ns };
    for (uint8_t i = 0; s && i < times->count && !x->quic->timed[asked]; i++) {
        if (times->number[i] != number)
            continue;
        x->quic->timed[asked] = true;
        sample.value_ns = x->packet->time_ns - times->ns[i];
        track_rtt_sample(x->t, s, &sample);
    }
}

/* RFC 9000, section 10.2: a side that gives the handshake up says why. A client that changes its mind, and a program's
 * own reasons, are no failure. */
static void note_close(struct look *x, uint64_t error)
{
    struct story *s = story_of(x->f);
    bool alert = error >= CRYPTO_ERROR && error < CRYPTO_ERROR_END;
    bool by_client = x->direction == FLOW_TO_SERVER;
    bool fault = error != NO_ERROR && error != APPLICATION_ERROR && (alert || !by_client);
    if (!s || !fault || x->quic->closed)
        return;
    x->quic->closed = true;
    struct model_incident closed = { .fact = MODEL_QUIC_CLOSED, .first_ns = x->f->first_ns,
                                     .last_ns = x->packet->time_ns, .attempts = s->udp.sent, .quic = true,
                                     .quic_error = error > UINT32_MAX ? UINT32_MAX : (uint32_t)error,
                                     .by_client = by_client };
    track_judge_show_frames(&s->udp.datagrams, MODEL_SHOWS_INITIAL, &closed);
    model_incident_show(&closed, MODEL_SHOWS_CLOSE, x->packet->frame, closed.quic_error);
    track_session_file(x->t, s, x->f, &closed);
}

static void read_frames(struct look *x, struct cursor frames)
{
    struct decode_quic_frame frame;
    bool hello = x->direction == FLOW_TO_SERVER && !(x->f->flags & FLOW_SETTLED);
    while (cursor_left(&frames) && decode_quic_frame(&frames, &frame) == DECODE_OK) {
        if (frame.type == DECODE_QUIC_CRYPTO && hello)
            track_quic_hello_add(&x->t->quics->hellos, &x->quic->hello, frame.offset, frame.data);
        else if (frame.type == DECODE_QUIC_ACK)
            note_acknowledged(x, frame.acknowledged);
        else if (frame.type == DECODE_QUIC_CLOSE)
            note_close(x, frame.error);
    }
}

/* The client said what it calls the server. The flow may get its role by that, and a story: the connection goes on in
 * it. */
static void name_flow(struct look *x, const struct decode_tls_client_hello *hello)
{
    struct track_quic *quic = x->quic;
    const struct track_role_name name = { .host = hello->sni, .port = flow_server_port(x->f),
                                          .source = TRACK_ROLE_BY_SNI };
    if (!story_of(x->f))
        attach(x->f, NULL);
    (void)track_role_named(x->t, x->f, &name, x->packet);
    attach(x->f, quic);
    x->quic = track_quic_of(x->f);
}

static void read_initial(struct look *x, const struct decode_quic *header, struct cursor packet)
{
    struct decode_quic_initial initial;
    struct decode_tls_client_hello hello;
    struct track_quic_hellos *hellos = &x->t->quics->hellos;
    if (!open_initial(x, header, packet, &initial)) {
        if (x->quic->tries == TRIES_MOST)
            x->f->flags |= FLOW_SETTLED;
        return;
    }
    note_time(&x->quic->sent[x->direction], initial.number, x->packet->time_ns);
    bool asks = x->direction == FLOW_TO_SERVER && !(x->f->flags & FLOW_SETTLED);
    if (asks)
        track_quic_hello_open(hellos, &x->quic->hello);
    read_frames(x, initial.frames);
    enum track_quic_hello_state state =
        asks ? track_quic_hello_close(hellos, &x->quic->hello, &hello) : TRACK_QUIC_HELLO_MORE;
    if (state != TRACK_QUIC_HELLO_MORE || x->quic->tries == TRIES_MOST)
        x->f->flags |= FLOW_SETTLED;
    if (state == TRACK_QUIC_HELLO_READ && hello.has_sni)
        name_flow(x, &hello);
}

/* A client that heard the server addresses it by the ID of the server's choice (RFC 9000, section 7.2), or by that of a
 * Retry. One that asks again in the same words has not heard what passed here a round trip ago. */
static void note_asking(struct look *x, struct story *s, const struct decode_quic *header)
{
    struct track_quic *quic = x->quic;
    struct story_udp *udp = &s->udp;
    int64_t now_ns = x->packet->time_ns, round_trip_ns = udp->first_answer_ns - udp->first_ns;
    if (quic->server.length && same_id(&quic->server, header->dcid)) {
        x->f->flags |= FLOW_QUIC_BEYOND;
    } else if (!same_id(&quic->asked, header->dcid) || quic->version != header->version) {
        set_id(&quic->asked, header->dcid);
        quic->asked_ns = now_ns;
    } else if (udp->answers && udp->last_answer_ns > quic->asked_ns &&
               now_ns - udp->last_answer_ns > round_trip_ns) {
        udp->initials_after_answer++;
        story_frames_add(&udp->late_initials, x->packet->frame);
    }
    quic->version = header->version;
}

static void on_client_long(struct look *x, const struct decode_quic *header, struct cursor packet)
{
    struct story *s = story_of(x->f);
    if (header->type == DECODE_QUIC_HANDSHAKE)
        x->f->flags |= FLOW_QUIC_BEYOND;
    if (header->type != DECODE_QUIC_INITIAL)
        return;
    if (s)
        note_asking(x, s, header);
    if (s || !(x->f->flags & FLOW_SETTLED))
        read_initial(x, header, packet);
}

static void on_server_long(struct look *x, const struct decode_quic *header, struct cursor packet)
{
    struct track_quic *quic = x->quic;
    if (header->type == DECODE_QUIC_RETRY) {
        track_quic_hello_drop(&x->t->quics->hellos, &quic->hello);
        set_id(&quic->key, header->scid);
        return;
    }
    if (header->type != DECODE_QUIC_INITIAL && header->type != DECODE_QUIC_HANDSHAKE)
        return;
    bool news = !same_id(&quic->server, header->scid);
    set_id(&quic->server, header->scid);
    if (news && story_of(x->f))
        track_quic_id_learn(&x->t->quics->ids, story_of(x->f)->path, &quic->server, x->f->order);
    if (header->type == DECODE_QUIC_INITIAL)
        read_initial(x, header, packet);
}

static void look_at_datagram(struct look *x, const struct decode_packet *d)
{
    struct cursor rest = cursor_make(x->packet->bytes + d->payload_offset, d->payload_captured);
    for (int i = 0; i < COALESCED_MOST && cursor_left(&rest) && x->quic; i++) {
        struct decode_quic header;
        if (decode_quic(rest.at, cursor_left(&rest), &header) != DECODE_OK || header.type == DECODE_QUIC_SHORT)
            return;
        struct cursor packet = cursor_sub(&rest, header.packet_bytes);
        if (x->direction == FLOW_TO_SERVER)
            on_client_long(x, &header, packet);
        else
            on_server_long(x, &header, packet);
    }
}

/* A Handshake or short header after an Initial is what only an answered client sends, whatever the fixed bit says:
 * peers may agree to vary it (RFC 9287). */
static void note_kind(struct flow *f, enum decode_quic_type type)
{
    struct story *s = story_of(f);
    if (s && f->half[FLOW_TO_SERVER].packets == 1 && type == DECODE_QUIC_SHORT)
        s->udp.begins_short = true;
    if (f->flags & FLOW_QUIC_INITIAL && (type == DECODE_QUIC_SHORT || type == DECODE_QUIC_HANDSHAKE))
        f->flags |= FLOW_QUIC_BEYOND;
    if (type != DECODE_QUIC_INITIAL)
        return;
    f->flags |= FLOW_QUIC_INITIAL;
    if (s)
        s->udp.quic = s->udp.start_seen = s->path->start_seen = true;
}

/* A connection begins to matter with the client's first Initial. */
static struct track_quic *begin_connection(struct flow *f)
{
    struct track_quic *quic = story_of(f) || !(f->flags & FLOW_SETTLED) ? calloc(1, sizeof *quic) : NULL;
    if (quic)
        attach(f, quic);
    return track_quic_of(f);
}

/* A flow of a story that begins with a short header may carry on a connection that is known. */
static void look_for_move(struct track *t, struct flow *f, struct cursor payload)
{
    struct story *s = story_of(f);
    struct track_quic_id id;
    if (!s || !s->udp.begins_short || f->half[FLOW_TO_SERVER].packets != 1 || track_quic_of(f) ||
        !track_quic_id_find(&t->quics->ids, s->path, payload, &id))
        return;
    struct track_quic *quic = begin_connection(f);
    if (!quic)
        return;
    quic->server = id;
    quic->moved_here = true;
}

bool track_quic_answered(struct track *t, const struct flow *f)
{
    const struct track_quic *quic = track_quic_of(f);
    if (!quic || !quic->moved_here)
        return false;
    track_quic_id_move(&t->quics->ids, story_of(f)->path, &quic->server, f->order);
    return true;
}

bool track_quic_has_left(const struct track *t, const struct flow *f)
{
    const struct track_quic *quic = track_quic_of(f);
    return quic && story_of(f) && track_quic_id_has_left(&t->quics->ids, story_of(f)->path, &quic->server, f->order);
}

void track_quic_packet(struct track *t, struct flow *f, enum flow_direction direction,
                       const struct track_packet *packet, const struct decode_packet *d)
{
    struct look x = { .t = t, .f = f, .quic = track_quic_of(f), .direction = direction, .packet = packet };
    struct decode_quic first;
    if (!d->payload_captured || f->half[direction].packets > PACKETS_LOOKED_AT ||
        (direction == FLOW_TO_CLIENT && !x.quic))
        return;
    bool sound = decode_quic(packet->bytes + d->payload_offset, d->payload_captured, &first) == DECODE_OK;
    if (direction == FLOW_TO_SERVER && (sound || first.type == DECODE_QUIC_SHORT))
        note_kind(f, first.type);
    if (direction == FLOW_TO_SERVER && first.type == DECODE_QUIC_SHORT)
        look_for_move(t, f, cursor_make(packet->bytes + d->payload_offset, d->payload_captured));
    if (!sound || first.type == DECODE_QUIC_SHORT)
        return;
    if (!x.quic && first.type == DECODE_QUIC_INITIAL)
        x.quic = begin_connection(f);
    if (!x.quic)
        return;
    look_at_datagram(&x, d);
    if (!story_of(f) && f->flags & FLOW_SETTLED)
        track_quic_drop(t, f);
}
