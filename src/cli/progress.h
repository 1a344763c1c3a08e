/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/* One line on stderr that says how far long work has come; it appears after a second and is wiped before anything
 * else is written. */
struct cli_progress {
    int64_t started_ns; /* by the monotonic clock */
    bool shown;
};

/* False: nobody would see it. */
bool cli_progress_wanted(bool quiet);

void cli_progress_start(struct cli_progress *progress);
void cli_progress_show(struct cli_progress *progress, const char *path, const uint64_t packets_bytes_total[3]);
void cli_progress_wipe(struct cli_progress *progress);

#endif
