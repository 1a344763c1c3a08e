/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_QUIC_HELLO_H
#define TRACK_QUIC_HELLO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"
#include "base/status.h"
#include "decode/crypto_stream.h"
#include "decode/tls.h"

/* Puts ClientHellos together from the CRYPTO frames of Initials, in whatever order and of whatever packets they come.
 * A hello that lies in one packet, as most do, takes no memory; of the others so many are gathered at a time, and the
 * oldest gives way. */
enum { TRACK_QUIC_HELLOS_MAX = 64 };

struct track_quic_hello {
    struct decode_crypto_stream *stream;    /* NULL: nothing gathered */
    struct track_quic_hello *older, *newer; /* of those that are gathered */
    bool gave_way;
};

struct track_quic_hellos {
    struct decode_crypto_stream packet; /* room for what one packet brings */
    struct track_quic_hello *oldest, *newest;
    uint32_t count;
    uint64_t gave_way;
};

/* Call it before the CRYPTO frames of a packet are added. */
void track_quic_hello_open(struct track_quic_hellos *hellos, struct track_quic_hello *hello);

/* The handshake's bytes at `offset`. */
void track_quic_hello_add(struct track_quic_hellos *hellos, struct track_quic_hello *hello, uint64_t offset,
                          struct cursor piece);

enum track_quic_hello_state {
    TRACK_QUIC_HELLO_MORE,   /* further packets bring the rest */
    TRACK_QUIC_HELLO_READ,   /* *out tells it */
    TRACK_QUIC_HELLO_NEVER,  /* no ClientHello, no memory, or it gave way */
};

/* Call it when the frames of the packet are added: reads the hello if it is there up to its name, else keeps the
 * pieces. */
enum track_quic_hello_state track_quic_hello_close(struct track_quic_hellos *hellos, struct track_quic_hello *hello,
                                                   struct decode_tls_client_hello *out);

/* Another connection attempt begins, or the flow ends: what was gathered is dropped. */
void track_quic_hello_drop(struct track_quic_hellos *hellos, struct track_quic_hello *hello);

#endif
