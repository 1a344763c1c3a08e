/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

/* Every exit status of the program. CLI_UNUSABLE wins over CLI_FAILED. */
enum cli_exit {
    CLI_DONE = 0,
    CLI_FAILED = 1,   /* --fail-on was met, or a check failed */
    CLI_UNUSABLE = 2, /* bad usage, or nothing could be read of one of the inputs, or the output could not be written */
};

/* The commands. argv[0] is the command's name, argv[1] its first argument; each returns an enum cli_exit. */
int cli_analyze(int argc, char **argv);
int cli_check(int argc, char **argv);
int cli_endpoints(int argc, char **argv);
int cli_findings(int argc, char **argv);
int cli_live(int argc, char **argv);

#endif
