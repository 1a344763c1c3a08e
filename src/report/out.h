/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_OUT_H
#define REPORT_OUT_H

#include <stdbool.h>
#include <stddef.h>

#include "wspscope/render.h"

/* Bytes on their way to a sink, gathered so that it is called a few times a report. After the sink refused or
 * report_out_fail() was called, nothing more is written: write a whole report, then ask report_out_flush() once. */
struct report_out {
    struct wspscope_sink sink;
    bool failed;
    size_t length;
    char bytes[16384];
};

void report_out_bytes(struct report_out *out, const char *bytes, size_t length);
void report_out_text(struct report_out *out, const char *text);
void report_out_spaces(struct report_out *out, size_t count);

/* Memory ran out: what was gathered is dropped. */
void report_out_fail(struct report_out *out);

/* Hands on what was gathered. False when anything failed since the start. */
bool report_out_flush(struct report_out *out);

#endif
