/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LOAD_TALK_H
#define LOAD_TALK_H

#include "frame.h"

/* Conversations, packet by packet. */

enum talk_script {
    TALK_TCP,          /* handshake, hellos, data with acknowledgments, FINs */
    TALK_TCP_BARE,     /* the same without hellos */
    TALK_QUIC,         /* Initials, then short headers */
    TALK_ESP,          /* PCoIP over UDP: numbered both ways */
    TALK_DNS,          /* one question, one answer */
    TALK_SYN_BLOCKED,  /* a SYN and its repetitions */
    TALK_SYN_REJECTED, /* a SYN and an ICMP error */
    TALK_PING,
};

enum talk_server { TALK_DCV, TALK_PCOIP, TALK_HEALTH_CHECK, TALK_ELSEWHERE, TALK_RESOLVER };

/* A kind of conversation, as a mix lists it. */
struct talk_shape {
    uint32_t weight; /* of all conversations of the mix */
    enum talk_script script;
    enum talk_server server;
    uint16_t port;
    uint32_t packets_min, packets_max;
    uint16_t up_bytes_max, down_bytes_min, down_bytes_max; /* payload of data; at least BODY_HEAD_BYTES */
    uint8_t down_percent; /* of data packets come from the server */
    const char *name;
};

struct talk_place {
    const struct body_pool *pool;
    uint32_t clients;
    uint8_t ipv6_percent, vlan_percent;
};

struct talk {
    const struct talk_shape *shape;
    struct frame_end client, server;
    bool ipv6, vlan;
    uint32_t step, packets;
    uint32_t sequence[2], acknowledged[2], tsval[2], number[2]; /* by direction: 1 is the server's */
    uint16_t ip_id[2];
    uint64_t not_before_ns; /* of the next packet */
    uint8_t quote[28];
};

void talk_begin(struct talk *talk, const struct talk_shape *shape, const struct talk_place *place, uint64_t *random);

/* The next packet. The frame borrows from the talk and is valid until the next call. False: it was the last one. */
bool talk_next(struct talk *talk, const struct talk_place *place, uint64_t *random, uint64_t now_ns,
               struct frame *frame);

#endif
