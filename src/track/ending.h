/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_ENDING_H
#define TRACK_ENDING_H

#include "track/story.h"

/* How flows end that had begun to carry a stream: written into their session, once for each. */

/* The flow was judged to have failed. */
void track_ending_failed(struct track *t, struct story *s, const struct flow *f,
                         const struct model_incident *incident);

/* The flow leaves the table, after its judgement: once. */
void track_ending_note(struct track *t, const struct flow *f, int64_t now_ns);

#endif
