/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/quic.h"

#include "base/cursor.h"

enum first_byte { LONG_HEADER = 0x80, FIXED_BIT = 0x40 };

static struct decode_quic_bytes take(struct cursor *c, size_t length)
{
    const uint8_t *at = cursor_take(c, length);
    return (struct decode_quic_bytes){ .at = at, .length = at ? length : 0 };
}

uint64_t decode_quic_varint(struct cursor *c)
{
    uint8_t first = cursor_u8(c);
    unsigned more = (1u << (first >> 6)) - 1;
    uint64_t value = first & 0x3f;

    for (unsigned i = 0; i < more; i++)
        value = value << 8 | cursor_u8(c);
    return value;
}

/* RFC 9000, table 5; version 2 moves each type up by one. The drafts that were deployed (23 to 34) number as version 1
 * does. */
static enum decode_quic_type type_of(uint32_t version, uint8_t first)
{
    static const enum decode_quic_type types[] = { DECODE_QUIC_INITIAL, DECODE_QUIC_0RTT, DECODE_QUIC_HANDSHAKE,
                                                   DECODE_QUIC_RETRY };
    unsigned number = first >> 4 & 3;
    bool draft = version >= 0xff000017 && version <= 0xff000022;

    if (version == 0)
        return DECODE_QUIC_NEGOTIATION;
    if (version == DECODE_QUIC_VERSION_1 || draft)
        return types[number];
    if (version == DECODE_QUIC_VERSION_2)
        return types[(number + 3) % 4];
    return DECODE_QUIC_UNKNOWN;
}

static enum decode_outcome read_negotiation(struct cursor *c, struct decode_quic *out)
{
    size_t left = cursor_left(c);

    if (left == 0)
        return DECODE_TRUNCATED;
    if (left % 4)
        return DECODE_MALFORMED;
    out->versions = take(c, left);
    return DECODE_OK;
}

static enum decode_outcome read_retry(struct cursor *c, struct decode_quic *out)
{
    size_t left = cursor_left(c);

    if (left < DECODE_QUIC_RETRY_TAG_BYTES)
        return DECODE_TRUNCATED;
    out->token = take(c, left - DECODE_QUIC_RETRY_TAG_BYTES);
    return DECODE_OK;
}

static enum decode_outcome read_numbered(struct cursor *c, const uint8_t *payload, struct decode_quic *out)
{
    if (out->type == DECODE_QUIC_INITIAL) {
        uint64_t token_bytes = decode_quic_varint(c);
        if (token_bytes > cursor_left(c))
            return DECODE_TRUNCATED;
        out->token = take(c, (size_t)token_bytes);
    }
    uint64_t length_bytes = decode_quic_varint(c);
    if (!cursor_ok(c))
        return DECODE_TRUNCATED;
    out->length_bytes = length_bytes;
    out->header_bytes = (size_t)(c->at - payload);
    if (length_bytes < cursor_left(c))
        out->packet_bytes = out->header_bytes + (size_t)length_bytes;
    return DECODE_OK;
}

static enum decode_outcome read_typed(struct cursor *c, const uint8_t *payload, struct decode_quic *out)
{
    switch (out->type) {
    case DECODE_QUIC_NEGOTIATION:
        return read_negotiation(c, out);
    case DECODE_QUIC_RETRY:
        return read_retry(c, out);
    case DECODE_QUIC_UNKNOWN:
        return DECODE_UNSUPPORTED;
    default:
        return read_numbered(c, payload, out);
    }
}

static enum decode_outcome read_long(struct cursor *c, const uint8_t *payload, struct decode_quic *out)
{
    uint32_t version = cursor_u32be(c);
    struct decode_quic_bytes dcid = take(c, cursor_u8(c));
    struct decode_quic_bytes scid = take(c, cursor_u8(c));

    if (!cursor_ok(c))
        return DECODE_TRUNCATED;
    enum decode_quic_type type = type_of(version, out->first);
    bool known = type != DECODE_QUIC_UNKNOWN && type != DECODE_QUIC_NEGOTIATION;
    if (known && (dcid.length > DECODE_QUIC_CID_MAX || scid.length > DECODE_QUIC_CID_MAX || !out->fixed_bit))
        return DECODE_MALFORMED;
    out->type = type;
    out->version = version;
    out->dcid = dcid;
    out->scid = scid;
    return read_typed(c, payload, out);
}

enum decode_outcome decode_quic(const uint8_t *payload, size_t captured, struct decode_quic *out)
{
    struct cursor c = cursor_make(payload, captured);

    *out = (struct decode_quic){ .type = DECODE_QUIC_SHORT };
    uint8_t first = cursor_u8(&c);
    if (!cursor_ok(&c))
        return DECODE_TRUNCATED;
    out->first = first;
    out->fixed_bit = first & FIXED_BIT;
    out->packet_bytes = captured;
    if (first & LONG_HEADER)
        return read_long(&c, payload, out);
    return out->fixed_bit ? DECODE_OK : DECODE_MALFORMED;
}
