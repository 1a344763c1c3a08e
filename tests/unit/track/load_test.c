/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "track/load.h"

/* Which way a packet counts, by its addresses: private ones are inside, and the networks of clients. */
static const struct row {
    const char *name, *source, *destination;
    uint64_t up, down;
} rows[] = {
    { "a private client sends", "10.20.30.4", "203.0.113.9", 100, 0 },
    { "a private client receives", "203.0.113.9", "10.20.30.4", 0, 100 },
    { "both private, one in a client's network", "10.20.30.4", "10.99.0.1", 100, 0 },
    { "both private, to a client's network", "10.99.0.1", "10.20.30.200", 0, 100 },
    { "both private, nobody's network: both", "172.16.0.1", "10.99.0.1", 100, 100 },
    { "both in a client's network: both", "10.20.30.4", "10.20.30.5", 100, 100 },
    { "a public client sends", "198.51.100.7", "203.0.113.9", 100, 0 },
    { "a public client's neighbour receives", "203.0.113.9", "198.51.100.250", 0, 100 },
    { "both public, nobody's network: both", "192.0.2.1", "203.0.113.9", 100, 100 },
    { "IPv6, the client's /64 sends", "2001:db8::99", "2a05:d02c:8::1", 100, 0 },
    { "IPv6, another /64: both", "2001:db8:0:1::4", "2a05:d02c:8::1", 100, 100 },
};

static void addresses_tell_the_direction(void **state)
{
    (void)state;
    static const char *const clients[] = { "10.20.30.4", "198.51.100.7", "2001:db8::4", "10.20.30.4" };
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct track_load load = { .end_ns = INT64_MIN };
        for (size_t c = 0; c < COUNT_OF(clients); c++) {
            struct ipaddr client = bench_address(clients[c]);
            track_load_inside(&load, &client);
        }
        struct decode_packet d = { .source = bench_address(rows[i].source),
                                   .destination = bench_address(rows[i].destination), .ip_bytes = 100 };
        track_load_packet(&load, &d);
        failed += soft_int(rows[i].name, "networks", load.network_count, 3);
        failed += soft_int(rows[i].name, "up", (int64_t)load.bytes[MODEL_LOAD_UP], (int64_t)rows[i].up);
        failed += soft_int(rows[i].name, "down", (int64_t)load.bytes[MODEL_LOAD_DOWN], (int64_t)rows[i].down);
    }
    assert_int_equal(failed, 0);
}

static void networks_are_bounded(void **state)
{
    (void)state;
    struct track_load load = { .end_ns = INT64_MIN };
    struct ipaddr client = bench_address("198.51.100.7");
    for (int i = 0; i < TRACK_LOAD_NETWORKS + 5; i++) {
        client.bytes[14] = (uint8_t)i;
        track_load_inside(&load, &client);
    }
    assert_int_equal(load.network_count, TRACK_LOAD_NETWORKS);
}

static void a_second_ends_once(void **state)
{
    (void)state;
    struct bench b;
    bench_begin(&b);
    struct track_load load = { .end_ns = INT64_MIN };
    track_load_advance(&load, b.model, BENCH_BEGIN_NS);
    load.bytes[MODEL_LOAD_UP] = 500;
    track_load_advance(&load, b.model, BENCH_BEGIN_NS + MS(999));
    assert_int_equal(load.bytes[MODEL_LOAD_UP], 500);
    track_load_advance(&load, b.model, BENCH_BEGIN_NS + MS(1000));
    assert_int_equal(load.bytes[MODEL_LOAD_UP], 0);
    assert_true(load.end_ns == BENCH_BEGIN_NS + MS(2000));
    track_load_advance(&load, b.model, INT64_MAX - 1); /* hostile: does not overflow */
    assert_true(load.end_ns == INT64_MAX);
    bench_end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_tell_the_direction),
        cmocka_unit_test(networks_are_bounded),
        cmocka_unit_test(a_second_ends_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
