/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "craft/pcap.h"

static const int64_t when_ns = INT64_C(1795344000123456789);
static const uint8_t frame[5] = { 1, 2, 3, 4, 5 };

static void test_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct craft_pcap_options options;
        const char *expected;
    } rows[] = {
        { "classic", { .format = CRAFT_PCAP_NANOSECOND },
          "4d3cb2a1020004000000000000000000" "00000400" "01000000"
          "80c6026b15cd5b07" "05000000" "05000000" "0102030405" },
        { "classic, raw, cut at three", { .format = CRAFT_PCAP_NANOSECOND, .link_type = 101, .snap_bytes = 3 },
          "4d3cb2a1020004000000000000000000" "03000000" "65000000"
          "80c6026b15cd5b07" "03000000" "05000000" "010203" },
        { "pcapng", { .format = CRAFT_PCAP_NG },
          "0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c000000"
          "010000002000000001000000000000000900010009000000" "00000000" "20000000"
          "060000002800000000000000" "db57ea18" "15cdfc20" "0500000005000000" "0102030405000000" "28000000" },
        { "pcapng with a filter", { .format = CRAFT_PCAP_NG, .filter = "udp" },
          "0a0d0d0a1c0000004d3c2b1a01000000ffffffffffffffff1c000000"
          "010000002800000001000000000000000900010009000000" "0b000400" "00756470" "00000000" "28000000"
          "060000002800000000000000" "db57ea18" "15cdfc20" "0500000005000000" "0102030405000000" "28000000" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct craft_pcap *pcap = craft_pcap_new(&rows[i].options);
        char hex[1024] = "";
        assert_non_null(pcap);
        assert_int_equal(craft_pcap_add(pcap, when_ns, (struct craft_bytes){ frame, sizeof frame }), STATUS_OK);
        struct craft_bytes file = craft_pcap_bytes(pcap);
        for (size_t j = 0; j < file.length; j++)
            snprintf(hex + 2 * j, 3, "%02x", file.bytes[j]);
        if (strcmp(hex, rows[i].expected) != 0)
            print_error("row %s\n", rows[i].name);
        assert_string_equal(hex, rows[i].expected);
        assert_int_equal(craft_pcap_packets(pcap), 1);
        craft_pcap_free(pcap);
    }
}

static void test_limit_leaves_a_whole_file(void **state)
{
    (void)state;
    struct craft_pcap *pcap = craft_pcap_new(&(struct craft_pcap_options){ .limit_bytes = 24 + 21 + 20 });
    assert_non_null(pcap);
    assert_int_equal(craft_pcap_add(pcap, when_ns, (struct craft_bytes){ frame, sizeof frame }), STATUS_OK);
    assert_int_equal(craft_pcap_add(pcap, when_ns, (struct craft_bytes){ frame, sizeof frame }), STATUS_BAD_USAGE);
    assert_int_equal(craft_pcap_bytes(pcap).length, 24 + 21);
    assert_int_equal(craft_pcap_packets(pcap), 1);
    craft_pcap_free(pcap);
}

static void test_many_packets(void **state)
{
    (void)state;
    struct craft_pcap *pcap = craft_pcap_new(&(struct craft_pcap_options){ .format = CRAFT_PCAP_NANOSECOND });
    assert_non_null(pcap);
    for (int i = 0; i < 10000; i++)
        assert_int_equal(craft_pcap_add(pcap, i, (struct craft_bytes){ frame, sizeof frame }), STATUS_OK);
    struct craft_bytes file = craft_pcap_bytes(pcap);
    assert_int_equal(file.length, 24 + 10000 * 21);
    for (size_t i = 0; i < 10000; i++)
        assert_memory_equal(file.bytes + 24 + i * 21 + 16, frame, sizeof frame);
    craft_pcap_free(pcap);
}

static void test_refusals(void **state)
{
    (void)state;
    static const uint8_t huge[262145];
    static char long_filter[600];
    memset(long_filter, 'a', sizeof long_filter - 1);
    assert_null(craft_pcap_new(&(struct craft_pcap_options){ .format = CRAFT_PCAP_NG, .filter = long_filter }));
    assert_null(craft_pcap_new(&(struct craft_pcap_options){ .limit_bytes = 10 }));
    struct craft_pcap *pcap = craft_pcap_new(&(struct craft_pcap_options){ .format = CRAFT_PCAP_NG });
    assert_int_equal(craft_pcap_add(pcap, -1, (struct craft_bytes){ frame, sizeof frame }), STATUS_BAD_USAGE);
    assert_int_equal(craft_pcap_add(pcap, 0, (struct craft_bytes){ huge, sizeof huge }), STATUS_BAD_USAGE);
    craft_pcap_free(pcap);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_limit_leaves_a_whole_file),
        cmocka_unit_test(test_many_packets),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
