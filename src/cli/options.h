/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/status.h"
#include "wspscope/analysis.h"

/* The options of `analyze`, from one table that also prints the help. */

enum { CLI_OPTIONS_PORTS_MAX = 256, CLI_OPTIONS_THRESHOLDS_MAX = 64, CLI_OPTIONS_JOBS_MAX = 64 };

enum cli_options_color { CLI_OPTIONS_COLOR_AUTO, CLI_OPTIONS_COLOR_ALWAYS, CLI_OPTIONS_COLOR_NEVER };

struct cli_options {
    struct wspscope_options analysis; /* its pointers lead into this struct and into argv */
    const char *format;               /* one of wspscope_formats() */
    const char *output;               /* NULL: stdout */
    enum cli_options_color color;
    int fail_on;   /* enum wspscope_severity; -1: never */
    unsigned jobs; /* 0: as many as there are processors */
    bool no_sandbox;
    bool quiet, verbose, help, version;
    const char *const *inputs; /* in argv, which was reordered */
    size_t input_count;

    uint16_t ports[CLI_OPTIONS_PORTS_MAX], proxy_ports[CLI_OPTIONS_PORTS_MAX];
    const char *thresholds[CLI_OPTIONS_THRESHOLDS_MAX];
    uint64_t hash_key[2];
};

/* Reads argv[1..]: options and inputs in any order, "--" ends the options. argv is reordered. STATUS_BAD_USAGE:
 * `error` says what is wrong and, for a typo, what may be meant. */
enum status cli_options_parse(struct cli_options *options, int argc, char **argv, struct error *error) MUST_USE;

/* WSPSCOPE_HASH_KEY: 1 to 32 hexadecimal digits; NULL or empty leaves the key random. */
enum status cli_options_hash_key(struct cli_options *options, const char *digits, struct error *error) MUST_USE;

/* The table, one option a paragraph. */
void cli_options_print(FILE *out);

#endif
