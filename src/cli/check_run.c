/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/check_run.h"

#include <string.h>

#include "cli/check_load.h"
#include "cli/jobs.h"
#include "cli/message.h"
#include "cli/output.h"

/* Cases that are analyzed with the same options. */
struct batch {
    const struct cli_check_run *run;
    const char *const *kinds;
    struct cli_check_case **cases; /* the input of the same index is its capture */
    const char **captures;
    size_t count;
    size_t turn; /* the case whose input speaks */
    bool gaps_told;
};

static void judge(struct cli_check_case *c, const struct expect *expect, const struct wspscope_report *report,
                  struct expect_outcome **outcome)
{
    text_free(&c->details);
    if (expect_compare(expect, report, outcome) != STATUS_OK) {
        cli_check_case_error(c, "There is not enough memory to compare the report.");
        return;
    }
    c->pending = expect_pending(*outcome);
    c->state = expect_failed(*outcome) > 0 ? CLI_CHECK_FAILED : CLI_CHECK_PASSED;
    expect_explain(*outcome, &c->details);
}

static enum status write_file(const char *path, const struct text *bytes, struct error *error)
{
    struct cli_output *output = cli_output_open(path, error);
    if (!output)
        return STATUS_IO;
    struct wspscope_sink sink = cli_output_sink(output);
    sink.write(sink.context, bytes->bytes, bytes->length);
    return cli_output_commit(output, error);
}

/* Judges the new text as if it had been there, and writes it when it can be read. */
static void adopt(const struct batch *b, struct cli_check_case *c, const struct wspscope_report *report,
                  const struct text *bytes)
{
    struct expect_source source = { .name = c->expectation, .bytes = bytes->bytes, .length = bytes->length,
                                    .kinds = b->kinds };
    struct expect *expect = NULL;
    struct expect_outcome *outcome = NULL;
    struct error error = { "" };
    enum status status = STATUS_OK;
    if (text_failed(bytes))
        status = error_set(&error, STATUS_NO_MEMORY, "%.300s: would become too large.", c->expectation);
    else
        status = expect_load(&source, &expect, &error);
    if (status == STATUS_OK)
        status = write_file(c->expectation, bytes, &error);
    if (status == STATUS_OK)
        judge(c, expect, report, &outcome);
    else
        cli_check_case_error(c, error.text);
    expect_outcome_free(outcome);
    expect_free(expect);
}

static void bless(const struct batch *b, struct cli_check_case *c, const struct wspscope_report *report,
                  const struct expect_outcome *outcome)
{
    struct text bytes;
    text_init(&bytes, EXPECT_TEXT_LIMIT_BYTES);
    c->changes = expect_bless(outcome, &bytes);
    if (c->changes > 0)
        adopt(b, c, report, &bytes);
    text_free(&bytes);
}

static void create(const struct batch *b, struct cli_check_case *c, const struct wspscope_report *report)
{
    struct text bytes;
    text_init(&bytes, EXPECT_TEXT_LIMIT_BYTES);
    expect_create(report, &bytes);
    c->created = true;
    adopt(b, c, report, &bytes);
    text_free(&bytes);
}

/* An archive gives a report for each capture in it, named "ARCHIVE: ENTRY". */
static bool is_wanted(const struct cli_check_case *c, const struct wspscope_report *report)
{
    const char *entry = c->expect ? expect_entry(c->expect) : NULL;
    size_t archive = strlen(c->capture);
    const char *path = report->input.path;
    if (!entry)
        return true;
    if (strlen(path) < archive + 2 || strncmp(path + archive, ": ", 2) != 0)
        return false;
    return strcmp(path + archive + 2, entry) == 0;
}

static bool on_report(void *context, struct cli_jobs_report *report)
{
    struct batch *b = context;
    struct cli_check_case *c = b->cases[b->turn];
    if (!c->compared && is_wanted(c, report->report)) {
        struct expect_outcome *outcome = NULL;
        c->compared = true;
        if (c->expect)
            judge(c, c->expect, report->report, &outcome);
        else
            create(b, c, report->report);
        if (outcome && b->run->bless && c->state == CLI_CHECK_FAILED)
            bless(b, c, report->report, outcome);
        expect_outcome_free(outcome);
    }
    cli_jobs_report_free(report);
    return true;
}

static void on_unreadable(void *context, const char *sentence)
{
    struct batch *b = context;
    if (!b->cases[b->turn]->compared)
        cli_check_case_error(b->cases[b->turn], sentence);
}

static void on_passed_over(void *context, const char *sentence)
{
    (void)context;
    (void)sentence;
}

static void on_gaps(void *context, const char *sentence)
{
    struct batch *b = context;
    if (!b->gaps_told)
        cli_message("%s", sentence);
    b->gaps_told = true;
}

static void on_ended(void *context, size_t index)
{
    struct batch *b = context;
    struct cli_check_case *c = b->cases[index];
    if (c->state == CLI_CHECK_OPEN) {
        struct error error;
        const char *entry = c->expect ? expect_entry(c->expect) : NULL;
        (void)error_set(&error, STATUS_BAD_INPUT, "%.250s: there is no capture %.150s in it.", c->capture,
                        entry ? entry : "that can be read");
        cli_check_case_error(c, error.text);
    }
    expect_free(c->expect);
    c->expect = NULL;
    b->turn = index + 1;
    b->run->decided(b->run->context);
}

static enum status analyze(struct batch *b, const struct cli_options *options, struct error *error)
{
    struct wspscope_error reason = { "" };
    struct wspscope_analyzer *analyzer = wspscope_analyzer_new(&options->analysis, &reason);
    if (!analyzer) {
        for (size_t i = 0; i < b->count; i++)
            cli_check_case_error(b->cases[i], reason.text);
        return STATUS_OK;
    }
    struct cli_jobs_inputs inputs = { b->captures, b->count, b->run->options->jobs,
                                       b->run->options->no_sandbox };
    struct cli_jobs_events events = { .report = on_report, .unreadable = on_unreadable,
                                      .passed_over = on_passed_over, .gaps = on_gaps, .ended = on_ended, .context = b };
    enum status status = cli_jobs_run(analyzer, &inputs, &events, error);
    wspscope_analyzer_free(analyzer);
    return status;
}

/* All open cases with the options of the first of them. */
static void gather(struct batch *b, size_t first)
{
    struct cli_check_list *list = b->run->list;
    b->count = b->turn = 0;
    for (size_t i = first; i < list->count; i++) {
        struct cli_check_case *c = &list->cases[i];
        if (c->state != CLI_CHECK_OPEN || !cli_check_load_same_options(&list->cases[first], c))
            continue;
        b->cases[b->count] = c;
        b->captures[b->count++] = c->capture;
    }
}

static enum status run_batch(struct batch *b, size_t first, struct error *error)
{
    const struct cli_check_case *c = &b->run->list->cases[first];
    const struct cli_options *options = b->run->options;
    struct cli_options own;
    size_t words = 0;
    gather(b, first);
    if (c->expect)
        expect_options(c->expect, &words);
    if (words > 0) {
        struct error reason = { "" };
        if (cli_check_load_options(c, b->run->options, &own, &reason) != STATUS_OK) {
            for (size_t i = 0; i < b->count; i++)
                cli_check_case_error(b->cases[i], reason.text);
            return STATUS_OK;
        }
        options = &own;
    }
    return analyze(b, options, error);
}

static void load_all(struct batch *b)
{
    struct cli_check_list *list = b->run->list;
    for (size_t i = 0; i < list->count; i++) {
        struct cli_check_case *c = &list->cases[i];
        if (c->has_expectation)
            cli_check_load(list, c, b->kinds);
        else if (!b->run->bless)
            cli_check_case_error(c, "There is no expectation beside it; --bless writes one from what is found now.");
    }
}

enum status cli_check_run(const struct cli_check_run *run, struct error *error)
{
    struct cli_check_list *list = run->list;
    struct batch b = { .run = run, .kinds = cli_check_load_kinds(list->arena) };
    b.cases = arena_alloc(list->arena, list->count, sizeof *b.cases);
    b.captures = arena_alloc(list->arena, list->count, sizeof *b.captures);
    if (arena_failed(list->arena))
        return error_set(error, STATUS_NO_MEMORY, "There is not enough memory for %zu cases.", list->count);
    load_all(&b);
    enum status status = STATUS_OK;
    for (size_t i = 0; i < list->count && status == STATUS_OK; i++)
        if (list->cases[i].state == CLI_CHECK_OPEN)
            status = run_batch(&b, i, error);
    run->decided(run->context);
    return status;
}
