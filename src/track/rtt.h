/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_RTT_H
#define TRACK_RTT_H

#include "model/rtt.h"
#include "track/story.h"

/* Where every tracker that times something hands over its samples, QUIC's and TCP's alike. */

/* A round trip was timed on the flow of this story. What a repeated packet, a delayed acknowledgment or the wait of an
 * application made of it is no sample: the caller leaves it out. */
void track_rtt_sample(struct track *t, struct story *s, const struct model_rtt_sample *sample);

/* How much longer than the least of some seconds a packet of one side took to the tap. */
void track_rtt_transit(struct track *t, struct story *s, enum model_rtt_half half, int64_t excess_ns);

#endif
