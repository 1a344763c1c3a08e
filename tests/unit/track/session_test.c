/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "model/rtt.h"
#include "track/session.h"

#define C BENCH_CLIENT
#define S BENCH_SERVER

/* Server payload, in bytes for every second from the first on: a flow carries the stream when it is at 5 kB/s in two
 * windows of two seconds. */
static const struct {
    const char *name;
    uint32_t seconds[10];
    bool stream;
    int64_t sustained_ms;
} rates[] = {
    { "nothing", { 0 }, false, 0 },
    { "one burst: certificates, settings", { 900000 }, false, 0 },
    { "two seconds", { 6000, 6000 }, false, 0 },
    { "four seconds", { 6000, 6000, 6000, 6000, 6000 }, true, 0 },
    { "exactly at the threshold", { 5000, 5000, 5000, 5000, 5000 }, true, 0 },
    { "just below", { 4900, 4900, 4900, 4900, 4900, 4900 }, false, 0 },
    { "idle first, then a stream", { 100, 100, 100, 100, 6000, 6000, 6000, 6000, 6000 }, true, 4000 },
};

static void sustained_bytes_make_a_stream(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(rates); i++) {
        const char *name = rates[i].name;
        struct bench b;
        bench_begin(&b);
        bench_connect(&b, &bench_dcv, 0);
        uint32_t sequence = 1;
        for (int64_t second = 0; second < 10; second++)
            for (uint32_t left = rates[i].seconds[second], n = 0; left > 0; n++) {
                uint32_t length = left < 1000 ? left : 1000;
                const uint32_t numbers[3] = { sequence, 1, length };
                struct decode_packet d = bench_tcp(&b, &bench_dcv, S, DECODE_ACK, numbers);
                bench_send(&b, MS(100 + second * 1000) + n * 1000, &d);
                sequence += length;
                left -= length;
            }
        bench_finish(&b, MS(60000));
        const struct model_session *s = model_sessions(b.model);
        assert_non_null(s);
        failed += soft_int(name, "streams", s->stream_count, rates[i].stream);
        failed += soft_int(name, "bytes to the client", (int64_t)s->bytes_to_client, sequence - 1);
        if (s->stream_count && rates[i].stream) {
            const struct model_stream *stream = s->streams;
            failed += soft_int(name, "transport", stream->transport, MODEL_TCP);
            failed += soft_int(name, "port", stream->port, 4195);
            failed += soft_int(name, "client port", stream->client_port, 50000);
            failed += soft_int(name, "first frame", (int64_t)stream->first_frame, 1);
            failed += soft_int(name, "begin of the flow", stream->first_ns, BENCH_BEGIN_NS);
            failed += soft_true(name, "sustained from the first full window on",
                                stream->sustained_ns >= BENCH_BEGIN_NS + MS(rates[i].sustained_ms) &&
                                    stream->sustained_ns <= BENCH_BEGIN_NS + MS(rates[i].sustained_ms + 2100));
        }
        bench_end(&b);
    }
    assert_int_equal(failed, 0);
}

/* Which flows make a session, of which protocol and Region. */
static const struct {
    const char *name;
    const struct bench_pair *pair;
    int protocol; /* -1: no session */
    const char *region;
} kinds[] = {
    { "DCV", &bench_dcv, MODEL_DCV, "eu-west-2" },
    { "DCV over IPv6", &bench_dcv6, MODEL_DCV, "eu-west-2" },
    { "PCoIP", &bench_pcoip, MODEL_PCOIP, "eu-west-2" },
    { "a health check is no session", &bench_health, -1, NULL },
    { "an unknown address on 4195", &bench_unknown, MODEL_DCV, NULL },
    { "another's 443", &bench_web, -1, NULL },
};

static void sessions_of_flows(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct bench b;
        bench_begin(&b);
        bench_connect(&b, kinds[i].pair, 0);
        bench_finish(&b, MS(1000));
        const struct model_session *s = model_sessions(b.model);
        failed += soft_int(kinds[i].name, "session", s != NULL, kinds[i].protocol >= 0);
        if (s) {
            struct ipaddr gateway = bench_address(kinds[i].pair->server);
            failed += soft_int(kinds[i].name, "protocol", s->protocol, kinds[i].protocol);
            failed += soft_text(kinds[i].name, "Region", s->region ? s->region->code : NULL, kinds[i].region);
            failed += soft_true(kinds[i].name, "gateway", ipaddr_equal(&s->gateway, &gateway));
            failed += soft_int(kinds[i].name, "port", s->port, kinds[i].pair->port);
            failed += soft_int(kinds[i].name, "first", s->first_ns, BENCH_BEGIN_NS);
            failed += soft_int(kinds[i].name, "last", s->last_ns, BENCH_BEGIN_NS + MS(30));
            struct model_rtt_series rtt = { 0 };
            model_rtt_of_session(s, MODEL_RTT_HANDSHAKE, &rtt);
            failed += soft_int(kinds[i].name, "round trips", (int64_t)rtt.whole.count, 1);
            failed += soft_int(kinds[i].name, "server half", rtt.half[MODEL_RTT_SERVER].least_ns, MS(20));
            failed += soft_int(kinds[i].name, "client half", rtt.half[MODEL_RTT_CLIENT].least_ns, MS(10));
        }
        bench_end(&b);
    }
    assert_int_equal(failed, 0);
}

static void one_session_counts_what_it_tried(void **state)
{
    (void)state;
    static const struct bench_step udp[] = { { 0, C, "I", 0, 0, 0 }, { 300, C, "I", 0, 0, 0 }, { 1000, C, "I", 0, 0,
        0 },
                                             { 0 } };
    struct bench b;
    struct bench_pair second = bench_dcv;
    second.server = "18.134.70.2"; /* another gateway of the Region: the same session */
    bench_begin(&b);
    bench_play_udp(&b, &bench_dcv, udp);
    bench_connect(&b, &second, 3000);
    second.client_port++;
    bench_connect(&b, &second, 4000);
    bench_finish(&b, MS(9000));
    const struct model_session *s = model_sessions(b.model);
    assert_null(s->next);
    assert_int_equal(s->transports[MODEL_UDP].tried, 1);
    assert_int_equal(s->transports[MODEL_UDP].worked, 0);
    assert_int_equal(s->transports[MODEL_UDP].failed, 1);
    assert_int_equal(s->transports[MODEL_UDP].first_failed_ns, BENCH_BEGIN_NS);
    assert_int_equal(s->transports[MODEL_UDP].first_failed_frame, 1);
    assert_int_equal(s->transports[MODEL_TCP].tried, 2);
    assert_int_equal(s->transports[MODEL_TCP].worked, 2);
    assert_int_equal(s->transports[MODEL_TCP].failed, 0);
    assert_int_equal(s->transports[MODEL_TCP].first_tried_ns, BENCH_BEGIN_NS + MS(3000));
    assert_int_equal(s->transports[MODEL_TCP].first_worked_ns, BENCH_BEGIN_NS + MS(3030));
    assert_int_equal(s->client->answered_flows, 2);
    struct model_rtt_series rtt = { 0 };
    model_rtt_of_session(s, MODEL_RTT_HANDSHAKE, &rtt);
    assert_int_equal(rtt.whole.count, 2);
    bench_end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sustained_bytes_make_a_stream),
        cmocka_unit_test(sessions_of_flows),
        cmocka_unit_test(one_session_counts_what_it_tried),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
