/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

static const struct row datagrams_rows[] = {
    { "first datagram to 4195", 1,
      "8ac01c94291c021c3000000b0800450204cc00004000801177410a141e0b1286443997f8106304b8a157c80000000112b66e5186"
      "59ca44906ba927098b7aafa992ff11a3d7adc2d0724fbcfa190dac23bec1a2eb0080000481053e42da2556266a", 1145,
      "ok udp 10.20.30.11 38904 18.134.68.57 4195 proto 17 ip 1228 payload 42+55/1200 followed df cut" },
    { "whole, checksum right", 9,
      "002145000032000040003f1153a4c1a76464c1a7006401bbc0f2001e62d5477e0c41c4c2896277ec4fdd2c590cd20c0ca94499ed", 0,
      "ok udp 193.167.100.100 443 193.167.0.100 49394 proto 17 ip 50 payload 30+22/22 followed df checksum" },
    { "whole, checksum wrong", 9,
      "002145000032000040003f1153a4c1a76464c1a7006401bbc0f2001e62d6477e0c41c4c2896277ec4fdd2c590cd20c0ca94499ed", 0,
      "ok udp 193.167.100.100 443 193.167.0.100 49394 proto 17 ip 50 payload 30+22/22 followed df "
      "bad-checksum checksum" },
    { "no checksum", 101,
      ROWS_IP4("0020", "11") "c35001bb000c0000" "00112233", 0,
      "ok udp 10.0.0.1 50000 10.0.0.2 443 proto 17 ip 32 payload 28+4/4 followed" },
    { "background", 101,
      ROWS_IP4("0020", "11") "c3501388000c0000" "00112233", 0,
      "ok udp 10.0.0.1 50000 10.0.0.2 5000 proto 17 ip 32 payload 0+0/0" },
    { "padding behind the datagram", 101,
      ROWS_IP4("0024", "11") "c35001bb000c0000" "0011223300000000", 0,
      "ok udp 10.0.0.1 50000 10.0.0.2 443 proto 17 ip 36 payload 28+4/4 followed" },
    { "length beyond the IP packet", 101,
      ROWS_IP4("0020", "11") "c35001bb00100000" "00112233", 0,
      "malformed udp 10.0.0.1 50000 10.0.0.2 443 proto 17 ip 32 payload 0+0/0 followed" },
    { "length below eight", 101,
      ROWS_IP4("0020", "11") "c35001bb00070000" "00112233", 0,
      "malformed udp 10.0.0.1 50000 10.0.0.2 443 proto 17 ip 32 payload 0+0/0 followed" },
    { "length 0 in IPv4", 101,
      ROWS_IP4("0020", "11") "c35001bb00000000" "00112233", 0,
      "malformed udp 10.0.0.1 50000 10.0.0.2 443 proto 17 ip 32 payload 0+0/0 followed" },
    { "length 0 in a jumbogram", 101,
      ROWS_IP6("0000", "11") "c35001bb00000000" "00112233", 0,
      "ok udp fd00::1 50000 fd00::2 443 proto 17 ip 52 payload 48+4/4 followed length-from-capture" },
    { "first fragment", 101,
      "4500002000012000401100000a0000010a000002" "c35001bb0fa80000" "00112233", 0,
      "ok udp 10.0.0.1 50000 10.0.0.2 443 proto 17 ip 32 payload 28+4/4 followed first-fragment" },
    { "first fragment that ends within the header", 101,
      "4500001800012000401100000a0000010a000002" "c35001bb", 0,
      "ok fragment 10.0.0.1 0 10.0.0.2 0 proto 17 ip 24 payload 24+0/0" },
    { "header cut by the snap length", 101,
      ROWS_IP4("0020", "11") "c35001bb00", 7,
      "truncated udp 10.0.0.1 50000 10.0.0.2 443 proto 17 ip 32 payload 0+0/0 followed" },
    { "total length beyond the wire", 101,
      ROWS_IP4("0064", "11") "c35001bb00500000" "00112233", 0,
      "ok udp 10.0.0.1 50000 10.0.0.2 443 proto 17 ip 100 payload 28+4/4 followed cut" },
};

static void datagrams(void **state)
{
    (void)state;
    ROWS_CHECK(datagrams_rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(datagrams),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
