/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

/* What IPv6 and IPv4 to the same Region's gateways did; -1: not tried. */
static const struct {
    const char *name;
    int ipv6, ipv4;
    int64_t ipv4_ms;
    const char *kinds;
    enum wspscope_severity severity; /* of ipv6-attempt */
} rows[] = {
    { "IPv6 silent, IPv4 worked", MODEL_TCP_SYN_SILENT, MODEL_TCP_ACCEPTED, 1300, "ipv6-attempt", WSPSCOPE_NOTICE },
    { "IPv6 reset, IPv4 worked", MODEL_TCP_SYN_RESET, MODEL_TCP_ACCEPTED, 1300, "ipv6-attempt", WSPSCOPE_NOTICE },
    { "IPv6 worked", MODEL_TCP_ACCEPTED, MODEL_TCP_ACCEPTED, 1300, "", 0 },
    { "IPv6 worked, IPv4 failed", MODEL_TCP_ACCEPTED, MODEL_TCP_SYN_SILENT, 1300, "tcp-syn-dropped", 0 },
    { "IPv4 alone failed", -1, MODEL_TCP_SYN_SILENT, 1300, "tcp-syn-dropped", 0 },
};

static void healed_by_ipv4_it_is_a_notice_alone(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk d;
        desk_begin(&d);
        if (rows[i].ipv6 >= 0)
            desk_fact(&d, desk_path(&d, "2001:db8::4", desk_dcv6, 4195, 6), (enum model_fact)rows[i].ipv6, 1000);
        if (rows[i].ipv4 >= 0)
            desk_fact(&d, desk_path(&d, "10.20.30.4", desk_dcv, 4195, 6), (enum model_fact)rows[i].ipv4,
                rows[i].ipv4_ms);
        desk_run(&d);
        failed += soft_text(rows[i].name, "kinds", desk_kinds(&d), rows[i].kinds);
        const struct draft *f = desk_find(&d, "ipv6-attempt");
        if (f) {
            failed += desk_check_shape(rows[i].name, f);
            failed += soft_int(rows[i].name, "severity", f->severity, rows[i].severity);
        }
        desk_end(&d);
    }
    assert_int_equal(failed, 0);
}

/* IPv4 never tried, or failed too: then a problem. */
static const int others[] = { -1, MODEL_TCP_SYN_SILENT };

static void without_ipv4_it_is_a_problem(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        struct desk d;
        desk_begin(&d);
        desk_fact(&d, desk_path(&d, "2001:db8::4", desk_dcv6, 4195, 6), MODEL_TCP_SYN_SILENT, 1000);
        if (others[i] >= 0)
            desk_fact(&d, desk_path(&d, "10.20.30.4", desk_dcv, 4195, 6), (enum model_fact)others[i], 1300);
        desk_run(&d);
        const struct draft *f = desk_find(&d, "ipv6-attempt");
        assert_non_null(f);
        assert_int_equal(f->severity, WSPSCOPE_PROBLEM);
        desk_end(&d);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(healed_by_ipv4_it_is_a_notice_alone),
        cmocka_unit_test(without_ipv4_it_is_a_problem),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
