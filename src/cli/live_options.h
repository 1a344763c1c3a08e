/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_LIVE_OPTIONS_H
#define CLI_LIVE_OPTIONS_H

#include "cli/options.h"
#include "wspscope/live.h"

/* The options of `live`: its own, and those that `analyze` has too. */

enum { CLI_LIVE_INTERFACES_MAX = 32, CLI_LIVE_EVERY_S = 60, CLI_LIVE_EVIDENCE_BYTES = 256 << 20 };

struct cli_live_options {
    struct cli_options common;
    struct wspscope_interfaces interfaces; /* `names` leads to `names` below */
    const char *names[CLI_LIVE_INTERFACES_MAX];
    bool list, headless;
    const char *metrics;      /* NULL: none */
    const char *evidence;     /* NULL: none; else a folder */
    uint64_t evidence_bytes;
    uint64_t duration_s; /* 0: no end */
    uint64_t every_s;    /* between two summaries of ndjson */
};

/* As cli_options_parse(). */
enum status cli_live_options_parse(struct cli_live_options *options, int argc, char **argv,
                                   struct error *error) MUST_USE;

void cli_live_options_print(FILE *out);

#endif
