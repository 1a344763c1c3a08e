/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_SPEECH_H
#define TRACK_SPEECH_H

#include "track/story.h"

/* What a flow speaks: the first bytes of each side, and nDPI's opinion (src/classify/) of its first payload packets. A
 * service port that carries something else becomes MODEL_SPEAKS_OTHER when the flow ends. */

/* A packet with payload, after it was counted in its half. */
void track_speech_packet(struct track *t, struct flow *f, enum flow_direction direction,
                         const struct track_packet *packet, const struct decode_packet *d);

/* The flow ends; `judged`: it is known who is its client. True when it carried something else: what became of it may be
 * no matter of streaming. */
bool track_speech_end(struct track *t, struct flow *f, bool judged);

#endif
