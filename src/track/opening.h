/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_OPENING_H
#define TRACK_OPENING_H

#include "track/story.h"

/* What the two sides of a TCP connection say first: TLS, or CONNECT to a web proxy and TLS behind it. Of a background
 * flow only the client's name for the server is looked for, in place where the hello lies in one segment; of a flow
 * with a role the handshake is followed to its end. */
struct track_opening;

/* A segment of a flow, after track_tcp(). Sets FLOW_SETTLED when the connection's beginning has told what it can. */
void track_opening(struct track *t, struct flow *f, enum flow_direction direction, const struct track_packet *packet,
                   const struct decode_packet *d);

/* Frees it; NULL is fine. */
void track_opening_free(struct track *t, struct track_opening *opening);

/* Writes what became of the opening into the path. True when that tells how the connection ended, so that nothing else
 * has to. */
bool track_opening_judge(struct track *t, struct story *s, const struct flow *f, int64_t now_ns);

#endif
