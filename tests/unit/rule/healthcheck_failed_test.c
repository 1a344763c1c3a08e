/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

/* What became of the probes of one client to one Region: per check, in the order tcp/4172, tcp/4195, udp/4172,
 * udp/4195.
 * '-' not tried, '+' answered, 'x' no answer, 'r' reset, 'i' rejected by ICMP, '1' one lost UDP probe. */
static const struct {
    const char *name;
    const char *checks;
    const char *outcomes; /* NULL: no finding */
} rows[] = {
    { "all pass", "++++", NULL },
    { "nothing tried", "----", NULL },
    { "UDP 4195 blocked", "+++x", "ok ok ok no-answer" },
    { "UDP blocked", "++xx", "ok ok no-answer no-answer" },
    { "all four blocked", "xxxx", "no-answer no-answer no-answer no-answer" },
    { "reset and rejected", "ri-+", "reset rejected not-tried ok" },
    { "one lost probe is no failure", "+++1", NULL },
    { "one lost probe beside a failure", "x++1", "no-answer ok ok cannot-tell" },
};

static void add_check(struct desk *d, const char *server, size_t check, char what)
{
    const uint8_t protocol = check < 2 ? 6 : 17;
    const uint16_t port = check % 2 ? 4195 : 4172;
    if (what == '-')
        return;
    struct model_path *p = desk_path(d, "10.20.30.4", server, port, protocol);
    enum model_fact fact = protocol == 6 ? MODEL_TCP_SYN_SILENT : MODEL_UDP_SILENT;
    if (what == '+')
        fact = protocol == 6 ? MODEL_TCP_ACCEPTED : MODEL_UDP_ANSWERED;
    if (what == 'r')
        fact = MODEL_TCP_SYN_RESET;
    if (what == 'i')
        fact = protocol == 6 ? MODEL_TCP_SYN_ICMP : MODEL_UDP_ICMP;
    if (what == '1')
        desk_add(d, p, (struct model_incident){ .fact = MODEL_UNDECIDED, .why = MODEL_UNDECIDED_FEW, .attempts = 1,
                                                .first_ns = MS(1000), .last_ns = MS(1000), .begin_ns = MS(1000) });
    else
        desk_fact(d, p, fact, 1000);
}

static void four_checks_side_by_side(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk d;
        desk_begin(&d);
        for (size_t c = 0; c < 4; c++)
            add_check(&d, desk_health, c, rows[i].checks[c]);
        desk_run(&d);
        failed += soft_text(rows[i].name, "kinds", desk_kinds(&d), rows[i].outcomes ? "healthcheck-failed" : "");
        const struct draft *f = desk_find(&d, "healthcheck-failed");
        if (f && rows[i].outcomes) {
            const struct wspscope_value *checks = desk_measured(f, "checks");
            const char *outcomes = "";
            failed += desk_check_shape(rows[i].name, f);
            failed += soft_int(rows[i].name, "protocol and port are null", f->key.protocol + f->key.port, 0);
            failed += soft_text(rows[i].name, "Region", f->key.region->code, "eu-west-2");
            failed += soft_int(rows[i].name, "severity", f->severity, WSPSCOPE_PROBLEM);
            assert_non_null(checks);
            assert_int_equal(checks->child_count, 4);
            for (size_t c = 0; c < 4; c++)
                for (size_t k = 0; k < checks->children[c].child_count; k++)
                    if (strcmp(checks->children[c].children[k].name, "outcome") == 0)
                        outcomes = arena_format(d.arena, "%s%s%s", outcomes, c ? " " : "",
                                                checks->children[c].children[k].string);
            failed += soft_text(rows[i].name, "outcomes", outcomes, rows[i].outcomes);
        }
        desk_end(&d);
    }
    assert_int_equal(failed, 0);
}

/* Another host of the Region answers the same check: the path is open, the one host is not there. */
static void another_host_of_the_region_heals(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    add_check(&d, desk_health, 0, 'x');
    add_check(&d, desk_health2, 0, '+');
    desk_run(&d);
    assert_string_equal(desk_kinds(&d), "");
    desk_end(&d);
}

static void one_finding_for_each_region(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    for (size_t c = 0; c < 4; c++) {
        add_check(&d, desk_health, c, 'x');
        add_check(&d, desk_virginia_health, c, 'x');
    }
    desk_run(&d);
    assert_string_equal(desk_kinds(&d), "healthcheck-failed healthcheck-failed");
    assert_ptr_not_equal(d.drafts.first->key.region, d.drafts.first->next->key.region);
    desk_end(&d);
}

/* UDP probes, none answered: (how many, over how long) and whether that is a failed check. */
static const struct {
    const char *name;
    unsigned rounds;   /* flows of their own, one after the other */
    unsigned per_round;
    int64_t apart_ms;  /* of the rounds */
    bool fails;
} rounds[] = {
    { "one probe", 1, 1, 0, false },
    { "two at once", 2, 1, 10, false },
    { "two rounds, a minute apart", 2, 1, 60000, true },
    { "three over a second", 3, 1, 600, true },
};

static void single_probes_add_up(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(rounds); i++) {
        struct desk d;
        desk_begin(&d);
        struct model_path *p = desk_path(&d, "10.20.30.4", desk_health, 4172, 17);
        for (unsigned n = 0; n < rounds[i].rounds; n++)
            desk_add(&d, p, (struct model_incident){ .fact = MODEL_UNDECIDED, .why = MODEL_UNDECIDED_FEW,
                                                     .attempts = rounds[i].per_round,
                                                     .first_ns = MS(1000 + n * rounds[i].apart_ms),
                                                     .last_ns = MS(1000 + n * rounds[i].apart_ms) });
        desk_run(&d);
        failed += soft_text(rounds[i].name, "kinds", desk_kinds(&d), rounds[i].fails ? "healthcheck-failed" : "");
        desk_end(&d);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(four_checks_side_by_side),
        cmocka_unit_test(another_host_of_the_region_heals),
        cmocka_unit_test(one_finding_for_each_region),
        cmocka_unit_test(single_probes_add_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
