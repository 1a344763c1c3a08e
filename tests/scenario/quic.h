/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SCENARIO_QUIC_H
#define SCENARIO_QUIC_H

#include "payload.h"

/* QUIC version 1 packets (RFC 9000, 9001). Initials are genuine: protected with the keys that anyone can derive;
 * everything after them is noise behind a right header, as it is for whoever stands in the path. */

enum { QUIC_ID_BYTES = 8, QUIC_INITIAL_BYTES = 1200 };

struct quic_ids {
    uint8_t original[QUIC_ID_BYTES]; /* the client's first choice for the server: keys come from it */
    uint8_t client[QUIC_ID_BYTES], server[QUIC_ID_BYTES];
    bool answered; /* the client has heard the server: it uses the server's own id from now on */
};

struct quic_packet {
    bool down;
    uint32_t number;
    const char *sni; /* of a client's Initial; NULL: none */
    uint64_t seed;
};

/* A datagram of QUIC_INITIAL_BYTES. False: libcrypto refused. */
bool quic_put_initial(struct payload *p, const struct quic_ids *ids, const struct quic_packet *packet) MUST_USE;
void quic_put_handshake(struct payload *p, const struct quic_ids *ids, const struct quic_packet *packet, size_t bytes);
void quic_put_short(struct payload *p, const struct quic_ids *ids, const struct quic_packet *packet, size_t bytes);

#endif
