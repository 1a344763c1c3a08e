/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_STALL_H
#define TRACK_STALL_H

#include "track/story.h"

/* A stream that stands still and goes on: no new bytes of the server for a while, with a stream's bytes in the two
 * seconds before and after; and what was seen meanwhile. */

enum { TRACK_STALL_SLOTS = 8 }; /* a quarter of the stream window each */

struct track_stall_gap {
    int64_t begin_ns, end_ns;
    uint64_t begin_frame, end_frame;
    uint32_t before_down, before_up; /* payload of the exchange that it follows */
    uint32_t repeats[2];      /* data sent again in it, by direction */
    uint64_t first_repeat_frame;
    bool shut;                /* the client's window was shut in it */
    int64_t asked_ns;         /* the client first sent something in it; 0: nothing */
    bool keepalive[2], alive; /* a side sent a keep-alive in it; one was answered */
    bool answered;            /* the client heard something from its gateways in it */
};

struct track_stall {
    int64_t last_new_ns;      /* the server's latest new bytes; 0: none yet */
    uint64_t last_new_frame;
    int64_t slot;             /* number of the latest slot */
    uint32_t bytes[TRACK_STALL_SLOTS];  /* the server's new bytes, a ring of slots */
    uint32_t burst_down, burst_up;      /* payload since the last pause */
    int64_t burst_ns;
    struct track_stall_gap now;         /* since the latest new bytes */
    bool waiting;                       /* a gap is over, whether the stream goes on is being watched: */
    struct track_stall_gap gap;
    uint32_t after_bytes;               /* the server's, since its end */
};

/* A packet of a flow with a story. `new_bytes`: payload that was not sent before; `repeated`: payload that was, and is
 * not acknowledged; `shut`: TCP's window is 0. */
struct track_stall_seen {
    uint32_t new_bytes;
    bool repeated, shut;
};

void track_stall_watch(struct track *t, struct flow *f, enum flow_direction direction,
                       const struct track_packet *packet, const struct track_stall_seen *seen);

/* The same for a TCP packet, before the flow's own record takes it in. */
void track_stall_watch_tcp(struct track *t, struct flow *f, enum flow_direction direction,
                           const struct track_packet *packet, const struct decode_packet *d);

#endif
