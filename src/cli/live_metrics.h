/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_LIVE_METRICS_H
#define CLI_LIVE_METRICS_H

#include "base/status.h"
#include "wspscope/live.h"

/* GET /metrics in Prometheus's text format 0.0.4, and GET /healthz: 200 while ticks come, 503 when none has for long.
 * One thread: requests are answered in cli_live_metrics_serve(). No address of a client is in any label. */
struct cli_live_metrics;

/* "ADDRESS:PORT", "[::1]:PORT" or "PORT", which is on 127.0.0.1. NULL with `error`. Port 0 takes a free one. */
struct cli_live_metrics *cli_live_metrics_open(const char *where, struct error *error) MUST_USE;
void cli_live_metrics_update(struct cli_live_metrics *metrics, const struct wspscope_tick *tick);
void cli_live_metrics_serve(struct cli_live_metrics *metrics);
void cli_live_metrics_close(struct cli_live_metrics *metrics);

#endif
