/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DECODE_QUIC_H
#define DECODE_QUIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "decode/decode.h"

/* What can be told of one QUIC packet without keys: the invariants (RFC 8999) and the long headers of versions 1
 * (RFC 9000, section 17.2) and 2 (RFC 9369, section 3.2). */

enum decode_quic_type {
    DECODE_QUIC_SHORT,       /* no length of connection ID on the wire: only the first byte is told */
    DECODE_QUIC_NEGOTIATION, /* version 0: the server offers `versions` */
    DECODE_QUIC_INITIAL,
    DECODE_QUIC_0RTT,
    DECODE_QUIC_HANDSHAKE,
    DECODE_QUIC_RETRY,
    DECODE_QUIC_UNKNOWN,     /* long header of a version that we do not know: invariants only */
};

enum { DECODE_QUIC_VERSION_1 = 0x00000001, DECODE_QUIC_VERSION_2 = 0x6b3343cf };

enum {
    DECODE_QUIC_CID_MAX = 20,       /* in the known versions; the invariants allow 255 */
    DECODE_QUIC_RETRY_TAG_BYTES = 16,
};

/* Bytes of the payload: borrowed, valid as long as it is. */
struct decode_quic_bytes {
    const uint8_t *at;
    size_t length;
};

struct decode_quic {
    enum decode_quic_type type;
    uint8_t first;            /* the first byte; its lower bits are masked in all but the long types */
    bool fixed_bit;           /* RFC 9000: set in every packet but negotiation; RFC 9287 lets peers agree to clear it */
    uint32_t version;         /* 0 in a short header */
    struct decode_quic_bytes dcid, scid;
    struct decode_quic_bytes token;    /* of an Initial or a Retry */
    struct decode_quic_bytes versions; /* of a negotiation: big-endian numbers of four bytes each */
    size_t header_bytes;      /* up to the protected packet number; Initial, 0-RTT and Handshake */
    uint64_t length_bytes;    /* packet number and protected payload, as the header says; the same types */
    size_t packet_bytes;      /* of the datagram taken by this packet: what is coalesced follows; at most `captured` */
};

/* Reads the first packet at `payload`. DECODE_OK: a QUIC packet, or, for DECODE_QUIC_SHORT, one that may be.
 * DECODE_UNSUPPORTED: the invariants fit, the version is unknown. DECODE_TRUNCATED: `captured` ends within the header;
 * of a datagram captured whole this, too, says that it is no QUIC. DECODE_MALFORMED: no QUIC packet can look like this.
 * *out is complete whatever the outcome: what was not reached is zero. */
enum decode_outcome decode_quic(const uint8_t *payload, size_t captured, struct decode_quic *out);

/* Takes a variable-length integer off (RFC 9000, section 16). */
uint64_t decode_quic_varint(struct cursor *c);

#endif
