/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

static const struct row gre_rows[] = {
    { "plain, OSPF", 1,
      "002389afd259002389afcd0e080045c0005c010d0000fe2f86a1140101011e0101020000080045c00044010c00000159a48e3201"
      "0101e0000005020100303201010100000000969500000000000000000000ffffff00000a02010000002800000000000000003201"
      "0102", 0,
      "ok other 50.1.1.1 0 224.0.0.5 0 proto 89 ip 68 payload 58+48/48 tunnel" },
    { "checksum, key, sequence number", 101,
      ROWS_IP4("004c", "2f") "b0000800000000000000000700000001" ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 76+0/0 followed checksum tunnel" },
    { "Ethernet", 101,
      ROWS_IP4("004e", "2f") "00006558" ROWS_ETHER4 ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 78+0/0 followed checksum tunnel" },
    { "IPv6", 101,
      ROWS_IP4("0060", "2f") "000086dd" ROWS_ACK6, 0,
      "ok tcp 2001:618:400::5199:cc70 35995 2001:618:1:8000::5 80 proto 6 ip 72 payload 96+0/0 followed "
      "checksum tunnel timestamps" },
    { "PPTP", 101,
      ROWS_IP4("0050", "2f") "3081880b002c00010000000100000001" "ff030021" ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 80+0/0 followed checksum tunnel" },
    { "PPTP, acknowledgment alone", 101,
      ROWS_IP4("0020", "2f") "2081880b0000000100000001", 0,
      "ok other 10.0.0.1 0 10.0.0.2 0 proto 47 ip 32 payload 32+0/0" },
    { "WCCP with a redirect header", 101,
      ROWS_IP4("0044", "2f") "0000883e00320000" ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 68+0/0 followed checksum tunnel" },
    { "WCCP without", 101,
      ROWS_IP4("0040", "2f") "0000883e" ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 64+0/0 followed checksum tunnel" },
    { "keepalive", 101,
      ROWS_IP4("0018", "2f") "00000000", 0,
      "ok other 10.0.0.1 0 10.0.0.2 0 proto 47 ip 24 payload 24+0/0" },
    { "source routing is not read", 101,
      ROWS_IP4("0040", "2f") "40000800" ROWS_SYN4, 0,
      "unsupported IP protocol 47 10.0.0.1 0 10.0.0.2 0 proto 47 ip 64 payload 0+0/0" },
    { "unknown type", 101,
      ROWS_IP4("001c", "2f") "00001234" "00000000", 0,
      "unsupported EtherType 0x1234 10.0.0.1 0 10.0.0.2 0 proto 47 ip 28 payload 0+0/0" },
};

static void gre(void **state)
{
    (void)state;
    ROWS_CHECK(gre_rows);
}

static const struct row erspan_rows[] = {
    { "type I, ICMP", 1,
      "002389afd259002389afcd0e08004500006200000000fd2f8968140101011e010102000088be002389ce441300505684017d0800"
      "4500003c65ea00008001be700a0101640a0101010800ba59030090026162636465666768696a6b6c6d6e6f707172737475767761"
      "6263646566676869", 0,
      "ok icmp 10.1.1.100 0 10.1.1.1 0 proto 1 ip 60 payload 76+36/36 tunnel" },
    { "type II", 101,
      ROWS_IP4("005a", "2f") "100088be00000001" "1001006400000000" ROWS_ETHER4 ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 90+0/0 followed checksum tunnel" },
    { "type III", 101,
      ROWS_IP4("005e", "2f") "100022eb00000001" "200100640000000100000000" ROWS_ETHER4 ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 94+0/0 followed checksum tunnel" },
    { "type III with a platform header", 101,
      ROWS_IP4("0066", "2f") "100022eb00000001" "2001006400000001000000010000000000000000" ROWS_ETHER4 ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 102+0/0 followed checksum tunnel" },
    { "type III of an IP frame", 101,
      ROWS_IP4("0050", "2f") "100022eb00000001" "200100640000000100000800" ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 80+0/0 followed checksum tunnel" },
};

static void erspan(void **state)
{
    (void)state;
    ROWS_CHECK(erspan_rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gre),
        cmocka_unit_test(erspan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
