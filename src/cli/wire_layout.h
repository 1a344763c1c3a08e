/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_WIRE_LAYOUT_H
#define CLI_WIRE_LAYOUT_H

#include <stddef.h>

/* The members of struct wspscope_report and of what hangs below it, as tables that the writer and the reader share. */

enum cli_wire_kind {
    CLI_WIRE_NUMBER,  /* `size` bytes as they lie in memory */
    CLI_WIRE_ENUM,    /* below `limit` */
    CLI_WIRE_STRING,  /* may be NULL */
    CLI_WIRE_STRINGS, /* an array of strings, none NULL; a size_t at `count_offset` counts them */
    CLI_WIRE_STRUCT,  /* `layout` in place */
    CLI_WIRE_ARRAY,   /* an array of `layout`, may be NULL; a size_t at `count_offset` counts them */
    CLI_WIRE_VALUE,   /* struct wspscope_value in place */
};

struct cli_wire_field {
    enum cli_wire_kind kind;
    unsigned limit;
    size_t offset, size, count_offset;
    const struct cli_wire_layout *layout;
};

struct cli_wire_layout {
    size_t size; /* of the struct */
    const struct cli_wire_field *fields;
    size_t field_count;
};

extern const struct cli_wire_layout cli_wire_layout_report;

#endif
