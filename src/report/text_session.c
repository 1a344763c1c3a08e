/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/nsec.h"
#include "report/number.h"
#include "report/text_part.h"

enum { INDENT = 4, DETAIL = 6, SESSIONS_USUAL = 8, SESSIONS_FEW = 2, CELL_LIMIT_BYTES = 4096 };
enum { TIME_COLUMNS = 9, STEP_COLUMNS = 13, OUTCOME_COLUMNS = 8 };

static const struct report_page_style head = { .indent = INDENT, .hang = DETAIL };
static const struct report_page_style detail = { .indent = DETAIL, .hang = DETAIL + 2 };

/* What did not happen and has no time. */
static bool is_absent(const struct wspscope_step *step)
{
    return strcmp(step->outcome, "skipped") == 0 && step->at_ns == WSPSCOPE_UNKNOWN_TIME;
}

static bool is_affected(const struct wspscope_session *s)
{
    for (size_t i = 0; i < s->step_count; i++)
        if (strcmp(s->steps[i].outcome, "failed") == 0)
            return true;
    return false;
}

static const char *protocol_in_words(const char *protocol)
{
    if (strcmp(protocol, "dcv") == 0)
        return "DCV (WSP)";
    return strcmp(protocol, "pcoip") == 0 ? "PCoIP" : protocol;
}

static void add_transport(struct report_page *page, const struct wspscope_session *s)
{
    if (strcmp(s->transport, "none") == 0) {
        report_page_add(page, ", no stream");
        return;
    }
    report_page_add(page, " over ");
    report_page_add_foreign(page, strcmp(s->transport, "udp") == 0 ? "UDP" : "TCP");
}

/* "10.20.30.11 to 18.134.68.57: DCV (WSP) over UDP 4195" */
static void add_way(struct report_page *page, const struct wspscope_session *s)
{
    report_page_add_foreign(page, s->client);
    if (!s->protocol) {
        report_page_add(page, ": streaming not tried");
        return;
    }
    report_page_add(page, " to ");
    report_page_add_foreign(page, s->gateway ? s->gateway : "no gateway");
    report_page_add(page, ": ");
    report_page_add_foreign(page, protocol_in_words(s->protocol));
    add_transport(page, s);
    if (s->port != 0)
        text_addf(&page->words, strcmp(s->transport, "none") == 0 ? " on port %u" : " %u", s->port);
}

static void session_head(struct report_page *page, const struct wspscope_session *s)
{
    add_way(page, s);
    if (s->region) {
        report_page_add(page, ", ");
        report_page_add_foreign(page, s->region);
    }
    report_page_add(page, "; ");
    report_number_when(&page->words, s->first_ns, s->last_ns);
    report_page_end(page, head);
}

/* The first step that has a time: what the others are counted from. */
static int64_t start_of(const struct wspscope_session *s)
{
    for (size_t i = 0; i < s->step_count; i++)
        if (s->steps[i].at_ns != WSPSCOPE_UNKNOWN_TIME)
            return s->steps[i].at_ns;
    return WSPSCOPE_UNKNOWN_TIME;
}

static void add_offset(struct text *t, const struct wspscope_step *step, int64_t start_ns)
{
    report_number_decimal(t, nsec_to_seconds(nsec_sub(step->at_ns, start_ns)), 3);
    text_add(t, " s");
}

/* Adds `cell`, which may have failed, padded on its left or right. */
static void add_cell(struct report_page *page, struct text *cell, size_t columns, bool to_the_right)
{
    size_t used = text_columns(cell->bytes);
    int pad = used < columns ? (int)(columns - used) : 0;
    if (text_failed(cell))
        page->words.failed = true;
    text_addf(&page->words, "%*s%s%*s", to_the_right ? pad : 0, "", cell->bytes, to_the_right ? 0 : pad, "");
    text_free(cell);
}

static void add_word_cell(struct report_page *page, const char *word, size_t columns)
{
    struct text cell;
    text_init(&cell, CELL_LIMIT_BYTES);
    text_add_escaped(&cell, word);
    add_cell(page, &cell, columns, false);
}

static void add_time_cell(struct report_page *page, const struct wspscope_step *step, int64_t start_ns)
{
    struct text cell;
    text_init(&cell, CELL_LIMIT_BYTES);
    if (step->at_ns != WSPSCOPE_UNKNOWN_TIME)
        add_offset(&cell, step, start_ns);
    add_cell(page, &cell, TIME_COLUMNS, true);
}

static void step_row(struct report_page *page, const struct wspscope_step *step, int64_t start_ns)
{
    add_time_cell(page, step, start_ns);
    report_page_add(page, "  ");
    add_word_cell(page, step->step, STEP_COLUMNS);
    add_word_cell(page, step->outcome, OUTCOME_COLUMNS);
    report_page_add_foreign(page, step->text);
    report_page_end(page, (struct report_page_style){
                              .indent = INDENT, .hang = INDENT + TIME_COLUMNS + 2 + STEP_COLUMNS + OUTCOME_COLUMNS });
}

/* Adds the steps of that outcome as a list, after `before`; false when there is none. */
static bool add_steps(struct report_page *page, const struct wspscope_session *s, const char *outcome,
                      const char *before)
{
    bool any = false;
    for (size_t i = 0; i < s->step_count; i++) {
        const struct wspscope_step *step = &s->steps[i];
        bool repeated = i > 0 && strcmp(step->step, s->steps[i - 1].step) == 0;
        if (strcmp(step->outcome, outcome) != 0 || repeated)
            continue;
        report_page_add(page, any ? ", " : before);
        report_page_add_foreign(page, step->step);
        if (step->at_ns != WSPSCOPE_UNKNOWN_TIME) {
            report_page_add(page, " ");
            add_offset(&page->words, step, start_of(s));
        }
        any = true;
    }
    return any;
}

/* Of many sessions those that nothing befell have a line each. */
static void steps_in_a_line(struct report_page *page, const struct wspscope_session *s)
{
    bool fine = add_steps(page, s, "ok", "");
    bool open = add_steps(page, s, "unknown", fine ? "; cannot be told: " : "cannot be told: ");
    report_page_add(page, fine && !open ? ": all well" : "");
    if (fine || open)
        report_page_end(page, detail);
}

static void timeline(struct report_page *page, const struct wspscope_session *s)
{
    for (size_t i = 0; i < s->step_count; i++)
        if (!is_absent(&s->steps[i]))
            step_row(page, &s->steps[i], start_of(s));
    if (add_steps(page, s, "skipped", "not seen or not tried: "))
        report_page_end(page, detail);
}

static void add_half(struct report_page *page, const char *name, double value_ms)
{
    if (value_ms < 0)
        return;
    text_addf(&page->words, ", %s ", name);
    report_number_ms(&page->words, value_ms);
}

static void quality(struct report_page *page, const struct wspscope_session *s)
{
    const struct wspscope_round_trip *r = &s->round_trip;
    if (r->samples > 0 && r->p50_ms >= 0) {
        report_page_add(page, "round trip ");
        report_number_ms(&page->words, r->p50_ms);
        add_half(page, "p95", r->p95_ms);
        add_half(page, "client side", r->client_p50_ms);
        add_half(page, "server side", r->server_p50_ms);
        report_page_add(page, "; ");
    }
    report_number_bytes(&page->words, s->bytes_to_client);
    report_page_add(page, " to the client, ");
    report_number_bytes(&page->words, s->bytes_to_server);
    report_page_add(page, " to the server");
    if (s->loss_ratio >= 0) {
        report_page_add(page, "; loss ");
        report_number_percent(&page->words, s->loss_ratio);
    }
    report_page_end(page, detail);
}

static void session(struct report_page *page, const struct wspscope_session *s, bool in_a_line)
{
    session_head(page, s);
    if (in_a_line)
        steps_in_a_line(page, s);
    else
        timeline(page, s);
    if (s->bytes_to_client + s->bytes_to_server > 0)
        quality(page, s);
}

/* The affected first, each half in the order of the report: room is short, and those are what is read. */
static size_t show(struct report_page *page, const struct wspscope_report *report, bool affected, size_t room)
{
    bool in_a_line = !affected && page->verbosity < 1 && report->session_count > SESSIONS_FEW;
    size_t shown = 0;
    for (size_t i = 0; i < report->session_count && shown < room; i++) {
        if (is_affected(&report->sessions[i]) != affected)
            continue;
        session(page, &report->sessions[i], in_a_line);
        shown++;
    }
    return shown;
}

void report_text_session_all(struct report_page *page, const struct wspscope_report *report)
{
    if (report->session_count == 0)
        return;
    report_page_heading(page, "Sessions");
    size_t room = page->verbosity < 1 ? SESSIONS_USUAL : report->session_count;
    size_t shown = show(page, report, true, room);
    shown += show(page, report, false, room - shown);
    if (shown == report->session_count)
        return;
    report_page_add(page, "and ");
    report_number_of(&page->words, report->session_count - shown, "other session");
    report_page_add(page, " (-v shows them)");
    report_page_end(page, head);
}
