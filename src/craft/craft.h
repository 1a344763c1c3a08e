/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CRAFT_CRAFT_H
#define CRAFT_CRAFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ipaddr.h"
#include "base/status.h"

/* Packets as bytes, without root and without a network: lengths, options and checksums are right unless the caller
 * asks otherwise. A frame lives in the builder until the next one is built. */

enum { CRAFT_MAC_BYTES = 6, CRAFT_SACK_BLOCKS_MAX = 3 };

/* What stands before the IP header. All zero: Ethernet between two nameless stations, no tag. */
struct craft_link {
    uint8_t source[CRAFT_MAC_BYTES], destination[CRAFT_MAC_BYTES];
    uint16_t vlan; /* 802.1Q VID; 0: no tag */
    bool none;     /* frames begin with the IP header (LINKTYPE_RAW) */
};

/* IPv4 when both addresses are IPv4 (mapped form), else IPv6, where id and dont_fragment have no place. */
struct craft_ip {
    struct ipaddr source, destination;
    uint8_t ttl; /* or hop limit */
    uint8_t traffic_class;
    uint16_t id;
    bool dont_fragment;
};

enum craft_tcp_flags {
    CRAFT_FIN = 0x01, CRAFT_SYN = 0x02, CRAFT_RST = 0x04, CRAFT_PSH = 0x08, CRAFT_ACK = 0x10, CRAFT_URG = 0x20,
    CRAFT_ECE = 0x40, CRAFT_CWR = 0x80,
};

/* RFC 9293, 7323 and 2018. Written in the order MSS, SACK permitted, time stamps, window scale, SACK. */
struct craft_tcp_options {
    uint16_t mss; /* 0: no such option */
    bool has_window_scale, sack_permitted, has_timestamps;
    uint8_t window_scale;
    uint8_t sack_count; /* at most CRAFT_SACK_BLOCKS_MAX */
    uint32_t tsval, tsecr;
    struct { uint32_t left, right; } sack[CRAFT_SACK_BLOCKS_MAX];
};

struct craft_tcp {
    uint16_t source_port, destination_port;
    uint32_t sequence, acknowledgment;
    uint8_t flags; /* enum craft_tcp_flags */
    uint16_t window;
    struct craft_tcp_options options;
};

struct craft_udp {
    uint16_t source_port, destination_port;
};

/* RFC 792, 4443. `rest` is the second word of the header: the next-hop MTU of "too big" (RFC 1191: its low half). */
struct craft_icmp {
    uint8_t type, code;
    uint32_t rest;
};

struct craft_bytes {
    const uint8_t *bytes;
    size_t length;
};

struct craft_frame {
    const uint8_t *bytes; /* owned by the builder, until its next frame */
    size_t length;
    size_t ip_offset;     /* where the IP header begins */
};

struct craft;

/* NULL: no memory, or the packet library refused; `error` says which. */
struct craft *craft_new(const struct craft_link *link, struct error *error) MUST_USE;
void craft_free(struct craft *craft);

/* The link of the frames to come. */
void craft_set_link(struct craft *craft, const struct craft_link *link);

/* STATUS_BAD_USAGE: the packet would be longer than its length field can say, or the addresses are mixed. */
enum status craft_build_tcp(struct craft *craft, const struct craft_ip *ip, const struct craft_tcp *tcp,
                            struct craft_bytes payload, struct craft_frame *out) MUST_USE;
enum status craft_build_udp(struct craft *craft, const struct craft_ip *ip, const struct craft_udp *udp,
                            struct craft_bytes payload, struct craft_frame *out) MUST_USE;
/* `payload` follows the eight bytes of the ICMP or ICMPv6 header: for an error, the quoted packet. */
enum status craft_build_icmp(struct craft *craft, const struct craft_ip *ip, const struct craft_icmp *icmp,
                             struct craft_bytes payload, struct craft_frame *out) MUST_USE;

/* How much of a packet an ICMP error quotes: the IP header and so many bytes after it (RFC 792: 8; RFC 1812: more),
 * CRAFT_QUOTE_WHOLE for all. `packet` begins with an IP header without options or extension headers. */
enum { CRAFT_QUOTE_WHOLE = 65535 };
struct craft_bytes craft_quote(struct craft_bytes packet, size_t after_header_bytes);

/* The one's complement sum of RFC 1071 over `bytes`, folded, not inverted; `start` is a sum to go on from. */
uint16_t craft_checksum(struct craft_bytes bytes, uint16_t start);

/* True when every checksum of the IP packet (IPv4 header; TCP, UDP, ICMP or ICMPv6) is right. */
bool craft_checksums_right(struct craft_bytes packet);

/* Sets the TTL or hop limit of the packet as a router does on its way, the IPv4 header checksum with it. */
void craft_set_ttl(uint8_t *packet, size_t length, uint8_t ttl);

#endif
