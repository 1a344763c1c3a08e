/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENGINE_VERDICT_H
#define ENGINE_VERDICT_H

#include "base/arena.h"
#include "engine/engine.h"
#include "rule/rule.h"
#include "wspscope/report.h"

/* FINDINGS, "Status", and one sentence for people. `drafts` is sorted. */
void engine_verdict(const struct engine *engine, const struct draft_list *drafts, struct arena *arena,
                    struct wspscope_verdict *out);

#endif
