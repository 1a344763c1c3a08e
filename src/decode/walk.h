/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DECODE_WALK_H
#define DECODE_WALK_H

#include <stdint.h>

#include "base/cursor.h"
#include "decode/decode.h"

/* The cursor decoders. A frame is walked header by header: each reader takes its header off the cursor, narrows the
 * cursor to what the header says it holds, writes what it learnt into `out`, and names the next reader or ends the
 * walk. There is no recursion, and the number of steps is bounded. */
struct decode_walk;

typedef void decode_reader(struct decode_walk *w);

struct decode_walk {
    struct cursor at;               /* what was captured of the header to read, and of all within it */
    uint32_t missing;               /* bytes that follow `at` on the wire and are not in the file */
    uint32_t excess;                /* bytes that the IP header claims beyond those: the wire never held them */
    const struct decode_context *context;
    struct decode_packet *out;
    const uint8_t *frame;
    decode_reader *next;            /* NULL: the walk is over */
    uint64_t tag;                   /* becomes link_tag */
    uint16_t number;                /* for the next reader: an EtherType, an IP protocol, a PPP protocol */
    bool address_rewritten;         /* a routing or destination option header: the checksum is over other addresses */
};

/* Fills `out`, which must be zeroed, without the shortcut of brief.c. captured_bytes <= wire_bytes. */
void decode_walk_frame(const struct decode_context *context, uint16_t link_type, struct cursor frame,
                       uint32_t wire_bytes, struct decode_packet *out);

/* How a walk goes on. */
static inline void decode_walk_next(struct decode_walk *w, decode_reader *next, uint16_t number)
{
    w->next = next;
    w->number = number;
}

/* How a walk ends. */
void decode_walk_end(struct decode_walk *w, enum decode_transport transport);
void decode_walk_malformed(struct decode_walk *w);
void decode_walk_unsupported(struct decode_walk *w, enum decode_unsupported kind, uint16_t number);

/* A known type that is not IP. Forgets what an outer IP header said. */
void decode_walk_not_ip(struct decode_walk *w);

/* The header did not fit: truncated when the file lacks bytes that the wire had, else malformed. */
void decode_walk_cut(struct decode_walk *w);

/* Bytes on the wire from here to the end of the innermost length. */
static inline uint32_t decode_walk_left(const struct decode_walk *w)
{
    return (uint32_t)cursor_left(&w->at) + w->missing;
}

/* Ends the walk's bytes `length` from here; a length beyond the wire is remembered as excess. */
void decode_walk_limit(struct decode_walk *w, uint32_t length);

/* What is left is the payload. */
void decode_walk_payload(struct decode_walk *w);

/* Starts an IP header: counts the depth, and in a tunnel moves the outer header into the link tag and forgets the
 * rest of it. False when nested too deep: the walk has ended. */
bool decode_walk_enter_ip(struct decode_walk *w, uint8_t version);

/* The digest behind link_tag: not keyed, so that which packets count as copies never depends on the run. */
static inline uint64_t decode_walk_tag(uint64_t tag, uint64_t word)
{
    tag = (tag ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return tag ^ tag >> 32;
}

static inline void decode_walk_tag_add(struct decode_walk *w, uint64_t word)
{
    w->tag = decode_walk_tag(w->tag, word);
}

#endif
