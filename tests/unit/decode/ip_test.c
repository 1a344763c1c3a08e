/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

static const struct row version4_rows[] = {
    { "raw", 101,
      ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 40+0/0 followed checksum" },
    { "raw as BSD numbers it", 12,
      ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 40+0/0 followed checksum" },
    { "IPv4 link type", 228,
      ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 40+0/0 followed checksum" },
    { "IPv6 by the raw link type", 101,
      ROWS_ACK6, 0,
      "ok tcp 2001:618:400::5199:cc70 35995 2001:618:1:8000::5 80 proto 6 ip 72 payload 72+0/0 followed "
      "checksum timestamps" },
    { "version 5", 101,
      "55" ROWS_SYN4, 0,
      "malformed not-ip" },
    { "IPv6 behind the EtherType of IPv4", 1,
      ROWS_ETHER4 ROWS_ACK6, 0,
      "malformed not-ip" },
    { "options: router alert", 101,
      "4600002c0001000040060000c0a80002c0a8000194040000" "3ad101bb0000000a0000000050022000d1f80000", 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 44 payload 44+0/0 followed" },
    { "header length below twenty", 101,
      "44000028000100004006f97bc0a80002c0a80001" "3ad101bb0000000a0000000050022000d1f80000", 0,
      "malformed not-ip" },
    { "total length below the header", 101,
      "45000013000100004006f97bc0a80002c0a80001" "3ad101bb0000000a0000000050022000d1f80000", 0,
      "malformed not-ip" },
    { "total length beyond the wire", 101,
      "45000050000100004006f97bc0a80002c0a80001" "3ad101bb0000000a0000000050022000d1f80000" "00112233", 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 80 payload 40+4/4 followed cut" },
    { "total length 0: segmentation offload", 1,
      ROWS_ETHER4 "45000000000140004006f97bc0a80002c0a80001" "3ad101bb0000000a0000000050022000d1f80000"
      "0011223344556677", 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 48 payload 54+8/8 followed df "
      "length-from-capture bad-checksum checksum" },
    { "first fragment, whole header", 1,
      "1e0b8b14f6f998eecbbd07fe08004500002c0001200040068ebac0a801640a00000530390050000003e800000000a0022000c573"
      "0000020405b4", 0,
      "ok tcp 192.168.1.100 12345 10.0.0.5 80 proto 6 ip 44 payload 58+0/0 followed first-fragment mss" },
    { "later fragment", 1,
      "1e0b8b14f6f998eecbbd07fe080045000024000100034006aebfc0a801640a0000050402080a00bc614e0000000001030307", 0,
      "ok fragment 192.168.1.100 0 10.0.0.5 0 proto 6 ip 36 payload 34+16/16" },
    { "VLAN, later fragment of ICMP", 1,
      "00400540ef240060089fb1f3810000200800450000308a5d00b94001a7f28397201583972081c0c1c2c3c4c5c6c7c8c9cacbcccd"
      "cecfd0d1d2d3d4d5d6d7d8d9dadb", 0,
      "ok fragment 131.151.32.21 0 131.151.32.129 0 proto 1 ip 48 payload 38+28/28" },
    { "ESP", 101,
      ROWS_IP4("001c", "32") "0000000100000002", 0,
      "ok other 10.0.0.1 0 10.0.0.2 0 proto 50 ip 28 payload 20+8/8" },
    { "protocol 255", 101,
      ROWS_IP4("001c", "ff") "0000000100000002", 0,
      "unsupported IP protocol 255 10.0.0.1 0 10.0.0.2 0 proto 255 ip 28 payload 20+8/8" },
    { "authentication header", 101,
      ROWS_IP4("0040", "33") "06040000" "0000000100000001" "000000000000000000000000"
      "3ad101bb0000000a0000000050022000d1f80000", 0,
      "ok tcp 10.0.0.1 15057 10.0.0.2 443 proto 6 ip 64 payload 64+0/0 followed bad-checksum checksum" },
};

static void version4(void **state)
{
    (void)state;
    ROWS_CHECK(version4_rows);
}

static const struct row version6_rows[] = {
    { "IPv6, raw", 229,
      ROWS_ACK6, 0,
      "ok tcp 2001:618:400::5199:cc70 35995 2001:618:1:8000::5 80 proto 6 ip 72 payload 72+0/0 followed "
      "checksum timestamps" },
    { "hop-by-hop and destination options", 101,
      ROWS_IP6("0024", "00") "3c00010400000000" "0600010400000000" "3ad101bb0000000a0000000050022000d1f80000", 0,
      "ok tcp fd00::1 15057 fd00::2 443 proto 6 ip 76 payload 76+0/0 followed" },
    { "routing header", 101,
      ROWS_IP6("001c", "2b") "0600010400000000" "3ad101bb0000000a0000000050022000d1f80000", 0,
      "ok tcp fd00::1 15057 fd00::2 443 proto 6 ip 68 payload 68+0/0 followed" },
    { "IPv6, first fragment", 101,
      ROWS_IP6("001c", "2c") "06000001deadbeef" "3ad101bb0000000a0000000050022000d1f80000", 0,
      "ok tcp fd00::1 15057 fd00::2 443 proto 6 ip 68 payload 68+0/0 followed first-fragment" },
    { "IPv6, later fragment", 101,
      ROWS_IP6("001c", "2c") "060000b9deadbeef" "3ad101bb0000000a0000000050022000d1f80000", 0,
      "ok fragment fd00::1 0 fd00::2 0 proto 6 ip 68 payload 48+20/20" },
    { "atomic fragment", 101,
      ROWS_IP6("001c", "2c") "06000000deadbeef" "3ad101bb0000000a0000000050022000d1f80000", 0,
      "ok tcp fd00::1 15057 fd00::2 443 proto 6 ip 68 payload 68+0/0 followed bad-checksum checksum" },
    { "jumbogram", 101,
      ROWS_IP6("0000", "00") "0600c20400010008" "3ad101bb0000000a0000000050022000d1f80000", 65516,
      "ok tcp fd00::1 15057 fd00::2 443 proto 6 ip 65584 payload 68+0/65516 followed length-from-capture cut" },
    { "length 0 without a jumbo option", 101,
      ROWS_IP6("0000", "06") "3ad101bb0000000a0000000050022000d1f80000" "00112233", 0,
      "ok tcp fd00::1 15057 fd00::2 443 proto 6 ip 64 payload 60+4/4 followed length-from-capture "
      "bad-checksum checksum" },
    { "no next header", 101,
      ROWS_IP6("0000", "3b") "0000", 0,
      "ok other fd00::1 0 fd00::2 0 proto 59 ip 40 payload 40+0/0" },
    { "sixteen extension headers", 101,
      ROWS_IP6("0094", "00") "3c00010400000000" "3c00010400000000" "3c00010400000000" "3c00010400000000"
      "3c00010400000000" "3c00010400000000" "3c00010400000000" "3c00010400000000" "3c00010400000000"
      "3c00010400000000" "3c00010400000000" "3c00010400000000" "3c00010400000000" "3c00010400000000"
      "3c00010400000000" "0600010400000000" "3ad101bb0000000a0000000050022000d1f80000", 0,
      "ok tcp fd00::1 15057 fd00::2 443 proto 6 ip 188 payload 188+0/0 followed" },
    { "seventeen", 101,
      ROWS_IP6("009c", "00") "3c00010400000000" "3c00010400000000" "3c00010400000000" "3c00010400000000"
      "3c00010400000000" "3c00010400000000" "3c00010400000000" "3c00010400000000" "3c00010400000000"
      "3c00010400000000" "3c00010400000000" "3c00010400000000" "3c00010400000000" "3c00010400000000"
      "3c00010400000000" "3c00010400000000" "0600010400000000" "3ad101bb0000000a0000000050022000d1f80000", 0,
      "unsupported IP protocol 60 fd00::1 0 fd00::2 0 proto 60 ip 196 payload 0+0/0" },
    { "a chain beyond the packet", 101,
      ROWS_IP6("0008", "3c") "06ff010400000000", 0,
      "malformed not-ip fd00::1 0 fd00::2 0 proto 6 ip 48 payload 0+0/0" },
    { "version 4 inside", 101,
      ROWS_IP6("0028", "04") ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 80+0/0 followed checksum tunnel" },
};

static void version6(void **state)
{
    (void)state;
    ROWS_CHECK(version6_rows);
}

static const struct row nested_rows[] = {
    { "IPIP", 1,
      ROWS_ETHER4 ROWS_IP4("003c", "04") ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 74+0/0 followed checksum tunnel" },
    { "6in4", 1,
      ROWS_ETHER4 ROWS_IP4("005c", "29") ROWS_ACK6, 0,
      "ok tcp 2001:618:400::5199:cc70 35995 2001:618:1:8000::5 80 proto 6 ip 72 payload 106+0/0 followed "
      "checksum tunnel timestamps" },
    { "4in6", 1,
      ROWS_ETHER6 ROWS_IP6("0028", "04") ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 94+0/0 followed checksum tunnel" },
    { "EtherIP", 1,
      ROWS_ETHER4 ROWS_IP4("004c", "61") "3000" ROWS_ETHER4 ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 90+0/0 followed checksum tunnel" },
    { "outer first fragment: the inner packet is cut", 1,
      ROWS_ETHER4 "4500003c00012000400400000a0000010a000002" "45000400000100004006f97bc0a80002c0a80001"
      "3ad101bb0000000a0000000050022000d1f80000", 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 1024 payload 74+0/0 followed tunnel cut" },
    { "eight deep", 101,
      ROWS_IP4("00b4", "04") ROWS_IP4("00a0", "04") ROWS_IP4("008c", "04") ROWS_IP4("0078", "04")
      ROWS_IP4("0064", "04") ROWS_IP4("0050", "04") ROWS_IP4("003c", "04") ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 180+0/0 followed checksum tunnel" },
    { "nine deep", 101,
      ROWS_IP4("00c8", "04") ROWS_IP4("00b4", "04") ROWS_IP4("00a0", "04") ROWS_IP4("008c", "04")
      ROWS_IP4("0078", "04") ROWS_IP4("0064", "04") ROWS_IP4("0050", "04") ROWS_IP4("003c", "04") ROWS_SYN4, 0,
      "unsupported headers nested deeper than 8 10.0.0.1 0 10.0.0.2 0 proto 4 ip 60 payload 0+0/0 tunnel" },
    { "tunnel of ICMP", 101,
      ROWS_IP4("0030", "04") ROWS_IP4("001c", "01") "0800000000010002", 0,
      "ok icmp 10.0.0.1 0 10.0.0.2 0 proto 1 ip 28 payload 44+4/4 tunnel" },
};

static void nested(void **state)
{
    (void)state;
    ROWS_CHECK(nested_rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(version4),
        cmocka_unit_test(version6),
        cmocka_unit_test(nested),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
