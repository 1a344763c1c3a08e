/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

static const struct {
    const char *name;
    int64_t duration_us;
    const char *text;
} durations[] = {
    { "below ten milliseconds", 1500, "1.5 ms" },
    { "milliseconds", 420000, "420 ms" }, { "seconds", 3000000, "3.0 s" },
    { "minutes", 130500000, "130.5 s" },
};

static void durations_and_counts(void **state)
{
    (void)state;
    unsigned failed = 0;
    struct arena *a = arena_new(1 << 16);
    for (size_t i = 0; i < COUNT_OF(durations); i++)
        failed += soft_text(durations[i].name, "text", rule_context_duration(a, durations[i].duration_us * 1000),
                            durations[i].text);
    failed += soft_text("one", "text", rule_context_count(a, 1, "attempt", "attempts"), "1 attempt");
    failed += soft_text("twelve", "text", rule_context_count(a, 12, "attempt", "attempts"), "12 attempts");
    failed += soft_text("none", "text", rule_context_count(a, 0, "attempt", "attempts"), "0 attempts");
    arena_free(a);
    assert_int_equal(failed, 0);
}

static const struct {
    enum model_fact fact;
    bool fails, works;
} facts[] = {
    { MODEL_TCP_ACCEPTED, false, true },   { MODEL_UDP_ANSWERED, false, true },      { MODEL_UNDECIDED, false, false },
    { MODEL_ICMP_OTHER, false, false },    { MODEL_TCP_SYN_SILENT, true, false },    { MODEL_TCP_SYN_RESET, true,
      false },
    { MODEL_TCP_SYN_ICMP, true, false },   { MODEL_TCP_RETURN_LOST, true, false },   { MODEL_TCP_RESET, true, false },
    { MODEL_TCP_BLACKHOLED, true, false }, { MODEL_UDP_SILENT, true, false },        { MODEL_UDP_ICMP, true, false },
    { MODEL_UDP_RETURN_LOST, true, false },{ MODEL_UDP_HANDSHAKE_LOST, true, false },
    { MODEL_QUIC_CLOSED, true, false },
    { MODEL_PMTU_BLACKHOLE, true, false }, { MODEL_PMTU_REDUCED, false, false },
    { MODEL_ZERO_WINDOW, false, false },   { MODEL_STREAM_STALL, false, false },
    { MODEL_SPEAKS_OTHER, false, false },
    { MODEL_TLS_FAILED, true, false },     { MODEL_TLS_STRANGE, false, false },
    { MODEL_PROXY_REFUSED, true, false },  { MODEL_TCP_RESET_IGNORED, false, false },
};

static void facts_are_failures_successes_or_neither(void **state)
{
    (void)state;
    assert_int_equal(COUNT_OF(facts), MODEL_FACTS);
    for (size_t i = 0; i < COUNT_OF(facts); i++) {
        struct desk d;
        desk_begin(&d);
        struct model_path *p = desk_path(&d, "10.20.30.4", desk_dcv, 4195, 6);
        desk_fact(&d, p, facts[i].fact, 7000);
        assert_int_equal(rule_context_failed(p), facts[i].fails);
        assert_int_equal(rule_context_worked(p), facts[i].works);
        assert_int_equal(rule_context_first_failure_ns(p), facts[i].fails ? MS(7000) : INT64_MAX);
        desk_end(&d);
    }
}

static void the_first_failure_is_the_earliest(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    struct model_path *p = desk_path(&d, "10.20.30.4", desk_dcv, 4195, 6);
    desk_fact(&d, p, MODEL_TCP_RESET, 5000);
    desk_fact(&d, p, MODEL_TCP_SYN_SILENT, 2000);
    desk_fact(&d, p, MODEL_TCP_SYN_SILENT, 9000);
    desk_fact(&d, p, MODEL_TCP_ACCEPTED, 1000);
    assert_int_equal(rule_context_first_failure_ns(p), MS(2000));
    desk_end(&d);
}

/* An IPv6 failure at 10 s towards London, and what IPv4 did. */
static const struct {
    const char *name;
    const char *failed_server; /* over IPv6, but for one row */
    const char *server;
    enum model_fact fact;
    int64_t at_ms;
    bool worked;
} families[] = {
    { "worked right after", desk_dcv6, desk_dcv, MODEL_TCP_ACCEPTED, 10300, true },
    { "worked half a minute later", desk_dcv6, desk_dcv, MODEL_TCP_ACCEPTED, 40000, true },
    { "too late to be its fallback", desk_dcv6, desk_dcv, MODEL_TCP_ACCEPTED, 60000, false },
    { "worked before", desk_dcv6, desk_dcv, MODEL_TCP_ACCEPTED, 5000, false },
    { "another Region", desk_dcv6, desk_virginia, MODEL_TCP_ACCEPTED, 10300, false },
    { "a health check is no gateway", desk_dcv6, desk_health, MODEL_TCP_ACCEPTED, 10300, false },
    { "failed too", desk_dcv6, desk_dcv, MODEL_TCP_SYN_SILENT, 10300, false },
    { "the failure was over IPv4", "18.134.70.9", desk_dcv, MODEL_TCP_ACCEPTED, 10300, false },
};

static void ipv4_that_worked_soon_after(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(families); i++) {
        struct desk d;
        desk_begin(&d);
        struct model_path *p = desk_path(&d, "2001:db8::4", families[i].failed_server, 4195, 6);
        desk_fact(&d, p, MODEL_TCP_SYN_SILENT, 10000);
        desk_fact(&d, desk_path(&d, "10.20.30.4", families[i].server, 4195, 6), families[i].fact, families[i].at_ms);
        failed += soft_int(families[i].name, "IPv4 worked", rule_context_ipv4_worked(d.model, p), families[i].worked);
        failed += soft_int(families[i].name, "told elsewhere", rule_context_told_elsewhere(d.model, p),
                           families[i].worked);
        desk_end(&d);
    }
    assert_int_equal(failed, 0);
}

/* A working path of the same client: the same server first, then the same Region and role. */
static const struct {
    const char *name;
    const char *client, *server;
    uint16_t port;
    uint8_t protocol;
    bool worked;
    const char *clause;
} siblings[] = {
    { "the same gateway over TCP", "10.20.30.4", desk_dcv, 4195, 6, true,
      "; TCP 4195 to the same gateway works (round trip 31 ms)" },
    { "another gateway of the Region", "10.20.30.4", "18.134.70.1", 4195, 6, true,
      "; TCP 4195 to the same Region works (round trip 31 ms)" },
    { "another port of the same gateway", "10.20.30.4", desk_dcv, 443, 6, true,
      "; TCP 443 to the same gateway works (round trip 31 ms)" },
    { "another role", "10.20.30.4", desk_pcoip, 4172, 6, true, "" },
    { "another Region", "10.20.30.4", desk_virginia, 4195, 6, true, "" },
    { "another client", "10.20.30.5", desk_dcv, 4195, 6, true, "" },
    { "it failed as well", "10.20.30.4", desk_dcv, 4195, 6, false, "" },
};

static void working_siblings(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(siblings); i++) {
        struct desk d;
        desk_begin(&d);
        struct model_path *p = desk_path(&d, "10.20.30.4", desk_dcv, 4195, 17);
        desk_fact(&d, p, MODEL_UDP_SILENT, 1000);
        struct model_path *q =
            desk_path(&d, siblings[i].client, siblings[i].server, siblings[i].port, siblings[i].protocol);
        desk_fact(&d, q, siblings[i].worked ? MODEL_TCP_ACCEPTED : MODEL_TCP_SYN_SILENT, 1000);
        q->least_rtt_ns = MS(31);
        failed += soft_text(siblings[i].name, "clause", rule_context_sibling_clause(p, 6, d.arena), siblings[i].clause);
        failed += soft_true(siblings[i].name, "path",
                            rule_context_working_sibling(p, 6) == (*siblings[i].clause ? q : NULL));
        desk_end(&d);
    }
    assert_int_equal(failed, 0);
}

static const struct {
    const char *name;
    uint64_t two_way, client_only, server_only;
    bool one_way;
} taps[] = {
    { "nothing", 0, 0, 0, false },      { "two-way", 100, 0, 0, false },       { "below half", 6, 5, 0, false },
    { "half", 5, 5, 0, true },          { "half, of both kinds", 5, 3, 2, true }, { "one flow proves it", 0, 0, 1,
      true },
};

static void a_tap_is_one_way_from_half_on(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(taps); i++) {
        struct desk d;
        desk_begin(&d);
        struct model_tap *tap = model_tap_of(d.model);
        tap->flows_two_way = taps[i].two_way;
        tap->flows_client_only_proved = taps[i].client_only;
        tap->flows_server_only_proved = taps[i].server_only;
        failed += soft_int(taps[i].name, "one-way", rule_context_tap_is_one_way(d.model), taps[i].one_way);
        desk_end(&d);
    }
    assert_int_equal(failed, 0);
}

static void who_must_act_and_what_to_allow(void **state)
{
    (void)state;
    struct ipaddr inside = desk_address("10.20.31.2"), outside = desk_address("198.51.100.1"),
                  inside6 = desk_address("fd00::1");
    assert_int_equal(rule_context_owner(&inside), WSPSCOPE_WHO_LOCAL_NETWORK);
    assert_int_equal(rule_context_owner(&inside6), WSPSCOPE_WHO_LOCAL_NETWORK);
    assert_int_equal(rule_context_owner(&outside), WSPSCOPE_WHO_INTERNET);
    struct desk d;
    desk_begin(&d);
    struct draft draft = { .key = { .protocol = 17, .port = 4195 } };
    struct ipaddr server = desk_address("44.209.84.1");
    const struct endpoint_row *row = endpoint_lookup(d.catalogue, &server);
    rule_draft_add_row(&draft, row);
    const char *remedy = rule_context_allow(&draft, d.arena);
    assert_non_null(strstr(remedy, "outbound UDP 4195 to 44.209.84.0/22"));
    assert_non_null(strstr(remedy, row->disagreement));
    desk_end(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(durations_and_counts),
        cmocka_unit_test(facts_are_failures_successes_or_neither),
        cmocka_unit_test(the_first_failure_is_the_earliest),
        cmocka_unit_test(ipv4_that_worked_soon_after),
        cmocka_unit_test(working_siblings),
        cmocka_unit_test(a_tap_is_one_way_from_half_on),
        cmocka_unit_test(who_must_act_and_what_to_allow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
