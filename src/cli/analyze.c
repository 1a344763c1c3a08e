/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/help.h"
#include "cli/jobs.h"
#include "cli/message.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "wspscope/render.h"

enum { COLUMNS_MAX = 120 };

/* One run over all inputs. The first report of a single input waits until it is known whether a second one follows:
 * an archive may hold several captures, and then JSON becomes an array. */
struct run {
    const struct cli_options *options;
    struct cli_output *output;
    struct wspscope_renderer *renderer; /* NULL: not opened yet */
    struct cli_jobs_report waiting;
    struct cli_progress progress;
    bool out_of_memory, refused, unreadable, fail_on_met, gaps_told;
};

static bool colored(const struct cli_options *options)
{
    const char *no_color = getenv("NO_COLOR"), *terminal = getenv("TERM");
    if (options->color != CLI_OPTIONS_COLOR_AUTO)
        return options->color == CLI_OPTIONS_COLOR_ALWAYS;
    return !options->output && isatty(STDOUT_FILENO) && !(no_color && *no_color) &&
           !(terminal && strcmp(terminal, "dumb") == 0);
}

static void open_renderer(struct run *run, bool several)
{
    unsigned columns = cli_output_columns(run->output);
    struct wspscope_render_options how = {
        .color = colored(run->options),
        .columns = columns < COLUMNS_MAX ? columns : COLUMNS_MAX,
        .verbosity = run->options->verbose ? 1 : run->options->quiet ? -1 : 0,
    };
    run->renderer = wspscope_renderer_new(run->options->format, &how, several, cli_output_sink(run->output));
    run->out_of_memory = !run->renderer;
}

static bool meets(const struct wspscope_report *report, int fail_on)
{
    for (size_t i = 0; i < report->finding_count; i++)
        if ((int)report->findings[i].severity <= fail_on)
            return true;
    return false;
}

/* Shows the report and frees it. False when no more can be shown. */
static bool show(struct run *run, struct cli_jobs_report *report)
{
    if (meets(report->report, run->options->fail_on))
        run->fail_on_met = true;
    cli_progress_wipe(&run->progress);
    if (run->renderer && !run->refused)
        run->refused = !wspscope_renderer_add(run->renderer, report->report);
    cli_jobs_report_free(report);
    return run->renderer && !run->refused;
}

static bool on_report(void *context, struct cli_jobs_report *report)
{
    struct run *run = context;
    if (!run->renderer && !run->waiting.report && run->options->input_count == 1) {
        run->waiting = *report;
        return true;
    }
    if (!run->renderer)
        open_renderer(run, true);
    struct cli_jobs_report waiting = run->waiting;
    run->waiting = (struct cli_jobs_report){ .report = NULL };
    if (waiting.report && !show(run, &waiting)) {
        cli_jobs_report_free(report);
        return false;
    }
    return show(run, report);
}

static void on_unreadable(void *context, const char *sentence)
{
    struct run *run = context;
    run->unreadable = true;
    cli_progress_wipe(&run->progress);
    cli_message("%s", sentence);
}

static void on_passed_over(void *context, const char *sentence)
{
    struct run *run = context;
    if (run->options->quiet)
        return;
    cli_progress_wipe(&run->progress);
    cli_message("%s", sentence);
}

static void on_gaps(void *context, const char *sentence)
{
    struct run *run = context;
    if (!run->gaps_told)
        cli_message("%s", sentence);
    run->gaps_told = true;
}

static void on_progress(void *context, const char *path, const uint64_t packets_bytes_total[3])
{
    struct run *run = context;
    cli_progress_show(&run->progress, path, packets_bytes_total);
}

/* Shows what still waits, and closes an array that was opened, or the empty one that several unreadable inputs give. */
static void finish(struct run *run)
{
    cli_progress_wipe(&run->progress);
    if (run->waiting.report) {
        open_renderer(run, false);
        struct cli_jobs_report waiting = run->waiting;
        show(run, &waiting);
    } else if (!run->renderer && run->options->input_count > 1)
        open_renderer(run, true);
    if (run->renderer && !run->refused)
        run->refused = !wspscope_renderer_finish(run->renderer);
}

static int end(struct run *run, enum status status, struct error *error)
{
    bool nothing = !run->renderer;
    wspscope_renderer_free(run->renderer);
    if (run->out_of_memory || (run->refused && !cli_output_failed(run->output)))
        status = error_set(error, STATUS_NO_MEMORY, "There is not enough memory to show a report.");
    if (status != STATUS_OK || nothing)
        cli_output_discard(run->output);
    else
        status = cli_output_commit(run->output, error);
    if (status != STATUS_OK && status != STATUS_END)
        cli_message("%s", error->text);
    if (status != STATUS_OK || run->unreadable)
        return CLI_UNUSABLE;
    return run->fail_on_met ? CLI_FAILED : CLI_DONE;
}

static int analyze(const struct cli_options *options, struct wspscope_analyzer *analyzer)
{
    struct error error = { "" };
    struct run run = { .options = options, .output = cli_output_open(options->output, &error) };
    if (!run.output) {
        cli_message("%s", error.text);
        return CLI_UNUSABLE;
    }
    for (size_t i = 0; i < options->input_count; i++) {
        if (cli_output_is_file(run.output, options->inputs[i])) {
            cli_message("The report would replace the capture %s: name another file with --output.",
                        options->inputs[i]);
            cli_output_discard(run.output);
            return CLI_UNUSABLE;
        }
    }
    struct cli_jobs_inputs inputs = { options->inputs, options->input_count, options->jobs, options->no_sandbox };
    struct cli_jobs_events events = {
        .report = on_report,
        .unreadable = on_unreadable,
        .passed_over = on_passed_over,
        .gaps = on_gaps,
        .progress = cli_progress_wanted(options->quiet) ? on_progress : NULL,
        .context = &run,
    };
    cli_progress_start(&run.progress);
    enum status status = cli_jobs_run(analyzer, &inputs, &events, &error);
    if (status == STATUS_OK)
        finish(&run);
    else if (run.waiting.report)
        cli_jobs_report_free(&run.waiting);
    return end(&run, status, &error);
}

int cli_analyze(int argc, char **argv)
{
    struct cli_options options;
    struct error error = { "" };
    if (cli_options_parse(&options, argc, argv, &error) != STATUS_OK ||
        cli_options_hash_key(&options, getenv("WSPSCOPE_HASH_KEY"), &error) != STATUS_OK) {
        cli_message("%s", error.text);
        return CLI_UNUSABLE;
    }
    if (options.help || options.version) {
        (options.help ? cli_help_print : cli_help_print_version)(stdout);
        return cli_help_end_of_stdout();
    }
    if (options.input_count == 0) {
        cli_message("No capture was named; `wspscope FILE` explains one, `wspscope --help` tells more.");
        return CLI_UNUSABLE;
    }

    if (!options.analysis.threads && options.input_count > 1 && options.jobs != 1)
        options.analysis.threads = 1; /* the inputs share the processors already */
    struct wspscope_error problem = { "" };
    struct wspscope_analyzer *analyzer = wspscope_analyzer_new(&options.analysis, &problem);
    if (!analyzer) {
        cli_message("%s", problem.text);
        return CLI_UNUSABLE;
    }
    int status = analyze(&options, analyzer);
    wspscope_analyzer_free(analyzer);
    return status;
}
