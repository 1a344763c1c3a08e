/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_TLS_H
#define TRACK_TLS_H

#include "track/story.h"

/* TLS on TCP: the client's hello names the server. */

/* A segment of a flow, after track_tcp(). */
void track_tls(struct track *t, struct flow *f, enum flow_direction direction, const struct track_packet *packet,
               const struct decode_packet *d);

#endif
