/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENGINE_FLOW_LOG_H
#define ENGINE_FLOW_LOG_H

#include "base/arena.h"
#include "endpoint/catalogue.h"
#include "flow/flow.h"
#include "model/name.h"
#include "wspscope/report.h"

/* The flows of --flows: a copy of each record as it leaves the table, bounded. */
struct engine_flow_log;

struct engine_flow_log *engine_flow_log_new(size_t max_flows) MUST_USE;
void engine_flow_log_free(struct engine_flow_log *log);

/* track_flow_end: `context` is the log. */
void engine_flow_log_add(void *context, const struct flow *flow);

/* Rows of the report, ordered by first packet, then key. NULL without memory. `names` may be NULL when no
 * flow has a name. */
const struct wspscope_flow *engine_flow_log_rows(struct engine_flow_log *log,
                                                 const struct endpoint_catalogue *catalogue,
                                                 const struct model_names *names, struct arena *arena,
                                                 size_t *count);

/* Flows that did not fit. */
uint64_t engine_flow_log_dropped(const struct engine_flow_log *log);

#endif
