/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_MESSAGE_H
#define CLI_MESSAGE_H

#include "base/status.h"

/* One sentence on stderr after the program's name, made harmless for a terminal: file names and names of archive
 * entries are a stranger's. Keeps errno. */
void cli_message(const char *format, ...) PRINTF_LIKE(1, 2);

/* The nearest of `words` (NULL at the end) to a mistyped `word`; NULL when none is near enough to suggest. */
const char *cli_message_nearest(const char *word, const char *const *words);

#endif
