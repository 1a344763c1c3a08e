/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_LIVE_EXPOSITION_H
#define CLI_LIVE_EXPOSITION_H

#include "base/text.h"
#include "wspscope/live.h"

/* A tick in Prometheus's text format. Labels hold words of the program, never an address or name of the traffic. */

enum { CLI_LIVE_EXPOSITION_KINDS = 256 };

/* What is counted from tick to tick: findings opened, by kind. Zero-initialise. */
struct cli_live_exposition {
    struct {
        const char *kind;
        uint64_t opened;
    } kinds[CLI_LIVE_EXPOSITION_KINDS];
    size_t count;
};

void cli_live_exposition_write(struct cli_live_exposition *exposition, const struct wspscope_tick *tick,
                               struct text *out);

#endif
