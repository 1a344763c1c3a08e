/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

static const struct {
    const char *name;
    bool big_endian;
    uint32_t magic;
    uint32_t network;
    int64_t time_ns; /* of 7 s and a fraction of 5 */
    uint16_t link_type;
} format_rows[] = {
    { "microseconds", false, 0xa1b2c3d4, 1, 7000005000, 1 },
    { "microseconds, big-endian", true, 0xa1b2c3d4, 1, 7000005000, 1 },
    { "nanoseconds", false, 0xa1b23c4d, 113, 7000000005, 113 },
    { "nanoseconds, big-endian", true, 0xa1b23c4d, 276, 7000000005, 276 },
    { "frame check sequence in the upper bits", false, 0xa1b2c3d4, 0x24000001, 7000005000, 1 },
    { "raw IP as most systems number it", false, 0xa1b2c3d4, 12, 7000005000, 101 },
    { "raw IP as OpenBSD numbers it", true, 0xa1b2c3d4, 14, 7000005000, 101 },
};

static void formats_are_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(format_rows); i++) {
        struct file f = { .big_endian = format_rows[i].big_endian };
        put_pcap_header(&f, format_rows[i].magic, 4, format_rows[i].network);
        put_record(&f, 7, 5, 60, 1514);
        put_record(&f, 8, 0, 0, 0);
        struct reading r = read_file(&f);
        const struct capture_packet *p = r.packets;
        bool right = r.status == STATUS_OK && r.info.packets == 2 && p->time_ns == format_rows[i].time_ns
                     && p->link_type == format_rows[i].link_type && p->captured_bytes == 60 && p->wire_bytes == 1514
                     && r.first_bytes[0] == 7 && p[1].captured_bytes == 0 && !r.info.damaged
                     && r.info.bytes_read == f.length && r.info.captured_bytes == 60;
        if (!right || strcmp(r.format, "pcap") != 0)
            fail_msg("%s: status %d, %s%s", format_rows[i].name, r.status, r.error.text, r.damaged);
        free(f.bytes);
    }
}

static const struct {
    const char *name;
    unsigned minor;
    uint32_t first, second;
    uint32_t captured, wire;
} length_rows[] = {
    { "2.4", 4, 20, 100, 20, 100 },
    { "2.4, wire length below captured", 4, 20, 10, 20, 20 },
    { "2.2 has them the other way round", 2, 100, 20, 20, 100 },
    { "2.3 either way: swapped", 3, 100, 20, 20, 100 },
    { "2.3 either way: not swapped", 3, 20, 100, 20, 100 },
};

static void lengths_follow_the_version(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(length_rows); i++) {
        struct file f = { 0 };
        put_pcap_header(&f, 0xa1b2c3d4, length_rows[i].minor, 1);
        put_fill(&f, 0, 8);
        put32(&f, length_rows[i].first);
        put32(&f, length_rows[i].second);
        put_fill(&f, 1, length_rows[i].captured);
        struct reading r = read_file(&f);
        if (r.info.packets != 1 || r.packets[0].captured_bytes != length_rows[i].captured
            || r.packets[0].wire_bytes != length_rows[i].wire || r.info.damaged)
            fail_msg("%s: %u of %u, %s", length_rows[i].name, r.packets[0].captured_bytes, r.packets[0].wire_bytes,
                     r.damaged);
        free(f.bytes);
    }
}

static void modified_records_tell_the_direction(void **state)
{
    (void)state;
    static const uint8_t expected[] = { CAPTURE_DIRECTION_INBOUND, CAPTURE_DIRECTION_OUTBOUND,
                                        CAPTURE_DIRECTION_UNKNOWN };
    static const uint8_t types[] = { 0, 4, 3 };
    struct file f = { 0 };
    put_pcap_header(&f, 0xa1b2cd34, 4, 1);
    for (size_t i = 0; i < COUNT(types); i++) {
        put_record(&f, 1, 0, 0, 0);
        set32(&f, f.length - 8, 4); /* captured: the bytes follow the longer header */
        set32(&f, f.length - 4, 4);
        put32(&f, 2);
        put16(&f, 0x0008);
        put(&f, &types[i], 1);
        put_fill(&f, 0, 1);
        put_fill(&f, 0x77, 4);
    }
    struct reading r = read_file(&f);
    assert_int_equal(r.info.packets, COUNT(types));
    for (size_t i = 0; i < COUNT(types); i++) {
        assert_int_equal(r.packets[i].direction, expected[i]);
        assert_int_equal(r.first_bytes[i], 0x77);
    }
    free(f.bytes);
}

static void headers_that_cannot_be_are_refused(void **state)
{
    (void)state;
    struct file f = simple_pcap(1, 10);
    for (size_t length = 4; length < 24; length++) {
        struct file cut = f;
        cut.length = length;
        struct reading r = read_file(&cut);
        assert_int_equal(r.status, STATUS_BAD_INPUT);
        assert_non_null(strstr(r.error.text, "ends inside the file header"));
    }
    f.bytes[4] = 1; /* version 1.4 */
    struct reading r = read_file(&f);
    assert_int_equal(r.status, STATUS_BAD_INPUT);
    assert_non_null(strstr(r.error.text, "version 1.4"));
    free(f.bytes);
}

static void a_cut_is_told_with_place_and_rest(void **state)
{
    (void)state;
    struct file f = simple_pcap(3, 10);
    const size_t third = 24 + 2 * 26;
    for (size_t length = third; length < f.length; length++) {
        struct file cut = f;
        cut.length = length;
        struct reading r = read_file(&cut);
        assert_int_equal(r.status, STATUS_OK);
        assert_int_equal(r.info.packets, 2);
        char expected[128] = "";
        if (length > third)
            snprintf(expected, sizeof expected,
                     "cut inside a packet record at byte 76, after packet 2: the capture was read up to there and %zu",
                     length - third);
        if (!!r.damaged[0] != (length > third) || !strstr(r.damaged, expected))
            fail_msg("cut to %zu: %s", length, r.damaged);
    }
    free(f.bytes);
}

static void a_record_too_long_ends_the_reading(void **state)
{
    (void)state;
    struct file f = simple_pcap(1, 10);
    put_record(&f, 2, 0, CAPTURE_PACKET_BYTES_MAX, CAPTURE_PACKET_BYTES_MAX);
    size_t at = f.length;
    put_record(&f, 3, 0, 0, 0);
    set32(&f, at + 8, CAPTURE_PACKET_BYTES_MAX + 1);
    put_fill(&f, 9, 700000);
    struct reading r = read_file(&f);
    assert_int_equal(r.info.packets, 2);
    assert_non_null(strstr(r.damaged, "claims 262145 bytes begins at byte 262210, after packet 2"));
    assert_non_null(strstr(r.damaged, "700016 bytes were left unread"));
    free(f.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_are_read),
        cmocka_unit_test(lengths_follow_the_version),
        cmocka_unit_test(modified_records_tell_the_direction),
        cmocka_unit_test(headers_that_cannot_be_are_refused),
        cmocka_unit_test(a_cut_is_told_with_place_and_rest),
        cmocka_unit_test(a_record_too_long_ends_the_reading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
