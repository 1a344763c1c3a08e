/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/help.h"
#include "cli/message.h"
#include "cli/wrap.h"
#include "wspscope/analysis.h"
#include "wspscope/endpoint.h"

enum { INDENT = 4 };

static void print_heading(const char *heading, const char *text)
{
    if (!text || !*text)
        return;
    printf("\n  %s\n", heading);
    cli_wrap_print(stdout, text, INDENT, 0);
}

static void print_thresholds(const char *const *names)
{
    struct wspscope_endpoints *endpoints = names && names[0] ? wspscope_endpoints_open(NULL, NULL) : NULL;
    struct wspscope_threshold t;
    if (!endpoints)
        return;
    printf("\n  Judged by these thresholds (--threshold NAME=VALUE sets another)\n");
    for (size_t i = 0; names[i]; i++)
        if (wspscope_endpoints_threshold(endpoints, names[i], &t))
            printf("    %s = %g %s (%s, %s)\n", t.name, t.value, t.unit, t.source, t.date);
    wspscope_endpoints_close(endpoints);
}

static void print_kind(const struct wspscope_kind *kind)
{
    printf("%s (%s)%s\n", kind->kind, kind->severity, kind->judged ? "" : ", not judged by this version");
    print_heading("Title", kind->title);
    print_heading("What it means", kind->meaning);
    print_heading("What must be seen", kind->signature);
    print_heading("What the capture must hold", kind->needs);
    print_thresholds(kind->thresholds);
}

static void print_list(const struct wspscope_kind *const *kinds)
{
    bool starred = false;
    for (size_t i = 0; kinds[i]; i++) {
        starred = starred || !kinds[i]->judged;
        printf("%-26s%s%-19s %s\n", kinds[i]->kind, kinds[i]->judged ? " " : "*", kinds[i]->severity, kinds[i]->title);
    }
    printf("\n%s`wspscope findings KIND` explains one of them.\n",
           starred ? "* is known, but not judged by this version. " : "");
}

static const char *nearest_kind(const struct wspscope_kind *const *kinds, const char *word)
{
    const char *names[256] = { NULL };
    for (size_t i = 0; kinds[i] && i + 1 < sizeof names / sizeof *names; i++)
        names[i] = kinds[i]->kind;
    return cli_message_nearest(word, names);
}

static int explain(const struct wspscope_kind *const *kinds, const char *name)
{
    for (size_t i = 0; kinds[i]; i++) {
        if (strcmp(kinds[i]->kind, name) == 0) {
            print_kind(kinds[i]);
            return CLI_DONE;
        }
    }
    const char *nearest = nearest_kind(kinds, name);
    if (nearest)
        cli_message("There is no finding \"%s\"; did you mean \"%s\"?", name, nearest);
    else
        cli_message("There is no finding \"%s\"; `wspscope findings` lists them.", name);
    return CLI_UNUSABLE;
}

int cli_findings(int argc, char **argv)
{
    const struct wspscope_kind *const *kinds = wspscope_kinds();
    int status = CLI_DONE;
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        fputs("Usage: wspscope findings [KIND...]\n"
              "Lists every kind of finding, or explains those named: what it means, what must\n"
              "be seen, what the capture must hold, and the thresholds it is judged by.\n",
              stdout);
        return cli_help_end_of_stdout();
    }
    if (argc > 1 && argv[1][0] == '-') {
        cli_message("`wspscope findings` has no option %s; name a kind or nothing.", argv[1]);
        return CLI_UNUSABLE;
    }
    if (argc < 2)
        print_list(kinds);
    for (int i = 1; i < argc; i++) {
        if (i > 1 && status == CLI_DONE)
            putchar('\n');
        if (explain(kinds, argv[i]) != CLI_DONE)
            status = CLI_UNUSABLE;
    }
    int written = cli_help_end_of_stdout();
    return written != CLI_DONE ? written : status;
}
