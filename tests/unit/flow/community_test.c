/* SPDX-License-Identifier: Apache-2.0 */
#include "../soft.h"

#include "flow/community.h"

/* The published vectors of Community ID version 1 with seed 0, for the protocols that are followed (and SCTP, whose
 * ports are alike), as the reference implementation's tests have them. */
static const struct {
    const char *name;
    uint8_t protocol;
    const char *source;
    uint16_t source_port;
    const char *destination;
    uint16_t destination_port;
    const char *id;
} vectors[] = {
    { "TCP", 6, "128.232.110.120", 34855, "66.35.250.204", 80, "1:LQU9qZlK+B5F3KDmev6m5PMibrg=" },
    { "TCP, the answer", 6, "66.35.250.204", 80, "128.232.110.120", 34855, "1:LQU9qZlK+B5F3KDmev6m5PMibrg=" },
    { "TCP, ports whose bytes sort otherwise", 6, "10.0.0.1", 10, "10.0.0.2", 11569, "1:SXBGMX1lBOwhhoDrZynfROxnhnM=" },
    { "UDP", 17, "192.168.1.52", 54585, "8.8.8.8", 53, "1:d/FP5EW3wiY1vCndhwleRRKHowQ=" },
    { "UDP, the answer", 17, "8.8.8.8", 53, "192.168.1.52", 54585, "1:d/FP5EW3wiY1vCndhwleRRKHowQ=" },
    { "TCP over IPv6", 6, "fe80::200:86ff:fe05:80da", 1022, "fe80::260:97ff:fe07:69ea", 22,
      "1:gS2aYcRwGJWe7UratL8/84dclq4=" },
    { "TCP over IPv6, the answer", 6, "fe80::260:97ff:fe07:69ea", 22, "fe80::200:86ff:fe05:80da", 1022,
      "1:gS2aYcRwGJWe7UratL8/84dclq4=" },
    { "TCP over IPv6, to a mail server", 6, "2001:470:e5bf:dead:4957:2174:e82c:4887", 63943, "2607:f8b0:400c:c03::1a",
      25, "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=" },
    { "SCTP, equal ports", 132, "192.168.170.8", 7, "192.168.170.56", 7, "1:MP2EtRCAUIZvTw6MxJHLV7N7JDs=" },
};

static void gives_the_published_ids(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        struct ipaddr s, d;
        bool low;
        char text[FLOW_COMMUNITY_SIZE];
        assert_true(ipaddr_parse(vectors[i].source, &s) && ipaddr_parse(vectors[i].destination, &d));
        struct flow_key key = flow_key_make(&s, vectors[i].source_port, &d, vectors[i].destination_port, &low);
        key.protocol = vectors[i].protocol;
        key.ip_version = ipaddr_is_v4(&s) ? 4 : 6;
        failed += soft_text(vectors[i].name, "id", flow_community_id(&key, text), vectors[i].id);
        failed += soft_true(vectors[i].name, "the text given is returned", flow_community_id(&key, text) == text);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(gives_the_published_ids) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
