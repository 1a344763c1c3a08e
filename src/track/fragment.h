/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_FRAGMENT_H
#define TRACK_FRAGMENT_H

#include "track/story.h"

/* Later fragments have no ports: they belong to the flow of their first fragment, remembered in a bounded table. */
struct track_fragments;

struct track_fragments *track_fragment_new(void) MUST_USE;
void track_fragment_free(struct track_fragments *fragments);

/* A first fragment of a followed flow. */
void track_fragment_begin(struct track_fragments *fragments, const struct decode_packet *d, int64_t time_ns);

/* Whether a later fragment belongs to a followed flow. */
bool track_fragment_known(const struct track_fragments *fragments, const struct decode_packet *d, int64_t time_ns);

#endif
