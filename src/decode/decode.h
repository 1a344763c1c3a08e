/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DECODE_DECODE_H
#define DECODE_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ipaddr.h"

/* One frame's bytes -> one descriptor: link, tunnels, IP, transport, and the packet that an ICMP error quotes.
 * Pure: the answer depends on the bytes, the link type and the table of ports, never on earlier packets; nothing is
 * allocated, nothing printed. */

enum decode_outcome {
    DECODE_OK,          /* headers up to ports were read, or a known type that is not IP (ARP) */
    DECODE_TRUNCATED,   /* the snap length cut a header */
    DECODE_MALFORMED,   /* a header contradicts itself */
    DECODE_UNSUPPORTED, /* a link type, EtherType or IP protocol we do not read: see `unsupported` */
};

enum decode_transport {
    DECODE_NOT_IP,     /* ARP, LLDP, STP and the like: decoded, background */
    DECODE_TCP,
    DECODE_UDP,
    DECODE_ICMP,       /* ICMP or ICMPv6, error or not */
    DECODE_FRAGMENT,   /* a later fragment: no ports, see `fragment_id` */
    DECODE_OTHER,      /* an IP protocol without ports that is known (ESP, IGMP, ...): decoded, background */
};

enum decode_tcp_flags {
    DECODE_FIN = 0x01, DECODE_SYN = 0x02, DECODE_RST = 0x04, DECODE_PSH = 0x08, DECODE_ACK = 0x10, DECODE_URG = 0x20,
    DECODE_ECE = 0x40, DECODE_CWR = 0x80,
};

enum decode_packet_flags {
    DECODE_FOLLOWED = 1 << 0,        /* the mission's: a port (or the quoted packet's) is in the table of ports */
    DECODE_FIRST_FRAGMENT = 1 << 1,  /* ports are here, more fragments follow */
    DECODE_DONT_FRAGMENT = 1 << 2,
    DECODE_LENGTH_FROM_CAPTURE = 1 << 3, /* IP length 0 (TSO) or a jumbogram: lengths come from the frame */
    DECODE_CHECKSUM_KNOWN = 1 << 5,  /* followed, the whole segment was captured, and there is a checksum over it:
                                        decode_checksum_is_wrong() tells */
    DECODE_QUOTE_PRESENT = 1 << 6,   /* ICMP error whose quoted packet has at least addresses and ports */
    DECODE_TUNNELLED = 1 << 7,
    DECODE_PAYLOAD_CUT = 1 << 8,     /* headers are whole, the payload is not: by snap length, or IP says it is longer
                                        than the frame on the wire (payload_bytes then counts what the wire held) */
    DECODE_TCP_TIMESTAMPS = 1 << 9,
    DECODE_TCP_SACK_PERMITTED = 1 << 10,
    DECODE_TCP_SACK_BLOCKS = 1 << 11,
    DECODE_TCP_MSS = 1 << 12,
    DECODE_TCP_WINDOW_SCALE = 1 << 13,
    DECODE_ICMP_ERROR = 1 << 14,
    DECODE_TCP_RESERVED_BITS = 1 << 15,
};

enum { DECODE_SACK_BLOCKS_MAX = 4, DECODE_DEPTH_MAX = 8 };

struct decode_tcp {
    uint32_t sequence, acknowledgment;
    uint32_t tsval, tsecr;      /* valid with DECODE_TCP_TIMESTAMPS */
    uint16_t window;            /* as sent, not scaled */
    uint16_t mss;               /* valid with DECODE_TCP_MSS */
    uint8_t flags;              /* enum decode_tcp_flags */
    uint8_t window_scale;       /* valid with DECODE_TCP_WINDOW_SCALE */
    uint8_t sack_count;
    struct { uint32_t left, right; } sack[DECODE_SACK_BLOCKS_MAX];
};

/* The packet inside an ICMP error. With proto 6 `sequence` is valid when has_sequence. */
struct decode_quote {
    struct ipaddr source, destination;
    uint16_t source_port, destination_port;
    uint32_t sequence;
    uint16_t ip_length;         /* as the quoted header says */
    uint16_t ip_id;
    uint8_t protocol;           /* 6, 17, ... */
    uint8_t ttl;                /* or hop limit, as quoted */
    uint8_t tcp_flags;          /* valid with has_tcp_flags */
    bool has_sequence, has_tcp_flags;
    bool ipv6;
};

struct decode_icmp {
    uint8_t type, code;
    uint32_t mtu;               /* fragmentation needed / packet too big; else 0 */
    struct decode_quote quote;  /* valid with DECODE_QUOTE_PRESENT */
};

/* A fragment's place in its datagram, in bytes of IP payload. */
struct decode_fragment {
    uint32_t offset_bytes;
    bool more;                  /* it is not the last */
};

/* What the trackers need of a frame. Byte offsets are into the frame as captured.
 * A TCP or UDP packet that is not followed is read up to its ports and no further: its TCP header, lengths of payload,
 * checksum, link_tag and hash stay zero. A followed packet whose transport header was cut keeps what was read, its
 * hash and DECODE_FOLLOWED. The payload of ICMP begins after its first four bytes (after eight in an error: the quote),
 * that of DECODE_FRAGMENT and DECODE_OTHER after the IP headers. A first fragment too small for its TCP or UDP header
 * is a DECODE_FRAGMENT. */
struct decode_packet {
    struct ipaddr source, destination; /* of the innermost IP header read */
    uint16_t source_port, destination_port;
    uint8_t outcome;            /* enum decode_outcome */
    uint8_t transport;          /* enum decode_transport */
    uint8_t ip_version;         /* 4, 6; 0 when not IP */
    uint8_t protocol;           /* IANA number of the innermost header */
    uint8_t ttl;                /* or hop limit */
    uint8_t depth;              /* IP headers read: 1 is no tunnel */
    uint16_t ip_id;             /* IPv4; 0 for IPv6 */
    uint16_t flags;             /* enum decode_packet_flags */
    uint16_t checksum;          /* of the TCP or UDP header as sent: digests the payload, tells copies */
    uint16_t unsupported;       /* with DECODE_UNSUPPORTED: number of the type not read */
    uint8_t unsupported_kind;   /* enum decode_unsupported */
    uint8_t dscp_ecn;           /* the traffic class byte */
    uint32_t link_tag;          /* digest of MAC addresses, VLAN tags and tunnel headers: differs between routed copies;
                                   of followed packets and fragments */
    uint32_t segment_offset;    /* of the TCP or UDP header; with DECODE_CHECKSUM_KNOWN */
    uint32_t payload_offset;
    uint32_t payload_bytes;     /* on the wire, by the headers */
    uint32_t payload_captured;  /* of it in the file */
    uint32_t ip_bytes;          /* total length of the innermost IP packet, as its header says */
    uint32_t fragment_id;       /* IPv4 identification or IPv6 fragment identification */
    uint32_t hash;              /* keyed, the same for both directions; of followed TCP and UDP packets */
    union {
        struct decode_tcp tcp;
        struct decode_icmp icmp;
        struct decode_fragment fragment; /* of DECODE_FRAGMENT */
    };
};

enum decode_unsupported {
    DECODE_UNSUPPORTED_LINK_TYPE,
    DECODE_UNSUPPORTED_ETHERTYPE,
    DECODE_UNSUPPORTED_IP_PROTOCOL,
    DECODE_UNSUPPORTED_PPP_PROTOCOL,
    DECODE_UNSUPPORTED_DEPTH,    /* tunnels nested beyond DECODE_DEPTH_MAX */
    DECODE_UNSUPPORTED_WIFI,     /* encrypted or fragmented 802.11 data: number is type and subtype, 0x28 is QoS data */
    DECODE_UNSUPPORTED_FAMILY,   /* address family of a NULL or LOOP link */
    DECODE_UNSUPPORTED_KINDS,
};

/* "link type 147", "EtherType 0x88e5", "IP protocol 112": for the ledger. Returns `text`. */
enum { DECODE_UNSUPPORTED_TEXT_SIZE = 48 };
const char *decode_unsupported_format(uint8_t kind, uint16_t number, char text[DECODE_UNSUPPORTED_TEXT_SIZE]);

/* Which ports are the mission's: one bit a port. */
struct decode_ports {
    uint8_t bits[65536 / 8];
};

static inline bool decode_ports_has(const struct decode_ports *ports, uint16_t port)
{
    return ports->bits[port >> 3] >> (port & 7) & 1;
}

static inline void decode_ports_add(struct decode_ports *ports, uint16_t port)
{
    ports->bits[port >> 3] = (uint8_t)(ports->bits[port >> 3] | 1u << (port & 7));
}

struct decode_context {
    struct decode_ports ports;
    uint64_t hash_key[2];
};

/* Decodes one frame. `out` is complete whatever the outcome: fields not reached are zero. A fragment that is not the
 * first is DECODE_FRAGMENT with DECODE_FOLLOWED clear: its flow is known by (addresses, fragment_id) only. When an
 * ICMP error's quote is cut short the outcome is still DECODE_OK. */
void decode_frame(const struct decode_context *context, uint16_t link_type, const uint8_t *bytes,
                  uint32_t captured_bytes, uint32_t wire_bytes, struct decode_packet *out);

/* Whether a link type is one that decode_frame() reads. */
bool decode_reads_link_type(uint16_t link_type);

/* The keyed hash of a five-tuple, the same whichever end is named first. */
uint32_t decode_hash(const uint64_t key[2], const struct ipaddr *a, uint16_t a_port, const struct ipaddr *b,
                     uint16_t b_port, uint8_t protocol);

#endif
