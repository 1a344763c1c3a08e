/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include <stddef.h>

struct cli_command {
    const char *name;
    const char *arguments; /* as the help shows them */
    const char *help;
    int (*run)(int argc, char **argv); /* NULL: not in this version */
};

/* The table, in the order of the help. */
const struct cli_command *cli_commands(size_t *count);
const struct cli_command *cli_commands_find(const char *name);

/* The name of the command that a mistyped word may stand for; NULL when there is none. */
const char *cli_commands_nearest(const char *word);

#endif
