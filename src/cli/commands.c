/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/commands.h"

#include <string.h>

#include "cli/cli.h"
#include "cli/message.h"

static const struct cli_command commands[] = {
    { "analyze", "FILE...", "explain captures; the word may be left out", cli_analyze },
    { "check", "PATH...", "compare recorded captures with their written expectations", cli_check },
    { "endpoints", "COMMAND", "the catalogue of addresses, names and ports: list, lookup, import, rules, conflicts",
      cli_endpoints },
    { "findings", "[KIND]", "what can be found, what each finding means and needs", cli_findings },
    { "live", "-i IFACE", "explain live traffic as it happens", cli_live },
    { "compare", "INSIDE OUTSIDE", "the same traffic at two points (not in this version)", NULL },
    { "extract", "FINDING FILE", "the packets that prove a finding (not in this version)", NULL },
    { "probe", "", "find the hop that filters a port (not in this version)", NULL },
};

enum { COMMANDS = sizeof commands / sizeof *commands };

const struct cli_command *cli_commands(size_t *count)
{
    *count = COMMANDS;
    return commands;
}

const struct cli_command *cli_commands_find(const char *name)
{
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

const char *cli_commands_nearest(const char *word)
{
    const char *names[COMMANDS + 1] = { NULL };
    for (size_t i = 0; i < COMMANDS; i++)
        names[i] = commands[i].name;
    return cli_message_nearest(word, names);
}
