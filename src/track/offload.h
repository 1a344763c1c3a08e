/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_OFFLOAD_H
#define TRACK_OFFLOAD_H

#include "track/story.h"

/* Segments that the network card cuts (TSO) or joined (GRO): the wire saw several where the capture shows one. */

/* Payload that one segment of that direction holds on the wire at most: the receiver's MSS, less the room for time
 * stamps; where the MSS is unknown, what fits into the largest frame. */
uint32_t track_offload_mss(const struct track *t, const struct flow *f, enum flow_direction direction,
                           const struct decode_packet *d);

/* Segments on the wire that this packet stands for: 1, or more for a super-segment. Count these, not packets. */
uint32_t track_offload_segments(const struct track *t, const struct flow *f, enum flow_direction direction,
                                const struct decode_packet *d);

/* Bytes of the largest IP packet on the wire that this packet stands for. */
uint32_t track_offload_ip_bytes(const struct track *t, const struct flow *f, enum flow_direction direction,
                                const struct decode_packet *d);

/* Tells the tap of a super-segment. */
void track_offload_note(struct track *t, const struct flow *f, enum flow_direction direction,
                        const struct track_packet *packet, const struct decode_packet *d);

#endif
