/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/kind.h"

#include <string.h>

#include "base/cursor.h"
#include "capture/reader.h"

static const struct {
    enum capture_kind kind;
    size_t offset, length;
    const char *bytes;
} magics[] = {
    { CAPTURE_KIND_GZIP, 0, 3, "\x1f\x8b\x08" },
    { CAPTURE_KIND_BZIP2, 0, 3, "BZh" },
    { CAPTURE_KIND_XZ, 0, 6, "\xfd" "7zXZ\0" },
    { CAPTURE_KIND_ZSTD, 0, 4, "\x28\xb5\x2f\xfd" },
    { CAPTURE_KIND_LZ4, 0, 4, "\x04\x22\x4d\x18" },
    { CAPTURE_KIND_LZ4, 0, 4, "\x02\x21\x4c\x18" },
    { CAPTURE_KIND_ZIP, 0, 4, "PK\x03\x04" },
    { CAPTURE_KIND_ZIP, 0, 4, "PK\x05\x06" },
    { CAPTURE_KIND_7ZIP, 0, 6, "7z\xbc\xaf\x27\x1c" },
    { CAPTURE_KIND_TAR, 257, 5, "ustar" },
};

/* The sum of the header's bytes stands in it as octal digits; archives from before POSIX have nothing else. */
static bool is_old_tar(const uint8_t *head, size_t length)
{
    enum { HEADER_BYTES = 512, SUM_AT = 148, SUM_BYTES = 8 };
    if (length < HEADER_BYTES || head[0] == 0)
        return false;
    unsigned sum = SUM_BYTES * ' ', written = 0, digit_count = 0;
    for (size_t i = 0; i < HEADER_BYTES; i++) {
        bool in_sum = i >= SUM_AT && i < SUM_AT + SUM_BYTES;
        bool digit = in_sum && head[i] >= '0' && head[i] <= '7';
        written = digit ? written * 8 + head[i] - '0' : written;
        digit_count += digit;
        sum += in_sum ? 0 : head[i];
    }
    return digit_count > 0 && sum == written;
}

enum capture_kind capture_kind_of(const uint8_t *head, size_t length)
{
    if (length == 0)
        return CAPTURE_KIND_EMPTY;
    if (capture_reader_walker(head, length))
        return CAPTURE_KIND_CAPTURE;
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++) {
        size_t end = magics[i].offset + magics[i].length;
        if (length >= end && memcmp(head + magics[i].offset, magics[i].bytes, magics[i].length) == 0)
            return magics[i].kind;
    }
    return is_old_tar(head, length) ? CAPTURE_KIND_TAR : CAPTURE_KIND_FOREIGN;
}

const char *capture_kind_name(enum capture_kind kind)
{
    switch (kind) {
    case CAPTURE_KIND_GZIP: return "gzip";
    case CAPTURE_KIND_BZIP2: return "bzip2";
    case CAPTURE_KIND_XZ: return "xz";
    case CAPTURE_KIND_ZSTD: return "zstd";
    case CAPTURE_KIND_LZ4: return "lz4";
    case CAPTURE_KIND_ZIP: return "zip";
    case CAPTURE_KIND_TAR: return "tar";
    case CAPTURE_KIND_7ZIP: return "7zip";
    case CAPTURE_KIND_EMPTY:
    case CAPTURE_KIND_CAPTURE:
    case CAPTURE_KIND_FOREIGN: break;
    }
    return NULL;
}

bool capture_kind_is_filter(enum capture_kind kind)
{
    return kind >= CAPTURE_KIND_GZIP && kind <= CAPTURE_KIND_LZ4;
}

bool capture_kind_is_archive(enum capture_kind kind)
{
    return kind >= CAPTURE_KIND_ZIP && kind <= CAPTURE_KIND_7ZIP;
}
