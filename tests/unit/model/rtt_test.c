/* SPDX-License-Identifier: Apache-2.0 */
#include "../soft.h"

#include "base/nsec.h"
#include "model/rtt.h"

#define MS(n) ((int64_t)(n) * NSEC_PER_MSEC)
#define C MODEL_RTT_CLIENT
#define S MODEL_RTT_SERVER

struct desk {
    struct endpoint_catalogue *catalogue;
    struct model *model;
};

static struct desk desk_open(uint32_t rtt_parts)
{
    static const uint64_t key[2] = { 1, 2 };
    const struct model_budget budget = { 10, 10, 10, 10, rtt_parts };
    struct desk d = { .catalogue = endpoint_catalogue_builtin(NULL) };
    assert_non_null(d.catalogue);
    d.model = model_new(d.catalogue, &budget, key);
    assert_non_null(d.model);
    return d;
}

static void desk_close(struct desk *d)
{
    model_free(d->model);
    endpoint_catalogue_free(d->catalogue);
}

static struct model_path *path(struct desk *d, const char *server, uint16_t port)
{
    struct ipaddr client, gateway;
    assert_true(ipaddr_parse("10.20.30.4", &client) && ipaddr_parse(server, &gateway));
    struct model_path *p = model_path_of(d->model, &client, &gateway, port, 6);
    assert_non_null(p);
    return p;
}

static void add(struct desk *d, struct model_path *p, enum model_rtt_half half, int64_t value_ms, int64_t at_ms)
{
    const struct model_rtt_sample sample = { half, MODEL_RTT_TIMESTAMPS, MS(value_ms), MS(at_ms), 0, false };
    model_rtt_add(d->model, p, &sample);
}

static const struct {
    const char *name;
    struct {
        enum model_rtt_half half;
        int value_ms, at_ms;
    } samples[6];
    unsigned count, client, server, whole;
    int64_t least_ms; /* of the whole */
} pairs[] = {
    { "one half alone", { { S, 20, 0 }, { S, 20, 10 } }, 2, 0, 2, 0, 0 },
    { "both halves", { { S, 20, 0 }, { C, 10, 10 } }, 2, 1, 1, 1, 30 },
    { "each sample is used once", { { S, 20, 0 }, { C, 10, 10 }, { C, 5, 20 } }, 3, 2, 1, 1, 30 },
    { "the latest of several", { { S, 20, 0 }, { S, 40, 10 }, { C, 10, 20 } }, 3, 1, 2, 1, 50 },
    { "too far apart", { { S, 20, 0 }, { C, 10, 10001 } }, 2, 1, 1, 0, 0 },
    { "the clock stepped back", { { S, 20, 1000 }, { C, 10, 0 } }, 2, 1, 1, 0, 0 },
    { "what is none", { { S, -1, 0 }, { C, 60001, 0 } }, 2, 0, 0, 0, 0 },
};

static void halves_make_a_whole(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        struct desk d = desk_open(10);
        struct model_path *p = path(&d, "18.134.68.9", 4195);
        for (unsigned n = 0; n < pairs[i].count; n++)
            add(&d, p, pairs[i].samples[n].half, pairs[i].samples[n].value_ms, pairs[i].samples[n].at_ms);
        const struct model_rtt_series *s = model_rtt_series(p, MODEL_RTT_TIMESTAMPS);
        failed += soft_int(pairs[i].name, "client half", s ? (int64_t)s->half[C].count : 0, pairs[i].client);
        failed += soft_int(pairs[i].name, "server half", s ? (int64_t)s->half[S].count : 0, pairs[i].server);
        failed += soft_int(pairs[i].name, "whole", s ? (int64_t)s->whole.count : 0, pairs[i].whole);
        if (pairs[i].whole)
            failed += soft_int(pairs[i].name, "least", s->whole.least_ns, MS(pairs[i].least_ms));
        assert_null(model_rtt_series(p, MODEL_RTT_SEQUENCE));
        desk_close(&d);
    }
    assert_int_equal(failed, 0);
}

/* A session has the samples of all its paths, and of no other's. */
static void sessions_sum_their_paths(void **state)
{
    (void)state;
    struct desk d = desk_open(10);
    struct model_path *one = path(&d, "18.134.68.9", 4195), *two = path(&d, "18.134.70.2", 4195);
    struct model_path *pcoip = path(&d, "18.132.21.7", 4172);
    struct model_session *dcv = model_session_of(d.model, one->client, one->region, MODEL_DCV);
    struct model_session *other = model_session_of(d.model, one->client, one->region, MODEL_PCOIP);
    for (int i = 0; i < 3; i++) {
        add(&d, one, C, 10, i);
        add(&d, two, S, 20, i);
        add(&d, pcoip, S, 30, i);
    }
    struct model_rtt_series sum = { 0 };
    model_rtt_of_session(dcv, MODEL_RTT_TIMESTAMPS, &sum);
    assert_int_equal(sum.half[C].count, 3);
    assert_int_equal(sum.half[S].count, 3);
    assert_int_equal(sum.half[S].most_ns, MS(20));
    sum = (struct model_rtt_series){ 0 };
    model_rtt_of_session(other, MODEL_RTT_TIMESTAMPS, &sum);
    assert_int_equal(sum.half[S].least_ns, MS(30));
    assert_int_equal(sum.half[C].count, 0);
    desk_close(&d);
}

static void what_does_not_fit_is_counted(void **state)
{
    (void)state;
    struct desk d = desk_open(1);
    struct model_path *one = path(&d, "18.134.68.9", 4195), *two = path(&d, "18.134.70.2", 4195);
    for (int i = 0; i < 3; i++) {
        add(&d, one, C, 10, i);
        add(&d, two, C, 10, i);
    }
    assert_int_equal(model_rtt_series(one, MODEL_RTT_TIMESTAMPS)->half[C].count, 3);
    assert_null(model_rtt_series(two, MODEL_RTT_TIMESTAMPS));
    assert_int_equal(model_tap(d.model)->rtt_samples_dropped, 3);
    desk_close(&d);
}

static void methods_have_the_words_of_the_schema(void **state)
{
    (void)state;
    static const char *const names[] = { "timestamps", "sequence", "spin", "quic", "handshake" };
    for (int i = 0; i < MODEL_RTT_METHODS; i++)
        assert_string_equal(model_rtt_method_name((enum model_rtt_method)i), names[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(halves_make_a_whole),
        cmocka_unit_test(sessions_sum_their_paths),
        cmocka_unit_test(what_does_not_fit_is_counted),
        cmocka_unit_test(methods_have_the_words_of_the_schema),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
