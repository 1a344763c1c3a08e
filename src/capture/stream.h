/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAPTURE_STREAM_H
#define CAPTURE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

enum { CAPTURE_STREAM_HEAD_BYTES = 4096 };

/* Bytes in order, from wherever they come, whose beginning can be looked at before it is read. The maker fills in
 * the first group; everything else starts as zero. */
struct capture_stream {
    void *context;
    /* STATUS_OK with *got > 0, STATUS_END, or an error. */
    enum status (*read)(void *context, uint8_t *bytes, size_t room, size_t *got, struct error *error);
    bool (*seek)(void *context, uint64_t offset); /* NULL: only forward */
    uint64_t size_bytes;                          /* UINT64_MAX: not known */

    uint8_t head[CAPTURE_STREAM_HEAD_BYTES];
    size_t head_length, head_at;
    uint64_t position;   /* of the next byte that is read */
    uint64_t raw_bytes;  /* taken from the maker so far, twice what was sought back to */
    enum status ended;   /* STATUS_OK until read() said otherwise; then it is not asked again */
    struct error error;
};

/* The first bytes, as many as there are up to CAPTURE_STREAM_HEAD_BYTES; only before anything was read. An error
 * does not show here but when those bytes have been read. */
size_t capture_stream_peek(struct capture_stream *stream);

/* Reads until `room` is full or nothing follows. *got < room only before STATUS_END or an error, which the next call
 * returns with *got 0. */
enum status capture_stream_read(struct capture_stream *stream, uint8_t *bytes, size_t room, size_t *got,
                                struct error *error) MUST_USE;

/* As read(2): what is there at once, at least one byte. */
enum status capture_stream_read_some(struct capture_stream *stream, uint8_t *bytes, size_t room, size_t *got,
                                     struct error *error) MUST_USE;

/* False where the stream cannot seek or the system refuses. */
bool capture_stream_seek(struct capture_stream *stream, uint64_t offset) MUST_USE;

/* How many bytes follow the position: asked of the size where it is known, else found by reading them into
 * `scratch`. */
uint64_t capture_stream_left(struct capture_stream *stream, uint8_t *scratch, size_t room);

/* Bytes in memory, borrowed. */
struct capture_stream_memory {
    const uint8_t *bytes;
    size_t length, at;
};
void capture_stream_from_memory(struct capture_stream *stream, struct capture_stream_memory *memory);

/* A descriptor, borrowed; it seeks when `size_bytes` is known. */
void capture_stream_from_fd(struct capture_stream *stream, int *fd, uint64_t size_bytes);

#endif
