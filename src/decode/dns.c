/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/dns.h"

enum header { RESPONSE = 0x8000, OPCODE_SHIFT = 11, OPCODE_MASK = 15, TRUNCATION = 0x0200, RCODE_MASK = 15,
              HEADER_BYTES = 12 };

enum label { POINTER = 0xc0, LABEL_BYTES_MAX = 63, NAME_BYTES_MAX = 255 };

enum { CLASS_IN = 1, TTL_SIGN = 0x80000000 };

static enum decode_outcome cut_or(const struct cursor *c, enum decode_outcome outcome)
{
    return cursor_ok(c) ? outcome : DECODE_TRUNCATED;
}

/* Wire bytes count as RFC 1035 counts them: each label with its length, and the final zero. */
struct name {
    char *text;
    size_t text_bytes, wire_bytes;
};

static bool add_label(struct name *name, struct cursor label)
{
    name->wire_bytes += 1 + cursor_left(&label);
    if (name->wire_bytes >= NAME_BYTES_MAX)
        return false;
    if (name->text_bytes)
        name->text[name->text_bytes++] = '.';
    while (cursor_left(&label)) {
        char character = decode_name_character(cursor_u8(&label));
        name->text[name->text_bytes++] = character == '.' ? '?' : character;
    }
    return true;
}

/* A pointer must lead to before the place where the labels that it follows began (RFC 1035, section 4.1.4: a prior
 * occurrence): each one leads further back, so there is no loop. */
static bool follow(struct cursor message, uint8_t high, struct cursor *at, const uint8_t **began)
{
    size_t offset = (size_t)(high & ~POINTER) << 8 | cursor_u8(at);

    if (!cursor_ok(at))
        return false;
    if (offset >= (size_t)(*began - message.at)) {
        *at = message;
        return false;
    }
    cursor_skip(&message, offset);
    *at = message;
    *began = message.at;
    return true;
}

/* Reads a name at `c` and steps over it. The text is empty unless DECODE_OK. */
static enum decode_outcome read_name(struct cursor message, struct cursor *c, char text[DECODE_NAME_SIZE])
{
    struct name name = { .text = text };
    struct cursor at = *c;
    const uint8_t *began = at.at;
    bool away = false;

    text[0] = 0;
    for (;;) {
        uint8_t length = cursor_u8(&at);
        bool pointer = length >= POINTER;
        if (pointer && !follow(message, length, &at, &began))
            return cut_or(&at, DECODE_MALFORMED);
        if (pointer && !away)
            cursor_skip(c, 1);
        away = away || pointer;
        if (pointer)
            continue;
        if (!cursor_ok(&at) || length > LABEL_BYTES_MAX)
            return cut_or(&at, DECODE_MALFORMED);
        if (length == 0)
            break;
    }
    return DECODE_OK;
}
