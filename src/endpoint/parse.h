/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENDPOINT_PARSE_H
#define ENDPOINT_PARSE_H

#include <stddef.h>

#include "base/status.h"

/* A table as text: one row a line, fields separated by one tab, "-" for a field without a value, lines that begin
 * with "#" and empty lines left out. */

enum { ENDPOINT_PARSE_COLUMNS = 9 };

struct endpoint_parse {
    const char *file; /* for messages */
    char *at, *end;   /* *end is zero; fields are cut in place */
    size_t line;
};

struct endpoint_line {
    const char *file;
    size_t number;
    const char *field[ENDPOINT_PARSE_COLUMNS]; /* NULL for "-" */
};

/* STATUS_BAD_INPUT, with file, line and byte, when the bytes are no text: not UTF-8, or with control characters other
 * than tab and line end. */
enum status endpoint_parse_check(const char *file, const char *bytes, size_t length, struct error *error) MUST_USE;

/* No more rows than this are in the text. */
size_t endpoint_parse_lines(const char *bytes, size_t length);

/* STATUS_END after the last row; STATUS_BAD_INPUT when the line has not `columns` fields. */
enum status endpoint_parse_next(struct endpoint_parse *parse, size_t columns, struct endpoint_line *line,
                                struct error *error) MUST_USE;

#endif
