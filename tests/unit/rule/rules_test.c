/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

/* The kinds whose finding follows from one fact on one path. Kinds with conditions of their own have their own test. */
static const struct {
    const char *kind;
    enum model_fact fact;
    const char *server;
    uint16_t port;
    uint8_t protocol;
    enum wspscope_severity severity;
    enum wspscope_confidence confidence; /* nothing of this client was answered */
    struct model_incident incident;
} kinds[] = {
    { "tcp-syn-dropped", MODEL_TCP_SYN_SILENT, desk_dcv, 4195, 6, WSPSCOPE_PROBLEM, WSPSCOPE_MEDIUM, { 0 } },
    { "tcp-syn-reset", MODEL_TCP_SYN_RESET, desk_dcv, 4195, 6, WSPSCOPE_PROBLEM, WSPSCOPE_HIGH, { 0 } },
    { "tcp-syn-icmp-rejected", MODEL_TCP_SYN_ICMP, desk_pcoip, 4172, 6, WSPSCOPE_PROBLEM, WSPSCOPE_HIGH,
      { .by = MODEL_BY_ROUTER, .icmp_type = 3, .icmp_code = 13 } },
    { "tcp-return-lost", MODEL_TCP_RETURN_LOST, desk_dcv, 4195, 6, WSPSCOPE_PROBLEM, WSPSCOPE_HIGH, { 0 } },
    { "tcp-reset-midstream", MODEL_TCP_RESET, desk_dcv, 4195, 6, WSPSCOPE_PROBLEM, WSPSCOPE_HIGH, { 0 } },
    { "tcp-connection-blackholed", MODEL_TCP_BLACKHOLED, desk_dcv, 4195, 6, WSPSCOPE_PROBLEM, WSPSCOPE_HIGH, { 0 } },
    { "udp-blocked", MODEL_UDP_SILENT, desk_dcv, 4195, 17, WSPSCOPE_PROBLEM, WSPSCOPE_MEDIUM, { .quic = true } },
    { "udp-icmp-rejected", MODEL_UDP_ICMP, desk_pcoip, 4172, 17, WSPSCOPE_PROBLEM, WSPSCOPE_HIGH,
      { .by = MODEL_BY_ROUTER, .icmp_type = 3, .icmp_code = 13 } },
    { "udp-return-lost", MODEL_UDP_HANDSHAKE_LOST, desk_dcv, 4195, 17, WSPSCOPE_PROBLEM, WSPSCOPE_HIGH, { .quic =
      true } },
    { "udp-return-lost", MODEL_UDP_RETURN_LOST, desk_dcv, 4195, 17, WSPSCOPE_PROBLEM, WSPSCOPE_HIGH,
      { .control_open = true, .life_ns = MS(60000), .before_pkts = 100 } },
    { "icmp-unreachable", MODEL_ICMP_OTHER, desk_dcv, 4195, 17, WSPSCOPE_WARNING, WSPSCOPE_HIGH,
      { .by = MODEL_BY_ROUTER, .icmp_type = 3, .icmp_code = 1 } },
};

static const char router[] = "10.20.31.2";

static struct model_incident incident_of(size_t kind, int64_t at_ms)
{
    struct model_incident incident = kinds[kind].incident;
    incident.fact = (uint8_t)kinds[kind].fact;
    incident.begin_ns = incident.first_ns = MS(at_ms);
    incident.last_ns = MS(at_ms + 3000);
    incident.reporter = desk_address(router);
    return incident;
}

static unsigned check_one(size_t i, const char *server, enum wspscope_severity severity,
                          enum wspscope_confidence confidence)
{
    const char *kind = kinds[i].kind;
    struct desk d;
    desk_begin(&d);
    struct model_path *p = desk_path(&d, "10.20.30.4", server, kinds[i].port, kinds[i].protocol);
    desk_add(&d, p, incident_of(i, 1000));
    desk_run(&d);
    unsigned failed = soft_text(kind, "kinds found", desk_kinds(&d), kind);
    const struct draft *f = desk_find(&d, kind);
    if (f) {
        failed += desk_check_shape(kind, f);
        failed += soft_int(kind, "severity", f->severity, severity);
        failed += soft_int(kind, "confidence", f->confidence, confidence);
        failed += soft_int(kind, "protocol", f->key.protocol, kinds[i].protocol);
        failed += soft_int(kind, "port", f->key.port, kinds[i].port);
        failed += soft_int(kind, "role", f->key.role, p->role);
        failed += soft_true(kind, "Region", f->key.region == (p->row ? p->row->region : NULL));
        failed += soft_int(kind, "count", (int64_t)f->count, 1);
        failed += soft_int(kind, "first", f->first_ns, MS(1000));
        failed += soft_int(kind, "last", f->last_ns, MS(4000));
        failed += soft_holds(kind, "summary", f->summary, "10.20.30.4");
        failed += soft_holds(kind, "summary", f->summary, "frames 1-2");
        for (size_t l = 0; l < f->limit_count; l++)
            failed += soft_true(kind, "a limit names its source", f->limits[l].source && *f->limits[l].source);
    }
    desk_end(&d);
    return failed;
}

static void each_fact_is_its_finding(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        failed += check_one(i, kinds[i].server, kinds[i].severity, kinds[i].confidence);
    assert_int_equal(failed, 0);
}

static void a_role_by_the_port_alone_is_a_warning_of_low_confidence(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        failed += check_one(i, desk_unknown, WSPSCOPE_WARNING, WSPSCOPE_LOW);
    assert_int_equal(failed, 0);
}

/* Towards a health-check host the same facts are rows of healthcheck-failed, never findings of their own. */
static void health_checks_are_told_elsewhere(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct desk d;
        desk_begin(&d);
        struct model_path *p = desk_path(&d, "10.20.30.4", desk_health, 4172, kinds[i].protocol);
        desk_add(&d, p, incident_of(i, 1000));
        desk_run(&d);
        failed += soft_true(kinds[i].kind, "not raised for a health check", !desk_find(&d, kinds[i].kind));
        desk_end(&d);
    }
    assert_int_equal(failed, 0);
}

/* Several clients, servers of one Region: one finding. `count` is of attempts, all of them, kept or not. */
static void one_cause_is_one_finding_and_counts_all(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        const char *kind = kinds[i].kind;
        static const char *const clients[] = { "10.20.30.9", "10.20.30.4", "10.20.30.40" };
        struct desk d;
        desk_begin(&d);
        for (size_t c = 0; c < COUNT_OF(clients); c++) {
            struct model_path *p = desk_path(&d, clients[c], kinds[i].server, kinds[i].port, kinds[i].protocol);
            for (int n = 0; n < (c == 1 ? 30 : 2); n++)
                desk_add(&d, p, incident_of(i, 1000 + n * 10));
        }
        desk_run(&d);
        failed += soft_text(kind, "kinds found", desk_kinds(&d), kind);
        const struct draft *f = desk_find(&d, kind);
        if (f) {
            failed += desk_check_shape(kind, f);
            failed += soft_int(kind, "clients", (int64_t)f->clients.count, 3);
            failed += soft_int(kind, "servers", (int64_t)f->servers.count, 1);
            failed += soft_int(kind, "count", (int64_t)f->count, 34);
        }
        desk_end(&d);
    }
    assert_int_equal(failed, 0);
}

/* Another Region, port or role is another finding. */
static const struct {
    const char *name;
    const char *server;
    uint16_t port;
} others[] = {
    { "another Region", desk_virginia, 4195 }, { "another port", desk_dcv, 443 }, { "another role", desk_pcoip, 4172 },
    { "no role", desk_unknown, 4195 },
};

static void each_part_of_the_key_makes_a_finding(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        struct desk d;
        desk_begin(&d);
        desk_fact(&d, desk_path(&d, "10.20.30.4", desk_dcv, 4195, 6), MODEL_TCP_SYN_SILENT, 1000);
        desk_fact(&d, desk_path(&d, "10.20.30.4", others[i].server, others[i].port, 6), MODEL_TCP_SYN_SILENT, 2000);
        desk_run(&d);
        failed += soft_text(others[i].name, "kinds", desk_kinds(&d), "tcp-syn-dropped tcp-syn-dropped");
        desk_end(&d);
    }
    assert_int_equal(failed, 0);
}

/* An answered flow of the same client in view: nothing else can explain the silence. */
static void an_answer_elsewhere_raises_the_confidence_of_silence(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    desk_fact(&d, desk_path(&d, "10.20.30.4", desk_dcv, 4195, 6), MODEL_TCP_SYN_SILENT, 1000);
    desk_fact(&d, desk_path(&d, "10.20.30.4", desk_dcv, 4195, 17), MODEL_UDP_SILENT, 1000);
    desk_fact(&d, desk_path(&d, "10.20.30.4", desk_pcoip, 4172, 6), MODEL_TCP_ACCEPTED, 1000);
    desk_run(&d);
    assert_int_equal(desk_find(&d, "tcp-syn-dropped")->confidence, WSPSCOPE_HIGH);
    assert_int_equal(desk_find(&d, "udp-blocked")->confidence, WSPSCOPE_HIGH);
    desk_end(&d);
}

static void nothing_wrong_gives_no_finding(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    desk_run(&d);
    assert_null(d.drafts.first);
    desk_fact(&d, desk_path(&d, "10.20.30.4", desk_dcv, 4195, 6), MODEL_TCP_ACCEPTED, 1000);
    desk_fact(&d, desk_path(&d, "10.20.30.4", desk_dcv, 4195, 17), MODEL_UDP_ANSWERED, 1000);
    desk_fact(&d, desk_path(&d, "10.20.30.5", desk_dcv, 4195, 17), MODEL_UNDECIDED, 1000);
    desk_run(&d);
    assert_string_equal(desk_kinds(&d), "");
    desk_end(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_fact_is_its_finding),
        cmocka_unit_test(a_role_by_the_port_alone_is_a_warning_of_low_confidence),
        cmocka_unit_test(health_checks_are_told_elsewhere),
        cmocka_unit_test(one_cause_is_one_finding_and_counts_all),
        cmocka_unit_test(each_part_of_the_key_makes_a_finding),
        cmocka_unit_test(an_answer_elsewhere_raises_the_confidence_of_silence),
        cmocka_unit_test(nothing_wrong_gives_no_finding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
