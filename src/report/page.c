/* SPDX-License-Identifier: Apache-2.0 */
#include "report/page.h"

#include <string.h>

enum { PARAGRAPH_LIMIT_BYTES = 4 << 20 };

struct report_page report_page_open(struct report_run *run)
{
    struct report_page page = {
        .out = &run->out,
        .columns = run->options.columns,
        .verbosity = run->options.verbosity,
        .color = run->options.color,
        .several = run->several,
    };
    text_init(&page.words, PARAGRAPH_LIMIT_BYTES);
    return page;
}

void report_page_close(struct report_page *page)
{
    text_free(&page->words);
}

void report_page_add(struct report_page *page, const char *ours)
{
    text_add(&page->words, ours);
}

void report_page_add_foreign(struct report_page *page, const char *theirs)
{
    text_add_escaped(&page->words, theirs ? theirs : "unknown");
}

void report_page_add_sentence(struct report_page *page, const char *theirs)
{
    report_page_add_foreign(page, theirs);
    const struct text *words = &page->words;
    if (words->length > 0 && !strchr(".!?", words->bytes[words->length - 1]))
        report_page_add(page, ".");
}

void report_page_label(struct report_page *page, const char *label)
{
    page->label = label;
}

static void begin_color(struct report_page *page, enum report_page_color color)
{
    static const char *const codes[] = {
        [REPORT_PAGE_PLAIN] = "",          [REPORT_PAGE_BOLD] = "\033[1m",     [REPORT_PAGE_RED] = "\033[1;31m",
        [REPORT_PAGE_YELLOW] = "\033[1;33m", [REPORT_PAGE_GREEN] = "\033[1;32m",
    };
    if (page->color)
        report_out_text(page->out, codes[color]);
}

static void end_color(struct report_page *page, enum report_page_color color)
{
    if (page->color && color != REPORT_PAGE_PLAIN)
        report_out_text(page->out, "\033[0m");
}

/* Returns the column that the text begins at. */
static size_t begin_paragraph(struct report_page *page, const struct report_page_style *style)
{
    size_t column = 0;
    if (page->label) {
        report_out_spaces(page->out, style->label_at);
        begin_color(page, REPORT_PAGE_BOLD);
        report_out_text(page->out, page->label);
        end_color(page, REPORT_PAGE_BOLD);
        column = style->label_at + strlen(page->label);
        page->label = NULL;
    }
    size_t gap = column > 0 ? 1 : 0;
    if (style->indent > column + gap)
        gap = style->indent - column;
    report_out_spaces(page->out, gap);
    begin_color(page, style->color);
    return column + gap;
}

static size_t columns_of(const char *bytes, size_t length)
{
    size_t columns = 0;
    for (size_t i = 0; i < length; i++)
        if (((unsigned char)bytes[i] & 0xC0) != 0x80)
            columns++;
    return columns;
}

static void set_words(struct report_page *page, const struct report_page_style *style, size_t column)
{
    bool line_empty = true;
    for (const char *word = page->words.bytes;;) {
        size_t length = strcspn(word, " ");
        size_t columns = columns_of(word, length);
        if (!line_empty && column + 1 + columns > page->columns) {
            end_color(page, style->color);
            report_out_text(page->out, "\n");
            report_out_spaces(page->out, style->hang);
            begin_color(page, style->color);
            column = style->hang;
        } else if (!line_empty) {
            report_out_text(page->out, " ");
            column++;
        }
        report_out_bytes(page->out, word, length);
        column += columns;
        line_empty = false;
        if (word[length] == '\0')
            break;
        word += length + 1;
    }
}

void report_page_end(struct report_page *page, struct report_page_style style)
{
    if (text_failed(&page->words)) {
        report_out_fail(page->out);
        return;
    }
    set_words(page, &style, begin_paragraph(page, &style));
    end_color(page, style.color);
    report_out_text(page->out, "\n");
    text_free(&page->words);
}

void report_page_blank(struct report_page *page)
{
    report_out_text(page->out, "\n");
}

void report_page_heading(struct report_page *page, const char *ours)
{
    report_page_blank(page);
    report_page_add(page, ours);
    report_page_end(page, (struct report_page_style){ .color = REPORT_PAGE_BOLD });
}
