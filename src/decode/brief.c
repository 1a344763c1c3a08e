/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/brief.h"

#include "decode/overlay.h"
#include "decode/tcp.h"
#include "decode/walk.h"

/* The one file that indexes packet bytes: everything it reads up to the fixed TCP header lies within the one length
 * check of find_segment(); what lies beyond is checked before it is read. */

enum {
    ETHERNET_BYTES = 14,
    VLAN_BYTES = 4,
    VLAN_TAGS_MAX = 2,
    IP4_BYTES = 20,
    IP6_BYTES = 40,
    TCP_BYTES = 20,
    UDP_BYTES = 8,
    PROTOCOL_TCP = 6,
    PROTOCOL_UDP = 17,
};

struct segment {
    const uint8_t *ip, *at; /* the IP header, the transport header */
    uint32_t captured;      /* bytes at `at` in the file; at least TCP_BYTES */
    uint32_t wire;          /* the same by the IP header */
    uint32_t tags;
    uint8_t protocol;
};

static inline uint16_t load16(const uint8_t *b)
{
    return (uint16_t)(b[0] << 8 | b[1]);
}

static inline uint32_t load32(const uint8_t *b)
{
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static inline uint64_t load64(const uint8_t *b)
{
    return (uint64_t)load32(b) << 32 | load32(b + 4);
}

static inline bool is_plain_ip4(const uint8_t *ip)
{
    return ip[0] == 0x45 && (load16(ip + 6) & 0x3fff) == 0; /* five words, no more fragments, offset 0 */
}

static inline bool find_segment(const uint8_t *b, uint32_t captured, uint32_t wire, struct segment *s)
{
    uint32_t at = ETHERNET_BYTES;

    if (captured < ETHERNET_BYTES + IP4_BYTES + TCP_BYTES)
        return false;
    uint16_t type = load16(b + 12);
    for (s->tags = 0; s->tags < VLAN_TAGS_MAX && (type == 0x8100 || type == 0x88a8); s->tags++) {
        type = load16(b + at + 2);
        at += VLAN_BYTES;
    }
    s->ip = b + at;
    uint32_t ip_bytes, header_bytes;
    if (type == 0x0800 && is_plain_ip4(s->ip)) {
        header_bytes = IP4_BYTES;
        ip_bytes = load16(s->ip + 2);
        s->protocol = s->ip[9];
    } else if (type == 0x86dd && s->ip[0] >> 4 == 6) {
        header_bytes = IP6_BYTES;
        ip_bytes = load16(s->ip + 4) + (uint32_t)IP6_BYTES;
        s->protocol = s->ip[6];
    } else {
        return false;
    }
    uint32_t header_end = at + header_bytes;
    if (captured < header_end + TCP_BYTES || ip_bytes < header_bytes + UDP_BYTES || ip_bytes > wire - at)
        return false;
    s->at = b + header_end;
    s->wire = ip_bytes - header_bytes;
    s->captured = captured - header_end < s->wire ? captured - header_end : s->wire;
    return true;
}

static inline void describe_ip(const struct segment *s, struct decode_packet *out)
{
    const uint8_t *ip = s->ip;

    out->outcome = DECODE_OK;
    out->protocol = s->protocol;
    out->depth = 1;
    out->source_port = load16(s->at);
    out->destination_port = load16(s->at + 2);
    if (ip[0] >> 4 == 4) {
        out->ip_version = 4;
        out->source = ipaddr_from_v4(ip + 12);
        out->destination = ipaddr_from_v4(ip + 16);
        out->ttl = ip[8];
        out->dscp_ecn = ip[1];
        out->ip_id = load16(ip + 4);
        out->ip_bytes = s->wire + IP4_BYTES;
        out->flags = ip[6] & 0x40 ? DECODE_DONT_FRAGMENT : 0;
        return;
    }
    out->ip_version = 6;
    out->source = ipaddr_from_v6(ip + 8);
    out->destination = ipaddr_from_v6(ip + 24);
    out->ttl = ip[7];
    out->dscp_ecn = (uint8_t)(load16(ip) >> 4);
    out->ip_bytes = s->wire + IP6_BYTES;
}

static uint32_t link_tag(const uint8_t *b, uint32_t tags)
{
    uint64_t tag = decode_walk_tag(decode_walk_tag(0, load64(b)), load32(b + 8));

    for (uint32_t i = 0; i < tags; i++)
        tag = decode_walk_tag(tag, load32(b + 12 + i * VLAN_BYTES));
    return (uint32_t)tag;
}

/* What TCP and UDP share, `header_bytes` and all of them captured. */
static void describe_followed(const struct decode_context *context, const struct segment *s, uint32_t header_bytes,
                              struct decode_packet *out)
{
    out->flags |= DECODE_FOLLOWED;
    out->hash = decode_hash(context->hash_key, &out->source, out->source_port, &out->destination,
                            out->destination_port, s->protocol);
    out->payload_bytes = s->wire - header_bytes;
    out->payload_captured = s->captured - header_bytes;
    if (out->payload_captured < out->payload_bytes)
        out->flags |= DECODE_PAYLOAD_CUT;
}

static void describe_tcp(const struct segment *s, uint32_t header_bytes, struct decode_packet *out)
{
    const uint8_t *at = s->at;
    struct decode_tcp *tcp = &out->tcp;

    out->transport = DECODE_TCP;
    tcp->sequence = load32(at + 4);
    tcp->acknowledgment = load32(at + 8);
    tcp->flags = at[13];
    tcp->window = load16(at + 14);
    out->checksum = load16(at + 16);
    if (at[12] & 0x0e)
        out->flags |= DECODE_TCP_RESERVED_BITS;
    if (header_bytes == 32 && load32(at + 20) == 0x0101080a) { /* time stamps alone: most segments of most flows */
        tcp->tsval = load32(at + 24);
        tcp->tsecr = load32(at + 28);
        out->flags |= DECODE_TCP_TIMESTAMPS;
    } else if (header_bytes > TCP_BYTES) {
        decode_tcp_options(cursor_make(at + TCP_BYTES, header_bytes - TCP_BYTES), out);
    }
}

static void note_whole(const struct segment *s, const uint8_t *bytes, struct decode_packet *out)
{
    out->flags |= DECODE_CHECKSUM_KNOWN;
    out->segment_offset = (uint32_t)(s->at - bytes);
}

static bool read_tcp(const struct decode_context *context, const uint8_t *bytes, const struct segment *s,
                     struct decode_packet *out)
{
    uint32_t header_bytes = (s->at[12] >> 4) * 4u;

    if (header_bytes < TCP_BYTES || header_bytes > s->captured)
        return false;
    describe_ip(s, out);
    describe_followed(context, s, header_bytes, out);
    describe_tcp(s, header_bytes, out);
    out->payload_offset = (uint32_t)(s->at - bytes) + header_bytes;
    out->link_tag = link_tag(bytes, s->tags);
    if (s->captured == s->wire)
        note_whole(s, bytes, out);
    return true;
}

static bool read_udp(const struct decode_context *context, const uint8_t *bytes, struct segment *s,
                     struct decode_packet *out)
{
    uint32_t datagram_bytes = load16(s->at + 4);

    if (datagram_bytes < UDP_BYTES || datagram_bytes > s->wire)
        return false;
    describe_ip(s, out); /* ip_bytes is the packet's, not the datagram's */
    s->wire = datagram_bytes;
    s->captured = s->captured < datagram_bytes ? s->captured : datagram_bytes;
    describe_followed(context, s, UDP_BYTES, out);
    out->transport = DECODE_UDP;
    out->checksum = load16(s->at + 6);
    out->payload_offset = (uint32_t)(s->at - bytes) + UDP_BYTES;
    out->link_tag = link_tag(bytes, s->tags);
    if (out->checksum && s->captured == s->wire)
        note_whole(s, bytes, out);
    return true;
}

bool decode_brief_read(const struct decode_context *context, const uint8_t *bytes, uint32_t captured_bytes,
                       uint32_t wire_bytes, struct decode_packet *out)
{
    struct segment s;

    if (!find_segment(bytes, captured_bytes, wire_bytes, &s))
        return false;
    uint16_t source = load16(s.at), destination = load16(s.at + 2);
    bool tcp = s.protocol == PROTOCOL_TCP;
    if (!tcp && (s.protocol != PROTOCOL_UDP || decode_overlay_port(source) || decode_overlay_port(destination)))
        return false;
    if (!decode_ports_has(&context->ports, source) && !decode_ports_has(&context->ports, destination)) {
        describe_ip(&s, out);
        out->transport = tcp ? DECODE_TCP : DECODE_UDP;
        return true;
    }

    return tcp ? read_tcp(context, bytes, &s, out) : read_udp(context, bytes, &s, out);
}
