/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#define C BENCH_CLIENT
#define S BENCH_SERVER

/* Twelve kilobytes at once: a full window of the stream. */
#define CONNECTED                                                                                                    \
    { 0, C, "S", 0, 0, 0 }, { 20, S, "SA", 0, 1, 0 }, { 30, C, "A", 1, 1, 0 }, { 50, C, "PA", 1, 1, 100 },           \
        { 70, S, "A", 1, 101, 0 }
#define STREAMED                                                                                                     \
    CONNECTED, { 100, S, "PA", 1, 101, 1400 }, { 101, S, "PA", 1401, 101, 1400 },                                    \
        { 102, S, "PA", 2801, 101, 1400 }, { 103, S, "PA", 4201, 101, 1400 }, { 104, S, "PA", 5601, 101, 1400 },     \
        { 105, S, "PA", 7001, 101, 1400 }, { 106, S, "PA", 8401, 101, 1400 }, { 107, S, "PA", 9801, 101, 1400 },     \
        { 140, C, "A", 101, 11201, 0 }

static const struct {
    const char *name;
    struct bench_step steps[24];
    int how; /* enum model_end; -1: no ending, it carried no stream */
    int64_t end_ms;
    uint64_t end_frame;
} tcp[] = {
    { "open", { STREAMED }, MODEL_END_OPEN, 140, 0 },
    { "the server's FIN", { STREAMED, { 200, S, "FA", 11201, 101, 0 } }, MODEL_END_CLOSED, 200, 0 },
    { "the client's FIN, then a reset", { STREAMED, { 200, C, "FA", 101, 11201, 0 }, { 230, S, "R", 11201, 0, 0 } },
      MODEL_END_CLOSED, 230, 0 },
    { "the client's reset", { STREAMED, { 200, C, "RA", 101, 11201, 0 } }, MODEL_END_CLIENT_RESET, 200, 0 },
    { "a reset of the server's side", { STREAMED, { 200, S, "RA", 11201, 101, 0 } }, MODEL_END_FAILED, 200, 15 },
    { "a reset before any stream", { CONNECTED, { 200, S, "RA", 1, 101, 0 } }, -1, 0, 0 },
    { "data repeated into silence",
      { STREAMED, { 5000, C, "PA", 101, 11201, 100 }, { 5300, C, "PA", 101, 11201, 100 },
        { 6000, C, "PA", 101, 11201, 100 }, { 7500, C, "PA", 101, 11201, 100 }, { 9500, C, "PA", 101, 11201, 100 } },
      MODEL_END_FAILED, 5000, 13 },
};

static unsigned check(const char *name, const struct bench *b, int how, int64_t end_ms, uint64_t end_frame)
{
    const struct model_session *s = model_sessions(b->model);
    unsigned failed = soft_int(name, "endings", s ? s->ending_count : 0, how >= 0);
    if (!s || !s->endings || how < 0)
        return failed;
    const struct model_ending *e = s->endings;
    failed += soft_int(name, "how", e->how, how);
    failed += soft_int(name, "begin", e->begin_ns, BENCH_BEGIN_NS);
    failed += soft_int(name, "end", e->end_ns, BENCH_BEGIN_NS + MS(end_ms));
    failed += soft_int(name, "first frame", (int64_t)e->begin_frame, 1);
    return failed + soft_int(name, "frame of the end", (int64_t)e->end_frame, (int64_t)end_frame);
}

static void connections_that_end(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(tcp); i++) {
        struct bench b;
        bench_begin(&b);
        bench_play_tcp(&b, &bench_dcv, tcp[i].steps);
        bench_finish(&b, MS(30000));
        failed += check(tcp[i].name, &b, tcp[i].how, tcp[i].end_ms, tcp[i].end_frame);
        bench_end(&b);
    }
    assert_int_equal(failed, 0);
}

#define ANSWERED                                                                                                     \
    { 0, C, "I", 0, 0, 0 }, { 20, S, "H", 0, 0, 0 }, { 50, C, "s", 0, 0, 0 }, { 70, S, "I", 0, 0, 0 },               \
        { 71, S, "I", 0, 0, 0 }, { 72, S, "I", 0, 0, 0 }, { 73, S, "I", 0, 0, 0 }, { 74, S, "I", 0, 0, 0 },          \
        { 75, S, "I", 0, 0, 0 }, { 76, S, "I", 0, 0, 0 }, { 77, S, "I", 0, 0, 0 }, { 78, S, "I", 0, 0, 0 }

static const struct {
    const char *name;
    struct bench_step steps[20];
    int64_t finish_ms;
    int how;
    int64_t end_ms;
    uint64_t end_frame;
} udp[] = {
    { "open", { ANSWERED }, 5000, MODEL_END_OPEN, 78, 0 },
    { "nothing more of either side", { ANSWERED }, 31000, MODEL_END_SILENT, 78, 0 },
    { "the client goes on alone",
      { ANSWERED, { 1000, C, "s", 0, 0, 0 }, { 3000, C, "s", 0, 0, 0 }, { 6000, C, "s", 0, 0, 0 } }, 10000,
      MODEL_END_FAILED, 1000, 12 },
};

static void datagram_flows_that_end(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(udp); i++) {
        struct bench b;
        bench_begin(&b);
        bench_play_udp(&b, &bench_dcv, udp[i].steps);
        bench_finish(&b, MS(udp[i].finish_ms));
        failed += check(udp[i].name, &b, udp[i].how, udp[i].end_ms, udp[i].end_frame);
        bench_end(&b);
    }
    assert_int_equal(failed, 0);
}

/* Kept up to a number; all are counted. */
static void endings_are_bounded(void **state)
{
    (void)state;
    enum { MANY = 300, KEPT = 256 };
    struct bench b;
    bench_begin(&b);
    const struct ipaddr client = bench_address("10.20.30.4");
    struct model_session *s =
        model_session_of(b.model, model_client_of(b.model, &client), NULL, MODEL_DCV);
    unsigned kept = 0;
    for (unsigned i = 0; i < MANY; i++)
        kept += model_session_add_ending(b.model, s) != NULL;
    assert_int_equal(kept, KEPT);
    assert_int_equal(s->ending_count, MANY);
    bench_end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(connections_that_end),
        cmocka_unit_test(datagram_flows_that_end),
        cmocka_unit_test(endings_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
