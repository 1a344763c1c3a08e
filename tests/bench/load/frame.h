/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LOAD_FRAME_H
#define LOAD_FRAME_H

#include "body.h"

enum { FRAME_TCP = 6, FRAME_UDP = 17, FRAME_ICMP = 1 };
enum { FRAME_FIN = 0x01, FRAME_SYN = 0x02, FRAME_RST = 0x04, FRAME_PSH = 0x08, FRAME_ACK = 0x10 };
enum { FRAME_ICMP_ECHO_REPLY = 0, FRAME_ICMP_UNREACHABLE = 3, FRAME_ICMP_ECHO = 8 };

struct frame_end {
    uint8_t address[16]; /* the first four of IPv4 */
    uint16_t port;
};

/* One packet, and the pcap record it becomes. */
struct frame {
    uint64_t time_ns;
    const struct frame_end *source, *destination;
    bool ipv6, vlan;
    uint8_t protocol, ttl;
    uint16_t ip_id;
    uint32_t sequence, acknowledgment, tsval, tsecr; /* TCP */
    uint16_t window;
    uint8_t tcp_flags;
    uint8_t icmp_type, icmp_code;
    struct body body;
};

enum { FRAME_FILE_HEADER_BYTES = 24, FRAME_RECORD_BYTES_MAX = 16 + 18 + 40 + 40 + BODY_BYTES_MAX };

void frame_write_file_header(uint8_t out[FRAME_FILE_HEADER_BYTES]);

/* Writes the record (link type Ethernet, nanoseconds) and returns its length. */
size_t frame_write(const struct frame *f, uint8_t out[FRAME_RECORD_BYTES_MAX]);

#endif
