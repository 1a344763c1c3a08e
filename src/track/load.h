/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_LOAD_H
#define TRACK_LOAD_H

#include "model/load.h"
#include "track/story.h"

/* Bytes of the whole tap, second by second and by direction, background included: what a queue on the way is filled
 * by. Up is from the clients' side: private addresses, and the networks (/24, /64) of clients with a role. A packet
 * whose direction this does not tell counts in both. */

/* A client with a role: its network is inside. */
void track_load_inside(struct track_load *load, const struct ipaddr *client);

/* Any packet that is no copy. */
void track_load_packet(struct track_load *load, const struct decode_packet *d);

/* Packet time has come this far. */
void track_load_advance(struct track_load *load, struct model *model, int64_t time_ns);

/* Ends the second that has begun, at the end or where the clock steps. */
void track_load_end(struct track_load *load, struct model *model);

#endif
