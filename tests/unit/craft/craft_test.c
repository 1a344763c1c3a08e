/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "craft/craft.h"

static const struct craft_link ethernet = {
    .source = { 2, 0, 0, 0, 0, 1 }, .destination = { 2, 0, 0, 0, 0, 2 },
};
static const struct craft_link tagged = {
    .source = { 2, 0, 0, 0, 0, 1 }, .destination = { 2, 0, 0, 0, 0, 2 }, .vlan = 7,
};
static const struct craft_link raw = { .none = true };

static struct ipaddr address(const char *text)
{
    struct ipaddr out;
    assert_true(ipaddr_parse(text, &out));
    return out;
}

static struct craft_ip between(const char *source, const char *destination)
{
    return (struct craft_ip){ .source = address(source), .destination = address(destination), .ttl = 64,
                              .id = 0x1234, .dont_fragment = true };
}

static struct craft *builder(const struct craft_link *link)
{
    struct error error = { "" };
    struct craft *craft = craft_new(link, &error);
    assert_string_equal(error.text, "");
    assert_non_null(craft);
    return craft;
}

static struct craft_bytes packet_of(const struct craft_frame *frame)
{
    return (struct craft_bytes){ frame->bytes + frame->ip_offset, frame->length - frame->ip_offset };
}

static void assert_hex(const struct craft_frame *frame, const char *name, const char *expected)
{
    char hex[1024] = "";
    for (size_t i = 0; i < frame->length && i < 400; i++)
        snprintf(hex + 2 * i, 3, "%02x", frame->bytes[i]);
    if (strcmp(hex, expected) != 0)
        print_error("row %s\n", name);
    assert_string_equal(hex, expected);
}

/* The bytes were computed apart from this code, from the layouts of RFC 791, 8200 and 9293. */
static void test_tcp_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *name, *source, *destination;
        const struct craft_link *link;
        struct craft_tcp tcp;
        const char *payload, *expected;
    } rows[] = {
        { "a SYN with every option of a SYN", "10.20.30.11", "18.134.68.57", &ethernet,
          { 50000, 4195, 0x01020304, 0, CRAFT_SYN, 64240,
            { .mss = 1460, .sack_permitted = true, .has_timestamps = true, .tsval = 1, .has_window_scale = true,
              .window_scale = 7 } }, "",
          "02000000000202000000000108004500003c123440004006a9aa0a141e0b12864439c35010630102"
          "030400000000a002faf0f07c0000020405b40402080a000000010000000003030701" },
        { "data of odd length behind a tag", "10.20.30.11", "18.134.68.57", &tagged,
          { 50000, 4195, 1, 2, CRAFT_PSH | CRAFT_ACK, 501, { .mss = 0 } }, "abc",
          "0200000000020200000000018100000708004500002b123440004006a9bb0a141e0b12864439c350"
          "10630000000100000002501801f596dd0000616263" },
        { "RST over IPv6, no link", "2001:db8::1", "2a05:d02c:8::5", &raw,
          { 50000, 4195, 1, 2, CRAFT_RST | CRAFT_ACK, 0, { .mss = 0 } }, "",
          "600000000014064020010db80000000000000000000000012a05d02c000800000000000000000005"
          "c3501063000000010000000250140000b4210000" },
        { "three SACK blocks beside time stamps", "10.0.0.1", "18.134.68.57", &raw,
          { 50000, 4195, 1, 2, CRAFT_ACK, 501,
            { .has_timestamps = true, .tsval = 5, .tsecr = 6, .sack_count = 3,
              .sack = { { 10, 20 }, { 30, 40 }, { 50, 60 } } } }, "",
          "4500004c123440004006c7b80a00000112864439c35010630000000100000002e01001f5db430000"
          "080a0000000500000006051a0000000a000000140000001e00000028000000320000003c" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct craft *craft = builder(rows[i].link);
        struct craft_ip ip = between(rows[i].source, rows[i].destination);
        struct craft_bytes payload = { (const uint8_t *)rows[i].payload, strlen(rows[i].payload) };
        struct craft_frame frame;
        assert_int_equal(craft_build_tcp(craft, &ip, &rows[i].tcp, payload, &frame), STATUS_OK);
        if (!craft_checksums_right(packet_of(&frame)))
            print_error("row %s\n", rows[i].name);
        assert_true(craft_checksums_right(packet_of(&frame)));
        assert_hex(&frame, rows[i].name, rows[i].expected);
        craft_free(craft);
    }
}

static void test_udp_checksums_of_every_length(void **state)
{
    (void)state;
    static const char *const ends[][2] = { { "10.0.0.1", "18.134.68.57" }, { "2001:db8::1", "2a05:d02c:8::5" } };
    uint8_t payload[1500];
    for (size_t i = 0; i < sizeof payload; i++)
        payload[i] = (uint8_t)(i * 7);
    struct craft *craft = builder(&raw);
    for (size_t family = 0; family < 2; family++) {
        struct craft_ip ip = between(ends[family][0], ends[family][1]);
        for (size_t length = 0; length <= sizeof payload; length++) {
            struct craft_frame frame;
            struct craft_udp udp = { 4172, 50002 };
            assert_int_equal(craft_build_udp(craft, &ip, &udp, (struct craft_bytes){ payload, length }, &frame),
                             STATUS_OK);
            assert_int_equal(frame.length, (family ? 48U : 28U) + length);
            assert_true(craft_checksums_right(packet_of(&frame)));
        }
    }
    craft_free(craft);
}

/* Of 65,536 payloads of two bytes one sums to zero, which must be sent as 0xffff. */
static void test_udp_checksum_is_never_zero(void **state)
{
    (void)state;
    struct craft *craft = builder(&raw);
    struct craft_ip ip = between("10.0.0.1", "18.134.68.57");
    struct craft_udp udp = { 50000, 4195 };
    unsigned all_ones = 0;
    for (unsigned value = 0; value < 65536; value++) {
        const uint8_t payload[2] = { (uint8_t)(value >> 8), (uint8_t)value };
        struct craft_frame frame;
        assert_int_equal(craft_build_udp(craft, &ip, &udp, (struct craft_bytes){ payload, 2 }, &frame), STATUS_OK);
        const uint8_t *sum = frame.bytes + 20 + 6;
        assert_true(sum[0] || sum[1]);
        all_ones += sum[0] == 0xff && sum[1] == 0xff;
        assert_true(craft_checksums_right(packet_of(&frame)));
    }
    assert_int_equal(all_ones, 1);
    craft_free(craft);
}

static void test_icmp_errors_quote(void **state)
{
    (void)state;
    static const struct {
        const char *name, *client, *server, *router;
        size_t quote;
        struct craft_icmp icmp;
        size_t expected_bytes;
    } rows[] = {
        { "eight bytes", "10.0.0.1", "18.134.68.57", "10.0.0.254", 8, { 3, 13, 0 }, 20 + 8 + 28 },
        { "twenty-eight bytes", "10.0.0.1", "18.134.68.57", "10.0.0.254", 28, { 3, 1, 0 }, 20 + 8 + 48 },
        { "whole, with an MTU", "10.0.0.1", "18.134.68.57", "10.0.0.254", CRAFT_QUOTE_WHOLE, { 3, 4, 1200 },
          20 + 8 + 57 },
        { "v6, eight bytes", "2001:db8::1", "2a05:d02c:8::5", "2001:db8::fe", 8, { 1, 1, 0 }, 40 + 8 + 48 },
        { "v6, too big", "2001:db8::1", "2a05:d02c:8::5", "2001:db8::fe", CRAFT_QUOTE_WHOLE, { 2, 0, 0x00012345 },
          40 + 8 + 77 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct craft *craft = builder(&raw), *quoted = builder(&raw);
        struct craft_ip up = between(rows[i].client, rows[i].server), back = between(rows[i].router, rows[i].client);
        struct craft_tcp tcp = { .source_port = 50000, .destination_port = 4195, .flags = CRAFT_ACK };
        struct craft_frame original, frame;
        struct craft_bytes payload = { (const uint8_t *)"seventeen bytes..", 17 };
        assert_int_equal(craft_build_tcp(quoted, &up, &tcp, payload, &original), STATUS_OK);
        struct craft_bytes quote = craft_quote(packet_of(&original), rows[i].quote);
        assert_int_equal(craft_build_icmp(craft, &back, &rows[i].icmp, quote, &frame), STATUS_OK);
        if (frame.length != rows[i].expected_bytes || !craft_checksums_right(packet_of(&frame)))
            print_error("row %s: %zu bytes\n", rows[i].name, frame.length);
        assert_int_equal(frame.length, rows[i].expected_bytes);
        assert_true(craft_checksums_right(packet_of(&frame)));
        const uint8_t *header = frame.bytes + frame.length - quote.length - 8;
        assert_int_equal(header[0], rows[i].icmp.type);
        assert_int_equal(header[1], rows[i].icmp.code);
        uint32_t rest = (uint32_t)header[4] << 24 | (uint32_t)header[5] << 16 | (uint32_t)header[6] << 8 | header[7];
        assert_int_equal(rest, rows[i].icmp.rest);
        assert_memory_equal(header + 8, original.bytes, quote.length);
        craft_free(craft);
        craft_free(quoted);
    }
}

static void test_lengths_are_held(void **state)
{
    (void)state;
    static uint8_t payload[65536];
    static const struct {
        const char *name, *source, *destination;
        size_t payload;
        enum status expected;
    } rows[] = {
        { "the longest IPv4 datagram", "10.0.0.1", "10.0.0.2", 65535 - 28, STATUS_OK },
        { "one more", "10.0.0.1", "10.0.0.2", 65535 - 27, STATUS_BAD_USAGE },
        { "the longest IPv6 datagram", "::1", "::2", 65535 - 8, STATUS_OK },
        { "one more over IPv6", "::1", "::2", 65535 - 7, STATUS_BAD_USAGE },
        { "two families", "10.0.0.1", "2001:db8::1", 1, STATUS_BAD_USAGE },
    };
    struct craft *craft = builder(&raw);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct craft_ip ip = between(rows[i].source, rows[i].destination);
        struct craft_udp udp = { 1, 2 };
        struct craft_frame frame;
        enum status status =
            craft_build_udp(craft, &ip, &udp, (struct craft_bytes){ payload, rows[i].payload }, &frame);
        if (status != rows[i].expected)
            print_error("row %s\n", rows[i].name);
        assert_int_equal(status, rows[i].expected);
    }
    craft_free(craft);
}

static void test_options_that_do_not_fit(void **state)
{
    (void)state;
    struct craft *craft = builder(&raw);
    struct craft_ip ip = between("10.0.0.1", "10.0.0.2");
    struct craft_tcp four = { .options = { .sack_count = 4 } }, mixed = { .options = { .mss = 1460, .sack_count = 1 } };
    struct craft_frame frame;
    struct craft_bytes none = { NULL, 0 };
    assert_int_equal(craft_build_tcp(craft, &ip, &four, none, &frame), STATUS_BAD_USAGE);
    assert_int_equal(craft_build_tcp(craft, &ip, &mixed, none, &frame), STATUS_BAD_USAGE);
    struct craft_tcp plain = { .flags = CRAFT_SYN };
    assert_int_equal(craft_build_tcp(craft, &ip, &plain, none, &frame), STATUS_OK);
    assert_int_equal(frame.length, 40); /* nothing of the refused ones is left behind */
    craft_free(craft);
}

static void test_ttl_on_the_way(void **state)
{
    (void)state;
    static const char *const ends[][2] = { { "10.0.0.1", "18.134.68.57" }, { "2001:db8::1", "2a05:d02c:8::5" } };
    struct craft *craft = builder(&raw);
    for (size_t family = 0; family < 2; family++) {
        struct craft_ip ip = between(ends[family][0], ends[family][1]);
        struct craft_tcp tcp = { .flags = CRAFT_SYN };
        struct craft_frame frame;
        uint8_t packet[100];
        assert_int_equal(craft_build_tcp(craft, &ip, &tcp, (struct craft_bytes){ NULL, 0 }, &frame), STATUS_OK);
        memcpy(packet, frame.bytes, frame.length);
        craft_set_ttl(packet, frame.length, 51);
        assert_int_equal(packet[family ? 7 : 8], 51);
        assert_true(craft_checksums_right((struct craft_bytes){ packet, frame.length }));
    }
    craft_free(craft);
}

/* The check must be able to say no: each bit of a good packet turned over (but the TTL of IPv6, the flow label and
 * the traffic class, which no checksum covers). */
static void test_a_wrong_bit_is_seen(void **state)
{
    (void)state;
    struct craft *craft = builder(&raw);
    struct craft_ip ip = between("10.0.0.1", "18.134.68.57");
    struct craft_tcp tcp = { .flags = CRAFT_SYN, .options = { .mss = 1460 } };
    struct craft_frame frame;
    uint8_t packet[100];
    assert_int_equal(craft_build_tcp(craft, &ip, &tcp, (struct craft_bytes){ NULL, 0 }, &frame), STATUS_OK);
    memcpy(packet, frame.bytes, frame.length);
    for (size_t bit = 0; bit < 8 * frame.length; bit++) {
        packet[bit / 8] = (uint8_t)(packet[bit / 8] ^ 1u << bit % 8);
        assert_false(craft_checksums_right((struct craft_bytes){ packet, frame.length }));
        packet[bit / 8] = (uint8_t)(packet[bit / 8] ^ 1u << bit % 8);
    }
    for (size_t length = 0; length < frame.length; length++)
        assert_false(craft_checksums_right((struct craft_bytes){ packet, length }));
    craft_free(craft);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tcp_bytes),
        cmocka_unit_test(test_udp_checksums_of_every_length),
        cmocka_unit_test(test_udp_checksum_is_never_zero),
        cmocka_unit_test(test_icmp_errors_quote),
        cmocka_unit_test(test_lengths_are_held),
        cmocka_unit_test(test_options_that_do_not_fit),
        cmocka_unit_test(test_ttl_on_the_way),
        cmocka_unit_test(test_a_wrong_bit_is_seen),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
