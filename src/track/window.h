/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_WINDOW_H
#define TRACK_WINDOW_H

#include "track/story.h"

/* Receivers that keep their window shut. Only in connections whose SYN and SYN-ACK are in the capture. */

struct track_window_side {
    bool shut;
    int64_t since_ns, confirmed_ns; /* first and latest segment that said so */
    uint64_t frame, confirmed_frame;
    uint32_t times;                 /* filed before */
};

struct track_window {
    struct track_window_side sides[2]; /* by the direction in which the receiver speaks */
};

/* Every TCP packet of a flow with a story, in any order with the other trackers. */
void track_window_watch(struct track *t, struct flow *f, enum flow_direction direction,
                        const struct track_packet *packet, const struct decode_packet *d);

/* Files a window that was still shut at the flow's end. */
void track_window_finish(struct track *t, struct story *s, const struct flow *f);

#endif
