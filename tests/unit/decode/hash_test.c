/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

static const uint64_t key[2] = { UINT64_C(0x243f6a8885a308d3), UINT64_C(0x13198a2e03707344) };

static struct ipaddr address(const char *text)
{
    struct ipaddr a;
    assert_true(ipaddr_parse(text, &a));
    return a;
}

struct tuple {
    const char *name, *a, *b;
    uint16_t a_port, b_port;
};

static const struct tuple tuples[] = {
    { "IPv4", "10.20.30.4", "18.134.68.9", 50000, 4195 },
    { "IPv6", "2001:db8::1", "2a05:d02c:8::1", 50000, 4195 },
    { "differ in the high half only", "2001:db8:1::1", "2001:db8:2::1", 443, 443 },
    { "same address, ports differ", "127.0.0.1", "127.0.0.1", 53706, 4433 },
    { "both ends equal", "127.0.0.1", "127.0.0.1", 443, 443 },
    { "all zero", "::", "::", 0, 0 },
};

static void same_both_ways(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof tuples / sizeof tuples[0]; i++) {
        struct ipaddr a = address(tuples[i].a), b = address(tuples[i].b);
        uint32_t forth = decode_hash(key, &a, tuples[i].a_port, &b, tuples[i].b_port, 6);
        uint32_t back = decode_hash(key, &b, tuples[i].b_port, &a, tuples[i].a_port, 6);
        if (forth != back)
            fail_msg("row \"%s\": %08x one way, %08x the other", tuples[i].name, forth, back);
    }
}

static void depends_on_everything(void **state)
{
    (void)state;
    struct ipaddr a = address("10.20.30.4"), b = address("18.134.68.9");
    const uint64_t other[2] = { key[0], key[1] ^ 1 };
    uint32_t hash = decode_hash(key, &a, 50000, &b, 4195, 6);

    assert_int_not_equal(hash, decode_hash(key, &a, 50000, &b, 4195, 17));
    assert_int_not_equal(hash, decode_hash(key, &a, 4195, &b, 50000, 6));
    assert_int_not_equal(hash, decode_hash(other, &a, 50000, &b, 4195, 6));
    for (unsigned bit = 0; bit < 256; bit++) {
        struct ipaddr *end = bit < 128 ? &a : &b;
        end->bytes[bit % 128 / 8] ^= (uint8_t)(1u << bit % 8);
        assert_int_not_equal(hash, decode_hash(key, &a, 50000, &b, 4195, 6));
        end->bytes[bit % 128 / 8] ^= (uint8_t)(1u << bit % 8);
    }
}

/* A scan: one client's ports in order, to many servers in order. Filling 2^16 buckets by the low or by the high bits
 * with 2^16 keys must leave about 1/e of them empty, as chance does. */
static void spreads_scans(void **state)
{
    (void)state;
    enum { KEYS = 65536 };
    static uint8_t low[KEYS], high[KEYS];
    struct ipaddr a = address("10.20.30.4"), b = address("18.134.68.0");

    for (unsigned i = 0; i < KEYS; i++) {
        b.bytes[15] = (uint8_t)i;
        uint32_t hash = decode_hash(key, &a, (uint16_t)(1024 + (i >> 8)), &b, 443, 6);
        low[hash & 0xffff] = 1;
        high[hash >> 16] = 1;
    }
    unsigned low_used = 0, high_used = 0;
    for (unsigned i = 0; i < KEYS; i++) {
        low_used += low[i];
        high_used += high[i];
    }
    assert_in_range(low_used, 41000, 41900); /* 65536 (1 - 1/e) = 41427, standard deviation 81 */
    assert_in_range(high_used, 41000, 41900);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_both_ways),
        cmocka_unit_test(depends_on_everything),
        cmocka_unit_test(spreads_scans),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
