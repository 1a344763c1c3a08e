/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

static const struct row payloads_rows[] = {
    { "VLAN, two labels, GRE, to 443", 1,
      "0200000030020200000030018100014a884703e9e04003e9f1404500009100000000402f0000c000021ec633641e000008004500"
      "007900000000400600000a1e000a0a1e0014c00001bb01020304000000005018000000000000160303004c", 85,
      "ok tcp 10.30.0.10 49152 10.30.0.20 443 proto 6 ip 121 payload 90+5/81 followed tunnel cut" },
    { "IPv6", 1,
      "020000000002020000000001" "8847" "00010140" ROWS_ACK6, 0,
      "ok tcp 2001:618:400::5199:cc70 35995 2001:618:1:8000::5 80 proto 6 ip 72 payload 90+0/0 followed "
      "checksum timestamps" },
    { "pseudowire with a control word", 1,
      "020000000002020000000001" "8847" "00010140" "00000000" ROWS_ETHER4 ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 76+0/0 followed checksum" },
    { "pseudowire without one", 1,
      "020000000002020000000001" "8847" "00010140" ROWS_ETHER4 ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 72+0/0 followed checksum" },
    { "pseudowire to an address that begins with 4", 1,
      "020000000002020000000001" "8847" "00010140" "420000000002020000000001" "0800" ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 72+0/0 followed checksum" },
    { "neither", 1,
      "020000000002020000000001" "8847" "00010140" "10000000" "0000000000000000000000000000", 0,
      "unsupported EtherType 0x8847" },
    { "no bottom of stack", 1,
      "020000000002020000000001" "8847" "00010040" "00010040" "00010040" "00010040" "00010040" "00010040" "00010040"
      "00010040", 0,
      "malformed not-ip" },
    { "in IP", 1,
      ROWS_ETHER4 ROWS_IP4("0040", "89") "00010140" ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 78+0/0 followed checksum tunnel" },
};

static void payloads(void **state)
{
    (void)state;
    ROWS_CHECK(payloads_rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(payloads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
