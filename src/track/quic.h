/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_QUIC_H
#define TRACK_QUIC_H

#include "decode/quic.h"
#include "track/quic_hello.h"
#include "track/quic_id.h"
#include "track/story.h"

/* QUIC connections: what their Initials say (RFC 9000, RFC 9001, RFC 9369), to everyone on the path, and what the
 * headers tell without keys (RFC 8999, RFC 9312). */

/* When Initials of one side passed, by packet number: an acknowledgment names the transmission that it answers, so a
 * repeated Initial times as well as the first (Karn's rule has nothing to forbid). */
enum { TRACK_QUIC_TIMES = 8 };
struct track_quic_times {
    uint32_t number[TRACK_QUIC_TIMES];
    int64_t ns[TRACK_QUIC_TIMES];
    uint8_t count;
};

/* A connection while it matters: of a flow with a role as long as the flow, of a background flow until its hello is
 * read. */
struct track_quic {
    struct track_quic_hello hello;
    struct track_quic_id key;    /* the connection ID that the keys of Initials come from */
    uint8_t tries;               /* Initials that were tried to open */
    uint32_t version;            /* of the client's latest Initial */
    struct track_quic_id asked;  /* the ID that the client addresses the server by before it has heard its choice */
    int64_t asked_ns;            /* since when */
    struct track_quic_id server; /* the ID of the server's choice, as the client's packets carry it */
    struct track_quic_times sent[2]; /* Initials, by direction */
    bool timed[2];               /* a round trip by those Initials has been told */
    bool moved_here;             /* begun on another flow, whose Initials are not of this one */
    bool closed;                 /* a CONNECTION_CLOSE has been filed */
};

/* The tracker's own part; `keys` is borrowed and may be NULL: then no Initial is opened. NULL without memory. */
struct track_quics *track_quic_new(struct decode_quic_keys *keys) MUST_USE;
void track_quic_free(struct track_quics *quics);

/* A UDP packet of the flow, when story and counters have it. May give a background flow its role. */
void track_quic_packet(struct track *t, struct flow *f, enum flow_direction direction,
                       const struct track_packet *packet, const struct decode_packet *d);

/* The connection of a UDP flow, background or not; NULL when there is none. */
struct track_quic *track_quic_of(const struct flow *f);

/* The first answer on a flow: a connection that moved here goes on. False when the flow carries none that is known to
 * have moved. */
bool track_quic_answered(struct track *t, const struct flow *f);

/* The connection of the flow goes on, answered, from another client port. */
bool track_quic_has_left(const struct track *t, const struct flow *f);

/* Drops what the flow holds. */
void track_quic_drop(struct track *t, struct flow *f);

#endif
