/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENGINE_LIMIT_H
#define ENGINE_LIMIT_H

#include "base/arena.h"
#include "engine/engine.h"
#include "wspscope/report.h"

/* Fills out->limits: the capture-* kinds and budget-exhausted that hold. */
void engine_limit_list(const struct engine *engine, struct arena *arena, struct wspscope_ledger *out);

#endif
