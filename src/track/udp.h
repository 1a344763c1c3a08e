/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_UDP_H
#define TRACK_UDP_H

#include "track/story.h"

/* A datagram of a flow, duplicates left out. */
void track_udp(struct track *t, struct flow *f, enum flow_direction direction, const struct track_packet *packet,
               const struct decode_packet *d);

/* Writes the facts of a flow that ends here into its path. */
void track_udp_judge(struct track *t, const struct flow *f, int64_t now_ns);

/* The flow leaves: frees what it holds beside its record and story, whether it has one or not. */
void track_udp_release(struct track *t, struct flow *f);

#endif
