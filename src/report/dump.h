/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_DUMP_H
#define REPORT_DUMP_H

#include <jansson.h>

#include "report/out.h"

/* Both write `json` as ASCII that is safe wherever it ends up (terminal, log, script element of a page), and release
 * it; NULL, which is how a failed builder says so, fails the output. No newline at the end. */

/* Over several lines, two spaces a level, as if it stood `depth` levels deep in its document. */
void report_dump_pretty(struct report_out *out, json_t *json, unsigned depth);

/* In one line, without spaces. */
void report_dump_line(struct report_out *out, json_t *json);

/* A new line, indented as the content of level `depth`. */
void report_dump_newline(struct report_out *out, unsigned depth);

#endif
