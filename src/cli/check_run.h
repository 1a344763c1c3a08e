/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_CHECK_RUN_H
#define CLI_CHECK_RUN_H

#include "base/status.h"
#include "cli/check_case.h"
#include "cli/options.h"

/* Reads the expectations, has the captures analyzed (each in a process of its own), and decides every case. */
struct cli_check_run {
    struct cli_check_list *list;
    const struct cli_options *options;
    bool bless;
    void (*decided)(void *context); /* called after each decision, for whoever shows them in order */
    void *context;
};

/* Not STATUS_OK: the program itself could not go on; cases may be left open. */
enum status cli_check_run(const struct cli_check_run *run, struct error *error) MUST_USE;

#endif
