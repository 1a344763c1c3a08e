/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENGINE_LEDGER_H
#define ENGINE_LEDGER_H

#include "base/arena.h"
#include "engine/engine.h"
#include "rule/rule.h"
#include "wspscope/report.h"

/* What was looked at, what the capture cannot tell, which kinds could not be judged for it. */
void engine_ledger(const struct engine *engine, const struct draft_list *found, struct arena *arena,
                   struct wspscope_ledger *out);

#endif
