/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

static void packets_of_all_kinds_are_read(void **state)
{
    (void)state;
    for (int big = 0; big <= 1; big++) {
        struct file f = simple_pcapng(big);
        put_interface(&f, 113, 50);
        put_packet(&f, 0, 5000001, 21);
        put_packet(&f, 1, 6000000, 4);
        block_begin(&f, 3); /* simple: neither time nor interface */
        put32(&f, 100);
        put_fill(&f, 0x33, 64);
        block_end(&f);
        block_begin(&f, 2); /* obsolete */
        put16(&f, 1);
        put16(&f, 3);
        put32(&f, 0);
        put32(&f, 7000000);
        put32(&f, 8);
        put32(&f, 90);
        put_fill(&f, 0x44, 8);
        put_option_number(&f, 2, 2, 4);
        block_end(&f);
        struct reading r = read_file(&f);
        assert_int_equal(r.status, STATUS_OK);
        assert_string_equal(r.damaged, "");
        assert_int_equal(r.info.packets, 4);
        assert_int_equal(r.packets[0].captured_bytes, 21);
        assert_int_equal(r.packets[0].time_ns, 5000001000);
        assert_int_equal(r.packets[1].link_type, 113);
        assert_int_equal(r.packets[1].interface, 1);
        assert_int_equal(r.packets[2].flags, CAPTURE_NO_TIME);
        assert_int_equal(r.packets[2].time_ns, 6000000000);
        assert_int_equal(r.packets[2].captured_bytes, 64);
        assert_int_equal(r.packets[2].wire_bytes, 100);
        assert_int_equal(r.packets[3].direction, CAPTURE_DIRECTION_OUTBOUND);
        assert_int_equal(r.packets[3].wire_bytes, 90);
        assert_int_equal(r.first_bytes[3], 0x44);
        assert_int_equal(r.info.interface_drops, 3);
        assert_int_equal(r.info.snap_length_min, 50);
        assert_int_equal(r.info.link_type_count, 2);
        assert_int_equal(r.info.bytes_read, f.length);
        free(f.bytes);
    }
}

static const struct {
    const char *name;
    uint32_t flags;
    uint8_t direction, expected;
} flag_rows[] = {
    { "none", 0, CAPTURE_DIRECTION_UNKNOWN, 0 },
    { "inbound", 1, CAPTURE_DIRECTION_INBOUND, 0 },
    { "outbound, checksum not ready", 0x202, CAPTURE_DIRECTION_OUTBOUND, CAPTURE_CHECKSUM_NOT_READY },
    { "checksum valid", 0x400, CAPTURE_DIRECTION_UNKNOWN, CAPTURE_CHECKSUM_VALID },
    { "segmented later", 0x801, CAPTURE_DIRECTION_INBOUND, CAPTURE_SEGMENTED_LATER },
    { "both directions at once say nothing", 3, CAPTURE_DIRECTION_UNKNOWN, 0 },
    { "errors in the upper half", 0xffff0000, CAPTURE_DIRECTION_UNKNOWN, 0 },
};

static void flags_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(flag_rows); i++) {
        struct file f = simple_pcapng(i % 2);
        packet_begin(&f, 0, 1, 3);
        put_option_number(&f, 2, flag_rows[i].flags, 4);
        put_option(&f, 0, "", 0);
        block_end(&f);
        struct reading r = read_file(&f);
        if (r.packets[0].direction != flag_rows[i].direction || r.packets[0].flags != flag_rows[i].expected)
            fail_msg("%s: direction %d, flags %d", flag_rows[i].name, r.packets[0].direction, r.packets[0].flags);
        free(f.bytes);
    }
}

static void a_simple_packet_ends_at_the_snap_length(void **state)
{
    (void)state;
    static const struct {
        uint32_t snap, wire, body, captured;
    } rows[] = { { 32, 100, 64, 32 }, { 0, 60, 60, 60 }, { 200, 100, 64, 64 }, { 200, 10, 64, 10 } };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct file f = { 0 };
        put_section(&f);
        put_interface(&f, 1, rows[i].snap);
        block_begin(&f, 3);
        put32(&f, rows[i].wire);
        put_fill(&f, 1, rows[i].body);
        block_end(&f);
        struct reading r = read_file(&f);
        assert_int_equal(r.info.packets, 1);
        assert_int_equal(r.packets[0].captured_bytes, rows[i].captured);
        free(f.bytes);
    }
}

static void blocks_that_say_nothing_are_passed_over(void **state)
{
    (void)state;
    static const uint32_t types[] = { 4, 10, 0xbad, 0x40000bad, 0x0a0d0d0b, 0x12345678 };
    for (size_t i = 0; i < COUNT(types); i++) {
        struct file f = simple_pcapng(i % 2);
        block_begin(&f, types[i]);
        put_fill(&f, 0xee, i == 2 ? 3000000 : 20); /* one of them longer than a block of the reader */
        block_end(&f);
        put_packet(&f, 0, 1, 10);
        struct reading r = read_file(&f);
        assert_string_equal(r.damaged, "");
        assert_int_equal(r.info.packets, 1);
        assert_int_equal(r.info.bytes_read, f.length);
        free(f.bytes);
    }
}

static const struct {
    const char *name;
    size_t at; /* in the packet block */
    uint32_t value;
    const char *says;
} damage_rows[] = {
    { "4 GiB of a packet block", 4, 0xfffffffc,
      "claims a length of 4294967292 bytes begins at byte 48, after packet 0" },
    { "length that cannot be rounded", 4, 0xffffffff, "claims a length of 4294967296 bytes" },
    { "length below the least", 4, 8, "claims a length of 8 bytes" },
    { "length zero", 4, 0, "claims a length of 0 bytes" },
    { "other length at the end", 52, 60, "two lengths differ" },
    { "captured length beyond the block", 20, 4000, "packet of 4000 bytes" },
    { "captured length of 4 GiB", 20, 0xffffffff, "packet of 4294967295 bytes" },
    { "block longer than the file", 4, 5000, "cut inside a block at byte 48" },
};

static void damage_is_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(damage_rows); i++) {
        struct file f = simple_pcapng(false);
        size_t at = f.length;
        put_packet(&f, 0, 1, 24);
        assert_int_equal(f.length - at, 56);
        set32(&f, at + damage_rows[i].at, damage_rows[i].value);
        struct reading r = read_file(&f);
        if (r.status != STATUS_OK || r.info.packets != 0 || !strstr(r.damaged, damage_rows[i].says)
            || !strstr(r.damaged, "and 56 bytes were left unread"))
            fail_msg("%s: status %d, %s", damage_rows[i].name, r.status, r.damaged);
        free(f.bytes);
    }
}

static void a_long_unknown_block_that_is_cut_is_told_from_its_beginning(void **state)
{
    (void)state;
    struct file f = simple_pcapng(false);
    put_packet(&f, 0, 1, 24);
    size_t at = f.length;
    block_begin(&f, 0x777);
    put_fill(&f, 0, 2000000);
    set32(&f, at + 4, 0xfffffff0);
    struct reading r = read_file(&f);
    assert_int_equal(r.info.packets, 1);
    char expected[128];
    snprintf(expected, sizeof expected, "at byte %zu, after packet 1: the capture was read up to there and %zu bytes",
             at, f.length - at);
    assert_non_null(strstr(r.damaged, expected));
    free(f.bytes);
}

/* Options longer than what is kept in one piece: the packet counts, the rest of the block is passed over. */
static void a_packet_with_a_mebibyte_of_options_is_read(void **state)
{
    (void)state;
    struct file f = simple_pcapng(false);
    packet_begin(&f, 0, 1, 24);
    for (int i = 0; i < 17; i++) {
        put16(&f, 1);
        put16(&f, 65532);
        put_fill(&f, 'x', 65532);
    }
    block_end(&f);
    put_packet(&f, 0, 2, 10);
    struct reading r = read_file(&f);
    assert_string_equal(r.damaged, "");
    assert_int_equal(r.info.packets, 2);
    assert_int_equal(r.packets[1].captured_bytes, 10);
    free(f.bytes);
}

static void options_that_do_not_add_up_do_not_matter(void **state)
{
    (void)state;
    struct file f = simple_pcapng(false);
    packet_begin(&f, 0, 1, 4);
    put16(&f, 1);
    put16(&f, 400);
    block_end(&f);
    put_packet(&f, 0, 2, 4);
    struct reading r = read_file(&f);
    assert_int_equal(r.info.packets, 2);
    assert_int_equal(r.info.comment_count, 0);
    free(f.bytes);
}

static void every_cut_gives_the_packets_before_it(void **state)
{
    (void)state;
    struct file f = simple_pcapng(true);
    size_t ends[3];
    for (size_t i = 0; i < COUNT(ends); i++) {
        put_packet(&f, 0, i, 10);
        ends[i] = f.length;
    }
    for (size_t length = 28; length < f.length; length++) {
        struct file cut = f;
        cut.length = length;
        struct reading r = read_file(&cut);
        size_t whole = 0;
        while (length >= ends[whole])
            whole++;
        bool at_block = length == 28 || length == 48 || length == ends[0] || length == ends[1];
        assert_int_equal(r.info.packets, whole);
        assert_int_equal(r.damaged[0] == '\0', at_block);
    }
    free(f.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packets_of_all_kinds_are_read),
        cmocka_unit_test(flags_are_read),
        cmocka_unit_test(a_simple_packet_ends_at_the_snap_length),
        cmocka_unit_test(blocks_that_say_nothing_are_passed_over),
        cmocka_unit_test(damage_is_told),
        cmocka_unit_test(a_long_unknown_block_that_is_cut_is_told_from_its_beginning),
        cmocka_unit_test(a_packet_with_a_mebibyte_of_options_is_read),
        cmocka_unit_test(options_that_do_not_add_up_do_not_matter),
        cmocka_unit_test(every_cut_gives_the_packets_before_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
