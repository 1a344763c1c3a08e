/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_CHECK_LOAD_H
#define CLI_CHECK_LOAD_H

#include "base/status.h"
#include "cli/check_case.h"
#include "cli/options.h"

/* Reads the expectation of a case and finds its capture. A case that cannot go on is decided as an error. `kinds` as
 * in struct expect_source. */
void cli_check_load(struct cli_check_list *list, struct cli_check_case *c, const char *const *kinds);

/* The names of wspscope_kinds(); NULL when memory ran out. */
const char *const *cli_check_load_kinds(struct arena *arena);

/* What `options:` of the expectation ask for, over what is left of the command line: tables and hash key. The words
 * are borrowed from the case. */
enum status cli_check_load_options(const struct cli_check_case *c, const struct cli_options *given,
                                   struct cli_options *out, struct error *error) MUST_USE;

/* True when two cases ask for the same options. */
bool cli_check_load_same_options(const struct cli_check_case *a, const struct cli_check_case *b);

#endif
