/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "engine/sessions.h"

static struct model_session *session_of(struct shop *s, const char *client, const char *region,
                                        enum model_protocol protocol)
{
    struct ipaddr a = shop_address(client);
    struct model_client *c = model_client_of(s->model, &a);
    struct model_session *session =
        model_session_of(s->model, c, region ? endpoint_region_find(s->analyzer->catalogue, region) : NULL, protocol);
    assert_non_null(session);
    session->gateway = shop_address("18.134.68.9");
    session->port = protocol == MODEL_DCV ? 4195 : 4172;
    session->transports[MODEL_TCP].tried = 1;
    session->first_ns = MS(1000);
    session->last_ns = MS(9000);
    return session;
}

static struct model_stream *add_stream(struct shop *s, struct model_session *session, enum model_transport transport,
    uint16_t port, uint64_t bytes)
{
    struct model_stream *stream = model_session_add_stream(s->model, session);
    assert_non_null(stream);
    *stream = (struct model_stream){ .transport = transport, .port = port, .gateway = shop_address("18.134.70.1"),
                               .first_ns = MS(3000), .sustained_ns = MS(3500), .last_ns = MS(8000),
                               .bytes_to_client = bytes };
    return stream;
}

static void add_fact(struct shop *s, enum model_transport transport, enum model_fact fact, int64_t at_ns)
{
    struct model_path *p = shop_path(s, "10.20.30.4", "18.134.68.9", 4195, transport == MODEL_UDP ? 17 : 6);
    struct model_incident incident = { .fact = (uint8_t)fact, .first_ns = at_ns, .last_ns = at_ns + MS(3000),
                                       .begin_ns = at_ns, .attempts = 3 };
    model_path_add(s->model, p, &incident);
}

/* What was tried, worked and failed; the steps in the order of time, those that did not happen last, as "udp:failed
 * tcp:ok fallback:ok stream:ok". The names, the login and the health check are in none of these captures. */
static const struct {
    const char *name;
    unsigned udp[3], tcp[3]; /* tried, worked, failed */
    int stream;              /* -1 none, else transport */
    const char *steps, *transport;
} rows[] = {
    { "all over UDP", { 1, 1, 0 }, { 1, 1, 0 }, MODEL_UDP, "udp:ok tcp:ok stream:ok", "udp" },
    { "UDP never tried", { 0, 0, 0 }, { 1, 1, 0 }, MODEL_TCP, "tcp:ok stream:ok udp:skipped", "tcp" },
    { "fallback", { 1, 0, 1 }, { 1, 1, 0 }, MODEL_TCP, "udp:failed tcp:ok fallback:ok stream:ok", "tcp" },
    { "nothing worked", { 1, 0, 1 }, { 1, 0, 1 }, -1, "udp:failed tcp:failed stream:failed", "none" },
    { "too little to judge", { 1, 0, 0 }, { 1, 1, 0 }, -1, "udp:unknown tcp:ok stream:unknown", "none" },
    { "idle", { 0, 0, 0 }, { 1, 1, 0 }, -1, "tcp:ok udp:skipped stream:unknown", "none" },
};

static void fill(struct shop *s, struct model_session *session, enum model_transport t, const unsigned counts[3])
{
    session->transports[t].tried = counts[0];
    session->transports[t].worked = counts[1];
    session->transports[t].failed = counts[2];
    session->transports[t].first_tried_ns = session->transports[t].first_failed_ns = MS(1000);
    if (counts[1])
        add_fact(s, t, t == MODEL_UDP ? MODEL_UDP_ANSWERED : MODEL_TCP_ACCEPTED, MS(1000));
    if (counts[2])
        add_fact(s, t, t == MODEL_UDP ? MODEL_UDP_SILENT : MODEL_TCP_SYN_SILENT, MS(1000));
}

static const char *steps_of(const struct wspscope_session *session, struct arena *arena)
{
    const char *steps = "";
    for (size_t n = 0; n < session->step_count; n++) {
        const char *step = session->steps[n].step;
        if (strcmp(step, "dns") != 0 && strcmp(step, "login") != 0 && strcmp(step, "health-check") != 0)
            steps = arena_format(arena, "%s%s%s:%s", steps, *steps ? " " : "", step, session->steps[n].outcome);
    }
    return steps;
}

static void steps_tell_what_happened(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct shop s;
        size_t count;
        shop_open(&s, NULL);
        struct model_session *session = session_of(&s, "10.20.30.4", "eu-west-2", MODEL_DCV);
        fill(&s, session, MODEL_UDP, rows[i].udp);
        fill(&s, session, MODEL_TCP, rows[i].tcp);
        if (rows[i].stream >= 0)
            add_stream(&s, session, (enum model_transport)rows[i].stream, 4195, 100000);
        const struct wspscope_session *out = engine_sessions(s.model, s.arena, &count);
        assert_int_equal(count, 1);
        for (size_t n = 0; n < out->step_count; n++)
            failed += soft_true(rows[i].name, "a step has words", out->steps[n].text && *out->steps[n].text);
        failed += soft_text(rows[i].name, "steps", steps_of(out, s.arena), rows[i].steps);
        failed += soft_text(rows[i].name, "transport", out->transport, rows[i].transport);
        failed += soft_text(rows[i].name, "gateway", out->gateway, rows[i].stream >= 0 ? "18.134.70.1" : "18.134.68.9");
        shop_close(&s);
    }
    assert_int_equal(failed, 0);
}

static void sessions_come_in_the_order_of_their_beginning(void **state)
{
    (void)state;
    struct shop s;
    size_t count;
    shop_open(&s, NULL);
    assert_non_null(engine_sessions(s.model, s.arena, &count));
    assert_int_equal(count, 0);
    session_of(&s, "10.20.30.9", "eu-west-2", MODEL_DCV);
    session_of(&s, "10.20.30.4", NULL, MODEL_PCOIP)->first_ns = MS(2000);
    const struct wspscope_session *out = engine_sessions(s.model, s.arena, &count);
    assert_int_equal(count, 2);
    assert_string_equal(out[0].client, "10.20.30.9");
    assert_string_equal(out[0].region, "eu-west-2");
    assert_string_equal(out[0].protocol, "dcv");
    assert_int_equal(out[0].port, 4195);
    assert_int_equal(out[0].first_ns, MS(1000));
    assert_int_equal(out[0].last_ns, MS(9000));
    assert_true(out[0].loss_ratio < 0);
    assert_string_equal(out[1].client, "10.20.30.4");
    assert_null(out[1].region);
    assert_string_equal(out[1].protocol, "pcoip");
    shop_close(&s);
}

static void the_stream_is_the_one_with_most_bytes(void **state)
{
    (void)state;
    struct shop s;
    shop_open(&s, NULL);
    struct model_session *session = session_of(&s, "10.20.30.4", "eu-west-2", MODEL_DCV);
    assert_null(engine_sessions_stream(session));
    add_stream(&s, session, MODEL_UDP, 4195, 1000);
    const struct model_stream *most = add_stream(&s, session, MODEL_TCP, 443, 5000);
    add_stream(&s, session, MODEL_TCP, 4195, 2000);
    assert_ptr_equal(engine_sessions_stream(session), most);
    shop_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_tell_what_happened),
        cmocka_unit_test(sessions_come_in_the_order_of_their_beginning),
        cmocka_unit_test(the_stream_is_the_one_with_most_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
