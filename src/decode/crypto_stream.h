/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DECODE_CRYPTO_STREAM_H
#define DECODE_CRYPTO_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"

/* Puts pieces of a handshake in their places, in whatever order they come: CRYPTO frames of QUIC by their offset (RFC
 * 9000, section 19.6), segments of TCP by their distance from the first byte. The caller owns the memory; it needs no
 * freeing. */

enum { DECODE_CRYPTO_STREAM_BYTES = 16384, DECODE_CRYPTO_STREAM_RANGES_MAX = 64 };

struct decode_crypto_stream {
    uint16_t range_count;
    uint32_t pieces_left_out; /* beyond the buffer, as a whole or in part, or one hole too many */
    struct { uint16_t from, to; } ranges[DECODE_CRYPTO_STREAM_RANGES_MAX]; /* that are here: in order, with holes
                                                                              between them */
    uint8_t bytes[DECODE_CRYPTO_STREAM_BYTES];
};

/* Empties it. What lies in `bytes` is left there and never given out. */
void decode_crypto_stream_reset(struct decode_crypto_stream *stream);

/* Copies a piece to its place. Where pieces overlap the later one stays. False when it was left out, as a whole or in
 * part: what begins within the buffer is kept up to its end. */
bool decode_crypto_stream_add(struct decode_crypto_stream *stream, uint64_t offset, struct cursor piece);

/* The bytes from the first one to the first hole; borrowed until the next add. */
struct cursor decode_crypto_stream_read(const struct decode_crypto_stream *stream);

#endif
