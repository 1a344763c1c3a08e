/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENGINE_WELLNESS_H
#define ENGINE_WELLNESS_H

#include "base/arena.h"
#include "engine/engine.h"

/* The summary of the verdict "ok": what works, and what was looked at to say so, client by client. */
const char *engine_wellness(const struct engine *engine, struct arena *arena);

#endif
