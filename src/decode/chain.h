/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DECODE_CHAIN_H
#define DECODE_CHAIN_H

#include "base/cursor.h"

/* IPv6 extension headers (RFC 8200, section 4) and the authentication header (RFC 4302). */
enum decode_chain_header {
    DECODE_CHAIN_HOP_BY_HOP = 0,
    DECODE_CHAIN_ROUTING = 43,
    DECODE_CHAIN_FRAGMENT = 44,
    DECODE_CHAIN_AUTHENTICATION = 51,
    DECODE_CHAIN_NO_NEXT_HEADER = 59,
    DECODE_CHAIN_DESTINATION = 60,
};

/* More headers than this are left unread. */
enum { DECODE_CHAIN_MAX = 16 };

struct decode_chain {
    uint8_t protocol;         /* the first header that is no extension; the one left unread when too_long */
    bool too_long;
    bool fragmented;          /* offset or more-fragments set: an atomic fragment (RFC 6946) is none */
    bool address_rewritten;   /* headers that may change the addresses a checksum is computed over */
    uint16_t fragment_offset; /* in units of eight bytes */
    bool more_fragments;
    uint32_t fragment_id;
};

/* Walks from the header numbered `first`, which begins at the cursor, up to the transport header or the data of a later
 * fragment. The caller asks cursor_ok(). */
void decode_chain_read(struct cursor *c, uint8_t first, struct decode_chain *out);

/* The length in the jumbo option of the hop-by-hop header at `c`, 0 without one. */
uint32_t decode_chain_jumbo(struct cursor c);

#endif
