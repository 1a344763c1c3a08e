/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "model/rtt.h"
#include "track/timing.h"

/* What gives a sample, and which. bench_connect: 20 ms to the server and back, 10 ms to the client. */

#define C BENCH_CLIENT
#define S BENCH_SERVER

enum { SEGMENTS_MAX = 16 };

struct row {
    const char *name;
    struct bench_segment segments[SEGMENTS_MAX];
    const char *samples; /* "METHOD HALF COUNT LEAST-MOST", and "prompt COUNT" behind */
};

static const struct row plain[] = {
    { "the client's data", { SAYS(100, C, "PA", 1, 1, 100), SAYS(120, S, "A", 1, 101, 0) }, "sequence server 1 20-20" },
    { "the server's data", { SAYS(100, S, "PA", 1, 1, 100), SAYS(110, C, "A", 1, 101, 0) }, "sequence client 1 10-10" },
    { "an acknowledgment of several times the last",
      { SAYS(100, C, "A", 1, 1, 100), SAYS(105, C, "PA", 101, 1, 100), SAYS(125, S, "A", 1, 201, 0) },
      "sequence server 1 20-20" },
    { "two in a row",
      { SAYS(100, C, "PA", 1, 1, 100), SAYS(120, S, "A", 1, 101, 0), SAYS(200, C, "PA", 101, 1, 100),
        SAYS(225, S, "A", 1, 201, 0) },
      "sequence server 2 20-25" },
    { "the same acknowledgment twice counts once",
      { SAYS(100, C, "PA", 1, 1, 100), SAYS(120, S, "A", 1, 101, 0), SAYS(130, S, "A", 1, 101, 0) },
      "sequence server 1 20-20" },
    { "of a part of a segment", { SAYS(100, C, "PA", 1, 1, 100), SAYS(120, S, "A", 1, 51, 0) }, "" },
    { "with data: it may have waited for a program",
      { SAYS(100, C, "PA", 1, 1, 100), SAYS(120, S, "PA", 1, 101, 10) }, "" },
};

static const struct row repeated[] = {
    { "Karn: sent again", { SAYS(100, C, "PA", 1, 1, 100), SAYS(400, C, "PA", 1, 1, 100),
        SAYS(420, S, "A", 1, 101, 0) }, "" },
    { "Karn: outstanding beside it",
      { SAYS(100, C, "PA", 1, 1, 100), SAYS(101, C, "PA", 101, 1, 100), SAYS(400, C, "PA", 1, 1, 100),
        SAYS(420, S, "A", 1, 201, 0) }, "" },
    { "Karn: acknowledged together with what came after it",
      { SAYS(100, C, "PA", 1, 1, 100), SAYS(400, C, "PA", 1, 1, 100), SAYS(405, C, "PA", 101, 1, 100),
        SAYS(425, S, "A", 1, 201, 0) }, "" },
    { "what is sent after it is acknowledged",
      { SAYS(100, C, "PA", 1, 1, 100), SAYS(400, C, "PA", 1, 1, 100), SAYS(420, S, "A", 1, 101, 0),
        SAYS(500, C, "PA", 101, 1, 100), SAYS(521, S, "A", 1, 201, 0) }, "sequence server 1 21-21" },
    { "out of order", { SAYS(100, C, "A", 101, 1, 100), SAYS(101, C, "PA", 1, 1, 100), SAYS(120, S, "A", 1, 201, 0) },
      "" },
    { "a keep-alive is neither data nor a repeat",
      { SAYS(100, C, "PA", 1, 1, 100), SAYS(101, C, "A", 100, 1, 1), SAYS(120, S, "A", 1, 101, 0),
        SAYS(5000, C, "A", 100, 1, 0), SAYS(5300, S, "A", 1, 101, 0) }, "sequence server 1 20-20" },
};

static const struct row held_back[] = {
    { "34 ms above the least: the way's", { SAYS(100, C, "PA", 1, 1, 100), SAYS(154, S, "A", 1, 101, 0) },
      "sequence server 1 54-54" },
    { "40 ms", { SAYS(100, C, "PA", 1, 1, 100), SAYS(160, S, "A", 1, 101, 0) }, "" },
    { "80 ms: the way's", { SAYS(100, C, "PA", 1, 1, 100), SAYS(200, S, "A", 1, 101, 0) },
      "sequence server 1 100-100" },
    { "100 ms", { SAYS(100, C, "PA", 1, 1, 100), SAYS(220, S, "A", 1, 101, 0) }, "" },
    { "200 ms", { SAYS(100, C, "PA", 1, 1, 100), SAYS(320, S, "A", 1, 101, 0) }, "" },
    { "two full segments are answered at once: 40 ms are the way's",
      { SAYS(100, C, "A", 1, 1, 1460), SAYS(100, C, "PA", 1461, 1, 1460), SAYS(160, S, "A", 1, 2921, 0) },
      "sequence server 1 60-60 prompt 1" },
    { "two small ones may wait",
      { SAYS(100, C, "A", 1, 1, 200), SAYS(100, C, "PA", 201, 1, 200), SAYS(160, S, "A", 1, 401, 0) }, "" },
};

static const struct row stamped[] = {
    { "echoed", { STAMPED(100, C, "PA", 1, 1, 100, 700, 900), STAMPED(120, S, "A", 1, 101, 0, 910, 700) },
      "timestamps server 1 20-20" },
    { "the first of two is echoed, the last is timed",
      { STAMPED(100, C, "A", 1, 1, 100, 700, 900), STAMPED(104, C, "PA", 101, 1, 100, 704, 900),
        STAMPED(124, S, "A", 1, 201, 0, 910, 700) }, "timestamps server 1 20-20" },
    { "something else is echoed", { STAMPED(100, C, "PA", 1, 1, 100, 700, 900),
        STAMPED(120, S, "A", 1, 101, 0, 910, 699) }, "" },
    { "the other side lost its time stamps",
      { STAMPED(100, C, "PA", 1, 1, 100, 700, 900), SAYS(120, S, "A", 1, 101, 0) }, "sequence server 1 20-20" },
};

/* Absolute numbers: the relative ones less the client's initial number. */
#define NEAR_END (0u - 50 - BENCH_CLIENT_ISN)
#define BEYOND (50u - BENCH_CLIENT_ISN)

static const struct row hostile[] = {
    { "across 2^32",
      { SAYS(100, C, "PA", NEAR_END - 10, 1, 10), SAYS(120, S, "A", 1, NEAR_END, 0),
      SAYS(200, C, "PA", NEAR_END, 1, 100),
        SAYS(221, S, "A", 1, BEYOND, 0) }, "sequence server 1 21-21" },
    { "acknowledged far beyond what was sent",
      { SAYS(100, C, "PA", 1, 1, 100), SAYS(120, S, "A", 1, 0x70000000, 0) }, "" },
    { "acknowledged far behind", { SAYS(100, C, "PA", 1, 1, 100), SAYS(120, S, "A", 1, 0x90000000, 0) }, "" },
    { "more outstanding than is remembered",
      { SAYS(100, C, "A", 1, 1, 10), SAYS(101, C, "A", 11, 1, 10), SAYS(102, C, "A", 21, 1, 10),
      SAYS(103, C, "A", 31, 1, 10),
        SAYS(104, C, "A", 41, 1, 10), SAYS(105, C, "A", 51, 1, 10), SAYS(106, C, "A", 61, 1, 10),
        SAYS(107, C, "A", 71, 1, 10),
        SAYS(108, C, "A", 81, 1, 10), SAYS(128, S, "A", 1, 91, 0) }, "" },
    { "an answer after 10 s", { SAYS(100, C, "PA", 1, 1, 100), SAYS(10101, S, "A", 1, 101, 0) }, "" },
};

static void write_series(const struct model_path *p, char *text, size_t size)
{
    size_t n = 0;
    text[0] = '\0';
    for (int m = 0; m < MODEL_RTT_HANDSHAKE; m++)
        for (int half = 0; half < MODEL_RTT_HALVES; half++) {
            const struct model_rtt_series *s = model_rtt_series(p, (enum model_rtt_method)m);
            const struct histogram *h = s ? &s->half[half] : NULL;
            if (!h || !h->count)
                continue;
            n += (size_t)snprintf(text + n, size - n, "%s%s %s %" PRIu64 " %" PRId64 "-%" PRId64, n ? ", " : "",
                                  model_rtt_method_name((enum model_rtt_method)m),
                                  half == MODEL_RTT_CLIENT ? "client" : "server", h->count,
                                  h->least_ns / NSEC_PER_MSEC, h->most_ns / NSEC_PER_MSEC);
            const struct model_rtt_variation *v = p->rtt->variation[half];
            if (v && v->prompt.count)
                n += (size_t)snprintf(text + n, size - n, " prompt %" PRIu64, v->prompt.count);
        }
}

static unsigned play(const struct row *rows, size_t count, bool connected)
{
    unsigned failed = 0;
    for (size_t i = 0; i < count; i++) {
        struct bench b;
        char text[256];
        bench_begin(&b);
        if (connected)
            bench_connect(&b, &bench_dcv, 0);
        bench_play_segments(&b, &bench_dcv, rows[i].segments);
        write_series(bench_path(&b, &bench_dcv, 6), text, sizeof text);
        failed += soft_text(rows[i].name, "samples", text, rows[i].samples);
        bench_end(&b);
    }
    return failed;
}

static void data_and_its_acknowledgment_are_timed(void **state)
{
    (void)state;
    assert_int_equal(play(plain, COUNT_OF(plain), true), 0);
}

static void what_was_sent_again_is_not(void **state)
{
    (void)state;
    assert_int_equal(play(repeated, COUNT_OF(repeated), true), 0);
}

static void what_a_timer_held_back_is_not(void **state)
{
    (void)state;
    assert_int_equal(play(held_back, COUNT_OF(held_back), true), 0);
}

static void an_echo_names_what_is_answered(void **state)
{
    (void)state;
    assert_int_equal(play(stamped, COUNT_OF(stamped), true), 0);
}

static void hostile_numbers_give_nothing(void **state)
{
    (void)state;
    assert_int_equal(play(hostile, COUNT_OF(hostile), false), 0);
}

/* A server sends each 50 ms for half a minute, by a clock of its own pace; its packets take no time at all, or up to
 * `late_ms` longer, by turns. */
static const struct pace {
    const char *name;
    uint32_t percent; /* of a tick each millisecond */
    uint32_t late_ms;
    int64_t most_ms;  /* transit above the least: no more, */
    int64_t least_ms; /* and no less */
} paces[] = {
    { "the nominal pace", 100, 0, 1, 0 },
    { "3 % slow", 97, 0, 5, 0 },
    { "3 % fast", 103, 0, 5, 0 },
    { "a tick each 4 ms", 25, 0, 5, 0 },
    { "a tick each 10 ms", 10, 0, 5, 0 },
    { "a clock that stands", 0, 0, 5, 0 },
    { "a way that varies", 100, 100, 101, 95 },
};

static int64_t longest_transit_ms(const struct pace *pace)
{
    struct bench b;
    bench_begin(&b);
    bench_connect(&b, &bench_dcv, 0);
    for (uint32_t i = 0; i < 600; i++) {
        uint32_t sent_ms = 100 + i * 50;
        uint32_t seen_ms = sent_ms + (i % 2 ? pace->late_ms * (i % 5) / 4 : 0);
        uint32_t ticks = 1 + (uint32_t)((uint64_t)sent_ms * pace->percent / 100);
        const struct bench_segment g[] = { STAMPED(seen_ms, S, "PA", 1 + i * 10, 1, 10, ticks, 7), { 0 } };
        bench_play_segments(&b, &bench_dcv, g);
    }
    const struct model_path *p = bench_path(&b, &bench_dcv, 6);
    const struct model_rtt_variation *v = p->rtt->variation[MODEL_RTT_SERVER];
    int64_t most_ms = v && v->transit.count ? v->transit.most_ns / NSEC_PER_MSEC : 0;
    bench_end(&b);
    return most_ms;
}

static void another_pace_is_no_jitter(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(paces); i++) {
        int64_t got_ms = longest_transit_ms(&paces[i]);
        failed += soft_true(paces[i].name, "no more than the way varies", got_ms <= paces[i].most_ms);
        failed += soft_true(paces[i].name, "as much as the way varies", got_ms >= paces[i].least_ms);
        if (got_ms > paces[i].most_ms || got_ms < paces[i].least_ms)
            print_error("it is %" PRId64 " ms\n", got_ms);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_and_its_acknowledgment_are_timed),
        cmocka_unit_test(what_was_sent_again_is_not),
        cmocka_unit_test(what_a_timer_held_back_is_not),
        cmocka_unit_test(an_echo_names_what_is_answered),
        cmocka_unit_test(hostile_numbers_give_nothing),
        cmocka_unit_test(another_pace_is_no_jitter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
