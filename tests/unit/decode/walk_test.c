/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

/* What no single reader decides: link types, link_tag, and that an answer owes nothing to earlier contents of `out`. */

static void decode_hex(uint16_t link_type, const char *hex, struct decode_packet *out)
{
    static struct decode_context context;
    uint8_t bytes[ROWS_FRAME_MAX];
    uint32_t length = (uint32_t)rows_bytes(hex, bytes);

    rows_context(&context);
    rows_decode(&context, link_type, bytes, length, length, out);
}

static void link_types(void **state)
{
    (void)state;
    static const uint16_t read[] = { 0, 1, 9, 12, 14, 50, 51, 101, 104, 105, 108, 113, 127, 192, 228, 229, 239, 276 };
    struct decode_packet p;
    unsigned known = 0;

    for (unsigned type = 0; type < 65536; type++)
        known += decode_reads_link_type((uint16_t)type);
    assert_int_equal(known, sizeof read / sizeof read[0]);
    for (size_t i = 0; i < sizeof read / sizeof read[0]; i++)
        assert_true(decode_reads_link_type(read[i]));

    decode_hex(147, ROWS_SYN4, &p);
    assert_int_equal(p.outcome, DECODE_UNSUPPORTED);
    assert_int_equal(p.unsupported_kind, DECODE_UNSUPPORTED_LINK_TYPE);
    assert_int_equal(p.unsupported, 147);
}

/* Each row is another way to see one packet: no two may share a tag. */
static const struct {
    const char *name;
    uint16_t link_type;
    const char *hex;
} copies[] = {
    { "one port", 1, ROWS_ETHER4 ROWS_SYN4 },
    { "another source address", 1, "0200000000020200000000030800" ROWS_SYN4 },
    { "another destination address", 1, "0200000000040200000000010800" ROWS_SYN4 },
    { "in a VLAN", 1, "02000000000202000000000181000005" "0800" ROWS_SYN4 },
    { "in another VLAN", 1, "02000000000202000000000181000006" "0800" ROWS_SYN4 },
    { "by 802.1ad", 1, "02000000000202000000000188a80006" "0800" ROWS_SYN4 },
    { "in two", 1, "0200000000020200000000018100000581000006" "0800" ROWS_SYN4 },
    { "labelled", 1, "0200000000020200000000018847" "00010140" ROWS_SYN4 },
    { "with another label", 1, "0200000000020200000000018847" "00020140" ROWS_SYN4 },
    { "in a tunnel", 1, ROWS_ETHER4 ROWS_IP4("003c", "04") ROWS_SYN4 },
    { "in a tunnel with a key", 1, ROWS_ETHER4 ROWS_IP4("0044", "2f") "2000080000000001" ROWS_SYN4 },
    { "in a tunnel with another key", 1, ROWS_ETHER4 ROWS_IP4("0044", "2f") "2000080000000002" ROWS_SYN4 },
    { "Linux, received", 113, "00000001000602000000000100000800" ROWS_SYN4 },
    { "Linux, sent", 113, "00040001000602000000000100000800" ROWS_SYN4 },
    { "Linux, interface 1", 276, "0800000000000001000100060200000000010000" ROWS_SYN4 },
    { "Linux, interface 2", 276, "0800000000000002000100060200000000010000" ROWS_SYN4 },
};

static void link_tags(void **state)
{
    (void)state;
    enum { COPIES = sizeof copies / sizeof copies[0] };
    struct decode_packet seen[COPIES];

    for (size_t i = 0; i < COPIES; i++) {
        decode_hex(copies[i].link_type, copies[i].hex, &seen[i]);
        assert_true(seen[i].flags & DECODE_FOLLOWED);
        assert_int_equal(seen[i].hash, seen[0].hash);
        assert_int_equal(seen[i].checksum, seen[0].checksum);
        for (size_t j = 0; j < i; j++)
            if (seen[i].link_tag == seen[j].link_tag)
                fail_msg("\"%s\" and \"%s\" look alike", copies[i].name, copies[j].name);
    }
}

static void hop_count_of_a_label_is_no_difference(void **state)
{
    (void)state;
    struct decode_packet a, b;
    decode_hex(1, "0200000000020200000000018847" "00010140" ROWS_SYN4, &a);
    decode_hex(1, "0200000000020200000000018847" "0001013f" ROWS_SYN4, &b);
    assert_int_equal(a.link_tag, b.link_tag);
}

static void later_fragments_are_tagged_and_named(void **state)
{
    (void)state;
    struct decode_packet p;

    decode_hex(1, ROWS_ETHER4 "4500001c8a5d00b94006" "0000" "0a0000010a000002" "0011223344556677", &p);
    assert_int_equal(p.transport, DECODE_FRAGMENT);
    assert_int_equal(p.fragment_id, 0x8a5d);
    assert_int_not_equal(p.link_tag, 0);
    decode_hex(101, ROWS_IP6("0010", "2c") "060000b9deadbeef" "0011223344556677", &p);
    assert_int_equal(p.transport, DECODE_FRAGMENT);
    assert_int_equal(p.fragment_id, 0xdeadbeef);
    decode_hex(1, ROWS_ETHER4 ROWS_SYN4, &p);
    assert_int_equal(p.fragment_id, 0);
}

/* 21,000 labels would be read for nothing. */
static void steps_are_bounded(void **state)
{
    (void)state;
    static struct decode_context context;
    static uint8_t labels[65536];
    struct decode_packet p = { 0 };

    rows_context(&context);
    memcpy(labels + 12, (const uint8_t[]){ 0x88, 0x47 }, 2);
    decode_frame(&context, 1, labels, sizeof labels, sizeof labels, &p);
    assert_int_equal(p.outcome, DECODE_UNSUPPORTED);
    assert_int_equal(p.unsupported_kind, DECODE_UNSUPPORTED_DEPTH);
}

static void captured_beyond_the_wire_is_held(void **state)
{
    (void)state;
    static struct decode_context context;
    uint8_t bytes[ROWS_FRAME_MAX];
    struct decode_packet p;
    uint32_t length = (uint32_t)rows_bytes(ROWS_ETHER4 ROWS_SYN4, bytes);

    rows_context(&context);
    decode_frame(&context, 1, bytes, length, 1, &p);
    assert_int_equal(p.outcome, DECODE_OK);
    assert_int_equal(p.destination_port, 443);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(link_types),
        cmocka_unit_test(link_tags),
        cmocka_unit_test(hop_count_of_a_label_is_no_difference),
        cmocka_unit_test(later_fragments_are_tagged_and_named),
        cmocka_unit_test(steps_are_bounded),
        cmocka_unit_test(captured_beyond_the_wire_is_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
