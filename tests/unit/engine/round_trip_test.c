/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "engine/round_trip.h"
#include "model/rtt.h"

enum { PLENTY = 20 };

/* How many whole round trips each method gave, in the order of the enum, each method a different time. */
static const struct {
    const char *name;
    unsigned samples[MODEL_RTT_METHODS];
    const char *method;
    unsigned expected;
} rows[] = {
    { "none", { 0 }, NULL, 0 },
    { "a handshake alone", { 0, 0, 0, 0, 1 }, "handshake", 1 },
    { "time stamps before all", { 5, PLENTY, PLENTY, PLENTY, PLENTY }, "timestamps", 5 },
    { "too few of them", { 4, 5, 0, 0, PLENTY }, "sequence", 5 },
    { "spin before the handshake of QUIC", { 0, 0, 5, 1, 1 }, "spin", 5 },
    { "nothing often enough: the most often", { 1, 2, 0, 0, 3 }, "handshake", 3 },
    { "equally often: the better", { 0, 2, 0, 2, 2 }, "sequence", 2 },
};

static void fill(struct shop *s, struct model_path *p, enum model_rtt_method method, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        struct model_rtt_sample sample = { MODEL_RTT_SERVER, method, MS(20 + 10 * (int)method), MS(i), 0, false };
        model_rtt_add(s->model, p, &sample);
        sample.half = MODEL_RTT_CLIENT;
        sample.value_ns = MS(4);
        model_rtt_add(s->model, p, &sample);
    }
}

static void the_method_is_chosen_in_order(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct shop s;
        shop_open(&s, NULL);
        struct model_path *p = shop_path(&s, "10.20.30.4", "18.134.68.9", 4195, 6);
        struct model_session *session = model_session_of(s.model, p->client, p->region, MODEL_DCV);
        int chosen = 0;
        for (int m = 0; m < MODEL_RTT_METHODS; m++) {
            fill(&s, p, (enum model_rtt_method)m, rows[i].samples[m]);
            if (rows[i].method && strcmp(model_rtt_method_name((enum model_rtt_method)m), rows[i].method) == 0)
                chosen = m;
        }
        struct wspscope_round_trip out = engine_round_trip(s.model, session);
        failed += soft_text(rows[i].name, "method", out.method, rows[i].method);
        failed += soft_int(rows[i].name, "samples", (int64_t)out.samples, rows[i].expected);
        if (rows[i].expected) {
            failed += soft_true(rows[i].name, "min", out.min_ms == 24 + 10 * chosen);
            failed += soft_true(rows[i].name, "client half", out.client_p50_ms == 4);
            failed += soft_true(rows[i].name, "server half", out.server_p50_ms == 20 + 10 * chosen);
        } else {
            failed += soft_true(rows[i].name, "unknown", out.min_ms < 0 && out.p50_ms < 0 && out.client_p50_ms < 0);
        }
        shop_close(&s);
    }
    assert_int_equal(failed, 0);
}

static void one_half_alone_is_told_as_such(void **state)
{
    (void)state;
    struct shop s;
    shop_open(&s, NULL);
    struct model_path *p = shop_path(&s, "10.20.30.4", "18.134.68.9", 4195, 6);
    struct model_session *session = model_session_of(s.model, p->client, p->region, MODEL_DCV);
    for (int i = 0; i < 5; i++) {
        const struct model_rtt_sample sample = { .half = MODEL_RTT_SERVER, .method = MODEL_RTT_SEQUENCE,
                                                 .value_ns = MS(10 * (i + 1)), .time_ns = MS(i) };
        model_rtt_add(s.model, p, &sample);
    }
    struct wspscope_round_trip out = engine_round_trip(s.model, session);
    assert_true(out.min_ms < 0 && out.p50_ms < 0 && out.p95_ms < 0 && out.client_p50_ms < 0);
    assert_true(out.server_p50_ms > 28.6 && out.server_p50_ms < 31.4); /* 30, within 4.5 % */
    assert_int_equal(out.samples, 5);
    shop_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_method_is_chosen_in_order),
        cmocka_unit_test(one_half_alone_is_told_as_such),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
