/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_LIVE_VIEW_H
#define CLI_LIVE_VIEW_H

#include <stdbool.h>

#include "base/status.h"
#include "wspscope/live.h"

/* The terminal view of a live run: verdict, sessions, findings. It keeps a copy of the last tick, so that keys work
 * between ticks and a pause holds what is shown. Bytes out of the traffic are escaped on their way. */
struct cli_live_view;

enum cli_live_view_wish { CLI_LIVE_VIEW_NOTHING, CLI_LIVE_VIEW_QUIT, CLI_LIVE_VIEW_WRITE_EVIDENCE };

/* Takes over the terminal; nothing may be printed until cli_live_view_close(). NULL with `error`. */
struct cli_live_view *cli_live_view_open(const char *interfaces, struct error *error) MUST_USE;
void cli_live_view_tick(struct cli_live_view *view, const struct wspscope_tick *tick);

/* Reads what keys were pressed and draws. */
enum cli_live_view_wish cli_live_view_turn(struct cli_live_view *view);

/* A sentence on the last line, until the next key. */
void cli_live_view_say(struct cli_live_view *view, const char *sentence);
void cli_live_view_close(struct cli_live_view *view);

#endif
