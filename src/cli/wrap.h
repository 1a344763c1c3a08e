/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_WRAP_H
#define CLI_WRAP_H

#include <stddef.h>
#include <stdio.h>

/* Words in lines of 80 columns that begin after `indent` spaces; the first line stands at column `column` already. */
void cli_wrap_print(FILE *out, const char *text, size_t indent, size_t column);

#endif
