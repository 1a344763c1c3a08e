/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/chain.h"

enum { OPTION_PAD1 = 0x00, OPTION_JUMBO = 0xc2, OPTIONS_MAX = 64 };

static void read_fragment(struct cursor *c, struct decode_chain *out)
{
    out->protocol = cursor_u8(c);
    cursor_skip(c, 1);
    uint16_t offset_and_more = cursor_u16be(c);
    out->fragment_id = cursor_u32be(c);
    out->fragment_offset = offset_and_more >> 3;
    out->fragmented = (offset_and_more & ~6u) != 0;
    out->more_fragments = offset_and_more & 1;
}

static void read_options(struct cursor *c, struct decode_chain *out)
{
    uint8_t next = cursor_u8(c);
    size_t length = cursor_u8(c);

    cursor_skip(c, 6 + length * 8);
    out->protocol = next;
}

static void read_authentication(struct cursor *c, struct decode_chain *out)
{
    uint8_t next = cursor_u8(c);
    size_t length = cursor_u8(c);

    cursor_skip(c, length > 1 ? (length + 2) * 4 - 2 : 10);
    out->protocol = next;
}

/* False when the header at the cursor is no extension. */
static bool read_header(struct cursor *c, struct decode_chain *out)
{
    switch (out->protocol) {
    case DECODE_CHAIN_ROUTING:
    case DECODE_CHAIN_DESTINATION:
        out->address_rewritten = true;
        read_options(c, out);
        return true;
    case DECODE_CHAIN_HOP_BY_HOP:
        read_options(c, out);
        return true;
    case DECODE_CHAIN_AUTHENTICATION:
        read_authentication(c, out);
        return true;
    case DECODE_CHAIN_FRAGMENT:
        read_fragment(c, out);
        return true;
    default:
        return false;
    }
}

void decode_chain_read(struct cursor *c, uint8_t first, struct decode_chain *out)
{
    *out = (struct decode_chain){ .protocol = first };

    for (unsigned i = 0; i < DECODE_CHAIN_MAX; i++)
        if (!read_header(c, out) || !cursor_ok(c) || out->fragment_offset)
            return;
    struct cursor peek = *c;
    struct decode_chain beyond = *out;
    out->too_long = read_header(&peek, &beyond);
}

uint32_t decode_chain_jumbo(struct cursor c)
{
    cursor_skip(&c, 1);
    size_t length = cursor_u8(&c);
    struct cursor options = cursor_sub(&c, 6 + length * 8);

    for (unsigned i = 0; i < OPTIONS_MAX && cursor_left(&options); i++) {
        uint8_t type = cursor_u8(&options);
        if (type == OPTION_PAD1)
            continue;
        uint8_t bytes = cursor_u8(&options);
        struct cursor value = cursor_sub(&options, bytes);
        if (type == OPTION_JUMBO)
            return cursor_u32be(&value);
    }
    return 0;
}
