/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

static const struct row vxlan_rows[] = {
    { "VLAN, RST to 443", 1,
      "000cbd063a74000cbd063a758100000508004500005a038800004011c9b1c0a81604c0a81605eb4612b50046daa0080000000004"
      "5700667a50aaff9a1eea692a6fcf0800450800280000400040069ea60a0a14049df0e023b0aa01bb466bd6130000000050040000"
      "44da0000", 0,
      "ok tcp 10.10.20.4 45226 157.240.224.35 443 proto 6 ip 40 payload 108+0/0 followed df checksum tunnel" },
    { "old port of Linux", 101,
      ROWS_IP4("005a", "11") "c350211800460000" "0800000000000500" ROWS_ETHER4 ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 90+0/0 followed checksum tunnel" },
    { "ARP inside", 101,
      ROWS_IP4("004e", "11") "c35012b5003a0000" "0800000000000500" "0200000000020200000000010806"
      "00010800060400010200000000010a0000010000000000000a000002", 0,
      "ok not-ip tunnel" },
    { "flag not set: plain UDP", 101,
      ROWS_IP4("005a", "11") "c35012b500460000" "0000000000000500" ROWS_ETHER4 ROWS_SYN4, 0,
      "ok udp 10.0.0.1 50000 10.0.0.2 4789 proto 17 ip 90 payload 0+0/0" },
    { "reserved byte set: plain UDP, and it is DNS", 101,
      ROWS_IP4("005a", "11") "003512b500460000" "0800000000000501" ROWS_ETHER4 ROWS_SYN4, 0,
      "ok udp 10.0.0.1 53 10.0.0.2 4789 proto 17 ip 90 payload 28+62/62 followed" },
    { "fragment: cut inside", 101,
      "4500007100012000401100000a0000010a000002" "c35012b503f00000" "0800000000000500" ROWS_ETHER4
      "45000400000100004006f97bc0a80002c0a80001" "3ad101bb0000000a0000000050022000d1f80000" "00", 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 1024 payload 90+1/1 followed tunnel cut" },
};

static void vxlan(void **state)
{
    (void)state;
    ROWS_CHECK(vxlan_rows);
}

static const struct row geneve_rows[] = {
    { "IPv4 behind options, QUIC to 443", 1,
      "12187093c38b12951b72539d0800450000ab00000000ff117d810a0214f40a0214c9f11c17c10097140808000800000000000108"
      "0102351a88b4acb35a320108020200000000000000000108030116def8b145000067bec440007f11f3dd0a031e7aacfd7369cbcf"
      "01bb00538442df000000010883e0dea9f5a405c400403a8c93adcee6ca8e632087a06622adb22965c606e57da8b2e82df3c8a18b"
      "2b5f99527f682309cbe600722657626b91f8082e3eeb2f345bbe05b39f", 0,
      "ok udp 10.3.30.122 52175 172.253.115.105 443 proto 17 ip 103 payload 110+75/75 followed df checksum "
      "tunnel" },
    { "Ethernet, SSH", 1,
      "001b213cab64001b213cac300800450000668807400040118a7d1400000214000001a9b317c1005200000000655800000b00b69e"
      "d2495148fe71d883724f0800450000345a1240004006a4af1e0000021e000001c819001617b30cb0ad805fe380100073af960000"
      "0101080aab6d56be05058989", 0,
      "ok tcp 30.0.0.2 51225 30.0.0.1 22 proto 6 ip 52 payload 0+0/0 df tunnel" },
    { "version 1: plain UDP", 101,
      ROWS_IP4("004c", "11") "c35017c100380000" "4000080000000500" ROWS_SYN4, 0,
      "ok udp 10.0.0.1 50000 10.0.0.2 6081 proto 17 ip 76 payload 0+0/0" },
};

static void geneve(void **state)
{
    (void)state;
    ROWS_CHECK(geneve_rows);
}

static const struct row gtp_rows[] = {
    { "two VLANs, UDP", 1,
      "00000000000002000000000181004d4281004071080045300091ca1b0000ff11b3130a8619430a840fb008680868007d794830ff"
      "006d0498665c4500006df5eb000040111f7e0a8c7523c17a23edb24222610059b1e003000000120ffe98d200272ec9010540dc83"
      "25119dd2eba2637c7328f1e9f13b45c43793cc84878b469e825c267a8b935b8a446171dc2b73a77554495c171d51f991d08255e2"
      "5bc9108e980cacf3239100", 0,
      "ok udp 10.140.117.35 45634 193.122.35.237 8801 proto 17 ip 109 payload 0+0/0 tunnel" },
    { "extension header", 101,
      ROWS_IP4("0054", "11") "c350086800400000" "34ff0030000000010000008501000100" ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 84+0/0 followed checksum tunnel" },
    { "sequence number", 101,
      ROWS_IP4("0050", "11") "c3500868003c0000" "32ff002c0000000100010000" ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 80+0/0 followed checksum tunnel" },
    { "echo request: plain UDP", 101,
      ROWS_IP4("0028", "11") "c350086800140000" "320100040000000000010000", 0,
      "ok udp 10.0.0.1 50000 10.0.0.2 2152 proto 17 ip 40 payload 0+0/0" },
    { "user data that is not IP: plain UDP", 101,
      ROWS_IP4("002c", "11") "c350086800180000" "30ff0008000000010011223344556677", 0,
      "ok udp 10.0.0.1 50000 10.0.0.2 2152 proto 17 ip 44 payload 0+0/0" },
};

static void gtp(void **state)
{
    (void)state;
    ROWS_CHECK(gtp_rows);
}

static const struct row others_rows[] = {
    { "Teredo, ICMPv6", 1,
      "6c416a8c8089001b170001150800450000506b5400007e11d7c10a701043c2881c4cca640dd8003c93d660000000000c3a152001"
      "0000c2881c4c20f3359b46f93f462002c2881c4c000000000000c2881c4d8000eb0828f0b26f00000000", 0,
      "ok icmp 2001:0:c288:1c4c:20f3:359b:46f9:3f46 0 2002:c288:1c4c::c288:1c4d 0 proto 58 ip 52 payload "
      "86+8/8 tunnel" },
    { "Teredo, authentication and origin", 101,
      ROWS_IP4("0079", "11") "c3510dd800650000" "00010000001122334455667700" "0000112233445566" ROWS_ACK6, 0,
      "ok tcp 2001:618:400::5199:cc70 35995 2001:618:1:8000::5 80 proto 6 ip 72 payload 121+0/0 followed "
      "checksum tunnel timestamps" },
    { "port of Teredo, something else", 101,
      ROWS_IP4("0024", "11") "c3500dd800100000" "0011223344556677", 0,
      "ok udp 10.0.0.1 50000 10.0.0.2 3544 proto 17 ip 36 payload 0+0/0" },
    { "PPPoE, L2TP, IPv6, port 80", 1,
      "001733610000e0a1d718c273886411003b1a007000214500006e5b5e000040115ee75f88f2636d06014806a506a5005a00000002"
      "05f7206aff030057600000000020063f2a005e800101212d050407b12572db222606f200000000070badf00dd00d000190aa0050"
      "1496479f49539597801000dab61100000101080a0006340230cef310", 0,
      "ok tcp 2a00:5e80:101:212d:504:7b1:2572:db22 37034 2606:f200:0:7:bad:f00d:d00d:1 80 proto 6 ip 72 "
      "payload 132+0/0 followed checksum tunnel timestamps" },
    { "L2TP, LCP", 1,
      "001733610000e0a1d718c273886411003b1a003000214500002e5b5a000040115f2b5f88f2636d06014806a506a5001a00000002"
      "05f7206aff03c02109240008e7e18ff6", 0,
      "ok not-ip tunnel" },
    { "L2TP, length, sequence, offset", 101,
      ROWS_IP4("0056", "11") "c35006a500420000" "4a02003a000100020000000000020000" "0021" ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 86+0/0 followed checksum tunnel" },
    { "L2TP control: plain UDP", 101,
      ROWS_IP4("0028", "11") "c35006a500140000" "c802000c0001000000000000", 0,
      "ok udp 10.0.0.1 50000 10.0.0.2 1701 proto 17 ip 40 payload 0+0/0" },
    { "tunnel header cut by the snap length", 101,
      ROWS_IP4("005a", "11") "c35012b500460000" "08000000", 58,
      "ok udp 10.0.0.1 50000 10.0.0.2 4789 proto 17 ip 90 payload 0+0/0" },
};

static void others(void **state)
{
    (void)state;
    ROWS_CHECK(others_rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vxlan),
        cmocka_unit_test(geneve),
        cmocka_unit_test(gtp),
        cmocka_unit_test(others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
