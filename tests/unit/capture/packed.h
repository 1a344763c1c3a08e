/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_CAPTURE_PACKED_H
#define TESTS_CAPTURE_PACKED_H

#include <archive.h>
#include <archive_entry.h>

#include "fixture.h"

/* Archives and compressed files, made in memory by libarchive. */

struct entry {
    const char *name;
    struct file file;
};

enum { PACKED_BYTES_MAX = 4 * 1024 * 1024 };

static inline void add_entry(struct archive *a, const struct entry *e)
{
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, e->name);
    archive_entry_set_size(entry, (la_int64_t)e->file.length);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    assert_int_equal(archive_write_header(a, entry), ARCHIVE_OK);
    if (e->file.length > 0)
        assert_int_equal(archive_write_data(a, e->file.bytes, e->file.length), e->file.length);
    archive_entry_free(entry);
}

/* `format` is "zip", "ustar", "7zip" or "raw", `filter` "none", "gzip", ... The entries' bytes remain the caller's. */
static inline struct file pack(const char *format, const char *filter, const struct entry *entries, size_t count)
{
    struct file out = { .bytes = malloc(PACKED_BYTES_MAX) };
    struct archive *a = archive_write_new();
    assert_non_null(out.bytes);
    assert_int_equal(archive_write_set_format_by_name(a, format), ARCHIVE_OK);
    if (strcmp(filter, "none") != 0)
        assert_int_equal(archive_write_add_filter_by_name(a, filter), ARCHIVE_OK);
    archive_write_set_bytes_in_last_block(a, 1);
    assert_int_equal(archive_write_open_memory(a, out.bytes, PACKED_BYTES_MAX, &out.length), ARCHIVE_OK);
    for (size_t i = 0; i < count; i++)
        add_entry(a, &entries[i]);
    assert_int_equal(archive_write_close(a), ARCHIVE_OK);
    archive_write_free(a);
    out.capacity = PACKED_BYTES_MAX;
    return out;
}

static inline struct file compress_file(const char *filter, const struct file *file)
{
    const struct entry entry = { "data", *file };
    return pack("raw", filter, &entry, 1);
}

#endif
