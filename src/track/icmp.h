/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_ICMP_H
#define TRACK_ICMP_H

#include "track/story.h"

/* An ICMP or ICMPv6 error: tied to the flow that it quotes, and checked as RFC 5927 asks. */
void track_icmp(struct track *t, const struct track_packet *packet, const struct decode_packet *d);

#endif
