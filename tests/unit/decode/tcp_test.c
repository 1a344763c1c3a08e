/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

static const struct row segments_rows[] = {
    { "SYN with options", 1,
      "0e34bf5822021ec396e302a808004500003ce87c400040063f3e0a7f7f010a7f7f02867601bb8ddd99db00000000a002faf09bb8"
      "0000020405b40402080aa50a25280000000001030307", 0,
      "ok tcp 10.127.127.1 34422 10.127.127.2 443 proto 6 ip 60 payload 74+0/0 followed df bad-checksum "
      "checksum timestamps sack-permitted mss wscale" },
    { "SACK", 1,
      "0024c4dc80c00026ca1fcd4008004500003446e0400067068ee90a65544681ae5da12ae20050ab3379dca6006984801080002bd5"
      "00000101050aa6006f38a60074ec", 0,
      "ok tcp 10.101.84.70 10978 129.174.93.161 80 proto 6 ip 52 payload 66+0/0 followed df checksum sack" },
    { "background: read up to the ports", 1,
      "0e34bf5822021ec396e302a808004500003ce87c400040063f3e0a7f7f010a7f7f028676ad9c8ddd99db00000000a002faf01330"
      "0000020405b40402080aa50a25280000000001030307", 0,
      "ok tcp 10.127.127.1 34422 10.127.127.2 44444 proto 6 ip 60 payload 0+0/0 df" },
    { "payload cut by the snap length", 101,
      "45000428000100004006f97bc0a80002c0a80001" "3ad101bb0000000a0000000050022000d1f80000" "0011", 1022,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 1064 payload 40+2/1024 followed cut" },
    { "options cut by the snap length", 101,
      "45000434000100004006f97bc0a80002c0a80001" "3ad101bb0000000a0000000080182000d1f80000" "0101080a0011", 1030,
      "truncated tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 1076 payload 46+0/1024 followed cut" },
    { "header cut by the snap length", 101,
      "45000428000100004006f97bc0a80002c0a80001" "3ad101bb0000000a00000000", 1032,
      "truncated tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 1064 payload 0+0/0 followed" },
    { "cut in the ports of background", 101,
      "45000428000100004006f97bc0a80002c0a80001" "3ad1", 1044,
      "truncated not-ip 192.168.0.2 0 192.168.0.1 0 proto 6 ip 1064 payload 0+0/0" },
    { "data offset below five", 101,
      "45000028000100004006f97bc0a80002c0a80001" "3ad101bb0000000a0000000040022000d1f80000", 0,
      "malformed tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 0+0/0 followed" },
    { "data offset beyond the segment", 101,
      "45000028000100004006f97bc0a80002c0a80001" "3ad101bb0000000a0000000060022000d1f80000" "00000000", 0,
      "malformed tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 0+0/0 followed" },
    { "reserved bits", 101,
      "45000028000100004006f97bc0a80002c0a80001" "3ad101bb0000000a0000000052022000cff80000", 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 40 payload 40+0/0 followed checksum reserved" },
    { "IP ends within the header", 101,
      "45000024000100004006f97bc0a80002c0a80001" "3ad101bb0000000a0000000050022000d1f80000", 0,
      "malformed tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 36 payload 0+0/0 followed" },
    { "first fragment that ends within the options", 101,
      "4500002c000120004006f97bc0a80002c0a80001" "3ad101bb0000000a00000000a0022000d1f80000" "020405b4", 0,
      "ok tcp 192.168.0.2 15057 192.168.0.1 443 proto 6 ip 44 payload 44+0/0 followed first-fragment mss" },
    { "first fragment that ends within the header", 101,
      "45000024000120004006f97bc0a80002c0a80001" "3ad101bb0000000a0000000050022000", 0,
      "ok fragment 192.168.0.2 0 192.168.0.1 0 proto 6 ip 36 payload 36+0/0" },
    { "first fragment without ports", 101,
      "45000016000120004006f97bc0a80002c0a80001" "3ad1", 0,
      "ok fragment 192.168.0.2 0 192.168.0.1 0 proto 6 ip 22 payload 22+0/0" },
};

static void segments(void **state)
{
    (void)state;
    ROWS_CHECK(segments_rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(segments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
