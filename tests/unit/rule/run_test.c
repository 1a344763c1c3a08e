/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

static void everything_at_once(struct desk *d)
{
    struct model_path *tcp = desk_path(d, "10.20.30.4", desk_dcv, 4195, 6);
    struct model_path *udp = desk_path(d, "10.20.30.4", desk_dcv, 4195, 17);
    desk_fact(d, udp, MODEL_ICMP_OTHER, 1000);
    desk_fact(d, tcp, MODEL_TCP_RESET, 1000);
    desk_fact(d, desk_path(d, "10.20.30.4", desk_health, 4172, 6), MODEL_TCP_SYN_SILENT, 1000);
    desk_fact(d, udp, MODEL_UDP_SILENT, 1000);
    desk_fact(d, tcp, MODEL_TCP_SYN_SILENT, 1000);
    desk_fact(d, desk_path(d, "10.20.30.4", desk_unknown, 4195, 6), MODEL_TCP_SYN_SILENT, 1000);
    desk_fact(d, desk_path(d, "2001:db8::4", desk_dcv6, 4195, 6), MODEL_TCP_SYN_RESET, 1000);
    desk_fact(d, desk_path(d, "10.20.30.4", desk_dcv, 4195, 6), MODEL_TCP_ACCEPTED, 2000);
}

/* Problems, warnings, notices; within them the cause before its consequences. The IPv6 failure is healed by IPv4 and
 * thereby a notice, although its rank is nearer to the cause than all others. */
static void findings_are_ordered_by_severity_and_nearness(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    everything_at_once(&d);
    desk_run(&d);
    assert_string_equal(desk_kinds(&d), "tcp-syn-dropped udp-blocked healthcheck-failed tcp-reset-midstream "
                                        "tcp-syn-dropped icmp-unreachable ipv6-attempt");
    assert_int_equal(d.drafts.first->key.role, ENDPOINT_DCV_GATEWAY);
    assert_int_equal(d.drafts.count, 7);
    size_t n = 0;
    for (const struct draft *f = d.drafts.first; f; f = f->next)
        n++;
    assert_int_equal(n, 7);
    assert_null(d.drafts.last->next);
    desk_end(&d);
}

/* Of one severity and rank: more clients first, then the earlier. */
static const struct {
    const char *name;
    int london_clients, virginia_clients;
    int64_t london_ms, virginia_ms;
    const char *first;
} ties[] = {
    { "more clients", 1, 2, 1000, 1000, "us-east-1" },
    { "more clients, though later", 2, 1, 9000, 1000, "eu-west-2" },
    { "earlier", 1, 1, 2000, 1000, "us-east-1" },
    { "earlier, the other way round", 1, 1, 1000, 2000, "eu-west-2" },
};

static void more_clients_then_earlier(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(ties); i++) {
        static const char *const clients[] = { "10.20.30.4", "10.20.30.5" };
        struct desk d;
        desk_begin(&d);
        for (int c = 0; c < ties[i].london_clients; c++)
            desk_fact(&d, desk_path(&d, clients[c], desk_dcv, 4195, 6), MODEL_TCP_SYN_SILENT, ties[i].london_ms);
        for (int c = 0; c < ties[i].virginia_clients; c++)
            desk_fact(&d, desk_path(&d, clients[c], desk_virginia, 4195, 6), MODEL_TCP_SYN_SILENT, ties[i].virginia_ms);
        desk_run(&d);
        failed += soft_text(ties[i].name, "first Region", d.drafts.first->key.region->code, ties[i].first);
        desk_end(&d);
    }
    assert_int_equal(failed, 0);
}

/* A rule is a pure function of the model. */
static void a_second_run_finds_the_same(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    everything_at_once(&d);
    desk_run(&d);
    const struct draft *first = d.drafts.first;
    desk_run(&d);
    const struct draft *f = d.drafts.first;
    for (; first && f; first = first->next, f = f->next) {
        assert_ptr_equal(first->key.rule, f->key.rule);
        assert_string_equal(first->summary, f->summary);
        assert_string_equal(first->cause, f->cause);
        assert_int_equal(first->count, f->count);
        assert_int_equal(first->measured_count, f->measured_count);
    }
    assert_true(!first && !f);
    desk_end(&d);
}

static void without_memory_it_says_so(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    everything_at_once(&d);
    for (size_t limit = 0; limit < 40000; limit += 1777) {
        struct arena *small = arena_new(limit);
        struct draft_list list;
        assert_non_null(small);
        if (rule_run(d.model, small, &list))
            assert_false(arena_failed(small));
        arena_free(small);
    }
    struct arena *none = arena_new(16);
    struct draft_list list;
    assert_false(rule_run(d.model, none, &list));
    arena_free(none);
    desk_end(&d);
}

static void every_rule_is_whole(void **state)
{
    (void)state;
    unsigned failed = 0;
    struct endpoint_catalogue *catalogue = endpoint_catalogue_builtin(NULL);
    for (const struct rule *const *r = rule_all(); *r; r++) {
        const char *kind = (*r)->about.kind;
        failed += soft_true(kind, "check and explain", (*r)->check && (*r)->explain);
        failed += soft_true(kind, "a rank", (*r)->rank >= RULE_RANK_DNS && (*r)->rank <= RULE_RANK_REST);
        failed += soft_true(kind, "judged", (*r)->about.judged);
        for (const char *const *t = (*r)->about.thresholds; t && *t; t++)
            failed += soft_true(*t, "is a threshold of the catalogue", endpoint_threshold_find(catalogue, *t));
        for (const struct rule *const *other = rule_all(); *other != *r; other++)
            failed += soft_true(kind, "its own", strcmp((*other)->about.kind, kind) != 0);
    }
    endpoint_catalogue_free(catalogue);
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_are_ordered_by_severity_and_nearness),
        cmocka_unit_test(more_clients_then_earlier),
        cmocka_unit_test(a_second_run_finds_the_same),
        cmocka_unit_test(without_memory_it_says_so),
        cmocka_unit_test(every_rule_is_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
