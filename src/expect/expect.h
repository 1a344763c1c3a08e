/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXPECT_EXPECT_H
#define EXPECT_EXPECT_H

#include <stddef.h>

#include "base/status.h"
#include "base/text.h"
#include "wspscope/report.h"

/* What a recorded capture must show, as a person wrote it (README.md: the keys), and its comparison with a report.
 * Files are a stranger's: bounded in bytes, depth, nodes and entries. Nothing here opens a file. */
enum {
    EXPECT_FILE_LIMIT_BYTES = 1024 * 1024,
    EXPECT_TEXT_LIMIT_BYTES = 4 * 1024 * 1024, /* what an explanation or a blessed file may come to */
};

struct expect;

/* Reads one expectation file from memory; the bytes are copied. `name` stands in front of every error, which says
 * NAME:LINE:COLUMN: and the reason. `kinds`, NULL at the end, are the kinds that exist (a pending entry and `absent:`
 * may name one of a later version); NULL or empty: any word will do. STATUS_BAD_INPUT: it is no expectation. */
struct expect_source {
    const char *name;
    const char *bytes;
    size_t length;
    const char *const *kinds;
};
enum status expect_load(const struct expect_source *source, struct expect **out, struct error *error) MUST_USE;
void expect_free(struct expect *expect);

/* `capture:` and `entry:`; NULL when not given. Borrowed from `expect`. */
const char *expect_capture(const struct expect *expect);
const char *expect_entry(const struct expect *expect);

/* The words of `options:`, checked to be texts and no more than that. */
const char *const *expect_options(const struct expect *expect, size_t *count);
/* "NAME:LINE:COLUMN: reason" for the word of that index, or for all of them when there is no such word. */
enum status expect_options_error(const struct expect *expect, size_t index, const char *reason, struct error *error);

/* The comparison. It borrows from `expect` and `report`, which must outlive it. */
struct expect_outcome;
enum status expect_compare(const struct expect *expect, const struct wspscope_report *report,
                           struct expect_outcome **out) MUST_USE;
void expect_outcome_free(struct expect_outcome *outcome);
size_t expect_failed(const struct expect_outcome *outcome);  /* 0: the case passes */
size_t expect_pending(const struct expect_outcome *outcome); /* entries that say `pending: true` and do not hold */

/* Adds the differences for a person: expected, found, nearest; a line each, deeper ones indented by two. */
void expect_explain(const struct expect_outcome *outcome, struct text *out);

/* Adds the file with single values replaced and missing entries added so that it agrees with the report where that
 * needs no entry taken away; every other byte as it was. Returns the number of changes. */
size_t expect_bless(const struct expect_outcome *outcome, struct text *out);

/* Adds a new expectation file: the verdict, the findings, the limits, and `only: true`. */
void expect_create(const struct wspscope_report *report, struct text *out);

#endif
