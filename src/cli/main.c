/* SPDX-License-Identifier: Apache-2.0 */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/message.h"

static int run_command(const struct cli_command *command, int argc, char **argv)
{
    if (command->run)
        return command->run(argc, argv);
    cli_message("The command \"%s\" is not in this version; `wspscope --help` lists what is.", command->name);
    return CLI_UNUSABLE;
}

/* "help", "help COMMAND" */
static int help(int argc, char **argv)
{
    const struct cli_command *command = argc > 1 ? cli_commands_find(argv[1]) : NULL;
    char ask[] = "--help";
    if (command && command->run != cli_analyze)
        return run_command(command, 2, (char *[]){ argv[1], ask, NULL });
    cli_help_print(stdout);
    return cli_help_end_of_stdout();
}

/* A word that is no file and looks like a command is taken for a mistyped one. */
static const char *mistyped(const char *word)
{
    if (word[0] == '-' || strpbrk(word, "/.") || access(word, F_OK) == 0)
        return NULL;
    return cli_commands_nearest(word);
}

int main(int argc, char **argv)
{
    /* A reader that goes away (`| head`) is met where it happens: the exit status stays one of ours. */
    signal(SIGPIPE, SIG_IGN);

    if (argc < 2) {
        cli_help_print_short(stderr);
        return CLI_UNUSABLE;
    }
    if (strcmp(argv[1], "help") == 0)
        return help(argc - 1, argv + 1);
    const struct cli_command *command = cli_commands_find(argv[1]);
    if (command)
        return run_command(command, argc - 1, argv + 1);
    const char *nearest = mistyped(argv[1]);
    if (nearest) {
        cli_message("There is no command and no file \"%s\"; did you mean \"%s\"?", argv[1], nearest);
        return CLI_UNUSABLE;
    }
    return cli_analyze(argc, argv);
}
