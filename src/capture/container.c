/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/container.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "capture/name.h"

enum {
    PACKED_BYTES = 64 * 1024, /* handed to libarchive at a time */
    NAME_BYTES_MAX = 200,
    RETRIES_MAX = 16,
};

struct capture_container {
    enum capture_kind kind;
    struct archive *archive;
    struct capture_stream *packed, *file;
    struct capture_stream entry;
    bool has_entry, is_encrypted, is_bomb;
    const uint8_t *block; /* of libarchive, until the next one is asked for */
    size_t block_bytes;
    uint64_t block_offset; /* in the entry; what lies before it and after the last one is a hole */
    uint64_t entry_bytes;  /* given of this entry */
    uint64_t given_bytes;  /* given over all entries */
    char *name;
    uint8_t buffer[PACKED_BYTES];
};

/* Why libarchive gave up: because of the layer below, if that said so, else in its own words. */
static const char *reason(const struct capture_container *container)
{
    const struct capture_stream *packed = container->packed;
    if (packed->ended != STATUS_OK && packed->ended != STATUS_END)
        return packed->error.text;
    const char *text = archive_error_string(container->archive);
    return text ? text : "no reason given";
}

static la_ssize_t on_read(struct archive *archive, void *context, const void **bytes)
{
    struct capture_container *container = context;
    struct error error;
    size_t got;
    enum status status = capture_stream_read_some(container->packed, container->buffer, PACKED_BYTES, &got, &error);
    *bytes = container->buffer;
    if (status == STATUS_OK || status == STATUS_END)
        return (la_ssize_t)got;
    archive_set_error(archive, EIO, "%s", error.text);
    return ARCHIVE_FATAL;
}

static la_int64_t on_seek(struct archive *archive, void *context, la_int64_t offset, int whence)
{
    struct capture_container *container = context;
    int64_t base = 0;
    if (whence == SEEK_CUR)
        base = (int64_t)container->packed->position;
    else if (whence == SEEK_END)
        base = (int64_t)container->packed->size_bytes;
    int64_t target;
    if (!__builtin_add_overflow(base, offset, &target) && target >= 0
        && capture_stream_seek(container->packed, (uint64_t)target))
        return target;
    archive_set_error(archive, EINVAL, "it points outside of the file");
    return ARCHIVE_FATAL;
}

static la_int64_t on_skip(struct archive *archive, void *context, la_int64_t request)
{
    (void)archive;
    struct capture_container *container = context;
    uint64_t at = container->packed->position, size = container->packed->size_bytes;
    uint64_t left = size > at ? size - at : 0;
    uint64_t length = request > 0 ? (uint64_t)request : 0;
    length = length < left ? length : left;
    return capture_stream_seek(container->packed, at + length) ? (la_int64_t)length : 0;
}

/* Never one of libarchive's `_all` functions: they would start programs that a stranger's magic number names. */
static int enable(struct archive *archive, enum capture_kind kind)
{
    switch (kind) {
    case CAPTURE_KIND_GZIP: return archive_read_support_filter_gzip(archive);
    case CAPTURE_KIND_BZIP2: return archive_read_support_filter_bzip2(archive);
    case CAPTURE_KIND_XZ: return archive_read_support_filter_xz(archive);
    case CAPTURE_KIND_ZSTD: return archive_read_support_filter_zstd(archive);
    case CAPTURE_KIND_LZ4: return archive_read_support_filter_lz4(archive);
    case CAPTURE_KIND_ZIP: return archive_read_support_format_zip(archive);
    case CAPTURE_KIND_TAR: return archive_read_support_format_tar(archive);
    case CAPTURE_KIND_7ZIP: return archive_read_support_format_7zip(archive);
    case CAPTURE_KIND_EMPTY:
    case CAPTURE_KIND_CAPTURE:
    case CAPTURE_KIND_FOREIGN: break;
    }
    return ARCHIVE_FATAL;
}

/* The formats that stand behind a compression: the bytes as they are, and none at all. */
static int enable_raw(struct archive *archive)
{
    int result = archive_read_support_format_empty(archive);
    return result == ARCHIVE_OK ? archive_read_support_format_raw(archive) : result;
}

static enum status open_archive(struct capture_container *container, struct error *error)
{
    struct archive *archive = container->archive;
    /* ARCHIVE_WARN would mean: by an external program. */
    bool enabled = enable(archive, container->kind) == ARCHIVE_OK
                   && (!capture_kind_is_filter(container->kind) || enable_raw(archive) == ARCHIVE_OK);
    if (!enabled)
        return error_set(error, STATUS_BAD_INPUT, "cannot be unpacked by this libarchive");
    archive_read_set_callback_data(archive, container);
    archive_read_set_read_callback(archive, on_read);
    if (container->packed->seek) {
        archive_read_set_seek_callback(archive, on_seek);
        archive_read_set_skip_callback(archive, on_skip);
    }
    if (archive_read_open1(archive) != ARCHIVE_OK)
        return error_set(error, STATUS_BAD_INPUT, "cannot be unpacked (%.200s): get it again", reason(container));
    /* Without this, bytes that only begin like the compression would come out as they are. */
    if (capture_kind_is_filter(container->kind) && archive_filter_count(archive) < 2)
        return error_set(error, STATUS_BAD_INPUT, "begins like %s, but its header is damaged: get it again",
                         capture_kind_name(container->kind));
    return STATUS_OK;
}

enum status capture_container_new(enum capture_kind kind, struct capture_stream *packed, struct capture_stream *file,
                                  struct capture_container **out, struct error *error)
{
    *out = NULL;
    if (kind == CAPTURE_KIND_7ZIP && !packed->seek)
        return error_set(error, STATUS_BAD_INPUT,
                         "is a 7z archive, which can only be read from a file of its own, not from a stream");
    struct capture_container *container = calloc(1, sizeof *container);
    if (!container)
        return error_set(error, STATUS_NO_MEMORY, "needs more memory than there is");
    container->kind = kind;
    container->packed = packed;
    container->file = file;
    container->archive = archive_read_new();
    enum status status = container->archive ? open_archive(container, error)
                                            : error_set(error, STATUS_NO_MEMORY, "needs more memory than there is");
    if (status == STATUS_OK)
        *out = container;
    else
        capture_container_free(container);
    return status;
}

void capture_container_free(struct capture_container *container)
{
    if (!container)
        return;
    archive_read_free(container->archive);
    free(container->name);
    free(container);
}

struct capture_stream *capture_container_stream(struct capture_container *container)
{
    return &container->entry;
}

enum capture_kind capture_container_kind(const struct capture_container *container)
{
    return container->kind;
}

int capture_container_levels(const struct capture_container *container)
{
    int filters = archive_filter_count(container->archive) - 1; /* the last one is the callback */
    return filters > 1 ? filters : 1;
}

/* Counts a read of the file twice where an archive seeks back, hence no more than its size. */
static uint64_t limit_bytes(const struct capture_container *container)
{
    uint64_t taken = container->file->raw_bytes;
    if (taken > container->file->size_bytes)
        taken = container->file->size_bytes;
    return CAPTURE_CONTAINER_FREE_BYTES + taken * CAPTURE_CONTAINER_RATIO_MAX;
}

/* Not archive_read_data(): before an error that keeps back what it had. */
static enum status next_block(struct capture_container *container, struct error *error)
{
    const void *bytes = NULL;
    la_int64_t offset = 0;
    int result = ARCHIVE_RETRY;
    container->block_bytes = 0;
    for (int i = 0; i < RETRIES_MAX && container->block_bytes == 0; i++) {
        result = archive_read_data_block(container->archive, &bytes, &container->block_bytes, &offset);
        if (result != ARCHIVE_OK && result != ARCHIVE_RETRY)
            break;
    }
    container->block = bytes;
    container->block_offset = (uint64_t)offset;
    if (result == ARCHIVE_EOF)
        return STATUS_END;
    bool ahead = offset >= 0 && container->block_offset >= container->entry_bytes;
    if (result == ARCHIVE_OK && container->block_bytes > 0 && ahead)
        return STATUS_OK;
    container->block_bytes = 0;
    if (container->is_encrypted)
        return error_set(error, STATUS_BAD_INPUT, "it is encrypted, unpack it with its password first");
    return error_set(error, STATUS_BAD_INPUT, "the %s data is damaged: %.200s", capture_kind_name(container->kind),
                     reason(container));
}

/* From the block at hand, or zeros of the hole before it. */
static size_t take(struct capture_container *container, uint8_t *bytes, size_t room)
{
    uint64_t hole = container->block_offset - container->entry_bytes;
    size_t length = hole < room ? (size_t)hole : room;
    if (hole > 0) {
        memset(bytes, 0, length);
    } else {
        length = container->block_bytes < room ? container->block_bytes : room;
        memcpy(bytes, container->block, length);
        container->block += length;
        container->block_bytes -= length;
        container->block_offset += length;
    }
    container->entry_bytes += length;
    container->given_bytes += length;
    return length;
}

static enum status read_entry(void *context, uint8_t *bytes, size_t room, size_t *got, struct error *error)
{
    struct capture_container *container = context;
    enum status status = container->block_bytes > 0 ? STATUS_OK : next_block(container, error);
    *got = 0;
    if (status != STATUS_OK)
        return status;
    size_t length = take(container, bytes, room);
    container->is_bomb = container->given_bytes > limit_bytes(container);
    if (container->is_bomb)
        return error_set(error, STATUS_BAD_INPUT,
                         "more than %d times its size came out of the %s data, as of an archive bomb",
                         CAPTURE_CONTAINER_RATIO_MAX, capture_kind_name(container->kind));
    *got = length;
    return STATUS_OK;
}

static void begin_entry(struct capture_container *container, struct archive_entry *entry)
{
    memset(&container->entry, 0, sizeof container->entry);
    container->entry.context = container;
    container->entry.read = read_entry;
    container->entry.size_bytes = UINT64_MAX; /* what an archive says of it need not be so */
    container->block_bytes = 0;
    container->entry_bytes = 0;
    container->has_entry = true;
    container->is_encrypted = archive_entry_is_encrypted(entry) != 0;
}

/* What is passed over is unpacked here, not inside libarchive, so that it counts against the limit; where passing
 * over is seeking it costs nothing. Damage in an entry leaves the others readable. */
static enum status drain_entry(struct capture_container *container, struct error *error)
{
    bool by_seeking = container->packed->seek
                      && (container->kind == CAPTURE_KIND_ZIP || container->kind == CAPTURE_KIND_TAR);
    if (container->has_entry && !by_seeking) {
        uint8_t scratch[4096];
        (void)capture_stream_left(&container->entry, scratch, sizeof scratch);
    }
    if (!container->is_bomb)
        return STATUS_OK;
    return error_set(error, STATUS_BAD_INPUT, "was not read to its end (%.200s): unpack it by hand if you trust it",
                     container->entry.error.text);
}

static bool is_file(struct archive_entry *entry)
{
    unsigned type = archive_entry_filetype(entry);
    bool link_alone = archive_entry_hardlink(entry) && archive_entry_size(entry) == 0;
    return (type == AE_IFREG || type == 0) && !link_alone;
}

/* As UTF-8 where the archive says so; the locale has no part in it. */
static enum status take_name(struct capture_container *container, struct archive_entry *entry, struct error *error)
{
    const char *name = archive_entry_pathname_utf8(entry);
    if (!name)
        name = archive_entry_pathname(entry);
    if (!name)
        name = "an entry without a readable name";
    free(container->name);
    container->name = capture_name_clean((const uint8_t *)name, strlen(name), NAME_BYTES_MAX);
    return container->name ? STATUS_OK : error_set(error, STATUS_NO_MEMORY, "needs more memory than there is");
}

static enum status next_header(struct capture_container *container, struct archive_entry **entry,
                               struct error *error)
{
    int result = ARCHIVE_RETRY;
    for (int i = 0; i < RETRIES_MAX && result == ARCHIVE_RETRY; i++)
        result = archive_read_next_header(container->archive, entry);
    if (result == ARCHIVE_OK || result == ARCHIVE_WARN)
        return STATUS_OK;
    if (result == ARCHIVE_EOF)
        return STATUS_END;
    return error_set(error, STATUS_BAD_INPUT, "cannot be read on as %s (%.200s): get it again, or unpack it by hand",
                     capture_kind_name(container->kind), reason(container));
}

enum status capture_container_next(struct capture_container *container, const char **name, struct error *error)
{
    struct archive_entry *entry;
    *name = NULL;
    enum status status = drain_entry(container, error);
    container->has_entry = false;
    if (status == STATUS_OK)
        status = next_header(container, &entry, error);
    while (status == STATUS_OK && !is_file(entry))
        status = next_header(container, &entry, error);
    if (status != STATUS_OK)
        return status;
    begin_entry(container, entry);
    if (capture_kind_is_filter(container->kind))
        return STATUS_OK;
    status = take_name(container, entry, error);
    *name = container->name;
    return status;
}
