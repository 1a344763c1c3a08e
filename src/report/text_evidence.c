/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "report/number.h"
#include "report/text_part.h"

/* Rows that say the same but for numbers that do not fall ("SYN 1 after 0.0 s", "SYN 2 after 1.0 s") are said once,
 * with the first and the last number, beside all their frames. */

enum { GROUPS_USUAL = 6, RANGES_MAX = 4 };

struct word {
    const char *at;
    size_t length; /* without `tail` */
    size_t tail;   /* punctuation at the end */
    bool number;
};

static bool is_number(const char *at, size_t length)
{
    size_t digits = 0, points = 0;
    for (size_t i = 0; i < length; i++) {
        if (isdigit((unsigned char)at[i]))
            digits++;
        else if (at[i] == '.' && i > 0 && i + 1 < length)
            points++;
        else
            return false;
    }
    return digits > 0 && points <= 1;
}

/* The next word of *rest, which moves behind it; length and tail 0 at the end. */
static struct word next_word(const char **rest)
{
    const char *at = *rest + strspn(*rest, " ");
    size_t length = strcspn(at, " ");
    struct word word = { .at = at };
    *rest = at + length;
    while (length > 0 && strchr(".,;:)", at[length - 1])) {
        length--;
        word.tail++;
    }
    word.length = length;
    word.number = is_number(at, length);
    return word;
}

static bool word_ends(const struct word *word)
{
    return word->length + word->tail == 0;
}

static bool same_word(const struct word *a, const struct word *b)
{
    return a->length == b->length && a->tail == b->tail && memcmp(a->at, b->at, a->length + a->tail) == 0;
}

/* <0, 0, >0 as strcmp(), of decimal numbers as long as they come. */
static int compare_numbers(struct word a, struct word b)
{
    for (; a.length > 1 && a.at[0] == '0' && a.at[1] != '.'; a.length--)
        a.at++;
    for (; b.length > 1 && b.at[0] == '0' && b.at[1] != '.'; b.length--)
        b.at++;
    const char *a_point = memchr(a.at, '.', a.length);
    const char *b_point = memchr(b.at, '.', b.length);
    size_t a_whole = a_point ? (size_t)(a_point - a.at) : a.length;
    size_t b_whole = b_point ? (size_t)(b_point - b.at) : b.length;
    if (a_whole != b_whole)
        return a_whole < b_whole ? -1 : 1;
    size_t shared = a.length < b.length ? a.length : b.length;
    int order = memcmp(a.at, b.at, shared);
    return order != 0 ? order : (int)(a.length > b.length) - (int)(a.length < b.length);
}

static bool goes_on(const char *before, const char *after)
{
    for (;;) {
        struct word a = next_word(&before), b = next_word(&after);
        if (word_ends(&a) || word_ends(&b))
            return word_ends(&a) && word_ends(&b);
        if (same_word(&a, &b))
            continue;
        bool tails = a.tail == b.tail && memcmp(a.at + a.length, b.at + b.length, a.tail) == 0;
        if (!a.number || !b.number || !tails || compare_numbers(a, b) > 0)
            return false;
    }
}

static size_t group_length(const struct wspscope_evidence *rows, size_t count)
{
    size_t length = 1;
    while (length < count && goes_on(rows[length - 1].text, rows[length].text))
        length++;
    return length;
}

/* A copy of a word may hold anything: it is escaped like the whole. */
static void add_word(struct report_page *page, const char *at, size_t length)
{
    struct text word;
    text_init(&word, length + 1);
    text_add_bytes(&word, at, length);
    if (text_failed(&word))
        page->words.failed = true;
    report_page_add_foreign(page, word.bytes);
    text_free(&word);
}

static void add_merged(struct report_page *page, const char *first, const char *last)
{
    for (bool any = false;; any = true) {
        struct word a = next_word(&first), b = next_word(&last);
        if (word_ends(&a))
            return;
        report_page_add(page, any ? " " : "");
        if (same_word(&a, &b)) {
            add_word(page, a.at, a.length + a.tail);
            continue;
        }
        add_word(page, a.at, a.length);
        report_page_add(page, " to ");
        add_word(page, b.at, b.length + b.tail);
    }
}

/* How many rows from the first have frames that follow each other. */
static size_t range_length(const struct wspscope_evidence *rows, size_t count)
{
    size_t length = 1;
    while (length < count && rows[length].frame == rows[length - 1].frame + 1)
        length++;
    return length;
}

static size_t count_ranges(const struct wspscope_evidence *rows, size_t count)
{
    size_t ranges = 0;
    for (size_t i = 0; i < count; i += range_length(rows + i, count - i))
        ranges++;
    return ranges;
}

static void add_frames(struct report_page *page, const struct wspscope_evidence *rows, size_t count)
{
    struct text *t = &page->words;
    if (count == 1) {
        text_addf(t, "frame %" PRIu64, rows[0].frame);
        return;
    }
    if (count_ranges(rows, count) > RANGES_MAX) {
        text_addf(t, "%zu frames, %" PRIu64 " to %" PRIu64, count, rows[0].frame, rows[count - 1].frame);
        return;
    }
    text_add(t, "frames ");
    for (size_t i = 0; i < count;) {
        size_t length = range_length(rows + i, count - i);
        text_addf(t, "%s%" PRIu64, i > 0 ? ", " : "", rows[i].frame);
        if (length > 1)
            text_addf(t, "-%" PRIu64, rows[i + length - 1].frame);
        i += length;
    }
}

void report_text_evidence(struct report_page *page, const struct wspscope_finding *finding,
                          struct report_page_style style)
{
    const struct wspscope_evidence *rows = finding->evidence;
    size_t groups = 0;
    style.hang += 2;
    for (size_t i = 0; i < finding->evidence_count; groups++) {
        size_t left = finding->evidence_count - i;
        if (page->verbosity < 1 && groups == GROUPS_USUAL) {
            report_number_of(&page->words, left, "further row");
            report_page_add(page, " of evidence (-v shows them)");
            report_page_end(page, style);
            return;
        }
        size_t length = page->verbosity < 1 ? group_length(rows + i, left) : 1;
        add_frames(page, rows + i, length);
        report_page_add(page, ": ");
        add_merged(page, rows[i].text, rows[i + length - 1].text);
        report_page_end(page, style);
        i += length;
    }
}
