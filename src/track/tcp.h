/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_TCP_H
#define TRACK_TCP_H

#include "track/story.h"

/* A TCP segment of a flow, duplicates left out. Updates the flow record, and its story where it has one. */
void track_tcp(struct track *t, struct flow *f, enum flow_direction direction, const struct track_packet *packet,
               const struct decode_packet *d);

/* True when a SYN on a known five-tuple begins another attempt: an initial sequence number of its own, or the last
 * one ended. */
bool track_tcp_begins_anew(const struct flow *f, const struct decode_packet *d);

/* Frees what the story of a TCP flow points to. */
void track_tcp_release(struct story *s);

/* Writes the facts of a flow that ends here into its path. `now_ns` is the end of what was seen. */
void track_tcp_judge(struct track *t, const struct flow *f, int64_t now_ns);

#endif
