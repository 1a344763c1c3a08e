/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_WIRE_H
#define CLI_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/text.h"
#include "wspscope/report.h"

/* A report as bytes, to be handed from the process that reads a capture to the one that shows the report. Both are
 * the same program, so there are no versions; but the first one has parsed a stranger's bytes, so the second believes
 * nothing: counts, enums, string ends and nesting are checked. */

/* Appends the report to `out`. text_failed(out) afterwards: it did not fit. */
void cli_wire_write(const struct wspscope_report *report, struct text *out);

/* The report that lies in `bytes`; its structs are in the arena, its strings stay in `bytes`. NULL: it is damaged, or
 * memory ran out. */
const struct wspscope_report *cli_wire_read(const uint8_t *bytes, size_t length, struct arena *arena);

#endif
