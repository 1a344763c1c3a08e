/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/transport.h"

void decode_transport_cut(struct decode_walk *w)
{
    struct decode_packet *out = w->out;

    if (!(out->flags & DECODE_FIRST_FRAGMENT) || w->missing) {
        decode_walk_cut(w);
        return;
    }
    out->flags &= (uint16_t)~(DECODE_FOLLOWED | DECODE_FIRST_FRAGMENT | DECODE_TCP_RESERVED_BITS);
    out->source_port = out->destination_port = 0;
    out->hash = 0;
    out->checksum = 0;
    memset(&out->tcp, 0, sizeof out->tcp);
    decode_walk_payload(w);
    decode_walk_end(w, DECODE_FRAGMENT);
}

bool decode_transport_ports(struct decode_walk *w, enum decode_transport transport)
{
    struct decode_packet *out = w->out;
    const struct decode_ports *ports = &w->context->ports;
    uint16_t source = cursor_u16be(&w->at);
    uint16_t destination = cursor_u16be(&w->at);

    if (!cursor_ok(&w->at)) {
        decode_transport_cut(w);
        return false;
    }
    out->transport = (uint8_t)transport;
    out->source_port = source;
    out->destination_port = destination;
    if (!decode_ports_has(ports, source) && !decode_ports_has(ports, destination)) {
        decode_walk_end(w, transport);
        return false;
    }
    out->flags |= DECODE_FOLLOWED;
    out->hash = decode_hash(w->context->hash_key, &out->source, source, &out->destination, destination, out->protocol);
    return true;
}

void decode_transport_note_whole(struct decode_walk *w, const struct cursor *segment)
{
    if (w->missing || w->excess || w->address_rewritten || w->out->flags & DECODE_FIRST_FRAGMENT)
        return;
    w->out->flags |= DECODE_CHECKSUM_KNOWN;
    w->out->segment_offset = (uint32_t)(segment->at - w->frame);
}
