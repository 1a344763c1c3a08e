/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/udp.h"

#include "decode/overlay.h"
#include "decode/transport.h"

enum { HEADER_BYTES = 8 };

/* Narrows the walk to the datagram. False when the length contradicts the IP header. */
static bool limit(struct decode_walk *w, uint16_t length)
{
    uint32_t payload_bytes = length - (uint32_t)HEADER_BYTES;

    if (length == 0 && w->out->flags & DECODE_LENGTH_FROM_CAPTURE)
        return true; /* RFC 2675, section 4 */
    if (length < HEADER_BYTES)
        return false;
    if (payload_bytes > (uint64_t)decode_walk_left(w) + w->excess)
        return w->out->flags & DECODE_FIRST_FRAGMENT; /* the rest comes in later fragments */
    decode_walk_limit(w, payload_bytes);
    return true;
}

/* Moves into a tunnel if this is one. */
static bool enter_overlay(struct decode_walk *w)
{
    struct cursor peek = w->at;
    uint16_t source = cursor_u16be(&peek);
    uint16_t destination = cursor_u16be(&peek);

    if (!decode_overlay_port(source) && !decode_overlay_port(destination))
        return false;
    struct decode_walk before = *w;
    cursor_skip(&w->at, 4);
    uint16_t length = cursor_u16be(&w->at);
    cursor_skip(&w->at, 2);
    if (cursor_ok(&w->at) && limit(w, length) && decode_overlay_enter(w, source, destination))
        return true;
    *w = before;
    return false;
}

void decode_udp_read(struct decode_walk *w)
{
    struct cursor segment = w->at;

    if (enter_overlay(w) || !decode_transport_ports(w, DECODE_UDP))
        return;
    uint16_t length = cursor_u16be(&w->at);
    w->out->checksum = cursor_u16be(&w->at);
    if (!cursor_ok(&w->at)) {
        decode_transport_cut(w);
        return;
    }
    if (!limit(w, length)) {
        decode_walk_malformed(w);
        return;
    }
    decode_walk_payload(w);
    if (w->out->checksum)
        decode_transport_note_whole(w, &segment);
    decode_walk_end(w, DECODE_UDP);
}
