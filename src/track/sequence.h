/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_SEQUENCE_H
#define TRACK_SEQUENCE_H

#include "decode/decode.h"
#include "flow/flow.h"

/* Sequence numbers compare modulo 2^32 (RFC 9293, section 3.4); time stamps too (RFC 7323, section 5.2). */
static inline bool sequence_before(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b) < 0;
}

/* A segment that carries one byte or none just below what comes next is a keep-alive (RFC 9293, section 3.8.4). */
static inline bool sequence_is_keepalive(const struct flow_half *half, const struct decode_packet *d)
{
    return d->payload_bytes <= 1 && !(d->tcp.flags & (DECODE_SYN | DECODE_FIN)) &&
           d->tcp.sequence == half->next_sequence - 1;
}

#endif
