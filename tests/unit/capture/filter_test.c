/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

/* IPv4, UDP from 10.0.0.1:5000 to 10.0.0.2:443, no payload. */
static const uint8_t datagram[] = {
    0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0x13, 0x88, 0x01, 0xbb, 0, 8, 0, 0,
};

static const struct {
    const char *name;
    uint16_t link_type;
    size_t header_length;
    const char *header;
} links[] = {
    { "Ethernet", 1, 14, "\0\0\0\0\0\0\0\0\0\0\0\0\x08\0" },
    { "RAW", 101, 0, "" },
    { "IPV4", 228, 0, "" },
    { "LOOP", 108, 4, "\0\0\0\x02" },
    { "PPP_HDLC", 50, 4, "\xff\x03\0\x21" },
    { "PPP_ETHER", 51, 8, "\x11\0\0\1\0\x1e\0\x21" },
    { "LINUX_SLL", 113, 16, "\0\0\0\1\0\6\0\0\0\0\0\0\0\0\x08\0" },
    { "LINUX_SLL2", 276, 20, "\x08\0\0\0\0\0\0\1\0\1\0\6\0\0\0\0\0\0\0\0" },
};

static enum capture_filter_answer match(const struct capture_filter *filter, size_t link)
{
    struct file f = { 0 };
    put(&f, links[link].header, links[link].header_length);
    put(&f, datagram, sizeof datagram);
    struct capture_packet packet = { .bytes = f.bytes, .captured_bytes = (uint32_t)f.length,
                                     .wire_bytes = (uint32_t)f.length, .link_type = links[link].link_type };
    enum capture_filter_answer answer = capture_filter_match(filter, &packet);
    free(f.bytes);
    return answer;
}

static void frames_of_every_link_type_are_matched(void **state)
{
    (void)state;
    struct capture_filter *yes, *no;
    struct error error;
    assert_int_equal(capture_filter_new("udp dst port 443 and host 10.0.0.1", &yes, &error), STATUS_OK);
    assert_int_equal(capture_filter_new("tcp or udp port 4195", &no, &error), STATUS_OK);
    for (size_t i = 0; i < COUNT(links); i++) {
        if (match(yes, i) != CAPTURE_FILTER_PASS)
            fail_msg("%s is not passed: %d", links[i].name, match(yes, i));
        if (match(no, i) != CAPTURE_FILTER_DROP)
            fail_msg("%s is not dropped: %d", links[i].name, match(no, i));
    }
    capture_filter_free(yes);
    capture_filter_free(no);
}

static enum capture_filter_answer match_link(const char *expression, uint16_t link_type)
{
    struct capture_filter *filter;
    struct error error;
    static const uint8_t frame[64];
    struct capture_packet packet = { .bytes = frame, .captured_bytes = 64, .wire_bytes = 64, .link_type = link_type };
    assert_int_equal(capture_filter_new(expression, &filter, &error), STATUS_OK);
    enum capture_filter_answer answer = capture_filter_match(filter, &packet);
    capture_filter_free(filter);
    return answer;
}

static void some_links_cannot_be_filtered(void **state)
{
    (void)state;
    assert_int_equal(match_link("tcp port 443", 239), CAPTURE_FILTER_NOT_FOR_THIS_LINK);
    assert_int_equal(match_link("vlan", 113), CAPTURE_FILTER_NOT_FOR_THIS_LINK);
    assert_int_equal(match_link("vlan", 1), CAPTURE_FILTER_DROP);
    assert_int_equal(match_link("less 100", 239), CAPTURE_FILTER_PASS);
    assert_int_equal(match_link("tcp", 147), CAPTURE_FILTER_NOT_FOR_THIS_LINK);
    assert_int_equal(match_link("tcp", CAPTURE_NO_LINK_TYPE), CAPTURE_FILTER_NOT_FOR_THIS_LINK);
}

static void wrong_syntax_is_a_usage_error(void **state)
{
    (void)state;
    static const char *const expressions[] = { "tcp prot 443", "((", "host 300.1.2.3", "port 99999" };
    for (size_t i = 0; i < COUNT(expressions); i++) {
        struct capture_filter *filter;
        struct error error;
        assert_int_equal(capture_filter_new(expressions[i], &filter, &error), STATUS_BAD_USAGE);
        assert_null(filter);
        assert_non_null(strstr(error.text, expressions[i]));
    }
}

static void vlan_is_found_as_a_word(void **state)
{
    (void)state;
    static const struct {
        const char *expression;
        bool mentions;
    } rows[] = {
        { "vlan", true },
        { "tcp or (vlan and tcp)", true },
        { "vlan 100 and udp", true },
        { "tcp port 443", false },
        { "(vlan)", true },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct capture_filter *filter;
        struct error error;
        assert_int_equal(capture_filter_new(rows[i].expression, &filter, &error), STATUS_OK);
        assert_int_equal(capture_filter_mentions_vlan(filter), rows[i].mentions);
        capture_filter_free(filter);
    }
}

static void a_short_frame_is_no_match(void **state)
{
    (void)state;
    struct capture_filter *filter;
    struct error error;
    struct capture_packet packet = { .bytes = datagram, .link_type = 101, .wire_bytes = sizeof datagram };
    assert_int_equal(capture_filter_new("udp port 443", &filter, &error), STATUS_OK);
    for (uint32_t length = 0; length < 24; length++) {
        packet.captured_bytes = length;
        assert_int_equal(capture_filter_match(filter, &packet), CAPTURE_FILTER_DROP);
    }
    packet.captured_bytes = 24;
    assert_int_equal(capture_filter_match(filter, &packet), CAPTURE_FILTER_PASS);
    capture_filter_free(filter);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_of_every_link_type_are_matched),
        cmocka_unit_test(some_links_cannot_be_filtered),
        cmocka_unit_test(wrong_syntax_is_a_usage_error),
        cmocka_unit_test(vlan_is_found_as_a_word),
        cmocka_unit_test(a_short_frame_is_no_match),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
