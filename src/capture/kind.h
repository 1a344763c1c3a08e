/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAPTURE_KIND_H
#define CAPTURE_KIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What bytes are, told from their beginning. */
enum capture_kind {
    CAPTURE_KIND_EMPTY,
    CAPTURE_KIND_CAPTURE, /* capture_reader_walker() knows it */
    CAPTURE_KIND_GZIP,
    CAPTURE_KIND_BZIP2,
    CAPTURE_KIND_XZ,
    CAPTURE_KIND_ZSTD,
    CAPTURE_KIND_LZ4,
    CAPTURE_KIND_ZIP,
    CAPTURE_KIND_TAR,
    CAPTURE_KIND_7ZIP,
    CAPTURE_KIND_FOREIGN, /* capture_foreign_find() names it */
};

enum capture_kind capture_kind_of(const uint8_t *head, size_t length);

/* "gzip", "zip": as info.compression says it. NULL for kinds that contain nothing. */
const char *capture_kind_name(enum capture_kind kind);

/* One stream of bytes, compressed. */
bool capture_kind_is_filter(enum capture_kind kind);

/* Named entries. */
bool capture_kind_is_archive(enum capture_kind kind);

#endif
