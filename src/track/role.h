/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_ROLE_H
#define TRACK_ROLE_H

#include "track/story.h"

/* Who is the client of a new flow, and whether its server has a role. Sets FLOW_CLIENT_IS_LOW, FLOW_CLIENT_GUESSED,
 * FLOW_BACKGROUND and role. */
void track_role_assign(const struct track *t, struct flow *f, bool source_is_low, const struct decode_packet *d);

#endif
