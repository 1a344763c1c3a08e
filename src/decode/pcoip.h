/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DECODE_PCOIP_H
#define DECODE_PCOIP_H

#include <stdint.h>

#include "base/cursor.h"
#include "decode/decode.h"

/* The session packets of PCoIP on UDP 4172 are ESP in UDP (RFC 3948, section 2.1; RFC 4303, section 2): what is in the
 * clear is which security association sent the datagram, and its place in the order of sending. */
struct decode_pcoip {
    uint32_t spi;      /* one for each direction of a session; never 0 */
    uint32_t sequence; /* counts datagrams of that SPI: a gap is loss or reordering, a repeat is a copy */
};

/* Reads the payload of one datagram. DECODE_UNSUPPORTED: not ESP (the non-ESP marker, or a keep-alive of one byte).
 * DECODE_TRUNCATED: fewer than eight bytes. *out is zero on anything but DECODE_OK. */
enum decode_outcome decode_pcoip(struct cursor payload, struct decode_pcoip *out);

#endif
