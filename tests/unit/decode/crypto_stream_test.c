/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/crypto_stream.h"

#include "mutate.h"

/* The byte that belongs at an offset. */
static uint8_t byte_at(size_t offset)
{
    return (uint8_t)(offset * 7 + offset / 251);
}

static bool add(struct decode_crypto_stream *s, size_t from, size_t to)
{
    uint8_t bytes[DECODE_CRYPTO_STREAM_BYTES + 16];

    for (size_t i = from; i < to; i++)
        bytes[i - from] = byte_at(i);
    return decode_crypto_stream_add(s, from, cursor_make(bytes, to - from));
}

/* The bytes to the first hole are as many as expected and the right ones, and the ranges are in order, apart. */
static void check(const struct decode_crypto_stream *s, size_t expected)
{
    struct cursor c = decode_crypto_stream_read(s);

    assert_int_equal(cursor_left(&c), expected);
    for (size_t i = 0; i < expected; i++)
        assert_int_equal(cursor_u8(&c), byte_at(i));
    assert_true(s->range_count <= DECODE_CRYPTO_STREAM_RANGES_MAX);
    for (size_t i = 0; i < s->range_count; i++) {
        assert_true(s->ranges[i].from < s->ranges[i].to);
        assert_true(i == 0 || s->ranges[i - 1].to < s->ranges[i].from);
    }
}

static const struct {
    const char *name;
    struct { uint16_t from, to; } pieces[6];
    size_t readable, ranges;
} orders[] = {
    { "in order", { { 0, 10 }, { 10, 20 }, { 20, 30 } }, 30, 1 },
    { "backwards", { { 20, 30 }, { 10, 20 }, { 0, 10 } }, 30, 1 },
    { "with a hole", { { 0, 10 }, { 20, 30 } }, 10, 2 },
    { "without the beginning", { { 1, 10 }, { 10, 20 } }, 0, 1 },
    { "overlapping", { { 0, 15 }, { 10, 20 }, { 5, 12 } }, 20, 1 },
    { "one over all of them", { { 2, 4 }, { 6, 8 }, { 10, 12 }, { 0, 14 } }, 14, 1 },
    { "one between two", { { 0, 4 }, { 8, 12 }, { 4, 8 } }, 12, 1 },
    { "repeated", { { 0, 4 }, { 0, 4 }, { 0, 4 } }, 4, 1 },
    { "an empty one", { { 0, 4 }, { 4, 4 } }, 4, 1 },
    { "up to the end", { { 0, 16383 }, { 16383, 16384 } }, 16384, 1 },
};

static void every_order(void **state)
{
    static struct decode_crypto_stream s;

    (void)state;
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        memset(&s, 0xa5, sizeof s);
        decode_crypto_stream_reset(&s);
        for (size_t k = 0; k < 6; k++)
            if (orders[i].pieces[k].to)
                assert_true(add(&s, orders[i].pieces[k].from, orders[i].pieces[k].to));
        check(&s, orders[i].readable);
        assert_int_equal(s.range_count, orders[i].ranges);
        assert_int_equal(s.pieces_left_out, 0);
    }
}

static void beyond_the_buffer(void **state)
{
    static struct decode_crypto_stream s;
    const uint8_t byte = 1;

    (void)state;
    decode_crypto_stream_reset(&s);
    assert_true(add(&s, 0, 16380));
    assert_false(add(&s, 16380, 16390));
    check(&s, 16384);
    assert_false(decode_crypto_stream_add(&s, 16384, cursor_make(&byte, 1)));
    assert_false(decode_crypto_stream_add(&s, UINT64_MAX, cursor_make(&byte, 1)));
    assert_false(decode_crypto_stream_add(&s, UINT64_C(1) << 32, cursor_make(&byte, 1)));
    assert_int_equal(s.pieces_left_out, 4);
    check(&s, 16384);
}

static void too_many_holes(void **state)
{
    static struct decode_crypto_stream s;

    (void)state;
    decode_crypto_stream_reset(&s);
    for (size_t i = 0; i < DECODE_CRYPTO_STREAM_RANGES_MAX; i++)
        assert_true(add(&s, 4 * i, 4 * i + 2));
    assert_false(add(&s, 4 * DECODE_CRYPTO_STREAM_RANGES_MAX, 4 * DECODE_CRYPTO_STREAM_RANGES_MAX + 2));
    assert_int_equal(s.pieces_left_out, 1);
    check(&s, 2);
    assert_true(add(&s, 2, 4)); /* fills a hole: fits also when all places are taken */
    check(&s, 6);
    assert_true(add(&s, 0, 4 * DECODE_CRYPTO_STREAM_RANGES_MAX));
    check(&s, 4 * DECODE_CRYPTO_STREAM_RANGES_MAX);
}

/* Any pieces in any order say the same as a map of bytes does. */
static void like_a_map(void **state)
{
    enum { SPACE = 512 };
    static struct decode_crypto_stream s;
    uint32_t random = 12345;

    (void)state;
    for (int round = 0; round < 200; round++) {
        bool here[SPACE] = { false };
        decode_crypto_stream_reset(&s);
        for (int piece = 0; piece < 40; piece++) {
            random = random * 1664525 + 1013904223;
            size_t from = (random >> 8) % (SPACE - 32), to = from + (random >> 20) % 32;
            if (!add(&s, from, to))
                continue;
            for (size_t i = from; i < to; i++)
                here[i] = true;
            size_t readable = 0;
            while (readable < SPACE && here[readable])
                readable++;
            check(&s, readable);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_order),
        cmocka_unit_test(beyond_the_buffer),
        cmocka_unit_test(too_many_holes),
        cmocka_unit_test(like_a_map),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
