/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_DUPLICATE_H
#define TRACK_DUPLICATE_H

#include "track/story.h"

/* Copies that the capture made (SPAN of both ports, before and after a router): told from what a stack sends twice by
 * a signature of addresses, IP-ID, lengths and the transport header with its checksum, at most 2 ms and half the
 * least round trip apart. */
struct track_copies;

struct track_copies *track_duplicate_new(int64_t window_ns) MUST_USE;
void track_duplicate_free(struct track_copies *copies);

enum track_duplicate_answer { TRACK_NEW, TRACK_COPY, TRACK_COPY_ROUTED };

/* Remembers the packet. `f` may be NULL (ICMP); `least_rtt_ns` is INT64_MAX when unknown. */
enum track_duplicate_answer track_duplicate_check(struct track_copies *copies, struct flow *f, int64_t least_rtt_ns,
                                                  const struct track_packet *packet, const struct decode_packet *d);

#endif
