/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UNIT_DECODE_MUTATE_H
#define UNIT_DECODE_MUTATE_H

/* Rows of payloads: what reading them says in one line, and then every truncation and every flipped bit. Bytes are read
 * from memory that ends where they do, so that a read past the end is seen. */

#include "rows.h"

/* Reads `length` bytes and asserts what must hold for any bytes. Writes one line where `line` is not NULL. */
typedef void mutate_reader(const uint8_t *bytes, size_t length, char *line);

struct mutate_row {
    const char *name;
    const char *hex;
    const char *expect;
};

enum { MUTATE_LINE_MAX = 2048 };

static inline void mutate_read(mutate_reader *reader, const uint8_t *bytes, size_t length, char *line)
{
    uint8_t *exact = malloc(length + 1);

    assert_non_null(exact);
    memcpy(exact + 1, bytes, length);
    reader(exact + 1, length, line);
    free(exact);
}

/* Bytes that a test puts together. */
struct mutate_bytes {
    size_t length;
    uint8_t bytes[ROWS_FRAME_MAX];
};

static inline void mutate_append(struct mutate_bytes *to, const char *hex)
{
    uint8_t bytes[ROWS_FRAME_MAX];
    size_t length = rows_bytes(hex, bytes);

    assert_true(length <= sizeof to->bytes - to->length);
    memcpy(to->bytes + to->length, bytes, length);
    to->length += length;
}

static inline void mutate_append_byte(struct mutate_bytes *to, size_t byte)
{
    assert_true(byte <= UINT8_MAX && to->length < sizeof to->bytes);
    to->bytes[to->length++] = (uint8_t)byte;
}

/* Returns the number of rows that fail. */
static inline unsigned mutate_rows(mutate_reader *reader, const struct mutate_row *rows, size_t count)
{
    unsigned failed = 0;

    for (size_t i = 0; i < count; i++) {
        uint8_t bytes[ROWS_FRAME_MAX];
        char line[MUTATE_LINE_MAX] = "";
        size_t length = rows_bytes(rows[i].hex, bytes);

        mutate_read(reader, bytes, length, line);
        if (strcmp(line, rows[i].expect) != 0) {
            print_error("row \"%s\"\n  expected %s\n  got      %s\n", rows[i].name, rows[i].expect, line);
            failed++;
        }
        for (size_t cut = 0; cut < length; cut++)
            mutate_read(reader, bytes, cut, NULL);
        for (size_t bit = 0; bit < length * 8; bit++) {
            bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
            mutate_read(reader, bytes, length, NULL);
            bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
    }
    return failed;
}

#define MUTATE_ROWS(reader, rows) assert_int_equal(mutate_rows(reader, rows, sizeof(rows) / sizeof(rows)[0]), 0)

static inline const char *mutate_outcome(enum decode_outcome outcome)
{
    static const char *const outcomes[] = { "ok", "truncated", "malformed", "unsupported" };

    assert_true(outcome <= DECODE_UNSUPPORTED);
    return outcomes[outcome];
}

/* Appends to a line of MUTATE_LINE_MAX bytes; does nothing without a line. */
static inline void mutate_add(char *line, const char *format, ...) __attribute__((format(printf, 2, 3)));
static inline void mutate_add(char *line, const char *format, ...)
{
    va_list args;

    if (!line)
        return;
    size_t length = strlen(line);
    va_start(args, format);
    vsnprintf(line + length, MUTATE_LINE_MAX - length, format, args);
    va_end(args);
}

static inline void mutate_inside(struct cursor inner, const uint8_t *bytes, size_t length)
{
    assert_true(inner.at >= bytes && inner.end >= inner.at && inner.end <= bytes + length);
}

/* A name that is safe to show: printable, no capitals, ends within its room. */
static inline void mutate_name(const char *text, size_t size)
{
    assert_true(memchr(text, 0, size) != NULL);
    for (; *text; text++)
        assert_true(*text > ' ' && *text < 0x7f && !(*text >= 'A' && *text <= 'Z'));
}

#endif
