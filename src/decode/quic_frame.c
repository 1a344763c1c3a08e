/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/quic_initial.h"

enum { ACK_ECN = 0x03, CLOSE_APPLICATION = 0x1d };

/* More than there is: the parent is overrun. */
static struct cursor take_bytes(struct cursor *c, uint64_t length)
{
    return cursor_sub(c, length < SIZE_MAX ? (size_t)length : SIZE_MAX);
}

static void skip_padding(struct cursor *c)
{
    struct cursor peek = *c;

    while (cursor_left(&peek) && cursor_u8(&peek) == DECODE_QUIC_PADDING)
        *c = peek;
}

/* RFC 9000, section 19.3. */
static void read_ack(struct cursor *c, bool ecn, struct decode_quic_frame *out)
{
    out->acknowledged = decode_quic_varint(c);
    (void)decode_quic_varint(c); /* delay */
    uint64_t ranges = decode_quic_varint(c);

    (void)decode_quic_varint(c); /* first range */
    for (uint64_t i = 0; i < ranges && cursor_ok(c); i++) {
        (void)decode_quic_varint(c);
        (void)decode_quic_varint(c);
    }
    for (int i = 0; ecn && i < 3; i++)
        (void)decode_quic_varint(c);
}

static void read_close(struct cursor *c, bool application, struct decode_quic_frame *out)
{
    out->error = decode_quic_varint(c);
    if (!application)
        (void)decode_quic_varint(c); /* type of the frame at fault */
    out->data = take_bytes(c, decode_quic_varint(c));
}

static bool read_frame(struct cursor *c, uint64_t type, struct decode_quic_frame *out)
{
    switch (type) {
    case DECODE_QUIC_PADDING:
        skip_padding(c);
        return true;
    case DECODE_QUIC_PING:
        out->type = DECODE_QUIC_PING;
        return true;
    case DECODE_QUIC_ACK:
    case ACK_ECN:
        out->type = DECODE_QUIC_ACK;
        read_ack(c, type == ACK_ECN, out);
        return true;
    case DECODE_QUIC_CRYPTO:
        out->type = DECODE_QUIC_CRYPTO;
        out->offset = decode_quic_varint(c);
        out->data = take_bytes(c, decode_quic_varint(c));
        return true;
    case DECODE_QUIC_CLOSE:
    case CLOSE_APPLICATION:
        out->type = DECODE_QUIC_CLOSE;
        read_close(c, type == CLOSE_APPLICATION, out);
        return true;
    default:
        return false;
    }
}

enum decode_outcome decode_quic_frame(struct cursor *frames, struct decode_quic_frame *out)
{
    *out = (struct decode_quic_frame){ .data = { .at = frames->end, .end = frames->end } };
    uint64_t type = decode_quic_varint(frames);

    if (!cursor_ok(frames) || !read_frame(frames, type, out))
        return DECODE_MALFORMED;
    return cursor_ok(frames) ? DECODE_OK : DECODE_MALFORMED;
}
