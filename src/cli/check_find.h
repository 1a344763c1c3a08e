/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_CHECK_FIND_H
#define CLI_CHECK_FIND_H

#include "base/status.h"
#include "cli/check_case.h"

/* Adds the cases that a PATH stands for: a capture and the expectation beside it, an expectation, or a folder, which
 * is searched to the bottom in the order of names (names that begin with a dot, and links to folders, are left out).
 * `error` says why there is none. */
enum status cli_check_find(struct cli_check_list *list, const char *path, struct error *error) MUST_USE;

/* The capture beside an expectation that names none: the one file NAME with an extension of captures or archives.
 * NULL: there is none, or there are several; `error` says so. */
const char *cli_check_find_capture(struct arena *arena, const char *expectation, struct error *error);

#endif
