/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SCENARIO_ANALYZE_H
#define SCENARIO_ANALYZE_H

#include "base/text.h"
#include "scenario.h"
#include "wspscope/analysis.h"

/* What several analyses share. */
struct analyze_with {
    const uint64_t *hash_key; /* two words */
    struct wspscope_classifier *classifier; /* NULL: each makes its own */
};

/* Analyses a capture in memory as the scenario asks. The report is the caller's to
 * free; NULL with `error` set. */
const struct wspscope_report *analyze_capture(const struct scenario *scenario, struct craft_bytes capture,
                                              const struct analyze_with *with, struct error *error) MUST_USE;

/* The report as "text" or "json". False: it cannot be rendered. */
bool analyze_render(const struct wspscope_report *report, const char *format, struct text *out) MUST_USE;

#endif
