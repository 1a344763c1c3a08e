/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

static const struct row framing_rows[] = {
    { "PPP without address, QUIC", 9,
      "002145000032000040003f1153a4c1a76464c1a7006401bbc0f2001e62d5477e0c41c4c2896277ec4fdd2c590cd20c0ca94499ed", 0,
      "ok udp 193.167.100.100 443 193.167.0.100 49394 proto 17 ip 50 payload 30+22/22 followed df checksum" },
    { "HDLC-like", 50,
      "ff030021" ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 44+0/0 followed checksum" },
    { "HDLC-like on the plain link type", 9,
      "ff030057" ROWS_ACK6, 0,
      "ok tcp 2001:618:400::5199:cc70 35995 2001:618:1:8000::5 80 proto 6 ip 72 payload 76+0/0 followed "
      "checksum timestamps" },
    { "compressed protocol number", 9,
      "21" ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 41+0/0 followed checksum" },
    { "MPLS", 9,
      "ff030281" "00010140" ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 48+0/0 followed checksum" },
    { "LCP", 50,
      "ff03c021" "0924000800000000", 0,
      "ok not-ip" },
    { "compressed TCP is not read", 50,
      "ff03002d" "0924000800000000", 0,
      "unsupported PPP protocol 0x002d" },
    { "Cisco HDLC", 50,
      "0f000800" ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 44+0/0 followed checksum" },
    { "Cisco HDLC by its own link type", 104,
      "8f0086dd" ROWS_ACK6, 0,
      "ok tcp 2001:618:400::5199:cc70 35995 2001:618:1:8000::5 80 proto 6 ip 72 payload 76+0/0 followed "
      "checksum timestamps" },
    { "Cisco keepalive", 104,
      "8f008035" "00000002000000000000", 0,
      "ok not-ip" },
};

static void framing(void **state)
{
    (void)state;
    ROWS_CHECK(framing_rows);
}

static const struct row pppoe_rows[] = {
    { "session as a link type", 51,
      "1100556a002a0021" ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 48+0/0 followed checksum" },
    { "session, trailer is not payload", 51,
      "1100556a002a0021" ROWS_SYN4 "0000", 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 48+0/0 followed checksum" },
    { "discovery as a link type", 51,
      "11090000000401010000", 0,
      "ok not-ip" },
    { "discovery", 1,
      "020000000002020000000001" "8863" "11090000000401010000", 0,
      "ok not-ip" },
    { "unknown version", 51,
      "2100556a002a0021" ROWS_SYN4, 0,
      "malformed not-ip" },
};

static void pppoe(void **state)
{
    (void)state;
    ROWS_CHECK(pppoe_rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(framing),
        cmocka_unit_test(pppoe),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
