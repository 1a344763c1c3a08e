/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_LIVE_LOG_H
#define CLI_LIVE_LOG_H

#include "base/status.h"
#include "wspscope/render.h"

/* Where lines go while the program runs: stdout, or a file that is appended to and, when somebody has moved it away,
 * opened anew. A line is written whole. */
struct cli_live_log;

/* `path` NULL: stdout. NULL with `error`. */
struct cli_live_log *cli_live_log_open(const char *path, struct error *error) MUST_USE;
struct wspscope_sink cli_live_log_sink(struct cli_live_log *log);

/* Opens the path again; what was open goes on when that fails. False: it failed. */
bool cli_live_log_reopen(struct cli_live_log *log);

/* A write has failed since: the reader went away, or the disk is full. 0, or its errno. */
int cli_live_log_failed(const struct cli_live_log *log);
void cli_live_log_close(struct cli_live_log *log);

#endif
