/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "track/tcp.h"

#define C BENCH_CLIENT
#define S BENCH_SERVER

/* A connection, packet by packet, and the facts that its path has when the capture ends at `until_ms`. */
struct row {
    const char *name;
    struct bench_step steps[16];
    int64_t until_ms;
    const char *facts;
};

#define SHAKE { 0, C, "S", 0, 0, 0 }, { 20, S, "SA", 0, 1, 0 }, { 30, C, "A", 1, 1, 0 }
#define WORKED SHAKE, { 100, C, "PA", 1, 1, 200 }, { 120, S, "PA", 1, 201, 300 }, { 130, C, "A", 201, 301, 0 }

static const struct row opening[] = {
    { "accepted", { SHAKE }, 5000, "accepted" },
    { "dropped: three seconds after the first SYN",
      { { 0, C, "S", 0, 0, 0 }, { 1000, C, "S", 0, 0, 0 }, { 2900, C, "S", 0, 0, 0 } }, 3000, "syn-silent" },
    { "a single SYN is an attempt as well", { { 0, C, "S", 0, 0, 0 } }, 3000, "syn-silent" },
    { "not yet three seconds", { { 0, C, "S", 0, 0, 0 }, { 1000, C, "S", 0, 0, 0 } }, 2999, "undecided(window)" },
    { "three seconds count from the first SYN, not from the last",
      { { 0, C, "S", 0, 0, 0 }, { 2999, C, "S", 0, 0, 0 } }, 3000, "syn-silent" },
    { "the same SYN at any pace is one attempt",
      { { 0, C, "S", 0, 0, 0 }, { 500, C, "S", 0, 0, 0 }, { 1000, C, "S", 0, 0, 0 }, { 64000, C, "S", 0, 0, 0 } },
      70000, "syn-silent" },
    { "another initial sequence number is another attempt",
      { { 0, C, "S", 0, 0, 0 }, { 4000, C, "S", 77, 0, 0 } }, 10000, "syn-silent*2" },
    { "the client goes on: the answer is not in the capture",
      { { 0, C, "S", 0, 0, 0 }, { 30, C, "A", 1, 1, 0 } }, 10000, "undecided(one-way)" },
    { "the client sends data: the answer is not in the capture",
      { { 0, C, "S", 0, 0, 0 }, { 30, C, "PA", 1, 1, 100 } }, 10000, "undecided(one-way)" },
    { "server data without its SYN-ACK",
      { { 0, C, "S", 0, 0, 0 }, { 30, S, "PA", 1, 1, 100 } }, 10000, "undecided(one-way)" },
    { "refused", { { 0, C, "S", 0, 0, 0 }, { 20, S, "RA", 0, 1, 0 } }, 5000, "syn-reset" },
    { "refused by an RST without ACK", { { 0, C, "S", 0, 0, 0 }, { 20, S, "R", 0, 0, 0 } }, 5000, "syn-reset" },
    { "refused, asked again, refused again",
      { { 0, C, "S", 0, 0, 0 }, { 20, S, "RA", 0, 1, 0 }, { 520, C, "S", 0, 0, 0 }, { 540, S, "RA", 0, 1, 0 } }, 5000,
      "syn-reset" },
    { "the clock stepped while it waited",
      { { 0, C, "S", 0, 0, 0 }, { -60000, C, "step", 0, 0, 0 } }, 10000, "undecided(clock)" },
};

static const struct row return_path[] = {
    { "the same SYN twice after the SYN-ACK",
      { { 0, C, "S", 0, 0, 0 }, { 20, S, "SA", 0, 1, 0 }, { 1000, C, "S", 0, 0, 0 }, { 1020, S, "SA", 0, 1, 0 },
        { 3000, C, "S", 0, 0, 0 }, { 3020, S, "SA", 0, 1, 0 } }, 20000, "return-lost" },
    { "the SYN-ACK repeated twice, the client never goes on",
      { { 0, C, "S", 0, 0, 0 }, { 20, S, "SA", 0, 1, 0 }, { 1020, S, "SA", 0, 1, 0 }, { 3020, S, "SA", 0, 1, 0 } },
        20000,
      "return-lost" },
    { "one repeat proves nothing",
      { { 0, C, "S", 0, 0, 0 }, { 20, S, "SA", 0, 1, 0 }, { 1000, C, "S", 0, 0, 0 } }, 1500, "undecided(window)" },
    { "repeats before the SYN-ACK are slowness, not a broken way back",
      { { 0, C, "S", 0, 0, 0 }, { 1000, C, "S", 0, 0, 0 }, { 3000, C, "S", 0, 0, 0 }, { 3020, S, "SA", 0, 1, 0 },
        { 3030, C, "A", 1, 1, 0 } }, 20000, "accepted" },
    { "completed after all",
      { { 0, C, "S", 0, 0, 0 }, { 20, S, "SA", 0, 1, 0 }, { 1000, C, "S", 0, 0, 0 }, { 1020, S, "SA", 0, 1, 0 },
        { 3000, C, "S", 0, 0, 0 }, { 3020, S, "SA", 0, 1, 0 }, { 3030, C, "A", 1, 1, 0 } }, 20000, "accepted" },
    { "the client does not want it any more",
      { { 0, C, "S", 0, 0, 0 }, { 20, S, "SA", 0, 1, 0 }, { 21, C, "R", 1, 0, 0 } }, 20000, "" },
};

static const struct row resets[] = {
    { "the server's side resets", { WORKED, { 5000, S, "R", 301, 0, 0 } }, 9000, "accepted reset" },
    { "after the client's FIN: silent",
      { WORKED, { 4000, C, "FA", 201, 301, 0 }, { 5000, S, "R", 301, 0, 0 } }, 9000, "accepted" },
    { "after the server's own FIN: silent",
      { WORKED, { 4000, S, "FA", 301, 201, 0 }, { 5000, S, "R", 302, 0, 0 } }, 9000, "accepted" },
    { "the client's own stack resets: silent", { WORKED, { 5000, C, "R", 201, 0, 0 } }, 9000, "accepted" },
    { "the client resets several times, for segments in flight: silent",
      { WORKED, { 5000, C, "R", 201, 0, 0 }, { 5001, S, "PA", 301, 201, 100 }, { 5002, C, "R", 201, 0, 0 },
        { 5003, C, "R", 201, 0, 0 } }, 9000, "accepted" },
    { "the server answers the client's reset with its own: silent",
      { WORKED, { 5000, C, "R", 201, 0, 0 }, { 5020, S, "R", 301, 0, 0 } }, 9000, "accepted" },
    { "in mid-stream, its beginning not captured",
      { { 0, C, "PA", 1, 1, 100 }, { 20, S, "PA", 1, 101, 100 }, { 900, S, "R", 101, 0, 0 } }, 9000, "reset" },
};

static const struct row holes[] = {
    { "three retransmissions over three seconds",
      { WORKED, { 1000, C, "PA", 201, 301, 100 }, { 1300, C, "PA", 201, 301, 100 }, { 1900, C, "PA", 201, 301, 100 },
        { 4000, C, "PA", 201, 301, 100 } }, 9000, "accepted blackholed" },
    { "three retransmissions, not yet three seconds",
      { WORKED, { 1000, C, "PA", 201, 301, 100 }, { 1300, C, "PA", 201, 301, 100 }, { 1900, C, "PA", 201, 301, 100 },
        { 3900, C, "PA", 201, 301, 100 } }, 9000, "accepted" },
    { "two retransmissions",
      { WORKED, { 1000, C, "PA", 201, 301, 100 }, { 1300, C, "PA", 201, 301, 100 }, { 6000, C, "PA", 201, 301, 100 } },
      9000, "accepted" },
    { "answered in the end",
      { WORKED, { 1000, C, "PA", 201, 301, 100 }, { 1300, C, "PA", 201, 301, 100 }, { 1900, C, "PA", 201, 301, 100 },
        { 4000, C, "PA", 201, 301, 100 }, { 4020, S, "A", 301, 301, 0 } }, 9000, "accepted" },
    { "the client fell silent",
      { WORKED, { 1000, S, "PA", 301, 201, 900 }, { 1300, S, "PA", 301, 201, 900 }, { 1900, S, "PA", 301, 201, 900 },
        { 4100, S, "PA", 301, 201, 900 } }, 9000, "accepted blackholed" },
    { "new data is not the same data",
      { WORKED, { 1000, C, "PA", 201, 301, 100 }, { 1300, C, "PA", 301, 301, 100 }, { 1900, C, "PA", 401, 301, 100 },
        { 4100, C, "PA", 501, 301, 100 } }, 9000, "accepted" },
    { "the peer had closed",
      { WORKED, { 900, S, "FA", 301, 201, 0 }, { 1000, C, "PA", 201, 302, 100 }, { 1300, C, "PA", 201, 302, 100 },
        { 1900, C, "PA", 201, 302, 100 }, { 4100, C, "PA", 201, 302, 100 } }, 9000, "accepted" },
    { "a reset answers it",
      { WORKED, { 1000, C, "PA", 201, 301, 100 }, { 1300, C, "PA", 201, 301, 100 }, { 1900, C, "PA", 201, 301, 100 },
        { 4100, C, "PA", 201, 301, 100 }, { 4120, S, "R", 301, 0, 0 } }, 9000, "accepted reset" },
};

static unsigned play(const struct row *row)
{
    struct bench b;
    char text[256];
    bench_begin(&b);
    bench_play_tcp(&b, &bench_dcv, row->steps);
    bench_finish(&b, MS(row->until_ms));
    unsigned failed = soft_text(row->name, "facts", bench_facts(bench_path(&b, &bench_dcv, 6), text), row->facts);
    bench_end(&b);
    return failed;
}

#define PLAY(rows)                                                                                                     \
    do {                                                                                                               \
        unsigned failed = 0;                                                                                           \
        (void)state;                                                                                                   \
        for (size_t i = 0; i < COUNT_OF(rows); i++)                                                                    \
            failed += play(&(rows)[i]);                                                                                \
        assert_int_equal(failed, 0);                                                                                   \
    } while (0)

static void attempts_are_decided(void **state)
{
    PLAY(opening);
}

static void a_broken_way_back_is_told_from_slowness(void **state)
{
    PLAY(return_path);
}

static void resets_that_end_a_stream(void **state)
{
    PLAY(resets);
}

static void black_holes(void **state)
{
    PLAY(holes);
}

static const struct {
    const char *name;
    const uint8_t record[32];
    uint32_t length;
    const char *facts;
} last_words[] = {
    { "a TLS 1.2 closing alert", { 21, 3, 3, 0, 2, 1, 0 }, 7, "accepted" },
    { "an encrypted alert record", { 21, 3, 3, 0, 26 }, 31, "accepted" },
    { "TLS 1.3: the shortest application record", { 23, 3, 3, 0, 19 }, 24, "accepted" },
    { "application data", { 23, 3, 3, 0, 25 }, 30, "accepted reset" },
    { "something else", { 'G', 'E', 'T' }, 20, "accepted reset" },
};

static void a_reset_after_close_notify_is_silent(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(last_words); i++) {
        static const struct bench_step before[] = { WORKED, { 0 } };
        struct bench b;
        char text[256];
        bench_begin(&b);
        bench_play_tcp(&b, &bench_dcv, before);
        const uint32_t numbers[3] = { 201, 301, last_words[i].length };
        struct decode_packet d = bench_tcp(&b, &bench_dcv, C, DECODE_ACK | DECODE_PSH, numbers);
        bench_send_bytes(&b, MS(2000), &d, last_words[i].record);
        const struct bench_step reset[] = { { 2020, S, "R", 301, 0, 0 }, { 0 } };
        bench_play_tcp(&b, &bench_dcv, reset);
        bench_finish(&b, MS(9000));
        failed += soft_text(last_words[i].name, "facts", bench_facts(bench_path(&b, &bench_dcv, 6), text),
                            last_words[i].facts);
        bench_end(&b);
    }
    assert_int_equal(failed, 0);
}

static void a_dropped_attempt_is_measured(void **state)
{
    (void)state;
    static const struct bench_step steps[] = { { 0, C, "S", 0, 0, 0 }, { 1000, C, "S", 0, 0, 0 },
                                               { 3000, C, "S", 0, 0, 0 }, { 0 } };
    struct bench b;
    bench_begin(&b);
    bench_play_tcp(&b, &bench_dcv, steps);
    bench_finish(&b, MS(10000));
    const struct model_path *p = bench_path(&b, &bench_dcv, 6);
    const struct model_incident *i = model_incident_at(p, MODEL_TCP_SYN_SILENT, 0);
    assert_int_equal(i->attempts, 3);
    assert_int_equal(i->first_ns, BENCH_BEGIN_NS);
    assert_int_equal(i->last_ns, BENCH_BEGIN_NS + MS(3000));
    assert_int_equal(i->waited_ns, MS(7000));
    assert_int_equal(i->client_port, 50000);
    assert_false(i->single_syn);
    assert_int_equal(i->evidence_count, 3);
    for (unsigned k = 0; k < 3; k++) {
        assert_int_equal(i->evidence[k].frame, k + 1);
        assert_int_equal(i->evidence[k].number, k + 1);
        assert_int_equal(i->evidence[k].shows, MODEL_SHOWS_SYN);
    }
    assert_int_equal(p->flows, 1);
    assert_true(p->start_seen);
    bench_end(&b);
}

/* Karn: when a SYN or a SYN-ACK was repeated nobody knows which one was answered. */
static void the_handshake_gives_the_round_trips(void **state)
{
    (void)state;
    static const struct bench_step twice[] = { { 0, C, "S", 0, 0, 0 }, { 1000, C, "S", 0, 0, 0 },
                                               { 1020, S, "SA", 0, 1, 0 }, { 1030, C, "A", 1, 1, 0 }, { 0 } };
    struct bench b;
    bench_begin(&b);
    bench_play_tcp(&b, &bench_dcv, twice);
    assert_int_equal(bench_path(&b, &bench_dcv, 6)->least_rtt_ns, INT64_MAX);
    struct bench_pair other = bench_dcv;
    other.client_port++;
    bench_connect(&b, &other, 2000);
    const struct model_path *p = bench_path(&b, &bench_dcv, 6);
    assert_int_equal(p->least_rtt_ns, MS(20));
    assert_int_equal(p->counts[MODEL_TCP_ACCEPTED], 2);
    assert_int_equal(p->open_connections, 2);
    const struct model_incident *i = model_incident_at(p, MODEL_TCP_ACCEPTED, 1);
    assert_int_equal(i->rtt_server_ns, MS(20));
    assert_int_equal(i->rtt_client_ns, MS(10));
    bench_end(&b);
}

static void a_black_hole_is_measured(void **state)
{
    (void)state;
    static const struct bench_step steps[] = {
        WORKED,
        { 60130, S, "PA", 301, 201, 1000 },
        { 60400, S, "PA", 301, 201, 1000 },
        { 61000, S, "PA", 301, 201, 1000 },
        { 62200, S, "PA", 301, 201, 1000 },
        { 64600, S, "PA", 301, 201, 1000 },
        { 0 } };
    struct bench b;
    bench_begin(&b);
    bench_play_tcp(&b, &bench_dcv, steps);
    bench_finish(&b, MS(70000));
    const struct model_incident *i = model_incident_at(bench_path(&b, &bench_dcv, 6), MODEL_TCP_BLACKHOLED, 0);
    assert_int_equal(i->attempts, 5);
    assert_int_equal(i->idle_ns, MS(60000));
    assert_int_equal(i->last_ns - i->first_ns, MS(4470));
    assert_int_equal(i->life_ns, MS(60130));
    assert_int_equal(i->size_bytes, 1040);
    assert_int_equal(i->passed_bytes, 340);
    assert_true(i->silent_is_client);
    assert_int_equal(i->evidence[0].shows, MODEL_SHOWS_LAST_HEARD);
    assert_int_equal(i->evidence[0].frame, 6);
    assert_int_equal(i->evidence[1].shows, MODEL_SHOWS_DATA);
    assert_int_equal(i->evidence[1].frame, 7);
    bench_end(&b);
}

static void sequence_numbers_wrap(void **state)
{
    (void)state;
    const uint32_t near = UINT32_MAX - BENCH_CLIENT_ISN - 50; /* relative: 50 below the wrap */
    const struct bench_step steps[] = { { 0, C, "S", near, 0, 0 },
                                        { 20, S, "SA", 0, near + 1, 0 },
                                        { 30, C, "A", near + 1, 1, 0 },
                                        { 40, C, "PA", near + 1, 1, 100 },
                                        { 60, S, "PA", 1, near + 101, 10 },
                                        { 70, C, "PA", near + 101, 11, 100 },
                                        { 90, S, "A", 11, near + 201, 0 },
                                        { 0 } };
    struct bench b;
    char text[256];
    bench_begin(&b);
    bench_play_tcp(&b, &bench_dcv, steps);
    bench_finish(&b, MS(20000));
    assert_string_equal(bench_facts(bench_path(&b, &bench_dcv, 6), text), "accepted");
    assert_int_equal(b.ended_count, 1);
    assert_int_equal(b.ended[0].half[FLOW_TO_SERVER].retransmissions, 0);
    assert_int_equal(b.ended[0].half[FLOW_TO_SERVER].payload_bytes, 200);
    assert_int_equal(model_tap(b.model)->unseen_holes, 0);
    bench_end(&b);
}

/* What is sent again, and what only looks so. */
static const struct {
    const char *name;
    struct bench_step steps[12];
    uint32_t to_server, to_client;
} repeats[] = {
    { "nothing", { WORKED }, 0, 0 },
    { "a retransmission 200 ms later",
      { WORKED, { 1000, C, "PA", 201, 301, 100 }, { 1200, C, "PA", 201, 301, 100 }, { 1220, S, "A", 301, 301, 0 } }, 1,
        0 },
    { "the server's", { WORKED, { 1000, S, "PA", 301, 201, 100 }, { 1200, S, "PA", 301, 201, 100 } }, 0, 1 },
    { "keep-alives without data", { WORKED, { 9000, C, "A", 200, 301, 0 }, { 9020, S, "A", 301, 201, 0 } }, 0, 0 },
    { "keep-alives with one byte", { WORKED, { 9000, C, "A", 200, 301, 1 }, { 9020, S, "A", 301, 201, 0 } }, 0, 0 },
    { "three duplicate ACKs",
      { WORKED, { 1000, C, "A", 201, 301, 0 }, { 1001, C, "A", 201, 301, 0 }, { 1002, C, "A", 201, 301, 0 } }, 0, 0 },
};

static void retransmissions_are_counted(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(repeats); i++) {
        struct bench b;
        bench_begin(&b);
        bench_play_tcp(&b, &bench_dcv, repeats[i].steps);
        bench_finish(&b, MS(20000));
        assert_int_equal(b.ended_count, 1);
        failed += soft_int(repeats[i].name, "to the server", b.ended[0].half[FLOW_TO_SERVER].retransmissions,
                           repeats[i].to_server);
        failed += soft_int(repeats[i].name, "to the client", b.ended[0].half[FLOW_TO_CLIENT].retransmissions,
                           repeats[i].to_client);
        failed += soft_int(repeats[i].name, "copies", (int64_t)model_tap(b.model)->duplicates, 0);
        bench_end(&b);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attempts_are_decided),
        cmocka_unit_test(a_broken_way_back_is_told_from_slowness),
        cmocka_unit_test(resets_that_end_a_stream),
        cmocka_unit_test(black_holes),
        cmocka_unit_test(a_reset_after_close_notify_is_silent),
        cmocka_unit_test(a_dropped_attempt_is_measured),
        cmocka_unit_test(the_handshake_gives_the_round_trips),
        cmocka_unit_test(a_black_hole_is_measured),
        cmocka_unit_test(sequence_numbers_wrap),
        cmocka_unit_test(retransmissions_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
