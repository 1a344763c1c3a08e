/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "track/reset.h"

/* A connection of a second: handshake, then data of both sides every 20 ms; round trip 20 ms to the server, 10 to the
 * client. The client's IP-IDs count from 30000, the server's as the stack has it; time stamps count milliseconds.
 * Then a reset, and what comes after it. */

enum stack_id { ID_COUNTS, ID_ZERO, ID_RANDOM };

struct rst {
    int64_t after_us;         /* the client's last segment */
    const char *flags;
    int32_t sequence;         /* from what the server had sent; at "R" without ACK an answer repeats the client's ACK */
    int32_t acknowledgment;   /* from what the client had sent */
    uint8_t ttl;
    int32_t id;               /* from the server's last one; NO_ID: 0, COPIED: the client's last one */
    uint16_t window;
    bool timestamp;
    int32_t tsval;            /* from the right one */
    uint16_t flags_extra;     /* enum decode_packet_flags */
};

enum { NO_ID = 100000, COPIED = 100001, RANDOM_ID = 100002 };

/* What follows 30 ms after: nothing, more data of the server's, RSTs for segments in flight, RSTs with guessed numbers,
 * a segment that the reset overtook. */
enum then { NOTHING, GOES_ON, IN_FLIGHT, GUESSES, OVERTAKEN };

struct row {
    const char *name;
    enum stack_id ids;
    bool timestamps;
    struct rst rst;
    enum then then;
    int score;
    enum model_by by;
};

/* TTL 240 is fifteen hops, and so is 49. */
static const struct row genuine[] = {
    { "Linux: the program closes with data unread (active, RST+ACK, its counter and clock)", ID_COUNTS, true,
      { 60000, "RA", 0, 0, 240, 1, 501, true, 0, 0 }, NOTHING, -1, MODEL_BY_ENDPOINT },
    { "Linux: a closed socket answers (IP-ID 0, no options, window 0)", ID_COUNTS, true,
      { 20000, "R", 0, 0, 240, NO_ID, 0, false, 0, 0 }, NOTHING, -1, MODEL_BY_ENDPOINT },
    { "Linux: one answer for each segment in flight", ID_COUNTS, true,
      { 20000, "R", 0, 0, 240, NO_ID, 0, false, 0, 0 }, IN_FLIGHT, -1, MODEL_BY_ENDPOINT },
    { "Linux without path MTU discovery: a closed socket's IP-ID is of another counter", ID_COUNTS, true,
      { 20000, "R", 0, 0, 240, 20000, 0, false, 0, 0 }, NOTHING, 0, MODEL_BY_UNDETERMINED },
    { "Windows: RST+ACK, window 0, no time stamps, one counter for all", ID_COUNTS, false,
      { 20000, "RA", 0, 0, 240, 3, 0, false, 0, 0 }, NOTHING, -1, MODEL_BY_ENDPOINT },
    { "Windows: aborted, one for each segment in flight", ID_COUNTS, false,
      { 20000, "RA", 0, 0, 240, 3, 0, false, 0, 0 }, IN_FLIGHT, -1, MODEL_BY_ENDPOINT },
    { "macOS: random IP-IDs, RST without ACK", ID_RANDOM, true,
      { 20000, "R", 0, 0, 240, RANDOM_ID, 0, false, 0, 0 }, NOTHING, -1, MODEL_BY_ENDPOINT },
    { "macOS: IP-ID 0, RST+ACK with its window", ID_ZERO, true,
      { 20000, "RA", 0, 0, 240, NO_ID, 2048, true, 0, 0 }, IN_FLIGHT, -1, MODEL_BY_ENDPOINT },
    { "load balancer: as far away, begins with TTL 64, its own counter", ID_COUNTS, true,
      { 20000, "RA", 0, 0, 49, 12345, 0, false, 0, 0 }, NOTHING, 1, MODEL_BY_UNDETERMINED },
    { "load balancer: as far away, IP-ID 0, answers each segment", ID_COUNTS, true,
      { 20000, "R", 0, 0, 49, NO_ID, 0, false, 0, 0 }, IN_FLIGHT, 0, MODEL_BY_UNDETERMINED },
    { "load balancer in front, two hops nearer, IP-ID 0", ID_COUNTS, true,
      { 20000, "R", 0, 0, 242, NO_ID, 0, false, 0, 0 }, NOTHING, 1, MODEL_BY_UNDETERMINED },
    { "load balancer two hops nearer that keeps the counters of the connection", ID_COUNTS, true,
      { 21000, "RA", 0, 0, 242, 1, 0, true, 0, 0 }, NOTHING, 1, MODEL_BY_UNDETERMINED },
    { "the reset overtakes a segment sent before it", ID_COUNTS, true,
      { 20000, "R", 0, 0, 240, NO_ID, 0, false, 0, 0 }, OVERTAKEN, -1, MODEL_BY_ENDPOINT },
    { "the reset and its counter overtake a segment sent before it", ID_COUNTS, true,
      { 20000, "RA", 0, 0, 240, 3, 0, true, 0, 0 }, OVERTAKEN, -1, MODEL_BY_ENDPOINT },
    { "farther away: another path", ID_COUNTS, true,
      { 20000, "R", 0, 0, 230, NO_ID, 0, false, 0, 0 }, NOTHING, 0, MODEL_BY_UNDETERMINED },
    { "one hop nearer", ID_COUNTS, true,
      { 20000, "R", 0, 0, 241, NO_ID, 0, false, 0, 0 }, NOTHING, 0, MODEL_BY_UNDETERMINED },
    { "answers at once what came long before", ID_COUNTS, true,
      { 100, "RA", 0, -1, 240, NO_ID, 0, false, 0, 0 }, NOTHING, -1, MODEL_BY_ENDPOINT },
};

static const struct row forged[] = {
    { "a firewall's reject: nearer, at once", ID_COUNTS, true,
      { 100, "R", 0, 0, 64, NO_ID, 0, false, 0, 0 }, NOTHING, 2, MODEL_BY_MIDDLEBOX },
    { "a firewall's reject with ACK: nearer, at once", ID_COUNTS, true,
      { 1900, "RA", 0, 0, 64, NO_ID, 0, false, 0, 0 }, NOTHING, 2, MODEL_BY_MIDDLEBOX },
    { "nearer; a tenth of the round trip is not within", ID_COUNTS, true,
      { 2000, "RA", 0, 0, 64, NO_ID, 0, false, 0, 0 }, NOTHING, 1, MODEL_BY_UNDETERMINED },
    { "nearer, with the client's IP-ID", ID_ZERO, true,
      { 15000, "R", 0, 0, 248, COPIED, 0, false, 0, 0 }, NOTHING, 2, MODEL_BY_MIDDLEBOX },
    { "nearer, a window without ACK", ID_ZERO, true,
      { 15000, "R", 0, 0, 248, NO_ID, 512, false, 0, 0 }, NOTHING, 2, MODEL_BY_MIDDLEBOX },
    { "nearer, reserved bits", ID_ZERO, true,
      { 15000, "R", 0, 0, 248, NO_ID, 0, false, 0, DECODE_TCP_RESERVED_BITS }, NOTHING, 2, MODEL_BY_MIDDLEBOX },
    { "nearer, a TSval that jumps", ID_ZERO, true,
      { 15000, "RA", 0, 0, 248, NO_ID, 0, true, -500000, 0 }, NOTHING, 2, MODEL_BY_MIDDLEBOX },
    { "nearer, a time stamp that was never agreed", ID_ZERO, false,
      { 15000, "RA", 0, 0, 248, NO_ID, 0, true, 0, 0 }, NOTHING, 2, MODEL_BY_MIDDLEBOX },
    { "nearer, an IP-ID of another counter", ID_COUNTS, true,
      { 15000, "R", 0, 0, 248, 20000, 0, false, 0, 0 }, NOTHING, 2, MODEL_BY_MIDDLEBOX },
    { "nearer, and the gateway goes on", ID_COUNTS, true,
      { 15000, "R", 0, 0, 248, NO_ID, 0, false, 0, 0 }, GOES_ON, 2, MODEL_BY_MIDDLEBOX },
    { "as usual in all, but the gateway goes on: one witness is too few", ID_ZERO, true,
      { 15000, "R", 0, 0, 240, NO_ID, 0, false, 0, 0 }, GOES_ON, 0, MODEL_BY_UNDETERMINED },
    { "the gateway's TTL, guessed numbers, an IP-ID of another counter, a window: and the gateway goes on", ID_COUNTS,
      true, { 15000, "R", 0, 0, 240, 20000, 512, false, 0, 0 }, GUESSES, 3, MODEL_BY_MIDDLEBOX },
    { "another initial TTL, guessed numbers, and the gateway goes on", ID_ZERO, true,
      { 15000, "R", 0, 0, 49, NO_ID, 0, false, 0, 0 }, GUESSES, 2, MODEL_BY_MIDDLEBOX },
};

struct stream {
    struct bench b;
    const struct row *row;
    int64_t last_client_us, last_server_us;
    uint32_t client_sent, server_sent;
    uint16_t client_id, server_id;
};

static struct decode_packet packet_at(struct stream *st, int64_t at_us, enum bench_side from, const char *flags,
                                      uint32_t length)
{
    bool up = from == BENCH_CLIENT;
    const uint32_t numbers[3] = { up ? st->client_sent : st->server_sent, up ? st->server_sent : st->client_sent,
                                  length };
    struct decode_packet d = bench_tcp(&st->b, &bench_dcv, from, bench_flags(flags), numbers);
    static const uint16_t random[] = { 40211, 977, 61240, 23001, 5113, 50990, 17223, 33331 };
    if (up)
        d.ip_id = ++st->client_id;
    else
        d.ip_id = st->row->ids == ID_ZERO ? 0 : st->row->ids == ID_RANDOM ? random[st->b.frame % 8] : ++st->server_id;
    if (st->row->timestamps) {
        d.flags |= DECODE_TCP_TIMESTAMPS;
        d.tcp.tsval = (uint32_t)(at_us / 1000) + (up ? 7000u : 900000u);
    }
    return d;
}

static void say(struct stream *st, int64_t at_us, enum bench_side from, const char *flags, uint32_t length)
{
    struct decode_packet d = packet_at(st, at_us, from, flags, length);
    bench_send(&st->b, at_us * 1000, &d);
    *(from == BENCH_CLIENT ? &st->client_sent : &st->server_sent) += length + (flags[0] == 'S');
    *(from == BENCH_CLIENT ? &st->last_client_us : &st->last_server_us) = at_us;
}

static void begin_stream(struct stream *st, const struct row *row)
{
    *st = (struct stream){ .row = row, .client_id = 30000, .server_id = 1000 };
    bench_begin(&st->b);
    say(st, 0, BENCH_CLIENT, "S", 0);
    say(st, 20000, BENCH_SERVER, "SA", 0);
    say(st, 30000, BENCH_CLIENT, "A", 0);
    for (int64_t at_us = 100000; at_us < 1000000; at_us += 40000) {
        say(st, at_us, BENCH_CLIENT, "PA", 50);
        say(st, at_us + 20000, BENCH_SERVER, "PA", 300);
    }
    say(st, 1000000, BENCH_CLIENT, "PA", 50);
}

static void send_reset(struct stream *st, int64_t at_us, int32_t sequence_shift)
{
    const struct rst *rst = &st->row->rst;
    uint16_t server_id = st->server_id;
    struct decode_packet d = packet_at(st, at_us, BENCH_SERVER, rst->flags, 0);
    st->server_id = server_id;
    d.tcp.sequence += (uint32_t)(rst->sequence + sequence_shift);
    if (d.tcp.flags & DECODE_ACK)
        d.tcp.acknowledgment += (uint32_t)rst->acknowledgment;
    d.ttl = rst->ttl;
    d.tcp.window = rst->window;
    d.ip_id = rst->id == NO_ID    ? 0
              : rst->id == COPIED ? st->client_id
              : rst->id == RANDOM_ID ? 777
                                     : (uint16_t)(server_id + rst->id);
    d.flags = (uint16_t)((d.flags & ~DECODE_TCP_TIMESTAMPS) | rst->flags_extra);
    if (rst->timestamp) {
        d.flags |= DECODE_TCP_TIMESTAMPS;
        d.tcp.tsval = (uint32_t)(at_us / 1000) + 900000u + (uint32_t)rst->tsval;
    }
    bench_send(&st->b, at_us * 1000, &d);
}

/* A segment that left the server before the reset and arrives behind it. */
static void send_overtaken(struct stream *st, int64_t at_us, int64_t sent_us)
{
    struct decode_packet d = packet_at(st, sent_us, BENCH_SERVER, "PA", 300);
    bench_send(&st->b, at_us * 1000, &d);
}

static void go_on(struct stream *st, int64_t at_us)
{
    switch (st->row->then) {
    case GUESSES:
        for (int32_t i = 1; i < 6; i++)
            send_reset(st, at_us + i * 10, i * 1460);
        say(st, at_us + 50000, BENCH_SERVER, "PA", 300);
        return;
    case GOES_ON:
        say(st, at_us + 50000, BENCH_SERVER, "PA", 300);
        return;
    case IN_FLIGHT:
        for (int32_t i = 1; i < 6; i++) {
            say(st, at_us + i * 4000, BENCH_CLIENT, "PA", 50);
            send_reset(st, at_us + i * 4000 + 20000, 0);
        }
        return;
    case OVERTAKEN:
        send_overtaken(st, at_us + 2000, at_us - 3000);
        return;
    case NOTHING:
        return;
    }
}

static unsigned play(const struct row *row)
{
    struct stream st;
    begin_stream(&st, row);
    int64_t at_us = st.last_client_us + row->rst.after_us;
    send_reset(&st, at_us, 0);
    go_on(&st, at_us);
    bench_finish(&st.b, MS(9000));
    const struct model_path *p = bench_path(&st.b, &bench_dcv, 6);
    unsigned failed = soft_int(row->name, "resets", (long)p->counts[MODEL_TCP_RESET], 1);
    if (!failed) {
        const struct model_incident *reset = model_incident_at(p, MODEL_TCP_RESET, 0);
        failed += soft_int(row->name, "score", reset->score, row->score);
        failed += soft_int(row->name, "by", reset->by, row->by);
        failed += soft_int(row->name, "usual hops", reset->usual_hops, 15);
    }
    bench_end(&st.b);
    return failed;
}

static void stacks_and_load_balancers_score_below_two(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(genuine); i++)
        failed += play(&genuine[i]);
    assert_int_equal(failed, 0);
}

static void injectors_score_two_or_more(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(forged); i++)
        failed += play(&forged[i]);
    assert_int_equal(failed, 0);
}

/* An RST before the SYN-ACK that the same SYN brings all the same: only one of the two is the server's. */
static void a_syn_ack_contradicts_the_reset_of_its_syn(void **state)
{
    (void)state;
    const struct bench_step steps[] = { { 0, BENCH_CLIENT, "S", 0, 0, 0 },    { 1, BENCH_SERVER, "RA", 0, 1, 0 },
                                        { 20, BENCH_SERVER, "SA", 0, 1, 0 }, { 21, BENCH_CLIENT, "R", 1, 0, 0 },
                                        { 0 } };
    struct bench b;
    bench_begin(&b);
    bench_play_tcp(&b, &bench_dcv, steps);
    bench_finish(&b, MS(9000));
    const struct model_path *p = bench_path(&b, &bench_dcv, 6);
    assert_int_equal(p->counts[MODEL_TCP_SYN_RESET], 1);
    assert_true(model_incident_at(p, MODEL_TCP_SYN_RESET, 0)->signs & MODEL_SIGN_CONTRADICTED);
    bench_end(&b);
}

/* The client is let in at its second SYN: whoever reset the first one, it is no failure. */
static void a_second_syn_that_is_let_in_forgets_the_reset(void **state)
{
    (void)state;
    const struct bench_step steps[] = { { 0, BENCH_CLIENT, "S", 0, 0, 0 },    { 1, BENCH_SERVER, "RA", 0, 1, 0 },
                                        { 500, BENCH_CLIENT, "S", 0, 0, 0 }, { 520, BENCH_SERVER, "SA", 0, 1, 0 },
                                        { 530, BENCH_CLIENT, "A", 1, 1, 0 }, { 0 } };
    struct bench b;
    char text[256];
    bench_begin(&b);
    bench_play_tcp(&b, &bench_dcv, steps);
    bench_finish(&b, MS(9000));
    assert_string_equal(bench_facts(bench_path(&b, &bench_dcv, 6), text), "accepted");
    bench_end(&b);
}

/* The thresholds that --threshold names are the ones that judge. */
static void the_score_that_convicts_is_a_threshold(void **state)
{
    (void)state;
    struct row row = forged[0];
    struct stream st;
    begin_stream(&st, &row);
    assert_int_equal(endpoint_threshold_override(st.b.catalogue, "forgery-score=3", NULL), STATUS_OK);
    st.b.track->forgery_score = (int)endpoint_threshold_value(st.b.catalogue, "forgery-score");
    send_reset(&st, st.last_client_us + 100, 0);
    bench_finish(&st.b, MS(9000));
    const struct model_path *p = bench_path(&st.b, &bench_dcv, 6);
    assert_int_equal(model_incident_at(p, MODEL_TCP_RESET, 0)->by, MODEL_BY_UNDETERMINED);
    bench_end(&st.b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stacks_and_load_balancers_score_below_two),
        cmocka_unit_test(injectors_score_two_or_more),
        cmocka_unit_test(a_syn_ack_contradicts_the_reset_of_its_syn),
        cmocka_unit_test(a_second_syn_that_is_let_in_forgets_the_reset),
        cmocka_unit_test(the_score_that_convicts_is_a_threshold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
