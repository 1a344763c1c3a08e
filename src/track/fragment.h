/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_FRAGMENT_H
#define TRACK_FRAGMENT_H

#include "track/story.h"

/* Later fragments have no ports: they belong to the flow of their first fragment, remembered in a bounded table. What
 * became of the datagrams of streaming flows is counted in their paths. */
struct track_fragments;

struct track_fragments *track_fragment_new(void) MUST_USE;
void track_fragment_free(struct track_fragments *fragments);

/* A first fragment of a followed flow. */
void track_fragment_begin(struct track *t, const struct flow *f, enum flow_direction direction,
                          const struct track_packet *packet, const struct decode_packet *d);

/* A later fragment; true when it is known to belong to a followed flow. */
bool track_fragment_later(struct track *t, const struct track_packet *packet, const struct decode_packet *d);

/* The capture has ended: what is not complete by now will never be. */
void track_fragment_finish(struct track *t);

#endif
