/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_CHILD_H
#define CLI_CHILD_H

#include <stdbool.h>

#include "wspscope/analysis.h"

/* The process that reads one input: nobody else touches a captured byte. It speaks to its parent through a pipe, in
 * messages of one byte of type, eight of length (little-endian) and the body. */
enum cli_child_message {
    CLI_CHILD_REPORT = 'R',      /* body: cli_wire_write() */
    CLI_CHILD_UNREADABLE = 'U',  /* body: a sentence */
    CLI_CHILD_PASSED_OVER = 'O', /* body: a sentence */
    CLI_CHILD_GAPS = 'G',        /* body: a sentence on what the system did not grant of the sandbox */
    CLI_CHILD_PROGRESS = 'P',    /* body: packets, bytes, total bytes, each eight bytes */
    CLI_CHILD_END = 'E',         /* no body; what ends without it died */
};

enum { CLI_CHILD_HEADER_BYTES = 9 };

struct cli_child_task {
    const char *path;
    int fd;           /* where the messages go */
    bool progress;
    bool unconfined;  /* --no-sandbox */
};

/* Analyses `path` and ends the process. The input is opened, then the sandbox closed, then its first byte read. */
_Noreturn void cli_child_run(struct wspscope_analyzer *analyzer, const struct cli_child_task *task);

#endif
