/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/stream.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static enum status take_raw(struct capture_stream *s, uint8_t *bytes, size_t room, size_t *got)
{
    *got = 0;
    if (s->ended != STATUS_OK)
        return s->ended;
    enum status status = s->read(s->context, bytes, room, got, &s->error);
    if (status != STATUS_OK)
        s->ended = status;
    s->raw_bytes += *got;
    return status;
}

size_t capture_stream_peek(struct capture_stream *s)
{
    size_t got = 0;
    while (s->head_length < sizeof s->head
           && take_raw(s, s->head + s->head_length, sizeof s->head - s->head_length, &got) == STATUS_OK)
        s->head_length += got;
    return s->head_length;
}

static size_t take_head(struct capture_stream *s, uint8_t *bytes, size_t room)
{
    size_t left = s->head_length - s->head_at;
    size_t length = left < room ? left : room;
    memcpy(bytes, s->head + s->head_at, length);
    s->head_at += length;
    return length;
}

enum status capture_stream_read_some(struct capture_stream *s, uint8_t *bytes, size_t room, size_t *got,
                                     struct error *error)
{
    enum status status = STATUS_OK;
    *got = take_head(s, bytes, room);
    if (*got == 0)
        status = take_raw(s, bytes, room, got);
    s->position += *got;
    if (status != STATUS_OK && status != STATUS_END && error)
        *error = s->error;
    return status;
}

enum status capture_stream_read(struct capture_stream *s, uint8_t *bytes, size_t room, size_t *got,
                                struct error *error)
{
    enum status status = STATUS_OK;
    *got = 0;
    while (*got < room && status == STATUS_OK) {
        size_t some;
        status = capture_stream_read_some(s, bytes + *got, room - *got, &some, error);
        *got += some;
    }
    return *got > 0 ? STATUS_OK : status;
}

bool capture_stream_seek(struct capture_stream *s, uint64_t offset)
{
    if (!s->seek || !s->seek(s->context, offset))
        return false;
    s->head_at = s->head_length;
    s->position = offset;
    s->ended = STATUS_OK;
    return true;
}

uint64_t capture_stream_left(struct capture_stream *s, uint8_t *scratch, size_t room)
{
    if (s->size_bytes != UINT64_MAX)
        return s->size_bytes > s->position ? s->size_bytes - s->position : 0;
    uint64_t left = 0;
    size_t got;
    while (capture_stream_read_some(s, scratch, room, &got, NULL) == STATUS_OK)
        left += got;
    return left;
}

static enum status read_memory(void *context, uint8_t *bytes, size_t room, size_t *got, struct error *error)
{
    (void)error;
    struct capture_stream_memory *memory = context;
    size_t left = memory->length - memory->at;
    *got = left < room ? left : room;
    if (*got == 0)
        return STATUS_END;
    memcpy(bytes, memory->bytes + memory->at, *got);
    memory->at += *got;
    return STATUS_OK;
}

static bool seek_memory(void *context, uint64_t offset)
{
    struct capture_stream_memory *memory = context;
    if (offset > memory->length)
        return false;
    memory->at = (size_t)offset;
    return true;
}

void capture_stream_from_memory(struct capture_stream *stream, struct capture_stream_memory *memory)
{
    memset(stream, 0, sizeof *stream);
    stream->context = memory;
    stream->read = read_memory;
    stream->seek = seek_memory;
    stream->size_bytes = memory->length;
}

static enum status read_fd(void *context, uint8_t *bytes, size_t room, size_t *got, struct error *error)
{
    const int *fd = context;
    ssize_t length;
    do {
        length = read(*fd, bytes, room);
    } while (length < 0 && errno == EINTR);
    *got = length > 0 ? (size_t)length : 0;
    if (length > 0)
        return STATUS_OK;
    if (length == 0)
        return STATUS_END;
    char text[128];
    return error_set(error, STATUS_IO, "%s", strerror_r(errno, text, sizeof text));
}

static bool seek_fd(void *context, uint64_t offset)
{
    const int *fd = context;
    return offset <= INT64_MAX && lseek(*fd, (off_t)offset, SEEK_SET) >= 0;
}

void capture_stream_from_fd(struct capture_stream *stream, int *fd, uint64_t size_bytes)
{
    memset(stream, 0, sizeof *stream);
    stream->context = fd;
    stream->read = read_fd;
    stream->seek = size_bytes != UINT64_MAX ? seek_fd : NULL;
    stream->size_bytes = size_bytes;
}
