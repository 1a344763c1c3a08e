/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENGINE_ROUND_TRIP_H
#define ENGINE_ROUND_TRIP_H

#include "model/model.h"
#include "wspscope/report.h"

/* A session's round trip: by the first method of enum model_rtt_method that timed it often enough to be judged
 * (threshold rtt-samples), or else by the one that timed it most often. */
struct wspscope_round_trip engine_round_trip(const struct model *model, const struct model_session *session);

/* Lost of what the session's paths sent over the transport of its stream, both ways together; negative when too little
 * could be counted (threshold loss-segments), as of QUIC. `stream` may be NULL: any transport. */
double engine_loss_ratio(const struct model *model, const struct model_session *session,
                         const struct model_stream *stream);

#endif
