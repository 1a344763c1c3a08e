/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

static const struct row null_rows[] = {
    { "NULL, little endian", 0,
      "02000000450000284df64000800600007f0000017f000001d1ca11513fe3999468c59705501027f9cd7a0000", 0,
      "ok tcp 127.0.0.1 53706 127.0.0.1 4433 proto 6 ip 40 payload 0+0/0 df" },
    { "NULL, IPv6 of macOS, QUIC", 0,
      "1e00000060200e00001d1140000000000000000000000000000000010000000000000000000000000000000101bbe03e001d0030"
      "5b404d7d3b3b2ab559dd13f1290ffa601a296cdf46", 0,
      "ok udp ::1 443 ::1 57406 proto 17 ip 69 payload 52+21/21 followed bad-checksum checksum" },
    { "NULL, QUIC v2", 0,
      "020000004502003600004000401100007f0000017f00000101bbfc750022fe355d4e68679e5f0d7fb2ad5cf7e7d3d12112ce6e53"
      "51830f72b076", 0,
      "ok udp 127.0.0.1 443 127.0.0.1 64629 proto 17 ip 54 payload 32+26/26 followed df bad-checksum checksum" },
    { "NULL, big endian", 0,
      "00000002" ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 44+0/0 followed checksum" },
    { "NULL, AppleTalk", 0,
      "10000000" ROWS_SYN4, 0,
      "unsupported address family 16" },
    { "LOOP", 108,
      "00000002" ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 44+0/0 followed checksum" },
    { "LOOP, IPv6 of OpenBSD", 108,
      "00000018" ROWS_ACK6, 0,
      "ok tcp 2001:618:400::5199:cc70 35995 2001:618:1:8000::5 80 proto 6 ip 72 payload 76+0/0 followed "
      "checksum timestamps" },
};

static void null(void **state)
{
    (void)state;
    ROWS_CHECK(null_rows);
}

static const struct row sll_rows[] = {
    { "SLL, IPv6, QUIC", 113,
      "000003040006000000000000000086dd602b9aeb003f114000000000000000000000000000000001000000000000000000000000"
      "00000001a466115b003f005208b844d6f71875fd1d36a1002e7d8ce120336da71ceea3c486de1221a9697157d7abf9eb04533210"
      "7ee29df8128ba6e8f5608697a57bfb", 0,
      "ok udp ::1 42086 ::1 4443 proto 17 ip 103 payload 0+0/0" },
    { "SLL, LLC", 113,
      "00000001000600000000000100000004" "aaaa03000000" "0800" ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 64+0/0 followed checksum" },
    { "SLL, IPX", 113,
      "00000001000600000000000100000001" "ffff0022", 0,
      "ok not-ip" },
    { "SLL, netlink", 113,
      "00040338000000000000000000000000" "00000000", 0,
      "ok not-ip" },
    { "SLL, radiotap", 113,
      "00000323000000000000000000000004" "0000080000000000" "08010000" "020000000001" "020000000002" "020000000003"
      "0000" "aaaa03000000" "0800" ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 96+0/0 followed checksum" },
    { "SLL2, FIN from 443", 276,
      "080000000000001400010006f03f958f8263000045000028872d40002c06718c743f426c07f9977201bbdfccaaceb5e9a7ab9fbf"
      "5011003fcfd20000", 0,
      "ok tcp 116.63.66.108 443 7.249.151.114 57292 proto 6 ip 40 payload 60+0/0 followed df checksum" },
};

static void sll(void **state)
{
    (void)state;
    ROWS_CHECK(sll_rows);
}

static const struct row nflog_rows[] = {
    { "NFLOG, DNS", 239,
      "02000014080001000800012705000a00000000000800040000000002100008000006ffffb8a386b9c3d6000006000f0000010000"
      "06001100000e0000120010000811961c10c8b8a386b9c3d6080000001400030000000000522a1f9e00000000000960fc4d000900"
      "45000049000040003711c5144a522a2a0a0000140035a65900356ddf437181800001000100000000076578616d706c6503636f6d"
      "0000010001c00c0001000100002f9600045db8d877000000", 0,
      "ok udp 74.82.42.42 53 10.0.0.20 42585 proto 17 ip 73 payload 132+45/45 followed df checksum" },
    { "NFLOG, big endian", 239,
      "02000014" "00080001" "08000300" "002c0009" ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 56+0/0 followed checksum" },
    { "NFLOG, no payload", 239,
      "02000014" "08000100" "08000300", 0,
      "malformed not-ip" },
    { "NFLOG, attribute without end", 239,
      "02000014" "08000100" "08000300" "02000900" ROWS_SYN4, 0,
      "malformed not-ip" },
};

static void nflog(void **state)
{
    (void)state;
    ROWS_CHECK(nflog_rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(null),
        cmocka_unit_test(sll),
        cmocka_unit_test(nflog),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
