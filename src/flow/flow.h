/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FLOW_FLOW_H
#define FLOW_FLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "flow/key.h"

/* One followed TCP connection (attempt) or UDP flow. The record is the trackers' working memory; what must outlive it
 * they write into the model. Halves are indexed by direction. */
enum flow_direction { FLOW_TO_SERVER, FLOW_TO_CLIENT };

enum flow_flags {
    FLOW_CLIENT_IS_LOW = 1 << 0,
    FLOW_CLIENT_GUESSED = 1 << 1, /* no SYN seen: the client is the side without the service port */
    FLOW_ENDED = 1 << 2,          /* both FINs or an RST: a new SYN begins a new flow */
    FLOW_BACKGROUND = 1 << 3,     /* neither address nor name is ours */
    FLOW_SYN_SEEN = 1 << 4,       /* its start is in the capture */
    FLOW_QUIC_INITIAL = 1 << 5,   /* a client Initial was seen */
    FLOW_QUIC_BEYOND = 1 << 6,    /* the client sent what only an answered client sends: Handshake or short header */
    FLOW_DOUBLED = 1 << 7,        /* packets that cannot repeat so soon came twice: the capture copies */
    FLOW_DATA_SEEN = 1 << 8,
    FLOW_ACK_AFTER_SYN = 1 << 9,  /* the client went on after its SYN */
    FLOW_NAME_BY_SNI = 1 << 10,   /* the client named the server in a ClientHello; */
    FLOW_NAME_BY_CONNECT = 1 << 11, /* or, else, in the CONNECT to its proxy; else the DNS did */
    FLOW_SETTLED = 1 << 12,       /* its first payload has told what it can: no more of it is looked at */
};

enum { FLOW_HISTORY_SIZE = 16 };

struct flow_half {
    uint64_t packets;
    uint64_t ip_bytes;
    uint64_t payload_bytes;
    int64_t last_ns;
    uint32_t next_sequence;   /* highest sequence number sent, plus one */
    uint32_t acknowledged;    /* highest acknowledgment number sent by this side */
    uint32_t first_sequence;  /* of the SYN, or of the first segment */
    uint32_t first_acknowledged;
    uint32_t hole_start, hole_end; /* sent by this side and not seen here; equal: none */
    uint16_t mss;             /* announced by this side in its SYN; 0 unknown */
    uint8_t tcp_flags;        /* all flags seen from this side */
    uint8_t ttl;              /* of its last packet */
    uint32_t retransmissions;
    uint16_t history_letters; /* Zeek's letters already written, one bit each */
    uint16_t checksums, bad_checksums; /* of the first ones */
    uint16_t unseen_holes;    /* holes whose bytes the peer acknowledged: lost by the capture; held at 65535 */
    bool hole_acknowledged;
};

struct flow {
    struct flow_key key;
    uint32_t hash;
    uint32_t number;      /* of the record in its table */
    uint32_t timer_next, timer_previous; /* in a slot of the wheel; the table's */
    uint32_t order;       /* running number of flows: ties are broken by it */
    int64_t first_ns, last_ns;
    uint64_t first_frame;
    int64_t deadline_ns;
    struct flow_half half[2];
    void *story;          /* the tracker's side record: of a flow with a role its story; of a background flow what is
                             gathered of its hello, or NULL */
    uint32_t name;        /* of the server, a number that the trackers give; 0 unknown */
    uint16_t flags;       /* enum flow_flags */
    uint16_t app;         /* what it speaks, a number of classify/ that the trackers keep here; 0 not asked */
    uint8_t role;         /* enum endpoint_role of the server */
    uint8_t in_use;
    uint8_t timer_slot;
    char history[FLOW_HISTORY_SIZE];
};

static inline const struct ipaddr *flow_client(const struct flow *f)
{
    return f->flags & FLOW_CLIENT_IS_LOW ? &f->key.low : &f->key.high;
}

static inline const struct ipaddr *flow_server(const struct flow *f)
{
    return f->flags & FLOW_CLIENT_IS_LOW ? &f->key.high : &f->key.low;
}

static inline uint16_t flow_client_port(const struct flow *f)
{
    return f->flags & FLOW_CLIENT_IS_LOW ? f->key.low_port : f->key.high_port;
}

static inline uint16_t flow_server_port(const struct flow *f)
{
    return f->flags & FLOW_CLIENT_IS_LOW ? f->key.high_port : f->key.low_port;
}

static inline enum flow_direction flow_direction_of(const struct flow *f, bool source_is_low)
{
    return source_is_low == ((f->flags & FLOW_CLIENT_IS_LOW) != 0) ? FLOW_TO_SERVER : FLOW_TO_CLIENT;
}

/* Appends Zeek's history letter once per direction: upper case from the client, lower case from the server. */
void flow_add_history(struct flow *f, enum flow_direction direction, char letter);

/* Zeek's conn_state ("S0", "SF", "REJ", ...), from the flags seen. */
const char *flow_conn_state(const struct flow *f);

#endif
