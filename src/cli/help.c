/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/help.h"

#include <errno.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/message.h"
#include "cli/options.h"
#include "cli/wrap.h"
#include "wspscope/analysis.h"

enum { COMMAND_COLUMNS = 32 };

static void print_commands(FILE *out)
{
    size_t count;
    const struct cli_command *commands = cli_commands(&count);
    for (size_t i = 0; i < count; i++) {
        int column = fprintf(out, "  %s %s", commands[i].name, commands[i].arguments);
        cli_wrap_print(out, commands[i].help, COMMAND_COLUMNS, column > 0 ? (size_t)column : 0);
    }
}

void cli_help_print(FILE *out)
{
    fputs("wspscope reads packet captures and says why Amazon WorkSpaces streaming fails:\n"
          "DCV (WSP) on TCP and UDP 4195, PCoIP on TCP and UDP 4172, the fallback to 443.\n"
          "It names the packets that prove it, and what to change.\n"
          "\n"
          "  wspscope office.pcapng                     explain one capture\n"
          "  wspscope -f json -o report.json *.pcapng   many, for programs\n"
          "\n"
          "A FILE is a pcap or pcapng, as it is, compressed (gz, zst, lz4, xz, bz2) or in\n"
          "an archive (zip, tar, 7z); - is stdin.\n"
          "\n"
          "Commands: wspscope COMMAND ...\n",
          out);
    print_commands(out);
    fputs("\nOptions of analyze:\n", out);
    cli_options_print(out);
    fputs("\n"
          "Exit status: 0 done; 1 --fail-on was met, or a check failed; 2 wrong usage, or\n"
          "an input could not be read (the others are still reported).\n"
          "`wspscope help COMMAND` tells more about a command.\n",
          out);
}

void cli_help_print_short(FILE *out)
{
    fputs("Usage: wspscope [OPTIONS] FILE...\n"
          "Says why Amazon WorkSpaces streaming fails in a packet capture.\n"
          "`wspscope --help` lists commands and options.\n",
          out);
}

void cli_help_print_version(FILE *out)
{
    fprintf(out, "wspscope %s\n", WSPSCOPE_VERSION);
}

int cli_help_end_of_stdout(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return CLI_DONE;
    if (errno != EPIPE)
        cli_message("The text could not be written to stdout: %s.", strerror(errno));
    return CLI_UNUSABLE;
}
