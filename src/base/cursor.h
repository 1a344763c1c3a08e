/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_CURSOR_H
#define BASE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A read position in bytes that nobody trusts. cursor_take() is the only function that moves it, and the bounds
 * check. A read past the end yields zeros, moves nothing and marks the cursor for good: decode a whole header,
 * then ask cursor_ok() once. The bytes are borrowed. */
struct cursor {
    const uint8_t *at;
    const uint8_t *end;
    bool overrun;
};

static inline struct cursor cursor_make(const uint8_t *bytes, size_t length)
{
    return (struct cursor){ .at = bytes, .end = bytes + length, .overrun = false };
}

static inline bool cursor_ok(const struct cursor *c)
{
    return !c->overrun;
}

static inline size_t cursor_left(const struct cursor *c)
{
    return (size_t)(c->end - c->at);
}

/* Returns the `length` bytes at the cursor and steps over them; NULL past the end. */
static inline const uint8_t *cursor_take(struct cursor *c, size_t length)
{
    if (c->overrun || cursor_left(c) < length) {
        c->overrun = true;
        return NULL;
    }
    const uint8_t *bytes = c->at;
    c->at += length;
    return bytes;
}

static inline void cursor_skip(struct cursor *c, size_t length)
{
    (void)cursor_take(c, length);
}

/* A cursor over the next `length` bytes, which the parent steps over; an overrun one when they are not there. */
static inline struct cursor cursor_sub(struct cursor *c, size_t length)
{
    const uint8_t *bytes = cursor_take(c, length);
    if (!bytes)
        return (struct cursor){ .at = c->end, .end = c->end, .overrun = true };
    return cursor_make(bytes, length);
}

/* The same cursor, ending at most `length` bytes from here: for a length field that may claim more than was kept. */
static inline void cursor_limit(struct cursor *c, size_t length)
{
    if (cursor_left(c) > length)
        c->end = c->at + length;
}

static inline uint8_t cursor_u8(struct cursor *c)
{
    const uint8_t *b = cursor_take(c, 1);
    return b ? b[0] : 0;
}

static inline uint16_t cursor_u16be(struct cursor *c)
{
    const uint8_t *b = cursor_take(c, 2);
    return b ? (uint16_t)(b[0] << 8 | b[1]) : 0;
}

static inline uint32_t cursor_u24be(struct cursor *c)
{
    const uint8_t *b = cursor_take(c, 3);
    return b ? (uint32_t)b[0] << 16 | (uint32_t)b[1] << 8 | b[2] : 0;
}

static inline uint32_t cursor_u32be(struct cursor *c)
{
    const uint8_t *b = cursor_take(c, 4);
    return b ? (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3] : 0;
}

static inline uint64_t cursor_u64be(struct cursor *c)
{
    uint64_t high = cursor_u32be(c);
    return high << 32 | cursor_u32be(c);
}

static inline uint16_t cursor_u16le(struct cursor *c)
{
    const uint8_t *b = cursor_take(c, 2);
    return b ? (uint16_t)(b[1] << 8 | b[0]) : 0;
}

static inline uint32_t cursor_u32le(struct cursor *c)
{
    const uint8_t *b = cursor_take(c, 4);
    return b ? (uint32_t)b[3] << 24 | (uint32_t)b[2] << 16 | (uint32_t)b[1] << 8 | b[0] : 0;
}

static inline uint64_t cursor_u64le(struct cursor *c)
{
    uint64_t low = cursor_u32le(c);
    return (uint64_t)cursor_u32le(c) << 32 | low;
}

/* Copies `length` bytes to `out`, zeros when they are not there. */
static inline void cursor_copy(struct cursor *c, void *out, size_t length)
{
    const uint8_t *b = cursor_take(c, length);
    if (b)
        memcpy(out, b, length);
    else
        memset(out, 0, length);
}

#endif
