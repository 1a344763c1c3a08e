/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_RESEND_H
#define TRACK_RESEND_H

#include "flow/tcp_counts.h"
#include "track/story.h"

/* What a TCP connection sent again, and why; what arrived late; what was lost. The definitions stand in README.md
 * beside Wireshark's. */
struct track_resend;

/* A segment that is not a copy, before the flow record is updated by it. The record, 240 bytes for a connection with
 * data and 600 more for one that sends something again, is made on first need. */
void track_resend_segment(struct track *t, struct flow *f, enum flow_direction direction,
                          const struct track_packet *packet, const struct decode_packet *d);

/* NULL when the connection has carried no data, or is not one with a role. Index: flow direction. */
const struct flow_tcp_counts *track_resend_counts(const struct flow *f);

void track_resend_free(struct track_resend *resend);

#endif
