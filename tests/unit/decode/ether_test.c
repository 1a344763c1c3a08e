/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

static const struct row tags_rows[] = {
    { "no tag", 1,
      ROWS_ETHER4 ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 54+0/0 followed checksum" },
    { "padded to the smallest frame", 1,
      ROWS_ETHER4 ROWS_SYN4 "000000000000", 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 54+0/0 followed checksum" },
    { "IPv6", 1,
      ROWS_ETHER6 ROWS_ACK6, 0,
      "ok tcp 2001:618:400::5199:cc70 35995 2001:618:1:8000::5 80 proto 6 ip 72 payload 86+0/0 followed "
      "checksum timestamps" },
    { "VLAN, port 80", 1,
      "0010db88d2efc8bcc896d2a08100902a080045000034cc9f4000400680ce8d8ee405c096bb2be9d00050fe21323ba5afce3f8010"
      "202b753b00000101080a164add662f894259", 0,
      "ok tcp 141.142.228.5 59856 192.150.187.43 80 proto 6 ip 52 payload 70+0/0 followed df checksum timestamps" },
    { "two VLANs and PPPoE", 1,
      "000000000001d494e80eadc1810001a58100031188641100556a003f00214500003d00004000401184a152b271f552b29eb5b897"
      "00350029b67d784301000001000000000000026537087768617473617070036e65740000010001", 0,
      "ok udp 82.178.113.245 47255 82.178.158.181 53 proto 17 ip 61 payload 58+33/33 followed df checksum" },
    { "802.1ad, IGMP", 1,
      "01005e00000100223344556688a8502a08004500001c6551000001022fb4ebf759e2e00000011164ee9b00000000", 0,
      "ok other 235.247.89.226 0 224.0.0.1 0 proto 2 ip 28 payload 38+8/8" },
    { "802.1ad, ARP", 1,
      "ffffffffffff001ff33ce11388a8502a08060001080006040001001ff33ce113ac100b01000000000000ac100bc2", 0,
      "ok not-ip" },
    { "three tags", 1,
      "020000000002020000000001" "910000019100000281000003" "0800" ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 66+0/0 followed checksum" },
    { "Cisco VN-tag", 1,
      "020000000002020000000001" "892680010002" "0800" ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 60+0/0 followed checksum" },
    { "802.1BR", 1,
      "020000000002020000000001" "893f100020010000" "0800" ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 62+0/0 followed checksum" },
    { "Cisco security group tag", 1,
      "020000000002020000000001" "8909" "0101" "00010064" "0800" ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 62+0/0 followed checksum" },
    { "Cisco metadata of an unknown version", 1,
      "020000000002020000000001" "8909" "0201" "00010064" "0800" ROWS_SYN4, 0,
      "unsupported EtherType 0x8909" },
    { "802.1ah", 1,
      "020000000002020000000001" "88e7" "00000064" ROWS_ETHER4 ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 72+0/0 followed checksum" },
    { "unknown EtherType", 1,
      "020000000002020000000001" "88e5" "0001020304050607", 0,
      "unsupported EtherType 0x88e5" },
};

static void tags(void **state)
{
    (void)state;
    ROWS_CHECK(tags_rows);
}

static const struct row not_ip_rows[] = {
    { "LLDP", 1,
      "0180c200000e002389afd27888cc020704002389afd2520000", 0,
      "ok not-ip" },
    { "EAPOL", 1,
      "020000000002020000000001" "888e" "01010000", 0,
      "ok not-ip" },
    { "loopback test", 1,
      "020000000002020000000001" "9000" "00000100", 0,
      "ok not-ip" },
    { "spanning tree", 1,
      "0180c2000000020000000001" "0026" "424203000000000080000000000000010000000080000000000000018001000014000200"
      "0f00", 0,
      "ok not-ip" },
    { "CDP in SNAP", 1,
      "01000ccccccc020000000001" "0010" "aaaa0300000c2000" "02b4000000000000", 0,
      "ok not-ip" },
    { "IPX without LLC", 1,
      "020000000002020000000001" "0022" "ffff00220001", 0,
      "ok not-ip" },
};

static void not_ip(void **state)
{
    (void)state;
    ROWS_CHECK(not_ip_rows);
}

static const struct row llc_rows[] = {
    { "SNAP, IPv4", 1,
      "020000000002020000000001" "0030" "aaaa03000000" "0800" ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 62+0/0 followed checksum" },
    { "SNAP in 802.1Q", 1,
      "020000000002020000000001" "81000005" "0030" "aaaa03000000" "0800" ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 66+0/0 followed checksum" },
    { "IP access point", 1,
      "020000000002020000000001" "002b" "060603" ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 57+0/0 followed checksum" },
    { "length shorter than the header", 1,
      "020000000002020000000001" "0004" "aaaa03000000" "0800" ROWS_SYN4, 0,
      "malformed not-ip" },
};

static void llc(void **state)
{
    (void)state;
    ROWS_CHECK(llc_rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tags),
        cmocka_unit_test(not_ip),
        cmocka_unit_test(llc),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
