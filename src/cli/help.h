/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include <stdio.h>

/* What the program does, an example, the commands, the options. */
void cli_help_print(FILE *out);

/* Three lines for somebody who gave no input. */
void cli_help_print_short(FILE *out);

/* "wspscope 0.1.0" */
void cli_help_print_version(FILE *out);

/* The status of a program that has written all it had to say to stdout: a full disk is no success. */
int cli_help_end_of_stdout(void);

#endif
