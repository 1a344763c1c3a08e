/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "capture/capture.h"
#include "capture/container.h"
#include "capture/foreign.h"
#include "capture/kind.h"
#include "capture/reader.h"
#include "capture/stream.h"

enum {
    LEVELS_MAX = 2,             /* an archive of compressed captures; a compressed archive is one level */
    LAYERS_MAX = 2 * LEVELS_MAX,
    PASSED_OVER_MAX = 64,       /* named; more are counted */
    INSIDE_BYTES_MAX = 4096,
};

struct layer {
    struct capture_container *container;
    char *inside; /* where it lies in the file: "b.tar.gz"; empty for the file itself */
    int level;
    bool taken; /* a compression has a single entry, and this was it */
};

struct capture_source {
    char *name;        /* as the user wrote it */
    const char *shown; /* for sentences */
    int fd;            /* -1 for memory */
    bool owns_fd;
    uint64_t size_bytes;
    struct capture_stream stream;
    struct capture_stream_memory memory;
    struct layer layers[LAYERS_MAX];
    size_t depth;
    locale_t locale; /* for libarchive, which gives up names that the locale cannot write */
    bool begun, reported;
    uint64_t captures, passed_over_count;
    char *passed_over[PASSED_OVER_MAX + 1];
};

static enum status no_memory(struct error *error)
{
    return error_set(error, STATUS_NO_MEMORY, "There is no memory left to open the capture.");
}

static struct capture_source *source_new(const char *name)
{
    struct capture_source *source = calloc(1, sizeof *source);
    if (!source)
        return NULL;
    source->fd = -1;
    source->locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    source->name = strdup(name);
    source->shown = source->name;
    if (source->name)
        return source;
    capture_source_free(source);
    return NULL;
}

/* What cannot be a capture is refused before it is opened: opening a device may do things. */
static enum status check_file_type(const char *path, struct error *error)
{
    struct stat st;
    char text[128];
    if (stat(path, &st) != 0)
        return error_set(error, STATUS_IO, "%.255s cannot be opened: %s.", path,
                         strerror_r(errno, text, sizeof text));
    if (S_ISDIR(st.st_mode))
        return error_set(error, STATUS_BAD_INPUT, "%.255s is a directory: name the capture files in it.", path);
    if (S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode) || S_ISSOCK(st.st_mode))
        return error_set(error, STATUS_BAD_INPUT,
                         "%.255s is a device or a socket: name a capture file, or - for standard input.", path);
    return STATUS_OK;
}

static enum status open_file(struct capture_source *source, struct error *error)
{
    enum status status = check_file_type(source->name, error);
    if (status != STATUS_OK)
        return status;
    struct stat st;
    char text[128];
    source->fd = open(source->name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    source->owns_fd = source->fd >= 0;
    if (!source->owns_fd || fstat(source->fd, &st) != 0)
        return error_set(error, STATUS_IO, "%.255s cannot be opened: %s.", source->name,
                         strerror_r(errno, text, sizeof text));
    bool regular = S_ISREG(st.st_mode);
    source->size_bytes = regular && st.st_size >= 0 ? (uint64_t)st.st_size : UINT64_MAX;
    if (regular)
        (void)posix_fadvise(source->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    return STATUS_OK;
}

/* Standard input never seeks, even when it is a file: the same bytes are to give the same report. */
static enum status open_stdin(struct capture_source *source, struct error *error)
{
    source->shown = "standard input";
    source->fd = STDIN_FILENO;
    source->size_bytes = UINT64_MAX;
    if (isatty(STDIN_FILENO))
        return error_set(error, STATUS_BAD_INPUT,
                         "Standard input is a terminal: send a capture to it, as in `tcpdump -w - | ...`.");
    return STATUS_OK;
}

enum status capture_source_open(const char *path, struct capture_source **out, struct error *error)
{
    *out = NULL;
    struct capture_source *source = source_new(path);
    if (!source)
        return no_memory(error);
    enum status status = strcmp(path, "-") == 0 ? open_stdin(source, error) : open_file(source, error);
    if (status != STATUS_OK) {
        capture_source_free(source);
        return status;
    }
    capture_stream_from_fd(&source->stream, &source->fd, source->size_bytes);
    *out = source;
    return STATUS_OK;
}

enum status capture_source_memory(const char *name, const uint8_t *bytes, size_t length,
                                  struct capture_source **out, struct error *error)
{
    struct capture_source *source = source_new(name);
    *out = source;
    if (!source)
        return no_memory(error);
    source->size_bytes = length;
    source->memory = (struct capture_stream_memory){ .bytes = bytes, .length = length };
    capture_stream_from_memory(&source->stream, &source->memory);
    return STATUS_OK;
}

static void pop(struct capture_source *source)
{
    struct layer *layer = &source->layers[--source->depth];
    capture_container_free(layer->container);
    free(layer->inside);
    *layer = (struct layer){ 0 };
}

void capture_source_free(struct capture_source *source)
{
    if (!source)
        return;
    while (source->depth > 0)
        pop(source);
    for (size_t i = 0; i <= PASSED_OVER_MAX; i++)
        free(source->passed_over[i]);
    if (source->owns_fd)
        close(source->fd);
    if (source->locale)
        freelocale(source->locale);
    free(source->name);
    free(source);
}

const char *const *capture_source_passed_over(const struct capture_source *source, size_t *count)
{
    uint64_t all = source->passed_over_count;
    *count = all > PASSED_OVER_MAX ? PASSED_OVER_MAX + 1 : (size_t)all;
    return (const char *const *)source->passed_over;
}

/* Ends the text; the caller frees the copy. NULL when there is no memory. */
static char *finished(struct text *text)
{
    char *copy = text_failed(text) ? NULL : strdup(text->bytes);
    text_free(text);
    return copy;
}

/* "b.tar.gz" and "c.pcap" give "b.tar.gz: c.pcap"; either may be empty. */
static char *join(const char *outer, const char *inner)
{
    struct text text;
    text_init(&text, INSIDE_BYTES_MAX);
    text_add(&text, outer);
    text_add(&text, *outer && *inner ? ": " : "");
    text_add(&text, inner);
    return finished(&text);
}

static enum status pass_over(struct capture_source *source, const char *inside, const char *clause,
                             struct error *error)
{
    uint64_t count = source->passed_over_count++;
    size_t slot = count < PASSED_OVER_MAX ? (size_t)count : PASSED_OVER_MAX;
    struct text text;
    text_init(&text, INSIDE_BYTES_MAX + sizeof error->text);
    if (slot < PASSED_OVER_MAX)
        text_addf(&text, "%s %s", inside, clause);
    else
        text_addf(&text, "and %" PRIu64 " more", count + 1 - PASSED_OVER_MAX);
    free(source->passed_over[slot]);
    source->passed_over[slot] = finished(&text);
    return source->passed_over[slot] ? STATUS_END : no_memory(error);
}

/* "zip+gzip", from the outside in. Empty where nothing is packed. */
static void describe_compression(const struct capture_source *source, struct text *text)
{
    for (size_t i = 0; i < source->depth; i++) {
        const struct capture_container *container = source->layers[i].container;
        for (int level = 0; level < capture_container_levels(container); level++)
            text_addf(text, "%s%s", text->length > 0 ? "+" : "", capture_kind_name(capture_container_kind(container)));
    }
}

static enum status make_reader(struct capture_source *source, struct capture_stream *stream, const char *inside,
                               struct capture_reader **out, struct error *error)
{
    struct text compression;
    text_init(&compression, INSIDE_BYTES_MAX);
    describe_compression(source, &compression);
    char *name = join(source->name, inside);
    struct capture_reader_input input = {
        .name = name,
        .compression = compression.length > 0 ? compression.bytes : NULL,
        .size_bytes = source->size_bytes,
        .stream = stream,
    };
    size_t length = capture_stream_peek(stream);
    if (name && !text_failed(&compression))
        *out = capture_reader_new(capture_reader_walker(stream->head, length), &input);
    free(name);
    text_free(&compression);
    if (!*out)
        return no_memory(error);
    source->captures++;
    return STATUS_OK;
}

static int next_level(const struct capture_source *source, enum capture_kind kind)
{
    if (source->depth == 0)
        return 1;
    const struct layer *top = &source->layers[source->depth - 1];
    bool same_level = capture_kind_is_filter(capture_container_kind(top->container)) && capture_kind_is_archive(kind);
    return same_level ? top->level : top->level + 1;
}

static enum status too_deep(struct error *clause)
{
    return error_set(clause, STATUS_BAD_INPUT, "is packed more than %d levels deep: unpack it first", LEVELS_MAX);
}

/* STATUS_END: the layer lies on top, go on with its entries. */
static enum status push(struct capture_source *source, enum capture_kind kind, struct capture_stream *stream,
                        const char *inside, struct error *clause)
{
    int level = next_level(source, kind);
    if (level > LEVELS_MAX)
        return too_deep(clause);
    struct capture_container *container;
    enum status status = capture_container_new(kind, stream, &source->stream, &container, clause);
    if (status != STATUS_OK)
        return status;
    struct layer layer = {
        .container = container,
        .inside = strdup(inside),
        .level = level - 1 + capture_container_levels(container),
    };
    source->layers[source->depth++] = layer;
    if (layer.inside && layer.level <= LEVELS_MAX)
        return STATUS_END;
    pop(source);
    return layer.inside ? too_deep(clause) : no_memory(clause);
}

/* STATUS_OK: a reader. STATUS_END: a layer more, go on. STATUS_BAD_INPUT: `clause` says what it is. */
static enum status look(struct capture_source *source, struct capture_stream *stream, const char *inside,
                        struct capture_reader **out, struct error *clause)
{
    size_t length = capture_stream_peek(stream);
    enum capture_kind kind = capture_kind_of(stream->head, length);
    if (kind == CAPTURE_KIND_CAPTURE)
        return make_reader(source, stream, inside, out, clause);
    if (capture_kind_is_filter(kind) || capture_kind_is_archive(kind))
        return push(source, kind, stream, inside, clause);
    if (length == 0 && stream->ended != STATUS_END)
        return error_set(clause, stream->ended, "cannot be read: %.200s", stream->error.text);
    if (length == 0)
        return error_set(clause, STATUS_BAD_INPUT, "is empty: record it again");
    const struct capture_foreign *foreign = capture_foreign_find(stream->head, length);
    return error_set(clause, STATUS_BAD_INPUT, "is %s: %s", foreign->what, foreign->advice);
}

/* The file as a whole cannot be read, or no further. */
static enum status report(struct capture_source *source, enum status status, const struct error *clause,
                          struct error *error)
{
    source->reported = true;
    if (status == STATUS_NO_MEMORY)
        return no_memory(error);
    return error_set(error, status, "%.255s %s.", source->shown, clause->text);
}

static bool top_is_filter(const struct capture_source *source)
{
    return capture_kind_is_filter(capture_container_kind(source->layers[source->depth - 1].container));
}

/* The top layer has no more entries, or cannot be read on, and goes. */
static enum status end_layer(struct capture_source *source, enum status status, const struct error *clause,
                             struct error *error)
{
    char *inside = source->layers[source->depth - 1].inside;
    source->layers[source->depth - 1].inside = NULL;
    pop(source);
    if (status != STATUS_END)
        status = *inside ? pass_over(source, inside, clause->text, error) : report(source, status, clause, error);
    free(inside);
    return status;
}

/* An entry of the top layer. STATUS_END: none that is a capture yet, ask again. */
static enum status next_entry(struct capture_source *source, struct capture_reader **out, struct error *error)
{
    struct layer *top = &source->layers[source->depth - 1];
    struct error clause;
    const char *name = NULL;
    enum status status = top->taken ? STATUS_END : capture_container_next(top->container, &name, &clause);
    if (status != STATUS_OK)
        return end_layer(source, status, &clause, error);
    top->taken = top_is_filter(source);

    char *inside = join(top->inside, name ? name : "");
    if (!inside)
        return no_memory(error);
    status = look(source, capture_container_stream(top->container), inside, out, &clause);
    if (status != STATUS_OK && status != STATUS_END)
        status = *inside ? pass_over(source, inside, clause.text, error) : report(source, status, &clause, error);
    free(inside);
    return status;
}

/* After the last entry: an archive without any capture is told once. */
static enum status at_end(struct capture_source *source, struct error *error)
{
    if (source->captures > 0 || source->reported)
        return STATUS_END;
    source->reported = true;
    if (source->passed_over_count == 0)
        return error_set(error, STATUS_BAD_INPUT, "%.255s holds nothing: get it again.", source->shown);
    return error_set(error, STATUS_BAD_INPUT,
                     "%.200s holds no capture among its %" PRIu64 " file%s: the first, %.200s.", source->shown,
                     source->passed_over_count, source->passed_over_count == 1 ? "" : "s", source->passed_over[0]);
}

static enum status next_reader(struct capture_source *source, struct capture_reader **out, struct error *error)
{
    if (!source->begun) {
        struct error clause;
        source->begun = true;
        enum status status = look(source, &source->stream, "", out, &clause);
        if (status == STATUS_OK)
            return STATUS_OK;
        if (status != STATUS_END)
            return report(source, status, &clause, error);
    }
    while (source->depth > 0) {
        enum status status = next_entry(source, out, error);
        if (status != STATUS_END)
            return status;
    }
    return at_end(source, error);
}

enum status capture_source_next(struct capture_source *source, struct capture_reader **out, struct error *error)
{
    *out = NULL;
    locale_t before = source->locale ? uselocale(source->locale) : (locale_t)0;
    enum status status = next_reader(source, out, error);
    if (before)
        (void)uselocale(before);
    return status;
}
