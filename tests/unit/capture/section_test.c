/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

static void sections_change_byte_order_and_start_interfaces_anew(void **state)
{
    (void)state;
    struct file f = simple_pcapng(false);
    put_interface(&f, 113, 0);
    put_packet(&f, 1, 1000000, 4);
    f.big_endian = true;
    put_section(&f);
    put_interface(&f, 101, 0);
    put_packet(&f, 0, 2000000, 4);
    put_packet(&f, 1, 3000000, 4); /* not in this section */
    struct reading r = read_file(&f);
    assert_int_equal(r.info.packets, 3);
    assert_int_equal(r.packets[0].link_type, 113);
    assert_int_equal(r.packets[0].interface, 1);
    assert_int_equal(r.packets[1].link_type, 101);
    assert_int_equal(r.packets[1].interface, 2);
    assert_int_equal(r.packets[1].time_ns, 2000000000);
    assert_int_equal(r.packets[2].link_type, CAPTURE_NO_LINK_TYPE);
    assert_int_equal(r.packets[2].time_ns, 3000000000);
    assert_int_equal(r.info.bad_interface_packets, 1);
    assert_int_equal(r.info.link_type_count, 2);
    free(f.bytes);
}

static void interface_options_are_read(void **state)
{
    (void)state;
    struct file f = { .big_endian = true };
    put_section(&f);
    interface_begin(&f, 1, 1000);
    put_option_number(&f, 9, 9, 1);
    put_option_number(&f, 14, 100, 8);
    put_option(&f, 11, "\0tcp port 443", 13);
    put_option(&f, 1, "of the interface", 16);
    block_end(&f);
    put_packet(&f, 0, 42, 4);
    struct reading r = read_file(&f);
    assert_int_equal(r.packets[0].time_ns, 100000000042);
    assert_string_equal(r.filter, "tcp port 443");
    assert_string_equal(r.comments[0], "of the interface");
    assert_int_equal(r.info.snap_length_min, 1000);
    free(f.bytes);
}

static void a_filter_as_bytecode_is_not_shown(void **state)
{
    (void)state;
    struct file f = { 0 };
    put_section(&f);
    interface_begin(&f, 1, 0);
    put_option(&f, 11, "\1\0\0\0\0\0\0\0\0", 9);
    block_end(&f);
    struct reading r = read_file(&f);
    assert_int_equal(r.status, STATUS_OK);
    assert_null(r.info.filter);
    assert_int_equal(r.info.snap_length_min, 0);
    free(f.bytes);
}

static void put_statistics(struct file *f, uint32_t interface, uint64_t drops, uint64_t os_drops)
{
    block_begin(f, 5);
    put32(f, interface);
    put_fill(f, 0, 8);
    put_option_number(f, 5, drops, 8);
    put_option_number(f, 7, os_drops, 8);
    block_end(f);
}

/* Statistics are running totals: the last ones count. What packets say is the same count in pieces. */
static void drops_are_summed_over_interfaces(void **state)
{
    (void)state;
    struct file f = simple_pcapng(false);
    put_interface(&f, 1, 0);
    put_statistics(&f, 0, 5, 1);
    put_statistics(&f, 0, 8, 2);
    put_statistics(&f, 1, UINT64_MAX, 4); /* not known */
    put_statistics(&f, 7, 1000, 1000);    /* no such interface */
    packet_begin(&f, 1, 1, 4);
    put_option_number(&f, 4, 20, 8);
    block_end(&f);
    packet_begin(&f, 0, 1, 4);
    put_option_number(&f, 4, 3, 8); /* among the 8 */
    block_end(&f);
    put_section(&f);
    put_interface(&f, 1, 0);
    put_statistics(&f, 0, 100, 0);
    struct reading r = read_file(&f);
    assert_true(r.info.has_drop_counts);
    assert_int_equal(r.info.interface_drops, 8 + 20 + 100);
    assert_int_equal(r.info.os_drops, 2 + 4);
    free(f.bytes);
}

static void no_counts_are_no_zero(void **state)
{
    (void)state;
    struct file f = simple_pcapng(false);
    put_packet(&f, 0, 1, 4);
    struct reading r = read_file(&f);
    assert_false(r.info.has_drop_counts);
    free(f.bytes);
}

static void interfaces_beyond_the_limit_are_not_there(void **state)
{
    (void)state;
    struct file f = { 0 };
    put_section(&f);
    for (int i = 0; i < CAPTURE_INTERFACES_MAX + 3; i++)
        put_interface(&f, 1, 0);
    put_packet(&f, CAPTURE_INTERFACES_MAX - 1, 1, 4);
    put_packet(&f, CAPTURE_INTERFACES_MAX, 1, 4);
    put_packet(&f, UINT32_MAX, 1, 4);
    struct reading r = read_file(&f);
    assert_int_equal(r.packets[0].link_type, 1);
    assert_int_equal(r.packets[1].link_type, CAPTURE_NO_LINK_TYPE);
    assert_int_equal(r.packets[2].interface, UINT32_MAX);
    assert_int_equal(r.info.bad_interface_packets, 2);
    free(f.bytes);
}

static const struct {
    const char *name;
    size_t at;
    uint32_t value;
    bool first_refused;
    const char *says;
} header_rows[] = {
    { "byte order mark", 8, 0x11223344, true, "without a valid byte order mark" },
    { "version 2.0", 12, 0x00000002, true, "unknown version 2.0" },
    { "version 1.1", 12, 0x00010001, true, "unknown version 1.1" },
    { "version 1.2 is 1.0", 12, 0x00020001, false, "" },
};

static void unknown_sections_are_refused_or_damage(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(header_rows); i++) {
        struct file f = { 0 };
        put_section(&f);
        set32(&f, header_rows[i].at, header_rows[i].value);
        struct reading r = read_file(&f);
        bool refused = r.status == STATUS_BAD_INPUT;
        if (refused != header_rows[i].first_refused || !strstr(r.error.text, header_rows[i].says))
            fail_msg("%s as the first: status %d, %s", header_rows[i].name, r.status, r.error.text);
        free(f.bytes);

        f = simple_pcapng(false);
        put_packet(&f, 0, 1, 4);
        size_t at = f.length;
        put_section(&f);
        set32(&f, at + header_rows[i].at, header_rows[i].value);
        r = read_file(&f);
        if (r.status != STATUS_OK || r.info.packets != 1 || !strstr(r.damaged, header_rows[i].says))
            fail_msg("%s as the second: status %d, %s", header_rows[i].name, r.status, r.damaged);
        free(f.bytes);
    }
}

static void comments_are_kept_up_to_the_limit(void **state)
{
    (void)state;
    struct file f = { 0 };
    block_begin(&f, 0x0a0d0d0a);
    put32(&f, 0x1a2b3c4d);
    put16(&f, 1);
    put16(&f, 0);
    put_fill(&f, 0xff, 8);
    put_option(&f, 1, "of the section", 14);
    block_end(&f);
    put_interface(&f, 1, 0);
    for (int i = 0; i < 100; i++) {
        packet_begin(&f, 0, 1, 4);
        put_option(&f, 1, "bad \xff byte", 10);
        block_end(&f);
    }
    struct reading r = read_file(&f);
    assert_int_equal(r.info.comment_count, 64);
    assert_int_equal(r.info.comments_seen, 101);
    assert_string_equal(r.comments[0], "of the section");
    assert_string_equal(r.comments[1], "bad \xEF\xBF\xBD byte");
    free(f.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sections_change_byte_order_and_start_interfaces_anew),
        cmocka_unit_test(interface_options_are_read),
        cmocka_unit_test(a_filter_as_bytecode_is_not_shown),
        cmocka_unit_test(drops_are_summed_over_interfaces),
        cmocka_unit_test(no_counts_are_no_zero),
        cmocka_unit_test(interfaces_beyond_the_limit_are_not_there),
        cmocka_unit_test(unknown_sections_are_refused_or_damage),
        cmocka_unit_test(comments_are_kept_up_to_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
