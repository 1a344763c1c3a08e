/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_TIMING_H
#define TRACK_TIMING_H

#include "track/story.h"

/* Round trips of an established TCP connection, by data and its acknowledgment, and the variation of each side's way
 * to the tap, by its time stamps. What gives no sample: a retransmission and all that was outstanding beside it
 * (Karn), an acknowledgment that carries data (it may have waited for a program), and one that a receiver may have
 * held back: it acknowledges no more than a segment, later than usual by the delayed-ACK time of a common stack. */
struct track_timing;

/* A segment that is not a copy, before the flow record is updated by it. Its record, 448 bytes a connection with data,
 * is made on first need. */
void track_timing_segment(struct track *t, struct flow *f, enum flow_direction direction,
                          const struct track_packet *packet, const struct decode_packet *d);

/* The least whole round trip of this connection; 0 unknown. */
int64_t track_timing_least_ns(const struct story *s);

#endif
