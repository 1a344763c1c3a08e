/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "track/udp.h"

#define C BENCH_CLIENT
#define S BENCH_SERVER

struct row {
    const char *name;
    const struct bench_pair *pair;
    bool control; /* a TCP connection of the same client to the same gateway was opened before, and stays open */
    struct bench_step steps[12];
    int64_t until_ms;
    const char *facts;
};

static const struct row blocked[] = {
    { "three Initials over a second, a second of quiet after the third", &bench_dcv, false,
      { { 0, C, "I", 0, 0, 0 }, { 300, C, "I", 0, 0, 0 }, { 1000, C, "I", 0, 0, 0 } }, 2000, "udp-silent" },
    { "the capture ends too soon", &bench_dcv, false,
      { { 0, C, "I", 0, 0, 0 }, { 300, C, "I", 0, 0, 0 }, { 1000, C, "I", 0, 0, 0 } }, 1999, "undecided(window)" },
    { "the second counts from the third datagram, not from the last", &bench_dcv, false,
      { { 0, C, "I", 0, 0, 0 }, { 300, C, "I", 0, 0, 0 }, { 1000, C, "I", 0, 0, 0 }, { 1999, C, "I", 0, 0, 0 } }, 2000,
      "udp-silent" },
    { "two datagrams", &bench_dcv, false, { { 0, C, "I", 0, 0, 0 }, { 1000, C, "I", 0, 0, 0 } }, 60000,
      "undecided(few)" },
    { "three within less than a second", &bench_dcv, false,
      { { 0, C, "I", 0, 0, 0 }, { 300, C, "I", 0, 0, 0 }, { 999, C, "I", 0, 0, 0 } }, 60000, "undecided(few)" },
    { "PCoIP, its beginning unknown", &bench_pcoip, false,
      { { 0, C, "d", 0, 0, 0 }, { 300, C, "d", 0, 0, 0 }, { 1000, C, "d", 0, 0, 0 } }, 60000, "undecided(start)" },
    { "PCoIP after its control connection", &bench_pcoip, true,
      { { 500, C, "d", 0, 0, 0 }, { 800, C, "d", 0, 0, 0 }, { 1500, C, "d", 0, 0, 0 } }, 60000, "udp-silent" },
    { "the client goes on as if it were answered", &bench_dcv, false,
      { { 0, C, "I", 0, 0, 0 }, { 300, C, "H", 0, 0, 0 }, { 1000, C, "s", 0, 0, 0 } }, 60000, "undecided(one-way)" },
    { "the clock stepped", &bench_dcv, false,
      { { 0, C, "I", 0, 0, 0 }, { -60000, C, "step", 0, 0, 0 }, { -59000, C, "I", 0, 0, 0 }, { -50000, C, "I", 0, 0,
        0 } },
      0, "undecided(clock)" },
    { "answered", &bench_dcv, false, { { 0, C, "I", 0, 0, 0 }, { 20, S, "I", 0, 0, 0 } }, 60000, "answered" },
    { "answered after the third", &bench_dcv, false,
      { { 0, C, "I", 0, 0, 0 }, { 300, C, "I", 0, 0, 0 }, { 1000, C, "I", 0, 0, 0 }, { 1500, S, "I", 0, 0, 0 },
        { 1520, C, "H", 0, 0, 0 } }, 60000, "answered" },
    { "the server's datagrams alone", &bench_dcv, false,
      { { 0, S, "s", 0, 0, 0 }, { 300, S, "s", 0, 0, 0 }, { 1000, S, "s", 0, 0, 0 } }, 60000, "" },
    { "IPv6", &bench_dcv6, false,
      { { 0, C, "I", 0, 0, 0 }, { 300, C, "I", 0, 0, 0 }, { 1000, C, "I", 0, 0, 0 } }, 2000, "udp-silent" },
};

#define ALIVE { 100, C, "I", 0, 0, 0 }, { 120, S, "I", 0, 0, 0 }, { 130, C, "H", 0, 0, 0 }, { 150, S, "s", 0, 0, 0 }

static const struct row lost[] = {
    { "three datagrams over three seconds", &bench_dcv, true,
      { ALIVE, { 1000, C, "s", 0, 0, 0 }, { 2500, C, "s", 0, 0, 0 }, { 4000, C, "s", 0, 0, 0 } }, 60000,
      "answered udp-return-lost" },
    { "three datagrams, not yet three seconds", &bench_dcv, true,
      { ALIVE, { 1000, C, "s", 0, 0, 0 }, { 2500, C, "s", 0, 0, 0 }, { 3999, C, "s", 0, 0, 0 } }, 60000, "answered" },
    { "two datagrams", &bench_dcv, true, { ALIVE, { 1000, C, "s", 0, 0, 0 }, { 9000, C, "s", 0, 0, 0 } }, 60000,
      "answered" },
    { "answered again", &bench_dcv, true,
      { ALIVE, { 1000, C, "s", 0, 0, 0 }, { 2500, C, "s", 0, 0, 0 }, { 4000, C, "s", 0, 0, 0 }, { 4100, S, "s", 0, 0,
        0 } },
      60000, "answered" },
    { "the same Initial twice, each more than a round trip after an answer", &bench_dcv, false,
      { { 0, C, "I", 0, 0, 0 }, { 20, S, "I", 0, 0, 0 }, { 1000, C, "I", 0, 0, 0 }, { 1020, S, "I", 0, 0, 0 },
        { 3000, C, "I", 0, 0, 0 }, { 3020, S, "I", 0, 0, 0 } }, 60000, "answered udp-handshake-lost" },
    { "repeated once", &bench_dcv, false,
      { { 0, C, "I", 0, 0, 0 }, { 20, S, "I", 0, 0, 0 }, { 1000, C, "I", 0, 0, 0 }, { 1020, S, "I", 0, 0, 0 } }, 60000,
      "answered" },
    { "repeats that crossed the answer", &bench_dcv, false,
      { { 0, C, "I", 0, 0, 0 }, { 20, S, "I", 0, 0, 0 }, { 30, C, "I", 0, 0, 0 }, { 39, C, "I", 0, 0, 0 } }, 60000,
      "answered" },
    { "repeated, and then completed", &bench_dcv, false,
      { { 0, C, "I", 0, 0, 0 }, { 20, S, "I", 0, 0, 0 }, { 1000, C, "I", 0, 0, 0 }, { 1020, S, "I", 0, 0, 0 },
        { 3000, C, "I", 0, 0, 0 }, { 3020, S, "I", 0, 0, 0 }, { 3030, C, "H", 0, 0, 0 } }, 60000, "answered" },
};

static unsigned play(const struct row *row)
{
    struct bench b;
    char text[256];
    bench_begin(&b);
    if (row->control)
        bench_connect(&b, row->pair, 0);
    bench_play_udp(&b, row->pair, row->steps);
    bench_finish(&b, MS(row->until_ms));
    unsigned failed = soft_text(row->name, "facts", bench_facts(bench_path(&b, row->pair, 17), text), row->facts);
    bench_end(&b);
    return failed;
}

static void silence_is_decided(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(blocked); i++)
        failed += play(&blocked[i]);
    assert_int_equal(failed, 0);
}

static void answers_that_stop_or_are_not_heard(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(lost); i++)
        failed += play(&lost[i]);
    assert_int_equal(failed, 0);
}

/* Whether the session goes on decides what unanswered datagrams mean. */
static const struct {
    const char *name;
    bool control, control_closes; /* before the datagrams go unanswered */
    bool moves;                   /* a flow of the same client from another port is answered later */
    const char *facts;
    bool open;
} ends[] = {
    { "the control connection is still open", true, false, false, "answered udp-return-lost", true },
    { "the session was over", true, true, false, "answered", false },
    { "no control connection in the capture", false, false, false, "answered udp-return-lost", false },
    { "the connection went on from another port", true, false, true, "answered*2", false },
};

static void the_end_of_a_session_is_no_loss(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        static const struct bench_step before[] = { ALIVE, { 0 } };
        static const struct bench_step closing[] = { { 500, C, "FA", 1, 1, 0 }, { 520, S, "FA", 1, 2, 0 }, { 0 } };
        static const struct bench_step after[] = { { 1000, C, "s", 0, 0, 0 }, { 2500, C, "s", 0, 0, 0 },
                                                   { 4000, C, "s", 0, 0, 0 }, { 0 } };
        static const struct bench_step elsewhere[] = { { 4200, C, "s", 0, 0, 0 }, { 4220, S, "s", 0, 0, 0 }, { 0 } };
        struct bench b;
        char text[256];
        bench_begin(&b);
        if (ends[i].control)
            bench_connect(&b, &bench_dcv, 0);
        bench_play_udp(&b, &bench_dcv, before);
        if (ends[i].control_closes)
            bench_play_tcp(&b, &bench_dcv, closing);
        bench_play_udp(&b, &bench_dcv, after);
        struct bench_pair other = bench_dcv;
        other.client_port = 50001;
        if (ends[i].moves)
            bench_play_udp(&b, &other, elsewhere);
        bench_finish(&b, MS(60000));
        const struct model_path *p = bench_path(&b, &bench_dcv, 17);
        failed += soft_text(ends[i].name, "facts", bench_facts(p, text), ends[i].facts);
        if (p->counts[MODEL_UDP_RETURN_LOST])
            failed += soft_int(ends[i].name, "control connection open",
                               model_incident_at(p, MODEL_UDP_RETURN_LOST, 0)->control_open, ends[i].open);
        bench_end(&b);
    }
    assert_int_equal(failed, 0);
}

static void lost_answers_are_measured(void **state)
{
    (void)state;
    static const struct bench_step steps[] = { ALIVE,
                                               { 30150, C, "s", 0, 0, 0 },
                                               { 31000, C, "s", 0, 0, 0 },
                                               { 33000, C, "s", 0, 0, 0 },
                                               { 34000, C, "s", 0, 0, 0 },
                                               { 0 } };
    struct bench b;
    bench_begin(&b);
    bench_play_udp(&b, &bench_dcv, steps);
    bench_finish(&b, MS(40150));
    const struct model_path *p = bench_path(&b, &bench_dcv, 17);
    const struct model_incident *i = model_incident_at(p, MODEL_UDP_RETURN_LOST, 0);
    assert_int_equal(i->attempts, 4);
    assert_int_equal(i->idle_ns, MS(30000));
    assert_int_equal(i->life_ns, MS(50));
    assert_int_equal(i->before_pkts, 4);
    assert_int_equal(i->waited_ns, MS(40000));
    assert_true(i->quic);
    assert_int_equal(i->evidence[0].shows, MODEL_SHOWS_LAST_ANSWER);
    assert_int_equal(i->evidence[0].frame, 4);
    assert_int_equal(i->evidence[1].frame, 5);
    assert_int_equal(i->evidence_count, 5);
    assert_int_equal(p->datagrams_to_server, 6);
    assert_int_equal(p->datagrams_to_client, 2);
    bench_end(&b);
}

static void silence_is_measured(void **state)
{
    (void)state;
    static const struct bench_step steps[] = { { 0, C, "I", 0, 0, 0 }, { 300, C, "I", 0, 0, 0 },
                                               { 1000, C, "I", 0, 0, 0 }, { 0 } };
    struct bench b;
    bench_begin(&b);
    bench_play_udp(&b, &bench_dcv, steps);
    bench_finish(&b, MS(5000));
    const struct model_incident *i = model_incident_at(bench_path(&b, &bench_dcv, 17), MODEL_UDP_SILENT, 0);
    assert_int_equal(i->attempts, 3);
    assert_true(i->quic);
    assert_int_equal(i->size_bytes, 1228);
    assert_int_equal(i->waited_ns, MS(4000));
    assert_int_equal(i->last_ns - i->first_ns, MS(1000));
    assert_int_equal(i->evidence_count, 3);
    assert_int_equal(i->evidence[2].shows, MODEL_SHOWS_INITIAL);
    assert_int_equal(i->evidence[2].frame, 3);
    bench_end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(silence_is_decided),
        cmocka_unit_test(answers_that_stop_or_are_not_heard),
        cmocka_unit_test(the_end_of_a_session_is_no_loss),
        cmocka_unit_test(lost_answers_are_measured),
        cmocka_unit_test(silence_is_measured),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
