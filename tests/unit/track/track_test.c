/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#define C BENCH_CLIENT
#define S BENCH_SERVER

static struct bench_pair numbered(unsigned n)
{
    struct bench_pair pair = bench_dcv;
    pair.client_port = (uint16_t)(40000 + n);
    return pair;
}

/* When a flow leaves the table, counted from its last packet. Deadlines are looked at once in a few seconds. */
static const struct {
    const char *name;
    uint8_t protocol;
    struct bench_step steps[10];
    int64_t last_ms, stays_ms, gone_ms; /* after last_ms: still there, gone */
} lives[] = {
    { "closed by both", 6,
      { { 0, C, "S", 0, 0, 0 }, { 20, S, "SA", 0, 1, 0 }, { 30, C, "A", 1, 1, 0 }, { 100, C, "FA", 1, 1, 0 },
        { 120, S, "FA", 1, 2, 0 } }, 120, 3000, 20000 },
    { "closed by both after a minute", 6,
      { { 0, C, "S", 0, 0, 0 }, { 20, S, "SA", 0, 1, 0 }, { 30, C, "A", 1, 1, 0 }, { 30000, C, "PA", 1, 1, 100 },
        { 60000, C, "FA", 101, 1, 0 }, { 60020, S, "FA", 1, 102, 0 } }, 60020, 3000, 20000 },
    { "reset after a minute", 6,
      { { 0, C, "S", 0, 0, 0 }, { 20, S, "SA", 0, 1, 0 }, { 30, C, "A", 1, 1, 0 }, { 30000, C, "PA", 1, 1, 100 },
        { 60000, S, "R", 1, 0, 0 } }, 60000, 3000, 20000 },
    { "an attempt, as long as a SYN may be repeated", 6, { { 0, C, "S", 0, 0, 0 } }, 0, 130000, 160000 },
    { "UDP of a gateway, longer than a firewall remembers", 17, { { 0, C, "I", 0, 0, 0 }, { 20, S, "I", 0, 0, 0 } },
      20, 14000000, 14800000 },
    { "an idle connection", 6, { { 0, C, "S", 0, 0, 0 }, { 20, S, "SA", 0, 1, 0 }, { 30, C, "A", 1, 1, 0 } }, 30,
      14000000,
      14800000 },
};

static void tick_until(struct bench *b, int64_t *now_ms, int64_t until_ms)
{
    for (; *now_ms < until_ms; *now_ms += 1000)
        track_advance(b->track, BENCH_BEGIN_NS + MS(*now_ms));
}

static void flows_leave_by_packet_time(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(lives); i++) {
        struct bench b;
        int64_t now_ms = lives[i].last_ms;
        bench_begin(&b);
        (lives[i].protocol == 6 ? bench_play_tcp : bench_play_udp)(&b, &bench_dcv, lives[i].steps);
        tick_until(&b, &now_ms, lives[i].last_ms + lives[i].stays_ms);
        failed += soft_int(lives[i].name, "left early", (int64_t)b.ended_count, 0);
        tick_until(&b, &now_ms, lives[i].last_ms + lives[i].gone_ms);
        failed += soft_int(lives[i].name, "left", (int64_t)b.ended_count, 1);
        bench_end(&b);
    }
    assert_int_equal(failed, 0);
}

/* Attempts at one pace, all decided by the same tick: incidents are in the order of the attempts, whoever decides. */
static const struct {
    const char *name;
    bool by_the_wheel; /* the capture goes on for an hour; else it ends */
} deciders[] = { { "at the end of the capture", false }, { "by the clock", true } };

static void incidents_come_in_the_order_of_the_attempts(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(deciders); i++) {
        struct bench b;
        bench_begin(&b);
        for (unsigned n = 0; n < 10; n++) {
            const struct bench_step syn[] = { { n * 10, C, "S", 0, 0, 0 }, { 0 } };
            struct bench_pair pair = numbered(n);
            bench_play_tcp(&b, &pair, syn);
        }
        int64_t now_ms = 100;
        tick_until(&b, &now_ms, deciders[i].by_the_wheel ? 400000 : 10000);
        track_finish(b.track);
        const struct model_path *p = model_paths(b.model);
        assert_int_equal(p->counts[MODEL_TCP_SYN_SILENT], 10);
        for (unsigned n = 0; n < 10; n++)
            failed += soft_int(deciders[i].name, "client port of the next incident",
                               model_incident_at(p, MODEL_TCP_SYN_SILENT, n)->client_port, 40000 + n);
        bench_end(&b);
    }
    assert_int_equal(failed, 0);
}

static void flows_beyond_the_budget_are_counted(void **state)
{
    (void)state;
    struct bench b;
    bench_begin_with(&b, (struct bench_budget){ 3, 100, 100, 100, 100 });
    for (unsigned n = 0; n < 5; n++) {
        struct bench_pair pair = numbered(n);
        bench_connect(&b, &pair, n * 100);
    }
    assert_int_equal(model_tap(b.model)->packets_not_followed, 6);
    bench_finish(&b, MS(10000));
    assert_int_equal(b.ended_count, 3);
    assert_int_equal(model_paths(b.model)->counts[MODEL_TCP_ACCEPTED], 3);
    bench_end(&b);
}

/* A copy touches nothing: the same facts and counters as without it. */
static void copies_touch_nothing(void **state)
{
    (void)state;
    struct flow ended[2];
    for (int copies = 0; copies < 2; copies++) {
        static const struct bench_step steps[] = { { 0, C, "S", 0, 0, 0 },      { 20, S, "SA", 0, 1, 0 },
                                                   { 30, C, "A", 1, 1, 0 },     { 100, C, "PA", 1, 1, 300 },
                                                   { 120, S, "PA", 1, 301, 400 }, { 130, C, "A", 301, 401, 0 } };
        struct bench b;
        bench_begin(&b);
        for (size_t i = 0; i < COUNT_OF(steps); i++) {
            const uint32_t numbers[3] = { steps[i].sequence, steps[i].acknowledgment, steps[i].length };
            struct decode_packet d = bench_tcp(&b, &bench_dcv, steps[i].from, bench_flags(steps[i].what), numbers);
            assert_int_equal(bench_send(&b, MS(steps[i].at_ms), &d), TRACK_FOLLOWED);
            d.ttl--;
            d.link_tag++;
            if (copies)
                assert_int_equal(bench_send(&b, MS(steps[i].at_ms) + 50000, &d), TRACK_DUPLICATE);
        }
        assert_int_equal(model_tap(b.model)->duplicates, copies ? 6 : 0);
        assert_int_equal(model_tap(b.model)->duplicates_routed, copies ? 6 : 0);
        assert_int_equal(model_tap(b.model)->followed_packets, 6);
        bench_finish(&b, MS(10000));
        ended[copies] = b.ended[0];
        bench_end(&b);
    }
    assert_int_equal(ended[1].half[0].packets, 4);
    assert_int_equal(ended[1].half[0].retransmissions, 0);
    assert_int_equal(ended[1].last_ns, ended[0].last_ns);
    assert_memory_equal(ended[0].history, ended[1].history, sizeof ended[0].history);
    assert_int_equal(ended[0].half[1].payload_bytes, ended[1].half[1].payload_bytes);
}

static void clock_steps_are_kept_and_counted(void **state)
{
    (void)state;
    struct bench b;
    bench_begin(&b);
    for (int64_t i = 1; i <= MODEL_CLOCK_STEPS + 5; i++)
        track_clock_step(b.track, (uint64_t)i, BENCH_BEGIN_NS + MS(i * 1000), BENCH_BEGIN_NS);
    const struct model_tap *tap = model_tap(b.model);
    assert_int_equal(tap->clock_steps, MODEL_CLOCK_STEPS + 5);
    assert_int_equal(tap->clock_step_largest_ns, MS((MODEL_CLOCK_STEPS + 5) * 1000));
    assert_int_equal(tap->steps[0].frame, 1);
    assert_int_equal(tap->steps[0].from_ns, BENCH_BEGIN_NS + MS(1000));
    assert_int_equal(tap->steps[0].to_ns, BENCH_BEGIN_NS);
    assert_int_equal(tap->steps[MODEL_CLOCK_STEPS - 1].frame, MODEL_CLOCK_STEPS);
    bench_end(&b);
}

static void fragments_belong_to_their_flow(void **state)
{
    (void)state;
    struct bench b;
    bench_begin(&b);
    struct decode_packet first = bench_packet(&b, &bench_pcoip, C, 17, 100);
    first.flags |= DECODE_FIRST_FRAGMENT;
    first.fragment_id = 4711;
    struct decode_packet later = { .source = first.source, .destination = first.destination, .protocol = 17,
                                   .transport = DECODE_FRAGMENT, .fragment_id = 4711, .ip_version = 4 };
    assert_int_equal(bench_send(&b, 0, &later), TRACK_BACKGROUND);
    assert_int_equal(bench_send(&b, MS(1), &first), TRACK_FOLLOWED);
    assert_int_equal(bench_send(&b, MS(2), &later), TRACK_FOLLOWED);
    later.fragment_id++;
    assert_int_equal(bench_send(&b, MS(3), &later), TRACK_BACKGROUND);
    bench_end(&b);
}

/* A client that was answered by anybody has a network; the tap sees answers. */
static void another_flow_testifies_for_its_client(void **state)
{
    (void)state;
    static const struct bench_step syn[] = { { 1000, C, "S", 0, 0, 0 }, { 0 } };
    struct bench b;
    bench_begin(&b);
    bench_play_tcp(&b, &bench_dcv, syn);
    bench_connect(&b, &bench_web, 2000);
    bench_finish(&b, MS(20000));
    assert_true(model_client_was_answered(b.model, model_clients(b.model)));
    assert_null(model_clients(b.model)->next);
    bench_end(&b);
}

/* Times are a stranger's: the ends of the range are times as well. */
static void the_ends_of_time_do_no_harm(void **state)
{
    (void)state;
    static const int64_t times[] = { INT64_MIN, INT64_MIN + 1, -1, 0, INT64_MAX / 2, INT64_MAX - 1, INT64_MAX };
    struct bench b;
    bench_begin(&b);
    for (size_t i = 0; i < COUNT_OF(times); i++) {
        const uint32_t numbers[3] = { (uint32_t)i * 100 + 1, 1, 100 };
        struct decode_packet d = bench_tcp(&b, &bench_dcv, C, DECODE_ACK, numbers);
        bench_send(&b, times[i] - (times[i] > INT64_MIN + BENCH_BEGIN_NS ? BENCH_BEGIN_NS : 0) -
                           (times[i] > 0 ? BENCH_BEGIN_NS / 2 : 0), &d);
    }
    track_finish(b.track);
    assert_int_equal(b.ended_count > 0, true);
    bench_end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flows_leave_by_packet_time),
        cmocka_unit_test(incidents_come_in_the_order_of_the_attempts),
        cmocka_unit_test(flows_beyond_the_budget_are_counted),
        cmocka_unit_test(copies_touch_nothing),
        cmocka_unit_test(clock_steps_are_kept_and_counted),
        cmocka_unit_test(fragments_belong_to_their_flow),
        cmocka_unit_test(another_flow_testifies_for_its_client),
        cmocka_unit_test(the_ends_of_time_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
