/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_LATE_H
#define TRACK_LATE_H

#include "track/story.h"

/* Roles that come in the middle of a flow, by a name that the client told. */

/* Begins the story of a flow that was background so far: handshake and start are told from what the flow record kept,
 * `packet` and all before it included. What the record does not keep stays unknown. `path`: where it leads behind a
 * proxy; NULL: to the flow's server. */
void track_late_begin(struct track *t, struct flow *f, const struct track_packet *packet, struct model_path *path);

/* A flow that its service port alone made one with a role goes by the row of a name from now on. */
void track_late_name(struct track *t, struct flow *f, const struct endpoint_name_row *row);

/* A TCP flow that got its role and story by the DNS is none of ours after all: its client wants somebody else at this
 * address. It has no session, and becomes a background flow; that its connection opened remains known of the path. As
 * track_role_named(): not while trackers that keep the story at hand look at a packet. */
void track_late_withdraw(struct track *t, struct flow *f);

#endif
