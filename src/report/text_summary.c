/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "report/number.h"
#include "report/text_part.h"

enum { VERDICT_COLUMNS = 11, KIND_COLUMNS = 25, GAP = 2 };

/* An escaped byte takes up to eight; a row holds a name and a kind. */
enum { NAME_BYTES = 8192, ESCAPED_BYTES = 8 * NAME_BYTES, ROW_BYTES = 4 * ESCAPED_BYTES, MEMORY_BYTES = 8 << 20 };

struct row {
    struct row *next;
    const char *name; /* escaped */
    const char *kind; /* of the primary finding; NULL when there is none */
    enum wspscope_verdict_status status;
};

struct report_text_summary {
    struct arena *arena;
    struct row *first, **end;
    uint64_t verdicts[WSPSCOPE_VERDICTS];
    uint64_t reports, listed;
    size_t longest_name;
};

struct report_text_summary *report_text_summary_new(void)
{
    struct report_text_summary *summary = calloc(1, sizeof *summary);
    if (!summary)
        return NULL;
    summary->end = &summary->first;
    summary->arena = arena_new(MEMORY_BYTES);
    if (summary->arena)
        return summary;
    free(summary);
    return NULL;
}

void report_text_summary_free(struct report_text_summary *summary)
{
    if (!summary)
        return;
    arena_free(summary->arena);
    free(summary);
}

static const char *primary_kind(const struct wspscope_report *report)
{
    for (size_t i = 0; report->verdict.primary && i < report->finding_count; i++)
        if (strcmp(report->findings[i].id, report->verdict.primary) == 0)
            return report->findings[i].kind;
    return NULL;
}

/* Empty when memory ran out: then the arena or `good` says so. */
static const char *copy_escaped(struct arena *arena, const char *string, bool *good)
{
    struct text escaped;
    text_init(&escaped, ESCAPED_BYTES);
    text_add_escaped(&escaped, string);
    const char *copy = arena_copy(arena, escaped.bytes);
    *good = *good && !text_failed(&escaped) && !arena_failed(arena);
    text_free(&escaped);
    return copy;
}

bool report_text_summary_add(struct report_text_summary *summary, const struct wspscope_report *report)
{
    const char *kind = primary_kind(report);
    summary->reports++;
    if ((unsigned)report->verdict.status < WSPSCOPE_VERDICTS)
        summary->verdicts[report->verdict.status]++;
    if (arena_used_bytes(summary->arena) > MEMORY_BYTES - ROW_BYTES || strlen(report->input.path) > NAME_BYTES)
        return true;
    struct row *row = arena_alloc(summary->arena, 1, sizeof *row);
    if (!row)
        return false;
    bool good = true;
    row->name = copy_escaped(summary->arena, report->input.path, &good);
    row->kind = kind ? copy_escaped(summary->arena, kind, &good) : NULL;
    row->status = report->verdict.status;
    if (!good)
        return false;
    *summary->end = row;
    summary->end = &row->next;
    summary->listed++;
    size_t columns = text_columns(row->name);
    if (columns > summary->longest_name)
        summary->longest_name = columns;
    return true;
}

static void write_heading(struct report_page *page, const struct report_text_summary *summary)
{
    const char *between = ": ";
    report_page_add(page, "Summary of ");
    report_number_of(&page->words, summary->reports, "capture");
    static const enum wspscope_verdict_status order[] = { WSPSCOPE_FAILING, WSPSCOPE_DEGRADED, WSPSCOPE_CANNOT_TELL,
                                                          WSPSCOPE_NO_TRAFFIC, WSPSCOPE_OK };
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        if (summary->verdicts[order[i]] == 0)
            continue;
        report_page_add(page, between);
        report_number_count(&page->words, summary->verdicts[order[i]]);
        report_page_add(page, " ");
        report_page_add(page, report_text_verdict_word(order[i]));
        between = ", ";
    }
    report_page_blank(page);
    report_page_end(page, (struct report_page_style){ .color = REPORT_PAGE_BOLD });
}

static size_t name_columns(const struct report_page *page, const struct report_text_summary *summary)
{
    size_t room = page->columns - (GAP + VERDICT_COLUMNS + GAP + KIND_COLUMNS);
    return summary->longest_name < room ? summary->longest_name : room;
}

/* A name too long for its column has a line of its own. */
static void write_row(struct report_page *page, const struct row *row, size_t columns)
{
    struct report_out *out = page->out;
    size_t used = text_columns(row->name);
    report_out_text(out, row->name);
    if (used > columns) {
        report_out_text(out, "\n");
        used = 0;
    }
    report_out_spaces(out, columns - used + GAP);
    report_page_add(page, report_text_verdict_word(row->status));
    if (row->kind)
        text_addf(&page->words, "%*s%s", (int)(VERDICT_COLUMNS + GAP - page->words.length), "", row->kind);
    report_page_end(page, (struct report_page_style){ .color = report_text_verdict_color(row->status) });
}

void report_text_summary_write(struct report_page *page, const struct report_text_summary *summary)
{
    write_heading(page, summary);
    size_t columns = name_columns(page, summary);
    for (const struct row *row = summary->first; row; row = row->next)
        write_row(page, row, columns);
    if (summary->listed == summary->reports)
        return;
    report_page_add(page, "and ");
    report_number_count(&page->words, summary->reports - summary->listed);
    report_page_add(page, " more, for which the table had no room.");
    report_page_end(page, (struct report_page_style){ 0 });
}
