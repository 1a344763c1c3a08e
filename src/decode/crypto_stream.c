/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/crypto_stream.h"

void decode_crypto_stream_reset(struct decode_crypto_stream *stream)
{
    stream->range_count = 0;
    stream->pieces_left_out = 0;
}

/* Merges [from, to) with the ranges that it touches: those from `first` up to `last`, not included. */
static bool note(struct decode_crypto_stream *s, uint16_t from, uint16_t to)
{
    size_t first = 0, count = s->range_count;

    while (first < count && s->ranges[first].to < from)
        first++;
    size_t last = first;
    for (; last < count && s->ranges[last].from <= to; last++) {
        from = s->ranges[last].from < from ? s->ranges[last].from : from;
        to = s->ranges[last].to > to ? s->ranges[last].to : to;
    }
    if (last == first && count == DECODE_CRYPTO_STREAM_RANGES_MAX)
        return false;
    memmove(&s->ranges[first + 1], &s->ranges[last], (count - last) * sizeof s->ranges[0]);
    s->ranges[first].from = from;
    s->ranges[first].to = to;
    s->range_count = (uint16_t)(count - (last - first) + 1);
    return true;
}

bool decode_crypto_stream_add(struct decode_crypto_stream *stream, uint64_t offset, struct cursor piece)
{
    size_t length = cursor_left(&piece);
    bool whole = true;

    if (length == 0)
        return true;
    if (offset >= DECODE_CRYPTO_STREAM_BYTES) {
        stream->pieces_left_out++;
        return false;
    }
    size_t room = DECODE_CRYPTO_STREAM_BYTES - (size_t)offset;
    if (length > room) {
        length = room;
        whole = false;
    }
    if (note(stream, (uint16_t)offset, (uint16_t)(offset + length)))
        cursor_copy(&piece, stream->bytes + offset, length);
    else
        whole = false;
    stream->pieces_left_out += !whole;
    return whole;
}

struct cursor decode_crypto_stream_read(const struct decode_crypto_stream *stream)
{
    bool begun = stream->range_count && stream->ranges[0].from == 0;

    return cursor_make(stream->bytes, begun ? stream->ranges[0].to : 0);
}
