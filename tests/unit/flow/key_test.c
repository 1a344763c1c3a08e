/* SPDX-License-Identifier: Apache-2.0 */
#include "../soft.h"

#include "flow/key.h"

static const struct {
    const char *name;
    const char *source;
    uint16_t source_port;
    const char *destination;
    uint16_t destination_port;
    bool source_is_low;
} rows[] = {
    { "smaller address sends", "10.0.0.1", 5000, "10.0.0.2", 443, true },
    { "larger address sends", "10.0.0.2", 443, "10.0.0.1", 5000, false },
    { "order is of bytes, not of the host's integers", "10.1.0.0", 1, "10.0.0.9", 1, false },
    { "same address, smaller port sends", "10.0.0.1", 443, "10.0.0.1", 5000, true },
    { "same address, larger port sends", "10.0.0.1", 5000, "10.0.0.1", 443, false },
    { "ports above 255 compare as numbers", "10.0.0.1", 256, "10.0.0.1", 255, false },
    { "both ends the same", "10.0.0.1", 443, "10.0.0.1", 443, true },
    { "IPv6", "2001:db8::2", 5000, "2001:db8::1", 4195, false },
};

static struct ipaddr address(const char *text)
{
    struct ipaddr a;
    assert_true(ipaddr_parse(text, &a));
    return a;
}

static void both_directions_have_one_key(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct ipaddr s = address(rows[i].source), d = address(rows[i].destination);
        bool there, back;
        struct flow_key a = flow_key_make(&s, rows[i].source_port, &d, rows[i].destination_port, &there);
        struct flow_key b = flow_key_make(&d, rows[i].destination_port, &s, rows[i].source_port, &back);
        bool same_end = ipaddr_equal(&s, &d) && rows[i].source_port == rows[i].destination_port;
        failed += soft_true(rows[i].name, "one key", flow_key_equal(&a, &b));
        failed += soft_int(rows[i].name, "source is low", there, rows[i].source_is_low);
        failed += soft_int(rows[i].name, "source is low, on the way back", back,
                           same_end ? true : !rows[i].source_is_low);
        failed += soft_true(rows[i].name, "low is the sender's end or the other's",
                            ipaddr_equal(&a.low, there ? &s : &d) &&
                                a.low_port == (there ? rows[i].source_port : rows[i].destination_port));
        failed += soft_true(rows[i].name, "high is the other end",
                            ipaddr_equal(&a.high, there ? &d : &s) &&
                                a.high_port == (there ? rows[i].destination_port : rows[i].source_port));
    }
    assert_int_equal(failed, 0);
}

static void every_field_tells_flows_apart(void **state)
{
    (void)state;
    struct ipaddr a = address("10.0.0.1"), b = address("10.0.0.2"), c = address("10.0.0.3");
    bool low;
    const struct flow_key key = flow_key_make(&a, 1000, &b, 443, &low);
    struct flow_key other = flow_key_make(&a, 1000, &c, 443, &low);
    assert_false(flow_key_equal(&key, &other));
    other = flow_key_make(&a, 1001, &b, 443, &low);
    assert_false(flow_key_equal(&key, &other));
    other = flow_key_make(&a, 1000, &b, 444, &low);
    assert_false(flow_key_equal(&key, &other));
    other = flow_key_make(&a, 443, &b, 1000, &low); /* the ports, exchanged: another flow */
    assert_false(flow_key_equal(&key, &other));
    other = key;
    assert_true(flow_key_equal(&key, &other));
    other.protocol = 17;
    assert_false(flow_key_equal(&key, &other));
    other = key;
    other.ip_version = 6;
    assert_false(flow_key_equal(&key, &other));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_directions_have_one_key),
        cmocka_unit_test(every_field_tells_flows_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
