/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include <stdbool.h>

#include "base/text.h"
#include "report/format.h"

/* Paragraphs for a terminal: gathered in `words`, then set to the width of the page. */
struct report_page {
    struct report_out *out;
    unsigned columns;
    int verbosity;
    bool color, several;
    const char *label; /* waits for the next paragraph; NULL: none */
    struct text words; /* numbers may be added to it directly */
};

enum report_page_color {
    REPORT_PAGE_PLAIN,
    REPORT_PAGE_BOLD,
    REPORT_PAGE_RED,
    REPORT_PAGE_YELLOW,
    REPORT_PAGE_GREEN,
};

/* The text of the first line begins at column `indent`, of the others at `hang`; a label that waits goes before the
 * first line, at `label_at`, and pushes its text to the right where it is too long. */
struct report_page_style {
    unsigned indent, hang, label_at;
    enum report_page_color color;
};

struct report_page report_page_open(struct report_run *run);
void report_page_close(struct report_page *page);

void report_page_add(struct report_page *page, const char *ours);
/* Escaped: for every string that may hold bytes of a capture, a path or an argument. */
void report_page_add_foreign(struct report_page *page, const char *theirs);
/* The same, and a full stop when it lacks one. */
void report_page_add_sentence(struct report_page *page, const char *theirs);

/* The next paragraph carries this label (ours), whichever it is. */
void report_page_label(struct report_page *page, const char *label);

/* Sets what was gathered, and begins anew. Lines break at spaces only: a longer word stands out. */
void report_page_end(struct report_page *page, struct report_page_style style);
void report_page_blank(struct report_page *page);
void report_page_heading(struct report_page *page, const char *ours);

#endif
