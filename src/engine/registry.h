/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENGINE_REGISTRY_H
#define ENGINE_REGISTRY_H

#include "base/status.h"
#include "rule/draft.h"
#include "wspscope/live.h"

/* The findings of a live run by their key, from snapshot to snapshot: what opened, changed, came to rest. */

enum { ENGINE_REGISTRY_MAX = 4096 }; /* findings; one more has no number and is told by the snapshots alone */

struct engine_registry;

struct engine_registry *engine_registry_new(int64_t quiet_ns) MUST_USE;
void engine_registry_free(struct engine_registry *registry);

/* `findings` are those of the drafts, in their order. */
void engine_registry_compare(struct engine_registry *registry, const struct draft_list *drafts,
                             const struct wspscope_finding *findings, int64_t now_ns);

/* What the last comparison said, borrowed until the next; lives as long as the snapshot that was compared. Fills
 * numbers, open, changes and change_count. */
void engine_registry_show(const struct engine_registry *registry, struct wspscope_tick *tick);

#endif
