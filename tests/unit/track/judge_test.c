/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "track/judge.h"

/* To the next of the usual initial values: 32, 64, 128, 255. */
static const struct {
    uint8_t ttl, hops;
} distances[] = {
    { 255, 0 }, { 254, 1 }, { 240, 15 }, { 129, 126 }, { 128, 0 }, { 127, 1 }, { 113, 15 }, { 65, 63 }, { 64, 0 },
    { 49, 15 }, { 33, 31 }, { 32, 0 },   { 31, 1 },    { 1, 31 },  { 0, 32 },
};

static void hops_to_the_next_initial_ttl(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(distances); i++) {
        char name[16];
        snprintf(name, sizeof name, "TTL %u", distances[i].ttl);
        failed += soft_int(name, "hops", track_judge_hops(distances[i].ttl), distances[i].hops);
    }
    assert_int_equal(failed, 0);
}

/* Other packets of the address count within ten minutes; what arrived earlier may have come another way. */
static const struct {
    const char *name;
    int64_t minutes;
    uint8_t usual_hops;
} memories[] = {
    { "a minute ago", 1, 15 },
    { "nine minutes ago", 9, 15 },
    { "eleven minutes ago", 11, 0 },
};

static void distances_are_compared_within_ten_minutes(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(memories); i++) {
        const int64_t at_ms = memories[i].minutes * 60000;
        const struct bench_step syn[] = { { at_ms, BENCH_CLIENT, "S", 0, 0, 0 },
                                          { at_ms + 20, BENCH_SERVER, "RA", 0, 1, 0 },
                                          { 0 } };
        struct bench_pair again = bench_dcv;
        struct bench b;
        again.client_port = 50001;
        bench_begin(&b);
        bench_connect(&b, &bench_dcv, 0);
        bench_play_tcp(&b, &again, syn);
        bench_finish(&b, MS(at_ms + 1000));
        const struct model_path *p = bench_path(&b, &bench_dcv, 6);
        assert_int_equal(p->counts[MODEL_TCP_SYN_RESET], 1);
        failed += soft_int(memories[i].name, "usual hops", model_incident_at(p, MODEL_TCP_SYN_RESET, 0)->usual_hops,
                           memories[i].usual_hops);
        bench_end(&b);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hops_to_the_next_initial_ttl),
        cmocka_unit_test(distances_are_compared_within_ten_minutes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
