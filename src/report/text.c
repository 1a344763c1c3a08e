/* SPDX-License-Identifier: Apache-2.0 */
#include "report/format.h"
#include "report/page.h"
#include "report/text_part.h"

enum report_page_color report_text_verdict_color(enum wspscope_verdict_status status)
{
    switch (status) {
    case WSPSCOPE_OK:
        return REPORT_PAGE_GREEN;
    case WSPSCOPE_FAILING:
        return REPORT_PAGE_RED;
    case WSPSCOPE_DEGRADED:
    case WSPSCOPE_CANNOT_TELL:
        return REPORT_PAGE_YELLOW;
    case WSPSCOPE_NO_TRAFFIC:
    case WSPSCOPE_VERDICTS:
        break;
    }
    return REPORT_PAGE_BOLD;
}

const char *report_text_verdict_word(enum wspscope_verdict_status status)
{
    if (status == WSPSCOPE_NO_TRAFFIC)
        return "no traffic";
    return status == WSPSCOPE_CANNOT_TELL ? "cannot tell" : wspscope_verdict_name(status);
}

static void add_page(struct report_page *page, const struct report_run *run, const struct wspscope_report *report)
{
    if (run->several) {
        if (run->added > 0)
            report_page_blank(page);
        report_page_add(page, "== ");
        report_page_add_foreign(page, report->input.path);
        report_page_add(page, " ==");
        report_page_end(page, (struct report_page_style){ .color = REPORT_PAGE_BOLD });
    }
    report_page_add_sentence(page, report->verdict.summary);
    report_page_end(page, (struct report_page_style){ .color = report_text_verdict_color(report->verdict.status) });
    for (size_t i = 0; i < report->finding_count; i++)
        report_text_finding(page, &report->findings[i], report->verdict.summary);
    if (page->verbosity < 0)
        return;
    report_text_session_all(page, report);
    report_text_flow_all(page, report);
    report_text_ledger(page, report);
}

static bool open_text(struct report_run *run)
{
    run->state = run->several ? report_text_summary_new() : NULL;
    return !run->several || run->state;
}

static void add(struct report_run *run, const struct wspscope_report *report)
{
    struct report_page page = report_page_open(run);
    add_page(&page, run, report);
    report_page_close(&page);
    if (run->state && !report_text_summary_add(run->state, report))
        report_out_fail(&run->out);
}

static void finish(struct report_run *run)
{
    if (!run->state || run->added < 2)
        return;
    struct report_page page = report_page_open(run);
    report_text_summary_write(&page, run->state);
    report_page_close(&page);
}

static void close_text(struct report_run *run)
{
    report_text_summary_free(run->state);
}

const struct report_format report_text_format = {
    .name = "text",
    .open = open_text,
    .add = add,
    .finish = finish,
    .close = close_text,
};
