/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_CHECK_SHOW_H
#define CLI_CHECK_SHOW_H

#include <stdio.h>

#include "base/status.h"
#include "cli/check_case.h"

/* Cases as lines for a person, as TAP (version 13), and as JUnit's XML. */
struct cli_check_show {
    const struct cli_check_list *list;
    FILE *out;
    bool tap;
    bool quiet;  /* what failed, and the sum */
    size_t next; /* the first case not shown; 0 at the beginning */
};

struct cli_check_sum {
    size_t passed, failed; /* a case that could not be checked has failed */
    size_t errors;         /* so many of the failed ones could not be checked */
    size_t pending;        /* entries */
};

/* Shows every case up to the first that is still open. */
void cli_check_show_decided(struct cli_check_show *show);
/* The last lines; the very last says "N passed, N failed". */
void cli_check_show_sum(const struct cli_check_show *show, const struct cli_check_sum *sum);
struct cli_check_sum cli_check_show_count(const struct cli_check_list *list);

/* Adds the XML document. */
void cli_check_show_junit(const struct cli_check_list *list, struct text *out);

#endif
