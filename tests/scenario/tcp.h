/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SCENARIO_TCP_H
#define SCENARIO_TCP_H

#include "payload.h"
#include "scenario.h"

/* The two ends of a TCP connection, as far as a capture shows them: sequence numbers, and acknowledgments that come
 * no earlier than what they acknowledge can have arrived. */

enum { TCP_IN_FLIGHT_MAX = 64 };

struct tcp_range {
    int64_t arrives_ns;
    uint32_t from, to;
};

struct tcp_side {
    uint32_t first, next;     /* ISN; next to be sent */
    uint32_t received;        /* of the other side, in order */
    uint32_t beyond_from, beyond_to; /* a later piece that came over a hole; equal: none */
    uint32_t last_sequence, last_bytes; /* the data sent last, for "again" */
    uint32_t message;         /* where the message begins that goes in pieces */
    unsigned pieces_sent;     /* of it */
    uint32_t peer_tsval;
    struct tcp_range in_flight[TCP_IN_FLIGHT_MAX]; /* towards this side */
    unsigned in_flight_count;
    bool has_sent, has_received;
};

struct tcp_connection {
    struct tcp_side side[2]; /* client, server */
    unsigned attempts;
};

/* The segment of `step`; payload is appended to `p`. */
void tcp_segment(struct tcp_connection *connection, const struct flow *flow, const struct step *step,
                 struct craft_tcp *out, struct payload *p);

#endif
