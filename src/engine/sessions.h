/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENGINE_SESSIONS_H
#define ENGINE_SESSIONS_H

#include "base/arena.h"
#include "model/model.h"
#include "wspscope/report.h"

/* The sessions of the report, in the order in which they began. NULL without memory. */
const struct wspscope_session *engine_sessions(const struct model *model, struct arena *arena, size_t *count);

/* The stream that carried most bytes; NULL when none was sustained. */
const struct model_stream *engine_sessions_stream(const struct model_session *session);

/* No attempt is left in it: all found their Region, or were no streaming. Such a session is not told. */
bool engine_sessions_is_empty(const struct model_session *session);

#endif
