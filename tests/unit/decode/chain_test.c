/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/chain.h"

#include "rows.h"

struct chain_row {
    const char *name;
    uint8_t first;
    const char *hex;
    struct decode_chain expect;
    bool ok;
    size_t left;
};

static const struct chain_row chains[] = {
    { "none", 6, "00112233", { .protocol = 6 }, true, 4 },
    { "hop-by-hop", 0, "1100010400000000" "aabb", { .protocol = 17 }, true, 2 },
    { "hop-by-hop of sixteen bytes", 0, "1101010c000000000000000000000000" "aa", { .protocol = 17 }, true, 1 },
    { "routing", 43, "0600040000000000", { .protocol = 6, .address_rewritten = true }, true, 0 },
    { "destination options", 60, "0600010400000000", { .protocol = 6, .address_rewritten = true }, true, 0 },
    { "authentication", 51, "06040000" "0000000100000001" "000000000000000000000000" "aa", { .protocol = 6 }, true, 1 },
    { "first fragment", 44, "06000001deadbeef" "aa",
      { .protocol = 6, .fragmented = true, .fragment_id = 0xdeadbeef }, true, 1 },
    { "later fragment: what follows is data", 44, "00000011deadbeef" "aa",
      { .protocol = 0, .fragmented = true, .fragment_offset = 2, .fragment_id = 0xdeadbeef }, true, 1 },
    { "atomic fragment", 44, "06000000deadbeef" "aa", { .protocol = 6, .fragment_id = 0xdeadbeef }, true, 1 },
    { "reserved bits are not the offset", 44, "06000006deadbeef",
      { .protocol = 6, .fragment_id = 0xdeadbeef }, true, 0 },
    { "longer than the packet", 0, "06ff010400000000", { .protocol = 6 }, false, 6 },
    { "ends within a header", 44, "0600", { .protocol = 6 }, false, 0 },
};

static void rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof chains / sizeof chains[0]; i++) {
        const struct chain_row *row = &chains[i];
        uint8_t bytes[ROWS_FRAME_MAX];
        struct cursor c = cursor_make(bytes, rows_bytes(row->hex, bytes));
        struct decode_chain got;

        decode_chain_read(&c, row->first, &got);
        if (cursor_ok(&c) != row->ok || cursor_left(&c) != row->left)
            fail_msg("row \"%s\": ok %d, %zu bytes left", row->name, cursor_ok(&c), cursor_left(&c));
        if (row->ok && (got.protocol != row->expect.protocol || got.fragmented != row->expect.fragmented ||
                        got.fragment_offset != row->expect.fragment_offset || got.too_long ||
                        got.fragment_id != row->expect.fragment_id ||
                        got.address_rewritten != row->expect.address_rewritten))
            fail_msg("row \"%s\": protocol %u, fragment %d %u %08x", row->name, got.protocol, got.fragmented,
                     got.fragment_offset, got.fragment_id);
    }
}

static void too_long(void **state)
{
    (void)state;
    uint8_t bytes[8 * (DECODE_CHAIN_MAX + 1)] = { 0 };
    struct cursor c = cursor_make(bytes, sizeof bytes);
    struct decode_chain got;

    decode_chain_read(&c, 0, &got); /* hop-by-hop without end */
    assert_true(got.too_long);
    assert_int_equal(cursor_left(&c), 8);

    bytes[8 * (DECODE_CHAIN_MAX - 1)] = 6;
    c = cursor_make(bytes, sizeof bytes);
    decode_chain_read(&c, 0, &got);
    assert_false(got.too_long);
    assert_int_equal(got.protocol, 6);
}

struct jumbo_row {
    const char *name, *hex;
    uint32_t expect;
};

static const struct jumbo_row jumbos[] = {
    { "BIG TCP as Linux writes it", "0600c204000138a8", 0x138a8 },
    { "behind padding", "0601" "00" "0100" "00000000c20400010000" "00", 0x10000 },
    { "other options only", "0600050200000100", 0 },
    { "option longer than the header", "0600c2ff00010000", 0 },
    { "header longer than the packet", "0609c20400010000", 0 },
    { "nothing", "", 0 },
};

static void jumbo(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof jumbos / sizeof jumbos[0]; i++) {
        uint8_t bytes[ROWS_FRAME_MAX];
        struct cursor c = cursor_make(bytes, rows_bytes(jumbos[i].hex, bytes));
        uint32_t got = decode_chain_jumbo(c);
        if (got != jumbos[i].expect)
            fail_msg("row \"%s\": %u", jumbos[i].name, got);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows),
        cmocka_unit_test(too_long),
        cmocka_unit_test(jumbo),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
