/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_JOBS_H
#define CLI_JOBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/status.h"
#include "base/text.h"
#include "wspscope/analysis.h"

/* Many inputs, each read by a process of its own, some at the same time; what they say comes in the order of the
 * inputs whichever is ready first. A process that dies costs its input and one sentence. */

/* A report and what it lies in. Whoever gets one frees it. */
struct cli_jobs_report {
    const struct wspscope_report *report;
    struct text message;
    struct arena *arena;
};

void cli_jobs_report_free(struct cli_jobs_report *report);

/* Called in the order of the inputs. `unreadable`, `passed_over` and `gaps` get one sentence. */
struct cli_jobs_events {
    bool (*report)(void *context, struct cli_jobs_report *report); /* false: stop, nobody wants more */
    void (*unreadable)(void *context, const char *sentence);
    void (*passed_over)(void *context, const char *sentence);
    void (*gaps)(void *context, const char *sentence); /* in the sandbox: the same ones for each input */
    /* NULL, or called when input `index` has said all: what came since the last call came from it. */
    void (*ended)(void *context, size_t index);
    /* NULL: no progress is wanted. Of the input whose turn it is; total_bytes may be WSPSCOPE_UNKNOWN_COUNT. */
    void (*progress)(void *context, const char *path, const uint64_t packets_bytes_total[3]);
    void *context;
};

struct cli_jobs_inputs {
    const char *const *paths;
    size_t count;
    unsigned jobs; /* at the same time; 0: one for each processor */
    bool unconfined; /* no sandbox */
};

/* STATUS_OK when all went through, or an event said stop; else `error` says what failed in the program itself. */
enum status cli_jobs_run(struct wspscope_analyzer *analyzer, const struct cli_jobs_inputs *inputs,
                         const struct cli_jobs_events *events, struct error *error) MUST_USE;

#endif
