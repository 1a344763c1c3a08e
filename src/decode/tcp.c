/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/tcp.h"

#include "decode/transport.h"

enum { HEADER_BYTES = 20, RESERVED_BITS = 0x0e };

enum option {
    OPTION_END = 0,
    OPTION_NOTHING = 1,
    OPTION_MSS = 2,
    OPTION_WINDOW_SCALE = 3,
    OPTION_SACK_PERMITTED = 4,
    OPTION_SACK = 5,
    OPTION_TIMESTAMPS = 8,
};

static void read_sack(struct cursor *value, struct decode_tcp *tcp)
{
    tcp->sack_count = 0;
    while (cursor_left(value) >= 8 && tcp->sack_count < DECODE_SACK_BLOCKS_MAX) {
        tcp->sack[tcp->sack_count].left = cursor_u32be(value);
        tcp->sack[tcp->sack_count].right = cursor_u32be(value);
        tcp->sack_count++;
    }
}

static void read_option(uint8_t kind, struct cursor value, struct decode_packet *out)
{
    size_t length = cursor_left(&value);
    struct decode_tcp *tcp = &out->tcp;

    if (kind == OPTION_MSS && length == 2) {
        tcp->mss = cursor_u16be(&value);
        out->flags |= DECODE_TCP_MSS;
    } else if (kind == OPTION_WINDOW_SCALE && length == 1) {
        tcp->window_scale = cursor_u8(&value);
        out->flags |= DECODE_TCP_WINDOW_SCALE;
    } else if (kind == OPTION_SACK_PERMITTED && length == 0) {
        out->flags |= DECODE_TCP_SACK_PERMITTED;
    } else if (kind == OPTION_SACK && length >= 8 && length % 8 == 0) {
        read_sack(&value, tcp);
        out->flags |= DECODE_TCP_SACK_BLOCKS;
    } else if (kind == OPTION_TIMESTAMPS && length == 8) {
        tcp->tsval = cursor_u32be(&value);
        tcp->tsecr = cursor_u32be(&value);
        out->flags |= DECODE_TCP_TIMESTAMPS;
    }
}

void decode_tcp_options(struct cursor options, struct decode_packet *out)
{
    while (cursor_left(&options)) {
        uint8_t kind = cursor_u8(&options);
        if (kind == OPTION_END)
            return;
        if (kind == OPTION_NOTHING)
            continue;
        uint8_t length = cursor_u8(&options);
        if (!cursor_ok(&options) || length < 2)
            return;
        struct cursor value = cursor_sub(&options, length - 2u);
        if (!cursor_ok(&value))
            return;
        read_option(kind, value, out);
    }
}

/* Returns the length of the header, by its data offset. */
static uint32_t read_fixed(struct cursor *c, struct decode_packet *out)
{
    struct decode_tcp *tcp = &out->tcp;

    tcp->sequence = cursor_u32be(c);
    tcp->acknowledgment = cursor_u32be(c);
    uint8_t offset = cursor_u8(c);
    tcp->flags = cursor_u8(c);
    tcp->window = cursor_u16be(c);
    out->checksum = cursor_u16be(c);
    cursor_skip(c, 2); /* urgent pointer */
    if (offset & RESERVED_BITS)
        out->flags |= DECODE_TCP_RESERVED_BITS;
    return (offset >> 4) * 4u;
}

/* The options were cut. What is there is read, and the length of the payload is known all the same. */
static void cut_in_options(struct decode_walk *w, uint32_t options_bytes)
{
    bool by_fragment = w->out->flags & DECODE_FIRST_FRAGMENT && !w->missing;
    uint32_t left = decode_walk_left(w);

    if (!by_fragment && left < options_bytes) {
        decode_walk_malformed(w);
        return;
    }
    decode_tcp_options(w->at, w->out);
    cursor_skip(&w->at, cursor_left(&w->at));
    w->missing = left < options_bytes ? 0 : left - options_bytes;
    decode_walk_payload(w);
    if (by_fragment)
        decode_walk_end(w, DECODE_TCP);
    else
        w->out->outcome = DECODE_TRUNCATED;
}

void decode_tcp_read(struct decode_walk *w)
{
    struct cursor segment = w->at;

    if (!decode_transport_ports(w, DECODE_TCP))
        return;
    uint32_t header_bytes = read_fixed(&w->at, w->out);
    if (!cursor_ok(&w->at)) {
        decode_transport_cut(w);
        return;
    }
    if (header_bytes < HEADER_BYTES) {
        decode_walk_malformed(w);
        return;
    }
    uint32_t options_bytes = header_bytes - HEADER_BYTES;
    if (options_bytes > cursor_left(&w->at)) {
        cut_in_options(w, options_bytes);
        return;
    }
    decode_tcp_options(cursor_sub(&w->at, options_bytes), w->out);
    decode_walk_payload(w);
    decode_transport_note_whole(w, &segment);
    decode_walk_end(w, DECODE_TCP);
}
