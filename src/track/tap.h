/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_TAP_H
#define TRACK_TAP_H

#include "track/story.h"

/* What flows tell about the capture itself. */

/* A packet of a flow, before the flow's state is touched: what was cut, which checksums are wrong. */
void track_tap_note_packet(struct track *t, struct flow *f, enum flow_direction direction,
                           const struct track_packet *packet, const struct decode_packet *d);

/* A flow that ends: does it prove that the tap sees both directions, or only one? Did it begin inside the capture? */
void track_tap_count_flow(struct track *t, const struct flow *f);


#endif
