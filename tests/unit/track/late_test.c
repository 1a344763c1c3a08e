/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "track/role.h"

static const char broker[] = "ws-broker-service.eu-west-2.amazonaws.com";
static const char gateway[] = "a.prod.eu-west-2.highlander.aws.a2z.com";

static void keep(void *context, struct flow *f)
{
    *(struct flow **)context = f;
}

/* The last flow of the table. */
static struct flow *only_flow(struct bench *b)
{
    struct flow *f = NULL;
    flow_table_each(b->track->flows, keep, &f);
    assert_non_null(f);
    return f;
}

static bool name_flow(struct bench *b, const char *host, enum track_role_source source, int64_t at_ms)
{
    struct flow *f = only_flow(b);
    struct track_role_name name = { .host = host, .port = flow_server_port(f), .source = source };
    struct track_packet packet = { .frame = b->frame, .time_ns = BENCH_BEGIN_NS + MS(at_ms) };
    return track_role_named(b->track, f, &name, &packet);
}

static const struct bench_step whole[] = { { 0, BENCH_CLIENT, "S", 0, 0, 0 }, { 20, BENCH_SERVER, "SA", 0, 1, 0 },
                                           { 30, BENCH_CLIENT, "A", 1, 1, 0 }, { 31, BENCH_CLIENT, "PA", 1, 1, 300 },
                                           { 0 } };
static const struct bench_step repeated[] = { { 0, BENCH_CLIENT, "S", 0, 0, 0 }, { 1000, BENCH_CLIENT, "S", 0, 0, 0 },
                                              { 1020, BENCH_SERVER, "SA", 0, 1, 0 },
                                              { 1031, BENCH_CLIENT, "PA", 1, 1, 300 }, { 0 } };
static const struct bench_step headless[] = { { 31, BENCH_CLIENT, "PA", 1, 1, 300 }, { 0 } };
static const struct bench_step deaf[] = { { 0, BENCH_CLIENT, "S", 0, 0, 0 }, { 30, BENCH_CLIENT, "A", 1, 1, 0 },
                                          { 31, BENCH_CLIENT, "PA", 1, 1, 300 }, { 0 } };

static void tcp_handshake_from_the_record(void **state)
{
    static const struct {
        const char *name;
        const struct bench_step *steps;
        const char *facts;
        int rtt_ms; /* -1: not timed */
        bool start_seen;
    } rows[] = {
        { "all seen", whole, "accepted", 20, true },
        { "a SYN sent twice gives no round trip", repeated, "accepted", -1, true },
        { "mid-stream", headless, "", -1, false },
        { "the client alone: nobody saw it accepted", deaf, "undecided(one-way)", -1, true },
    };
    unsigned failed = 0;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct bench b;
        char text[256];
        bench_begin(&b);
        bench_play_tcp(&b, &bench_web, rows[i].steps);
        failed += soft_true(rows[i].name, "has a role now", name_flow(&b, broker, TRACK_ROLE_BY_SNI, 1031));
        const struct model_path *p = bench_path(&b, &bench_web, 6);
        assert_non_null(p);
        bench_finish(&b, MS(60000));
        failed += soft_text(rows[i].name, "facts", bench_facts(p, text), rows[i].facts);
        failed += soft_int(rows[i].name, "round trip",
                           p->least_rtt_ns == INT64_MAX ? -1 : (int)(p->least_rtt_ns / NSEC_PER_MSEC), rows[i].rtt_ms);
        failed += soft_int(rows[i].name, "start seen", p->start_seen, rows[i].start_seen);
        failed += soft_text(rows[i].name, "role", endpoint_role_name(p->role), "workspaces-service");
        failed += soft_int(rows[i].name, "payload", (int64_t)p->bytes_to_server, 300);
        bench_end(&b);
    }
    assert_int_equal(failed, 0);
}

static void udp_datagrams_from_the_record(void **state)
{
    static const struct bench_step steps[] = { { 0, BENCH_CLIENT, "I", 0, 0, 0 }, { 300, BENCH_CLIENT, "I", 0, 0, 0 },
                                               { 0 } };
    struct bench b;
    char text[256];
    (void)state;
    bench_begin(&b);
    bench_play_udp(&b, &bench_web, steps);
    assert_true(name_flow(&b, gateway, TRACK_ROLE_BY_SNI, 300));
    const struct bench_step rest[] = { { 900, BENCH_CLIENT, "I", 0, 0, 0 }, { 2100, BENCH_CLIENT, "I", 0, 0, 0 },
                                       { 0 } };
    bench_play_udp(&b, &bench_web, rest);
    bench_finish(&b, MS(60000));
    const struct model_path *p = bench_path(&b, &bench_web, 17);
    assert_non_null(p);
    assert_string_equal(bench_facts(p, text), "udp-silent");
    assert_int_equal(p->datagrams_to_server, 4);
    assert_int_equal(model_incident_at(p, MODEL_UDP_SILENT, 0)->attempts, 4);
    assert_string_equal(p->region->code, "eu-west-2");
    bench_end(&b);
}

static void names_and_their_sources(void **state)
{
    static const struct {
        const char *name, *first, *second, *stays;
        enum track_role_source first_source, second_source;
        bool background;
    } rows[] = {
        { "SNI over CONNECT", broker, "www.example.org", "www.example.org", TRACK_ROLE_BY_CONNECT, TRACK_ROLE_BY_SNI,
          false },
        { "CONNECT not over SNI", "www.example.org", broker, "www.example.org", TRACK_ROLE_BY_SNI,
          TRACK_ROLE_BY_CONNECT, true },
        { "somebody else's", "www.example.org", "www.example.net", "www.example.net", TRACK_ROLE_BY_SNI,
          TRACK_ROLE_BY_SNI, true },
        { "ours, on a port that it does not serve", "drp-lhr.amazonworkspaces.com", "", "drp-lhr.amazonworkspaces.com",
          TRACK_ROLE_BY_SNI, TRACK_ROLE_BY_SNI, true },
    };
    unsigned failed = 0;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct bench b;
        bench_begin(&b);
        bench_play_tcp(&b, &bench_web, whole);
        name_flow(&b, rows[i].first, rows[i].first_source, 31);
        name_flow(&b, rows[i].second, rows[i].second_source, 32);
        bench_finish(&b, MS(60000));
        failed += soft_text(rows[i].name, "name", model_name_text(model_names(b.model), b.ended[0].name),
                            rows[i].stays);
        failed += soft_int(rows[i].name, "background", (b.ended[0].flags & FLOW_BACKGROUND) != 0, rows[i].background);
        bench_end(&b);
    }
    assert_int_equal(failed, 0);
}

/* An unknown address on 4195: the hello tells whose it is, and the session moves to its Region. */
static void port_alone_gets_a_name(void **state)
{
    struct bench b;
    (void)state;
    bench_begin(&b);
    bench_connect(&b, &bench_unknown, 0);
    assert_int_equal(only_flow(&b)->role, ENDPOINT_ROLE_UNKNOWN);
    assert_false(name_flow(&b, gateway, TRACK_ROLE_BY_SNI, 40));
    assert_int_equal(only_flow(&b)->role, ENDPOINT_DCV_GATEWAY);
    const struct model_session *s = model_sessions(b.model);
    assert_string_equal(s->region->code, "eu-west-2");
    assert_int_equal(s->transports[MODEL_TCP].tried, 1);
    assert_null(s->next);
    bench_end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tcp_handshake_from_the_record),
        cmocka_unit_test(udp_datagrams_from_the_record),
        cmocka_unit_test(names_and_their_sources),
        cmocka_unit_test(port_alone_gets_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
