/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_RTT_H
#define TRACK_RTT_H

#include "model/rtt.h"
#include "track/story.h"

/* Where every tracker that times something hands over its samples, QUIC's and TCP's alike. */

/* A round trip was timed on the flow of this story. What a repeated packet, a delayed acknowledgment or the wait of an
 * application made of it is no sample: the caller leaves it out. */
void track_rtt_sample(struct track *t, struct story *s, const struct model_rtt_sample *sample);

#endif
