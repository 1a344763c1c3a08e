/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

static const struct row frames_rows[] = {
    { "radiotap, QoS data, port 80", 127,
      "000024002f4000a020080000000000006f1969280000000010169e09a000bc000000bc0008010201882593406b6ff8a9d01e90a3"
      "882593406b6f40b7aaaa03000000080045000034f932400040066137ac0505710e1120d3c109005096740dd75bc513df80100559"
      "531f00000101080afffff4e7b037c381690f810c", 0,
      "ok tcp 172.5.5.113 49417 14.17.32.211 80 proto 6 ip 52 payload 120+0/0 followed df checksum timestamps" },
    { "GRE of an access point, A-MSDU: the first of two", 1,
      "00005e000101001a1e02feb0810000160800450001c300000000fe2f7f000ae216090a6610bb00008240880200006615483c47e7"
      "40e3d664f49488e0f37faec0000080006615483c47e788e0f37faec00121aaaa03000000080045000119c377400054069a0f9df0"
      "1210959f82b801bbc0f093126416aeadcb28801802c825a700000101080ab5be23e28937c41317030300e0", 340,
      "ok tcp 157.240.18.16 443 149.159.130.184 49392 proto 6 ip 281 payload 142+5/229 followed df tunnel "
      "cut timestamps" },
    { "data", 105,
      "08010000" "020000000001020000000002020000000003" "1000" "aaaa030000000800" ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 72+0/0 followed checksum" },
    { "four addresses", 105,
      "08030000" "020000000001020000000002020000000003" "1000" "020000000004" "aaaa030000000800" ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 78+0/0 followed checksum" },
    { "QoS data with HT control", 105,
      "88810000" "020000000001020000000002020000000003" "1000" "0000" "00000000" "aaaa030000000800" ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 78+0/0 followed checksum" },
    { "encrypted", 105,
      "88410000" "020000000001020000000002020000000003" "1000" "0000" "0011223344556677", 0,
      "unsupported encrypted or fragmented 802.11 type 0x0028" },
    { "later fragment", 105,
      "08010000" "020000000001020000000002020000000003" "1100" "0011223344556677", 0,
      "unsupported encrypted or fragmented 802.11 type 0x0020" },
    { "null data", 105,
      "48010000" "020000000001020000000002020000000003" "1000", 0,
      "ok not-ip" },
    { "beacon", 105,
      "80000000" "ffffffffffff020000000001020000000001" "1000" "0011223344556677", 0,
      "ok not-ip" },
    { "acknowledgment", 105,
      "d4000000" "020000000001", 0,
      "ok not-ip" },
};

static void frames(void **state)
{
    (void)state;
    ROWS_CHECK(frames_rows);
}

static const struct row headers_rows[] = {
    { "radiotap, header padded to four bytes", 127,
      "00000b000200000020" "0000" "88010000" "020000000001020000000002020000000003" "1000" "0000" "0000"
      "aaaa030000000800" ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 87+0/0 followed checksum" },
    { "radiotap, time and flags behind two words", 127,
      "00001a0003000080" "00000000" "00000000" "0011223344556677" "20" "00" "88010000"
      "020000000001020000000002020000000003" "1000" "0000" "0000" "aaaa030000000800" ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 102+0/0 followed checksum" },
    { "radiotap, length too small", 127,
      "0000040000000000" "08010000", 0,
      "malformed not-ip" },
    { "radiotap, length beyond the frame", 127,
      "0000ff0000000000" "08010000", 0,
      "malformed not-ip" },
    { "PPI, 802.11", 192,
      "0000080069000000" "08010000" "020000000001020000000002020000000003" "1000" "aaaa030000000800" ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 80+0/0 followed checksum" },
    { "PPI, Ethernet", 192,
      "0000080001000000" ROWS_ETHER4 ROWS_SYN4, 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 62+0/0 followed checksum" },
    { "PPI, in itself", 192,
      "00000800c0000000" "0000080001000000", 0,
      "unsupported link type 192" },
    { "PPI, link type not read", 192,
      "00000800ff000000" "0000080001000000", 0,
      "unsupported link type 255" },
};

static void headers(void **state)
{
    (void)state;
    ROWS_CHECK(headers_rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames),
        cmocka_unit_test(headers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
