/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

static const struct row version4_rows[] = {
    { "SLL, prohibited, whole quote of a SYN to 4172", 276,
      "080000000000000200010006fa431a3c8058000045c00058f8de00003f0130d20a141f020a141e0b030d4dec000000004500003c"
      "8f0d40007e061ce40a141e0b12841628aef2104c7ca06fd700000000a002faf01dbe0000020405b40402080a5c86d64600000000"
      "0103030a", 0,
      "ok icmp 10.20.31.2 0 10.20.30.11 0 proto 1 ip 88 payload 48+60/60 followed quote error" },
    { "eight bytes of the quoted packet", 101,
      ROWS_IP4("0038", "01") "030d000000000000" "4500003c8f0d40007e061ce40a141e0b12841628aef2104c7ca06fd7", 0,
      "ok icmp 10.0.0.1 0 10.0.0.2 0 proto 1 ip 56 payload 28+28/28 followed quote error" },
    { "fragmentation needed", 1,
      "0200000040fe020000004001080045000038100600004001047bcb007109c63364070304a5d40000057845000020900100002011"
      "a458c633640acb007135cf08829a000c0000", 0,
      "ok icmp 203.0.113.9 0 198.51.100.7 0 proto 1 ip 56 payload 42+28/28 quote error" },
    { "time exceeded, quotes an echo", 1,
      "080027d75be030469a23fbfa080045c00070f6d3000040016e6a0a00008a0a0000060b00f4ff00000000450000540b1e40000101"
      "54760a00000608080808080055750c670001493d9f56bd8b0500", 50,
      "ok icmp 10.0.0.138 0 10.0.0.6 0 proto 1 ip 112 payload 42+36/84 cut error" },
    { "port unreachable, background", 1,
      "00e0f9cc18000060089fb1f3080045c0005ce3390000ff01aed1839720158397019203032610000000004500004002764000fe11"
      "516183970192839720151b5a0707002c324f382b3994e0b517500000000100000001000000020106000000000049000000010000"
      "16f7", 0,
      "ok icmp 131.151.32.21 0 131.151.1.146 0 proto 1 ip 92 payload 42+64/64 quote error" },
    { "quote of a later fragment", 101,
      ROWS_IP4("0038", "01") "0301000000000000" "450005dc8f0d00b97e061ce40a141e0b12841628" "aef2104c7ca06fd7", 0,
      "ok icmp 10.0.0.1 0 10.0.0.2 0 proto 1 ip 56 payload 28+28/28 error" },
    { "quote with IP options", 101,
      ROWS_IP4("003c", "01") "0301000000000000" "4600003c8f0d00007e061ce40a141e0b12841628" "94040000"
      "aef2104c7ca06fd7", 0,
      "ok icmp 10.0.0.1 0 10.0.0.2 0 proto 1 ip 60 payload 28+32/32 followed quote error" },
    { "quote that ends within the ports", 101,
      ROWS_IP4("0032", "01") "0301000000000000" "4500003c8f0d40007e061ce40a141e0b12841628" "aef2", 0,
      "ok icmp 10.0.0.1 0 10.0.0.2 0 proto 1 ip 50 payload 28+22/22 error" },
    { "quote of the other version", 101,
      ROWS_IP4("004c", "01") "0301000000000000"
      "60000000000c1140fe80000000000000000000000000beeffe80000000000000000000000000dead" "753001bb000c0c8e", 0,
      "ok icmp 10.0.0.1 0 10.0.0.2 0 proto 1 ip 76 payload 28+48/48 error" },
    { "redirect", 101,
      ROWS_IP4("0038", "01") "050100000a000003" "4500003c8f0d40007e061ce40a141e0b12841628aef2104c7ca06fd7", 0,
      "ok icmp 10.0.0.1 0 10.0.0.2 0 proto 1 ip 56 payload 28+28/28 followed quote error" },
    { "echo", 1,
      "000000000000000000000000080045000054d544400040014ab80a9a000308080808080032060fd7000195b21666000000004036"
      "0b0000000000101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031323334353637", 0,
      "ok icmp 10.154.0.3 0 8.8.8.8 0 proto 1 ip 84 payload 38+60/60 df" },
    { "error cut by the snap length", 101,
      ROWS_IP4("0038", "01") "0301000000", 31,
      "truncated icmp 10.0.0.1 0 10.0.0.2 0 proto 1 ip 56 payload 0+0/0 error" },
    { "error without a body", 101,
      ROWS_IP4("0018", "01") "03010000", 0,
      "malformed icmp 10.0.0.1 0 10.0.0.2 0 proto 1 ip 24 payload 0+0/0 error" },
};

static void version4(void **state)
{
    (void)state;
    ROWS_CHECK(version4_rows);
}

static const struct row version6_rows[] = {
    { "too big", 1,
      "ffffffffffff00000000000086dd60000000003c3a40fe80000000000000000000000000deadfe80000000000000000000000000"
      "beef0200ecba0000050060000000000c1140fe80000000000000000000000000beeffe80000000000000000000000000dead7530"
      "32c8000c0c8e58585858", 0,
      "ok icmp fe80::dead 0 fe80::beef 0 proto 58 ip 100 payload 62+52/52 quote error" },
    { "no route, quote with extension headers", 1,
      "ffffffffffff00000000000086dd6000000000443a40fe80000000000000000000000000deadfe80000000000000000000000000"
      "beef0100f1a6000000006000000000140040fe80000000000000000000000000beeffe80000000000000000000000000dead1100"
      "010400000000753032c8000c0c8e58585858", 0,
      "ok icmp fe80::dead 0 fe80::beef 0 proto 58 ip 108 payload 62+60/60 quote error" },
    { "quote of a first fragment to 443", 101,
      ROWS_IP6("0040", "3a") "0100000000000000"
      "6000000000102c40fe80000000000000000000000000beeffe80000000000000000000000000dead" "1100000100000001"
      "753001bb000c0c8e", 0,
      "ok icmp fd00::1 0 fd00::2 0 proto 58 ip 104 payload 48+56/56 followed quote error" },
    { "quote of a later fragment of IPv6", 101,
      ROWS_IP6("0040", "3a") "0100000000000000"
      "6000000000102c40fe80000000000000000000000000beeffe80000000000000000000000000dead" "1100000900000001"
      "753001bb000c0c8e", 0,
      "ok icmp fd00::1 0 fd00::2 0 proto 58 ip 104 payload 48+56/56 error" },
    { "quote with a longer payload than fits sixteen bits", 101,
      ROWS_IP6("0038", "3a") "0100000000000000"
      "60000000ffff1140fe80000000000000000000000000beeffe80000000000000000000000000dead" "753001bb000c0c8e", 0,
      "ok icmp fd00::1 0 fd00::2 0 proto 58 ip 96 payload 48+48/48 followed quote error" },
    { "neighbour solicitation", 101,
      ROWS_IP6("0018", "3a") "8700000000000000fd000000000000000000000000000002", 0,
      "ok icmp fd00::1 0 fd00::2 0 proto 58 ip 64 payload 44+20/20" },
};

static void version6(void **state)
{
    (void)state;
    ROWS_CHECK(version6_rows);
}

static void read_one(uint16_t link_type, const char *hex, struct decode_packet *out)
{
    static struct decode_context context;
    uint8_t bytes[ROWS_FRAME_MAX];
    uint32_t length = (uint32_t)rows_bytes(hex, bytes);

    rows_context(&context);
    rows_decode(&context, link_type, bytes, length, length, out);
}

static void fields(void **state)
{
    (void)state;
    struct decode_packet p;
    const struct decode_quote *quote = &p.icmp.quote;
    char text[IPADDR_TEXT_SIZE];

    read_one(276, version4_rows[0].hex, &p);
    assert_int_equal(p.icmp.type, 3);
    assert_int_equal(p.icmp.code, 13);
    assert_int_equal(p.icmp.mtu, 0);
    assert_string_equal(ipaddr_format(&quote->source, text), "10.20.30.11");
    assert_string_equal(ipaddr_format(&quote->destination, text), "18.132.22.40");
    assert_int_equal(quote->source_port, 44786);
    assert_int_equal(quote->destination_port, 4172);
    assert_int_equal(quote->ip_length, 60);
    assert_int_equal(quote->ip_id, 0x8f0d);
    assert_int_equal(quote->ttl, 126);
    assert_true(quote->has_sequence && quote->has_tcp_flags && !quote->ipv6);
    assert_int_equal(quote->sequence, 0x7ca06fd7);
    assert_int_equal(quote->tcp_flags, DECODE_SYN);

    read_one(101, version4_rows[1].hex, &p);
    assert_true(quote->has_sequence && !quote->has_tcp_flags);

    read_one(1, version4_rows[2].hex, &p);
    assert_int_equal(p.icmp.mtu, 1400);
    assert_int_equal(quote->protocol, 17);
    assert_int_equal(quote->destination_port, 33434);

    read_one(1, version6_rows[0].hex, &p);
    assert_int_equal(p.icmp.mtu, 1280);
    assert_true(quote->ipv6);
    assert_int_equal(quote->ip_length, 52);
    assert_int_equal(quote->ttl, 64);

    read_one(1, version6_rows[1].hex, &p);
    assert_int_equal(quote->protocol, 17);
    assert_int_equal(quote->source_port, 30000);

    read_one(101, version6_rows[4].hex, &p);
    assert_int_equal(quote->ip_length, 65535);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(version4),
        cmocka_unit_test(version6),
        cmocka_unit_test(fields),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
