/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/nsec.h"
#include "report/number.h"
#include "report/text_part.h"

static const struct report_page_style item = { .indent = 4, .hang = 6 };

static void add_format(struct report_page *page, const struct wspscope_input *input)
{
    if (!page->several) { /* else it is in the heading */
        report_page_add_foreign(page, input->path);
        report_page_add(page, ": ");
    }
    report_page_add_foreign(page, input->format);
    if (input->compression) {
        report_page_add(page, " in ");
        report_page_add_foreign(page, input->compression);
    }
    for (size_t i = 0; i < input->link_type_count; i++) {
        report_page_add(page, ", ");
        report_page_add_foreign(page, input->link_types[i]);
    }
}

static void input_line(struct report_page *page, const struct wspscope_input *input)
{
    add_format(page, input);
    report_page_add(page, "; ");
    report_number_of(&page->words, input->packets, "packet");
    if (input->packets > 0) {
        report_page_add(page, ", ");
        report_number_bytes(&page->words, input->bytes);
    }
    if (input->first_ns != WSPSCOPE_UNKNOWN_TIME && input->last_ns != WSPSCOPE_UNKNOWN_TIME) {
        report_page_add(page, ", ");
        report_number_when(&page->words, input->first_ns, input->last_ns);
        report_page_add(page, " (");
        report_number_ms(&page->words, nsec_to_ms(nsec_sub(input->last_ns, input->first_ns)));
        report_page_add(page, ")");
    }
    report_page_add(page, ".");
    report_page_end(page, item);
}

static void add_unsupported(struct report_page *page, const struct wspscope_ledger *ledger)
{
    for (size_t i = 0; i < ledger->unsupported_count; i++) {
        report_page_add(page, i > 0 ? ", " : " (");
        report_page_add_foreign(page, ledger->unsupported[i].what);
        report_page_add(page, ": ");
        report_number_count(&page->words, ledger->unsupported[i].packets);
    }
    report_page_add(page, ledger->unsupported_count > 0 ? ")" : "");
}

/* What is zero is left out: on most captures only the first two remain. */
static void packets_line(struct report_page *page, const struct wspscope_ledger *ledger)
{
    const struct wspscope_packet_counts *p = &ledger->packets;
    const struct {
        uint64_t count;
        const char *what;
    } rows[] = {
        { p->followed, "followed" },
        { p->background, "other traffic" },
        { p->filtered, "taken out by --filter" },
        { p->duplicate, "copies of another, left out" },
        { p->truncated, "cut by the snap length before their ports" },
        { p->malformed, "malformed" },
        { p->unsupported, "of kinds that are not read" },
    };
    bool any = false;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].count == 0)
            continue;
        report_page_add(page, any ? "; " : "Packets: ");
        report_number_count(&page->words, rows[i].count);
        report_page_add(page, " ");
        report_page_add(page, rows[i].what);
        any = true;
    }
    if (!any)
        return;
    if (p->unsupported > 0)
        add_unsupported(page, ledger);
    report_page_add(page, ".");
    report_page_end(page, item);
}

static void tool_line(struct report_page *page, const struct wspscope_tool *tool)
{
    report_page_add_foreign(page, tool->name);
    report_page_add(page, " ");
    report_page_add_foreign(page, tool->version);
    report_page_add(page, ", endpoints of ");
    report_page_add_foreign(page, tool->endpoints_date);
    report_page_add(page, ".");
    report_page_end(page, item);
}

static void looked_at(struct report_page *page, const struct wspscope_report *report)
{
    report_page_heading(page, "What was looked at");
    input_line(page, &report->input);
    packets_line(page, &report->ledger);
    if (report->input.sha256) {
        report_page_add(page, "SHA-256: ");
        report_page_add_foreign(page, report->input.sha256);
        report_page_end(page, item);
    }
    for (size_t i = 0; i < report->ledger.note_count; i++) {
        report_page_add_sentence(page, report->ledger.notes[i]);
        report_page_end(page, item);
    }
    if (page->verbosity > 0)
        tool_line(page, &report->tool);
}

/* The kinds that `because` forbids to judge, as a further sentence; nothing when there are none. */
static void add_unanswered(struct report_page *page, const struct wspscope_ledger *ledger, const char *because)
{
    bool any = false;
    for (size_t i = 0; i < ledger->unanswered_count; i++) {
        if (strcmp(ledger->unanswered[i].because, because) != 0)
            continue;
        report_page_add(page, any ? ", " : " Not judged because of it: ");
        report_page_add_foreign(page, ledger->unanswered[i].kind);
        any = true;
    }
    report_page_add(page, any ? "." : "");
}

static bool kind_came_before(const struct wspscope_ledger *ledger, size_t i)
{
    for (size_t before = 0; before < i; before++)
        if (strcmp(ledger->limits[before].kind, ledger->limits[i].kind) == 0)
            return true;
    return false;
}

static void limit(struct report_page *page, const struct wspscope_ledger *ledger, size_t i)
{
    const struct wspscope_ledger_limit *l = &ledger->limits[i];
    report_page_add_foreign(page, l->kind);
    report_page_add(page, ": ");
    report_page_add_sentence(page, l->summary);
    if (!kind_came_before(ledger, i))
        add_unanswered(page, ledger, l->kind);
    report_page_end(page, item);
}

/* Whether an unanswered row was said with its limit, or with an earlier row of the same reason. */
static bool was_said(const struct wspscope_ledger *ledger, size_t row)
{
    const char *because = ledger->unanswered[row].because;
    for (size_t i = 0; i < ledger->limit_count; i++)
        if (strcmp(ledger->limits[i].kind, because) == 0)
            return true;
    for (size_t i = 0; i < row; i++)
        if (strcmp(ledger->unanswered[i].because, because) == 0)
            return true;
    return false;
}

/* A reason that is no limit's kind. */
static const char *reason_sentence(const char *because)
{
    if (strcmp(because, "tls-1.3") == 0)
        return "TLS 1.3 hides the certificates: whether somebody decrypts cannot be seen.";
    return strcmp(because, "window") == 0 ? "The capture ends too soon after some attempts." : because;
}

static void other_unanswered(struct report_page *page, const struct wspscope_ledger *ledger)
{
    for (size_t i = 0; i < ledger->unanswered_count; i++) {
        if (was_said(ledger, i))
            continue;
        report_page_add_sentence(page, reason_sentence(ledger->unanswered[i].because));
        add_unanswered(page, ledger, ledger->unanswered[i].because);
        report_page_end(page, item);
    }
}

/* The limit says it better, with what follows from it. */
static bool damage_is_a_limit(const struct wspscope_ledger *ledger)
{
    for (size_t i = 0; i < ledger->limit_count; i++)
        if (strcmp(ledger->limits[i].kind, "capture-damaged") == 0)
            return true;
    return false;
}

static void not_told(struct report_page *page, const struct wspscope_report *report)
{
    const struct wspscope_ledger *ledger = &report->ledger;
    if (ledger->limit_count + ledger->unanswered_count == 0 && !report->input.damaged)
        return;
    report_page_heading(page, "What this capture cannot tell");
    if (report->input.damaged && !damage_is_a_limit(ledger)) {
        report_page_add_sentence(page, report->input.damaged);
        report_page_end(page, item);
    }
    for (size_t i = 0; i < ledger->limit_count; i++)
        limit(page, ledger, i);
    other_unanswered(page, ledger);
}

void report_text_ledger(struct report_page *page, const struct wspscope_report *report)
{
    looked_at(page, report);
    not_told(page, report);
}
