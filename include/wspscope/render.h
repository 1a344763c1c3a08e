/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WSPSCOPE_RENDER_H
#define WSPSCOPE_RENDER_H

#include <stdbool.h>
#include <stddef.h>

#include "wspscope/report.h"

/* Reports as text. A sink takes the bytes; it returns false when it can take no more, and rendering stops. */
struct wspscope_sink {
    bool (*write)(void *context, const char *bytes, size_t length);
    void *context;
};

struct wspscope_render_options {
    bool color;
    unsigned columns; /* width of a line of text; 0 means 80 */
    int verbosity;    /* -1 verdict and findings only, 0 usual, 1 all evidence and every session */
};

struct wspscope_renderer; /* one run over any number of reports: knows whether an array was opened */

/* `format` is "text", "json" or "ndjson"; NULL when there is no such format or no memory. `several` says that more
 * than one report may follow: JSON becomes an array, text gets headings and a closing summary. */
struct wspscope_renderer *wspscope_renderer_new(const char *format, const struct wspscope_render_options *options,
                                                bool several, struct wspscope_sink sink);

/* Both return false when the sink refused or memory ran out. */
bool wspscope_renderer_add(struct wspscope_renderer *renderer, const struct wspscope_report *report);
bool wspscope_renderer_finish(struct wspscope_renderer *renderer);
void wspscope_renderer_free(struct wspscope_renderer *renderer);

/* The names wspscope_renderer_new() knows, NULL at the end: for --help and completion. */
const char *const *wspscope_formats(void);

#endif
