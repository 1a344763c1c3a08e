/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/check_find.h"
#include "cli/check_run.h"
#include "cli/check_show.h"
#include "cli/cli.h"
#include "cli/help.h"
#include "cli/message.h"
#include "cli/options.h"
#include "cli/output.h"

enum { JUNIT_LIMIT_BYTES = 1024 * 1024 * 1024 };

struct arguments {
    bool tap, bless;
    const char *junit;
    struct cli_options options; /* the rest: -j, -q and what the analysis takes */
};

static void print_help(FILE *out)
{
    fputs("wspscope check PATH...\n"
          "\n"
          "Compares recorded captures with what is expected of them. A PATH is a capture, an\n"
          "expectation, or a folder, which is searched to the bottom. What is expected of\n"
          "NAME.pcap, NAME.pcapng.gz ... stands beside it in NAME.expect.yaml, for example:\n"
          "\n"
          "  verdict: failing\n"
          "  findings:\n"
          "    - kind: udp-blocked\n"
          "      port: 4195\n"
          "      clients: [10.20.30.11]\n"
          "  absent: [tcp-syn-dropped]\n"
          "\n"
          "A new case, in three lines:\n"
          "  cp office.pcapng tests/\n"
          "  wspscope check --bless tests/office.pcapng\n"
          "  $EDITOR tests/office.expect.yaml\n"
          "\n"
          "      --bless            write what is found into the expectations: values are replaced,\n"
          "                         missing entries added, every other byte stays. A capture named\n"
          "                         on the command line gets its expectation if it has none.\n"
          "      --tap              write TAP instead of lines\n"
          "      --junit FILE       write JUnit's XML to FILE too\n"
          "  -j, --jobs N           captures to analyze at the same time (one for each processor)\n"
          "  -q, --quiet            show only what failed\n"
          "\n"
          "Also --endpoints, --region, --port, --proxy-port, --threshold, --filter, --max-flows\n"
          "and --max-memory, as for `wspscope analyze`.\n"
          "\n"
          "Exit status: 0 all as expected; 1 something was not; 2 wrong usage, or a capture or an\n"
          "expectation could not be read.\n",
          out);
}

/* "--junit FILE" or "--junit=FILE": its value, NULL when it is another option. *at is moved to the last word taken. */
static const char *junit_value(int argc, char **argv, int *at)
{
    if (strncmp(argv[*at], "--junit=", 8) == 0)
        return argv[*at] + 8;
    if (strcmp(argv[*at], "--junit") != 0)
        return NULL;
    return *at + 1 < argc ? argv[++*at] : "";
}

/* Takes out the options that `check` alone has; returns how many words are left. */
static int take_own(struct arguments *a, int argc, char **argv)
{
    int left = 1;
    for (int i = 1; i < argc; i++) {
        char *word = argv[i];
        const char *value = junit_value(argc, argv, &i);
        if (strcmp(word, "--") == 0) {
            while (i < argc)
                argv[left++] = argv[i++];
        } else if (strcmp(word, "--tap") == 0)
            a->tap = true;
        else if (strcmp(word, "--bless") == 0)
            a->bless = true;
        else if (value)
            a->junit = value;
        else
            argv[left++] = word;
    }
    return left;
}

static enum status parse(struct arguments *a, int argc, char **argv, struct error *error)
{
    const struct cli_options *o = &a->options;
    int left = take_own(a, argc, argv);
    enum status status = cli_options_parse(&a->options, left, argv, error);
    if (status == STATUS_OK)
        status = cli_options_hash_key(&a->options, getenv("WSPSCOPE_HASH_KEY"), error);
    if (status != STATUS_OK || o->help || o->version)
        return status;
    if (a->junit && a->junit[0] == '\0')
        return error_set(error, STATUS_BAD_USAGE, "--junit needs the name of a file.");
    if (o->output || o->fail_on >= 0 || strcmp(o->format, "text") != 0 || o->analysis.flows)
        return error_set(error, STATUS_BAD_USAGE, "--format, --output, --flows and --fail-on are not for check; "
                         "`wspscope check --help` lists what is.");
    if (o->input_count == 0)
        return error_set(error, STATUS_BAD_USAGE, "No capture, expectation or folder was named; `wspscope check "
                         "captures/` checks a folder, `wspscope check --help` tells more.");
    return STATUS_OK;
}

/* False: one of the paths cannot be checked; the others still are. */
static bool find_all(struct cli_check_list *list, const struct cli_options *options)
{
    bool all = true;
    for (size_t i = 0; i < options->input_count; i++) {
        struct error error = { "" };
        if (cli_check_find(list, options->inputs[i], &error) == STATUS_OK)
            continue;
        cli_message("%s", error.text);
        all = false;
    }
    return all;
}

static enum status write_junit(const struct cli_check_list *list, const char *path, struct error *error)
{
    struct text xml;
    struct cli_output *output = cli_output_open(path, error);
    if (!output)
        return STATUS_IO;
    text_init(&xml, JUNIT_LIMIT_BYTES);
    cli_check_show_junit(list, &xml);
    struct wspscope_sink sink = cli_output_sink(output);
    sink.write(sink.context, xml.bytes, xml.length);
    enum status status = text_failed(&xml) ? error_set(error, STATUS_NO_MEMORY, "%s: not enough memory.", path)
                                           : STATUS_OK;
    if (status == STATUS_OK)
        status = cli_output_commit(output, error);
    else
        cli_output_discard(output);
    text_free(&xml);
    return status;
}

static void decided(void *context)
{
    cli_check_show_decided(context);
}

static int check(const struct arguments *a, struct cli_check_list *list)
{
    struct error error = { "" };
    bool found_all = find_all(list, &a->options);
    struct cli_check_show show = { .list = list, .out = stdout, .tap = a->tap, .quiet = a->options.quiet };
    struct cli_check_run run = { .list = list, .options = &a->options, .bless = a->bless, .decided = decided,
                                 .context = &show };
    enum status status = cli_check_run(&run, &error);
    struct cli_check_sum sum = cli_check_show_count(list);
    cli_check_show_sum(&show, &sum);
    if (status == STATUS_OK && a->junit)
        status = write_junit(list, a->junit, &error);
    if (status != STATUS_OK)
        cli_message("%s", error.text);
    int end = cli_help_end_of_stdout();
    if (status != STATUS_OK || !found_all || sum.errors > 0 || end == CLI_UNUSABLE)
        return CLI_UNUSABLE;
    return sum.failed > 0 ? CLI_FAILED : CLI_DONE;
}

int cli_check(int argc, char **argv)
{
    struct arguments arguments = { .tap = false };
    struct error error = { "" };
    if (parse(&arguments, argc, argv, &error) != STATUS_OK) {
        cli_message("%s", error.text);
        return CLI_UNUSABLE;
    }
    if (arguments.options.help || arguments.options.version) {
        if (arguments.options.help)
            print_help(stdout);
        else
            cli_help_print_version(stdout);
        return cli_help_end_of_stdout();
    }
    struct cli_check_list *list = cli_check_case_list_new();
    if (!list) {
        cli_message("There is not enough memory to start.");
        return CLI_UNUSABLE;
    }
    int status = check(&arguments, list);
    cli_check_case_list_free(list);
    return status;
}
