/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SCENARIO_JUDGE_H
#define SCENARIO_JUDGE_H

#include "base/text.h"
#include "scenario.h"
#include "wspscope/report.h"

/* Compares a report with what its scenario expects. Each difference is a line in `out`, with the place of the
 * expectation; nothing is added when there is none. */
void judge_report(const struct scenario *scenario, const struct frames *frames, const struct wspscope_report *report,
                  struct text *out);

/* One finding or limit against one expectation; the words of what differs are added to `out`. */
bool judge_finding(const struct wanted *wanted, const struct frames *frames, const struct wspscope_finding *finding,
                   struct text *out);
bool judge_limit(const struct wanted *wanted, const struct wspscope_ledger_limit *limit, struct text *out);

#endif
