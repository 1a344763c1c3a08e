/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_ORDER_H
#define TRACK_ORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"
#include "decode/crypto_stream.h"

/* The bytes that one side of a TCP connection sends first, put in order. Nothing is kept while segments come in order;
 * what comes early waits, up to 16 KiB ahead. */

/* How much all flows together may keep waiting. */
struct track_order_budget {
    uint64_t bytes, most_bytes;
    uint64_t refused; /* how often there was no room */
};

struct track_order {
    uint32_t next;   /* sequence number of the next byte */
    uint32_t origin; /* of the first byte in `early` */
    bool begun;
    bool lost;       /* something was left out: what follows is not in order any more */
    struct decode_crypto_stream *early; /* NULL while nothing waits */
};

/* Takes bytes in order. `missing` more follow them that the snap length cut. */
typedef void track_order_sink(void *context, struct cursor bytes, uint32_t missing);

/* A segment that may come early, late, again or in part again. */
struct track_order_segment {
    uint32_t sequence;
    uint32_t length;     /* on the wire */
    struct cursor bytes; /* captured of it */
};

void track_order_begin(struct track_order *order, uint32_t sequence);

/* Gives `sink` what is in order now. */
void track_order_add(struct track_order *order, struct track_order_budget *budget,
                     const struct track_order_segment *segment, track_order_sink *sink, void *context);
void track_order_free(struct track_order *order, struct track_order_budget *budget);

#endif
