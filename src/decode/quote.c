/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/quote.h"

#include "decode/chain.h"

enum { PROTOCOL_TCP = 6, PROTOCOL_UDP = 17, IP4_HEADER_BYTES = 20, IP6_HEADER_BYTES = 40, FRAGMENT_OFFSET = 0x1fff };

/* True with the cursor at the transport header of the first or only fragment. */
static bool read_ip4(struct cursor *c, struct decode_quote *out)
{
    uint8_t first = cursor_u8(c);
    uint8_t addresses[8];

    cursor_skip(c, 1);
    out->ip_length = cursor_u16be(c);
    out->ip_id = cursor_u16be(c);
    uint16_t fragment = cursor_u16be(c);
    out->ttl = cursor_u8(c);
    out->protocol = cursor_u8(c);
    cursor_skip(c, 2);
    cursor_copy(c, addresses, sizeof addresses);
    out->source = ipaddr_from_v4(addresses);
    out->destination = ipaddr_from_v4(addresses + 4);

    unsigned header_bytes = (first & 15u) * 4;
    if (first >> 4 != 4 || header_bytes < IP4_HEADER_BYTES || fragment & FRAGMENT_OFFSET)
        return false;
    cursor_skip(c, header_bytes - IP4_HEADER_BYTES);
    return cursor_ok(c);
}

static bool read_ip6(struct cursor *c, struct decode_quote *out)
{
    struct decode_chain chain;
    uint32_t first = cursor_u32be(c);
    uint32_t length = cursor_u16be(c);
    uint8_t next = cursor_u8(c);

    out->ttl = cursor_u8(c);
    cursor_copy(c, out->source.bytes, sizeof out->source.bytes);
    cursor_copy(c, out->destination.bytes, sizeof out->destination.bytes);
    out->ipv6 = true;
    length += IP6_HEADER_BYTES;
    out->ip_length = length > UINT16_MAX ? UINT16_MAX : (uint16_t)length;

    if (!cursor_ok(c) || first >> 28 != 6)
        return false;
    decode_chain_read(c, next, &chain);
    out->protocol = chain.protocol;
    return cursor_ok(c) && !chain.too_long && !chain.fragment_offset;
}

static bool read_transport(struct cursor *c, struct decode_quote *out)
{
    if (out->protocol != PROTOCOL_TCP && out->protocol != PROTOCOL_UDP)
        return false;
    out->source_port = cursor_u16be(c);
    out->destination_port = cursor_u16be(c);
    if (!cursor_ok(c))
        return false;
    if (out->protocol == PROTOCOL_UDP)
        return true;

    uint32_t sequence = cursor_u32be(c);
    out->has_sequence = cursor_ok(c);
    out->sequence = sequence;
    cursor_skip(c, 5); /* acknowledgment, data offset */
    uint8_t flags = cursor_u8(c);
    out->has_tcp_flags = cursor_ok(c);
    out->tcp_flags = flags;
    return true;
}

bool decode_quote_read(struct cursor c, uint8_t ip_version, struct decode_quote *out)
{
    bool at_transport = ip_version == 6 ? read_ip6(&c, out) : read_ip4(&c, out);

    if (at_transport && read_transport(&c, out))
        return true;
    memset(out, 0, sizeof *out);
    return false;
}
