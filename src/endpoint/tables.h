/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENDPOINT_TABLES_H
#define ENDPOINT_TABLES_H

#include <stddef.h>

/* In the order of loading: what a row names must be there before it. */
enum endpoint_table {
    ENDPOINT_TABLE_REGIONS,
    ENDPOINT_TABLE_SOURCES,
    ENDPOINT_TABLE_ADDRESSES,
    ENDPOINT_TABLE_SHARED,
    ENDPOINT_TABLE_NAMES,
    ENDPOINT_TABLE_MANAGEMENT,
    ENDPOINT_TABLE_PORTS,
    ENDPOINT_TABLE_THRESHOLDS,
    ENDPOINT_TABLES
};

/* The bytes of src/endpoint/tables/ as compiled in (tables.S). */
struct endpoint_tables_text {
    const char *file; /* "addresses.tsv" */
    const char *bytes;
    size_t length;
};

struct endpoint_tables_text endpoint_tables_builtin(enum endpoint_table table);

#endif
