/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENDPOINT_ROWS_H
#define ENDPOINT_ROWS_H

#include "endpoint/parse.h"
#include "endpoint/store.h"

/* How a line of each table becomes a row. */
struct endpoint_rows_format {
    const char *columns[ENDPOINT_PARSE_COLUMNS]; /* names, for messages */
    size_t column_count;
    unsigned required; /* bit i: column i must have a value */
    size_t row_bytes, limit;
    enum status (*read)(const struct endpoint_catalogue *catalogue, const struct endpoint_line *line, void *row,
                        struct error *error);
};

const struct endpoint_rows_format *endpoint_rows_format(enum endpoint_table table);

#endif
