/* SPDX-License-Identifier: Apache-2.0 */
/* The tables as they stand in the source tree, one string each: endpoint_tables_NAME up to endpoint_tables_NAME_end. */

    .macro table name
    .global endpoint_tables_\name
    .global endpoint_tables_\name\()_end
endpoint_tables_\name:
    .incbin "endpoint/tables/\name\().tsv"
endpoint_tables_\name\()_end:
    .byte 0
    .endm

    .section .rodata
    table regions
    table sources
    table addresses
    table shared
    table names
    table management
    table ports
    table thresholds

    .section .note.GNU-stack, "", %progbits
