/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/ip.h"

#include "decode/chain.h"
#include "decode/ether.h"
#include "decode/gre.h"
#include "decode/icmp.h"
#include "decode/mpls.h"
#include "decode/tcp.h"
#include "decode/udp.h"

enum { IP4_HEADER_BYTES = 20, IP6_HEADER_BYTES = 40 };
enum ip4_fragment { DONT_FRAGMENT = 0x4000, MORE_FRAGMENTS = 0x2000, OFFSET = 0x1fff };

void decode_ip_read(struct decode_walk *w)
{
    struct cursor peek = w->at;
    unsigned version = cursor_u8(&peek) >> 4;

    if (!cursor_ok(&peek))
        decode_walk_cut(w);
    else if (version == 4)
        decode_walk_next(w, decode_ip_read4, 0);
    else if (version == 6)
        decode_walk_next(w, decode_ip_read6, 0);
    else
        decode_walk_malformed(w);
}

static void later_fragment(struct decode_walk *w, uint16_t offset, bool more)
{
    w->out->fragment = (struct decode_fragment){ .offset_bytes = offset * 8u, .more = more };
    decode_walk_payload(w);
    decode_walk_end(w, DECODE_FRAGMENT);
}

struct ip4 {
    uint8_t first, tos, ttl, protocol;
    uint16_t total, id, fragment;
    uint8_t source[4], destination[4];
    uint32_t header_bytes;
};

static void take_ip4(struct cursor *c, struct ip4 *h)
{
    h->first = cursor_u8(c);
    h->tos = cursor_u8(c);
    h->total = cursor_u16be(c);
    h->id = cursor_u16be(c);
    h->fragment = cursor_u16be(c);
    h->ttl = cursor_u8(c);
    h->protocol = cursor_u8(c);
    cursor_skip(c, 2); /* checksum: the sender's card may not have filled it in yet */
    cursor_copy(c, h->source, sizeof h->source);
    cursor_copy(c, h->destination, sizeof h->destination);
    h->header_bytes = (h->first & 15u) * 4;
}

static void describe_ip4(const struct ip4 *h, struct decode_packet *out)
{
    out->source = ipaddr_from_v4(h->source);
    out->destination = ipaddr_from_v4(h->destination);
    out->protocol = h->protocol;
    out->ttl = h->ttl;
    out->dscp_ecn = h->tos;
    out->ip_id = h->id;
    out->ip_bytes = h->total;
    if (h->fragment & DONT_FRAGMENT)
        out->flags |= DECODE_DONT_FRAGMENT;
    if (h->fragment & (MORE_FRAGMENTS | OFFSET))
        out->fragment_id = h->id;
    if ((h->fragment & (MORE_FRAGMENTS | OFFSET)) == MORE_FRAGMENTS)
        out->flags |= DECODE_FIRST_FRAGMENT;
}

void decode_ip_read4(struct decode_walk *w)
{
    struct ip4 h;
    uint32_t wire = decode_walk_left(w);

    take_ip4(&w->at, &h);
    if (!cursor_ok(&w->at)) {
        decode_walk_cut(w);
        return;
    }
    if (h.first >> 4 != 4 || h.header_bytes < IP4_HEADER_BYTES || (h.total && h.total < h.header_bytes)) {
        decode_walk_malformed(w);
        return;
    }
    if (!decode_walk_enter_ip(w, 4))
        return;
    describe_ip4(&h, w->out);
    w->address_rewritten = h.header_bytes > IP4_HEADER_BYTES; /* a source route may */
    cursor_skip(&w->at, h.header_bytes - IP4_HEADER_BYTES);
    if (!cursor_ok(&w->at)) {
        decode_walk_cut(w);
        return;
    }
    if (h.total) {
        decode_walk_limit(w, h.total - h.header_bytes);
    } else { /* segmentation left to the sender's card */
        w->out->flags |= DECODE_LENGTH_FROM_CAPTURE;
        w->out->ip_bytes = wire;
    }
    if (h.fragment & OFFSET)
        later_fragment(w, h.fragment & OFFSET, h.fragment & MORE_FRAGMENTS);
    else
        decode_walk_next(w, decode_ip_protocol, h.protocol);
}

struct ip6 {
    uint32_t first;
    uint16_t length;
    uint8_t next, hops;
    struct ipaddr source, destination;
};

static void take_ip6(struct cursor *c, struct ip6 *h)
{
    h->first = cursor_u32be(c);
    h->length = cursor_u16be(c);
    h->next = cursor_u8(c);
    h->hops = cursor_u8(c);
    cursor_copy(c, h->source.bytes, sizeof h->source.bytes);
    cursor_copy(c, h->destination.bytes, sizeof h->destination.bytes);
}

static void describe_ip6(const struct ip6 *h, struct decode_packet *out)
{
    out->source = h->source;
    out->destination = h->destination;
    out->protocol = h->next;
    out->ttl = h->hops;
    out->dscp_ecn = (uint8_t)(h->first >> 20);
    out->ip_bytes = IP6_HEADER_BYTES + (uint32_t)h->length;
}

/* A length of zero means a jumbogram (RFC 2675), or that the sender's card was yet to cut the packet up. */
static void limit_ip6(struct decode_walk *w, const struct ip6 *h)
{
    uint32_t left = decode_walk_left(w);

    if (h->length || left == 0 || h->next == DECODE_CHAIN_NO_NEXT_HEADER) {
        decode_walk_limit(w, h->length);
        return;
    }
    uint32_t jumbo = h->next == DECODE_CHAIN_HOP_BY_HOP ? decode_chain_jumbo(w->at) : 0;
    uint32_t length = jumbo ? jumbo : left;
    w->out->flags |= DECODE_LENGTH_FROM_CAPTURE;
    w->out->ip_bytes = length > UINT32_MAX - IP6_HEADER_BYTES ? UINT32_MAX : length + IP6_HEADER_BYTES;
    decode_walk_limit(w, length);
}

static void read_chain(struct decode_walk *w)
{
    struct decode_chain chain;
    struct decode_packet *out = w->out;

    decode_chain_read(&w->at, (uint8_t)w->number, &chain);
    out->protocol = chain.protocol;
    w->address_rewritten |= chain.address_rewritten;
    if (chain.fragmented)
        out->fragment_id = chain.fragment_id;
    if (!cursor_ok(&w->at)) {
        decode_walk_cut(w);
    } else if (chain.fragmented && chain.fragment_offset) {
        later_fragment(w, chain.fragment_offset, chain.more_fragments);
    } else if (chain.too_long) {
        decode_walk_unsupported(w, DECODE_UNSUPPORTED_IP_PROTOCOL, chain.protocol);
    } else {
        if (chain.fragmented)
            out->flags |= DECODE_FIRST_FRAGMENT;
        decode_walk_next(w, decode_ip_protocol, chain.protocol);
    }
}

void decode_ip_read6(struct decode_walk *w)
{
    struct ip6 h;

    take_ip6(&w->at, &h);
    if (!cursor_ok(&w->at)) {
        decode_walk_cut(w);
        return;
    }
    if (h.first >> 28 != 6) {
        decode_walk_malformed(w);
        return;
    }
    if (!decode_walk_enter_ip(w, 6))
        return;
    describe_ip6(&h, w->out);
    limit_ip6(w, &h);
    decode_walk_next(w, read_chain, h.next);
}

/* Known, and without ports or a tunnel that we could read. */
static const uint8_t others[] = {
    1,   /* ICMP in IPv6 */
    2,   /* IGMP */
    8,   /* EGP */
    9,   /* interior gateways */
    33,  /* DCCP */
    46,  /* RSVP */
    50,  /* ESP */
    58,  /* ICMPv6 in IPv4 */
    59,  /* no next header */
    88,  /* EIGRP */
    89,  /* OSPF */
    103, /* PIM */
    108, /* IPComp */
    112, /* VRRP, CARP */
    113, /* PGM */
    132, /* SCTP */
    135, /* mobility */
    136, /* UDP-Lite */
    139, /* HIP */
    140, /* Shim6 */
};

static void read_other(struct decode_walk *w, uint8_t protocol)
{
    decode_walk_payload(w);
    for (size_t i = 0; i < sizeof others; i++) {
        if (others[i] == protocol) {
            decode_walk_end(w, DECODE_OTHER);
            return;
        }
    }
    decode_walk_unsupported(w, DECODE_UNSUPPORTED_IP_PROTOCOL, protocol);
}

/* RFC 3378: sixteen bits of version, then an Ethernet frame. */
static void read_etherip(struct decode_walk *w)
{
    cursor_skip(&w->at, 2);
    decode_walk_next(w, decode_ether_read, 0);
}

void decode_ip_protocol(struct decode_walk *w)
{
    uint8_t protocol = (uint8_t)w->number;
    uint8_t version = w->out->ip_version;

    switch (protocol) {
    case 4: decode_walk_next(w, decode_ip_read4, 0); return;
    case 6: decode_walk_next(w, decode_tcp_read, 0); return;
    case 17: decode_walk_next(w, decode_udp_read, 0); return;
    case 41: decode_walk_next(w, decode_ip_read6, 0); return;
    case 47: decode_walk_next(w, decode_gre_read, 0); return;
    case 97: decode_walk_next(w, read_etherip, 0); return;
    case 137: decode_walk_next(w, decode_mpls_read, 0); return;
    case DECODE_CHAIN_AUTHENTICATION: decode_walk_next(w, read_chain, protocol); return;
    default: break;
    }
    if (protocol == (version == 4 ? 1 : 58))
        decode_walk_next(w, decode_icmp_read, 0);
    else
        read_other(w, protocol);
}
