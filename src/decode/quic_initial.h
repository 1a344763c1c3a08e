/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DECODE_QUIC_INITIAL_H
#define DECODE_QUIC_INITIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "base/status.h"
#include "decode/decode.h"
#include "decode/quic.h"

/* What Initial packets of QUIC say: their keys follow from a connection ID that is in the clear (RFC 9001, section
 * 5.2), so everyone on the path can read the hellos. Versions 1, 2 (RFC 9369) and the drafts 23 to 34. */

/* The ciphers, fetched once, and room for one packet's plaintext. Fetching may open files, so it is done before a
 * sandbox closes; opening packets does not. For one thread at a time. */
struct decode_quic_keys;

/* NULL: no memory, or this libcrypto lacks AES-128-GCM or HKDF. */
struct decode_quic_keys *decode_quic_keys_new(void) MUST_USE;
void decode_quic_keys_free(struct decode_quic_keys *keys);

enum decode_quic_sender { DECODE_QUIC_CLIENT, DECODE_QUIC_SERVER };

enum { DECODE_QUIC_INITIAL_BYTES_MAX = 16384 }; /* longer packets are not opened */

/* What opens a packet. `dcid` is the destination connection ID of the client's first Initial of this connection, or,
 * after a Retry, the source connection ID of that Retry; for both directions and every later Initial. */
struct decode_quic_opener {
    struct decode_quic_keys *keys;
    struct decode_quic_bytes dcid;
    enum decode_quic_sender sender;
};

struct decode_quic_initial {
    uint32_t number;      /* packet number as sent: its lowest 8 to 32 bits */
    struct cursor frames; /* the plaintext; lies in the keys and lives until the next packet is opened */
};

/* Opens the Initial at the beginning of `packet`, which may be followed by others: decode_quic() tells how long it is.
 * DECODE_OK: it is authentic. DECODE_MALFORMED: it is not (another connection's ID, the other side's packet, damage),
 * or too short. DECODE_TRUNCATED: not captured whole, so it cannot be opened. DECODE_UNSUPPORTED: not an Initial, an
 * unknown version, or too long. *out is zero on anything but DECODE_OK. */
enum decode_outcome decode_quic_initial_open(const struct decode_quic_opener *opener, struct cursor packet,
                                             struct decode_quic_initial *out);

enum decode_quic_frame_type {
    DECODE_QUIC_PADDING = 0x00, /* a run of them is told once */
    DECODE_QUIC_PING = 0x01,
    DECODE_QUIC_ACK = 0x02,     /* 0x03, the one with ECN counts, is told as this */
    DECODE_QUIC_CRYPTO = 0x06,
    DECODE_QUIC_CLOSE = 0x1c,   /* 0x1d, the application's, is told as this */
};

struct decode_quic_frame {
    enum decode_quic_frame_type type;
    uint64_t offset;       /* CRYPTO: of its first byte in the handshake's stream */
    struct cursor data;    /* CRYPTO: handshake bytes; CLOSE: the reason, not escaped */
    uint64_t acknowledged; /* ACK: largest packet number */
    uint64_t error;        /* CLOSE: RFC 9000, section 20.1; 0x100 + n is TLS alert n */
};

/* Takes the next frame off; there is one while cursor_left(frames). DECODE_MALFORMED: it cannot be read, or may not be
 * in an Initial (RFC 9000, section 12.4): nothing after it can be read. */
enum decode_outcome decode_quic_frame(struct cursor *frames, struct decode_quic_frame *out);

#endif
