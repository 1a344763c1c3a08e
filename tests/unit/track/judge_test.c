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

/* The forgery score: each test alone, and together. The gateway's other packets: TTL 240, round trip 20 ms. */
static const struct {
    const char *name;
    bool host_unknown;
    uint8_t ttl;
    int64_t delay_us;
    bool id_copied, impossible;
    enum model_by by;
} scores[] = {
    { "nothing to compare with", true, 240, 20000, false, false, MODEL_BY_UNDETERMINED },
    { "the usual distance, the usual TTL", false, 240, 20000, false, false, MODEL_BY_ENDPOINT },
    { "the usual distance, another initial TTL", false, 49, 20000, false, false, MODEL_BY_UNDETERMINED },
    { "one hop nearer", false, 241, 20000, false, false, MODEL_BY_UNDETERMINED },
    { "two hops nearer: one point", false, 242, 20000, false, false, MODEL_BY_UNDETERMINED },
    { "farther away", false, 230, 20000, false, false, MODEL_BY_UNDETERMINED },
    { "nearer and the client's IP-ID", false, 253, 20000, true, false, MODEL_BY_MIDDLEBOX },
    { "nearer and what no stack sends", false, 253, 20000, false, true, MODEL_BY_MIDDLEBOX },
    { "nearer and within a tenth of the round trip", false, 253, 1999, false, false, MODEL_BY_MIDDLEBOX },
    { "nearer and a tenth of the round trip is not within", false, 253, 2000, false, false, MODEL_BY_UNDETERMINED },
    { "all of them", false, 253, 100, true, true, MODEL_BY_MIDDLEBOX },
    { "the client's IP-ID alone", true, 240, 20000, true, false, MODEL_BY_UNDETERMINED },
    { "two points without a distance", true, 240, 20000, true, true, MODEL_BY_MIDDLEBOX },
    { "the usual distance against one point", false, 240, 20000, true, false, MODEL_BY_UNDETERMINED },
    { "the usual distance against two points: the score is one", false, 240, 20000, true, true,
      MODEL_BY_UNDETERMINED },
    { "the usual distance against three points: the score is two", false, 240, 1000, true, true, MODEL_BY_MIDDLEBOX },
};

static const struct flow flow; /* nothing is known of it */

static void resets_are_scored(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(scores); i++) {
        struct bench b;
        bench_begin(&b);
        struct ipaddr client = bench_address("10.20.30.4"), server = bench_address("18.134.68.9");
        struct story s = { .path = model_path_of(b.model, &client, &server, 4195, 6) };
        s.tcp.rst_ttl = scores[i].ttl;
        s.tcp.rst_delay_ns = scores[i].delay_us * 1000;
        s.tcp.rst_id_copied = scores[i].id_copied;
        s.tcp.rst_impossible = scores[i].impossible;
        if (!scores[i].host_unknown) {
            struct model_host *host = model_host_of(b.model, &server);
            host->ttl = 240;
            host->votes = 8;
            host->first_vote_ns = host->last_vote_ns = s.tcp.rst_ns;
            host->least_rtt_ns = MS(20);
        }
        struct model_incident incident = { 0 };
        track_judge_reset(b.track, &s, &flow, &incident);
        failed += soft_int(scores[i].name, "by", incident.by, scores[i].by);
        failed += soft_int(scores[i].name, "usual hops", incident.usual_hops, scores[i].host_unknown ? 0 : 15);
        failed += soft_int(scores[i].name, "hops", incident.hops, track_judge_hops(scores[i].ttl));
        bench_end(&b);
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

/* The thresholds that --threshold names are the ones that judge. */
static void the_score_that_convicts_is_a_threshold(void **state)
{
    (void)state;
    struct bench b;
    bench_begin(&b);
    assert_int_equal(endpoint_threshold_override(b.catalogue, "forgery-score=3", NULL), STATUS_OK);
    track_free(b.track);
    b.track = track_new(&(struct track_options){ .max_flows = 10 }, b.model);
    struct ipaddr client = bench_address("10.20.30.4"), server = bench_address("18.134.68.9");
    struct story s = { .path = model_path_of(b.model, &client, &server, 4195, 6) };
    s.tcp.rst_id_copied = s.tcp.rst_impossible = true;
    struct model_incident incident = { 0 };
    track_judge_reset(b.track, &s, &flow, &incident);
    bench_end(&b);
    assert_int_equal(incident.by, MODEL_BY_UNDETERMINED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hops_to_the_next_initial_ttl),
        cmocka_unit_test(resets_are_scored),
        cmocka_unit_test(distances_are_compared_within_ten_minutes),
        cmocka_unit_test(the_score_that_convicts_is_a_threshold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
