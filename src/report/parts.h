/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_PARTS_H
#define REPORT_PARTS_H

#include <jansson.h>

#include "report/object.h"
#include "wspscope/report.h"

/* The parts of "wspscope.report/1" (report.schema.json), one JSON value each, so that a report of any size is written
 * one part at a time. NULL when memory ran out; the caller owns the rest. */
#define REPORT_PARTS_SCHEMA "wspscope.report/1"

json_t *report_parts_tool(const struct wspscope_tool *tool);
json_t *report_parts_input(const struct wspscope_input *input);
json_t *report_parts_verdict(const struct wspscope_verdict *verdict);
json_t *report_parts_ledger(const struct wspscope_ledger *ledger);

/* `item` is a const struct wspscope_session, _finding or _flow: the shape that struct report_items asks for. */
json_t *report_parts_session(const void *item);
json_t *report_parts_finding(const void *item);
json_t *report_parts_flow(const void *item);

struct report_items report_parts_sessions(const struct wspscope_report *report);
struct report_items report_parts_findings(const struct wspscope_report *report);
struct report_items report_parts_flows(const struct wspscope_report *report);

#endif
