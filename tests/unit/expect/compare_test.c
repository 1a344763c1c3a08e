/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#define F(conditions) "findings: [{kind: udp-blocked, " conditions "}]\n"
#define S(conditions) "sessions: [{client: 10.20.30.11, " conditions "}]\n"

static const struct {
    const char *row, *yaml;
    size_t failed, pending;
} rows[] = {
    { "verdict", "verdict: failing\n", 0, 0 },
    { "verdict, another", "verdict: ok\n", 1, 0 },
    { "primary", "verdict: {primary: udp-blocked}\n", 0, 0 },
    { "primary, another", "verdict: {status: failing, primary: tcp-syn-reset}\n", 1, 0 },
    { "primary null", "verdict: {primary: null}\n", 1, 0 },
    { "verdict pending", "verdict: {status: ok, pending: true}\n", 0, 1 },
    { "verdict pending but holds", "verdict: {status: failing, pending: true}\n", 1, 0 },
    { "kind alone", "findings: [udp-blocked]\n", 0, 0 },
    { "kind missing", "findings: [tcp-syn-dropped]\n", 1, 0 },
    { "severity", F("severity: problem"), 0, 0 },
    { "severity, another", F("severity: warning"), 1, 0 },
    { "confidence", F("confidence: high"), 0, 0 },
    { "confidence, another", F("confidence: low"), 1, 0 },
    { "role", F("role: dcv-gateway"), 0, 0 },
    { "role, another", F("role: pcoip-gateway"), 1, 0 },
    { "role null", F("role: null"), 1, 0 },
    { "role null where there is none", "findings: [{kind: tcp-syn-reset, role: ~}]\n", 0, 0 },
    { "role as the word null", "findings: [{kind: tcp-syn-reset, role: 'null'}]\n", 1, 0 },
    { "region", F("region: eu-west-2"), 0, 0 },
    { "region, another", F("region: us-east-1"), 1, 0 },
    { "proto", F("proto: udp"), 0, 0 },
    { "proto, another", F("proto: tcp"), 1, 0 },
    { "port", F("port: 4195"), 0, 0 },
    { "port, another", F("port: 4172"), 1, 0 },
    { "port quoted", F("port: '4195'"), 0, 0 },
    { "port null", F("port: null"), 1, 0 },
    { "who", F("who: local-network"), 0, 0 },
    { "who, another", F("who: aws"), 1, 0 },
    { "clients", F("clients: [10.20.30.11]"), 0, 0 },
    { "clients, another", F("clients: [10.20.30.12]"), 1, 0 },
    { "clients, one too many", F("clients: [10.20.30.11, 10.20.30.12]"), 1, 0 },
    { "clients, none", F("clients: []"), 1, 0 },
    { "clients in any order and spelling",
      "findings: [{kind: tcp-syn-reset, clients: ['2001:0db8:0::7', 10.20.30.11]}]\n", 0, 0 },
    { "clients, one too few", "findings: [{kind: tcp-syn-reset, count: 7, clients: ['2001:db8::7']}]\n", 1, 0 },
    { "client_count", F("client_count: 1"), 0, 0 },
    { "client_count, another", F("client_count: {min: 2}"), 1, 0 },
    { "servers", F("servers: [18.134.68.9], server_count: 1"), 0, 0 },
    { "servers, another", F("servers: [18.134.68.8]"), 1, 0 },
    { "count", F("count: 2"), 0, 0 },
    { "count, another", F("count: 1"), 1, 0 },
    { "count from and to", F("count: {min: 2, max: 2}"), 0, 0 },
    { "count too small", F("count: {min: 3}"), 1, 0 },
    { "count too large", F("count: {max: 1}"), 1, 0 },
    { "measured integer", F("measured: {unanswered_datagrams: 4}"), 0, 0 },
    { "measured integer, another", F("measured: {unanswered_datagrams: 5}"), 1, 0 },
    { "measured number", F("measured: {fallback_delay_ms: 5018.25}"), 0, 0 },
    { "measured number, a thousandth off", F("measured: {fallback_delay_ms: 5018.251}"), 1, 0 },
    { "measured within percent", F("measured: {fallback_delay_ms: {value: 5500, within: 10%}}"), 0, 0 },
    { "measured not within percent", F("measured: {fallback_delay_ms: {value: 5600, within: 10%}}"), 1, 0 },
    { "measured within", F("measured: {fallback_delay_ms: {value: 5020, within: 2}}"), 0, 0 },
    { "measured not within", F("measured: {fallback_delay_ms: {value: 5020, within: 1.5}}"), 1, 0 },
    { "measured text", F("measured: {by: router, shared: true, mtu: null}"), 0, 0 },
    { "measured text, another", F("measured: {by: gateway}"), 1, 0 },
    { "measured boolean, another", F("measured: {shared: false}"), 1, 0 },
    { "measured null, another", F("measured: {mtu: 1400}"), 1, 0 },
    { "measured number for a text", F("measured: {by: 4}"), 1, 0 },
    { "measured tolerance for a text", F("measured: {by: {min: 4}}"), 1, 0 },
    { "measured name unknown", F("measured: {round_trips: 4}"), 1, 0 },
    { "measured list", F("measured: {checks: [{proto: tcp}, {sent: {min: 3}, proto: udp}]}"), 0, 0 },
    { "measured list, another", F("measured: {checks: [{proto: tcp, sent: 3}]}"), 1, 0 },
    { "measured map for a list", F("measured: {checks: {proto: tcp}}"), 1, 0 },
    { "evidence", F("evidence: [53, 52]"), 0, 0 },
    { "evidence, another", F("evidence: [52, 54]"), 1, 0 },
    { "two entries, two findings", "findings: [tcp-syn-reset, {kind: tcp-syn-reset, port: 4172}]\n", 0, 0 },
    { "a loose entry gives way", "findings: [tcp-syn-reset, {kind: tcp-syn-reset, port: 4195}]\n", 0, 0 },
    { "two entries, one finding", "findings: [udp-blocked, udp-blocked]\n", 1, 0 },
    { "pending", "findings: [{kind: tcp-syn-dropped, pending: true}]\n", 0, 1 },
    { "pending false is a usual entry", "findings: [{kind: tcp-syn-dropped, pending: false}]\n", 1, 0 },
    { "pending, kind unknown", "findings: [{kind: not-yet, pending: true}]\n", 0, 1 },
    { "pending but holds", F("pending: true"), 1, 0 },
    { "pending does not take a finding from another", "findings: [{kind: udp-blocked, pending: true}, udp-blocked]\n",
      0, 1 },
    { "absent", "absent: [tcp-syn-dropped]\n", 0, 0 },
    { "absent but there", "absent: [tcp-syn-dropped, udp-blocked]\n", 1, 0 },
    { "absent limit but there", "absent: [capture-one-way]\n", 1, 0 },
    { "absent, pending", "absent: [{kind: udp-blocked, pending: true}]\n", 0, 1 },
    { "absent, pending but holds", "absent: [{kind: tcp-syn-dropped, pending: true}]\n", 1, 0 },
    { "ledger", "ledger: [capture-one-way]\n", 0, 0 },
    { "ledger, another", "ledger: [capture-damaged]\n", 1, 0 },
    { "ledger measured", "ledger: [{kind: capture-one-way, measured: {share_ratio: 0.75}}]\n", 0, 0 },
    { "ledger measured, another", "ledger: [{kind: capture-one-way, measured: {share_ratio: {min: 0.8}}}]\n", 1, 0 },
    { "ledger pending", "ledger: [{kind: capture-damaged, pending: true}]\n", 0, 1 },
    { "unanswered", "unanswered: [high-rtt]\n", 0, 0 },
    { "unanswered, another", "unanswered: [udp-blocked]\n", 1, 0 },
    { "because", "unanswered: [{kind: high-rtt, because: capture-one-way}]\n", 0, 0 },
    { "because, another", "unanswered: [{kind: high-rtt, because: capture-damaged}]\n", 1, 0 },
    { "session", S("region: eu-west-2, protocol: dcv, transport: tcp, gateway: 18.134.68.9, port: 4195"), 0, 0 },
    { "session client, another", "sessions: [{client: 10.20.30.13}]\n", 1, 0 },
    { "session region, another", S("region: null"), 1, 0 },
    { "session protocol, another", S("protocol: pcoip"), 1, 0 },
    { "session transport, another", S("transport: udp"), 1, 0 },
    { "session gateway, another", S("gateway: 18.134.68.8"), 1, 0 },
    { "session port, another", S("port: 443"), 1, 0 },
    { "session by protocol", "sessions: [{protocol: pcoip, gateway: null, port: null}]\n", 0, 0 },
    { "steps", S("steps: [udp: failed, tcp: ok]"), 0, 0 },
    { "steps as a map", S("steps: {udp: ok, tcp: ok}"), 0, 0 },
    { "steps, outcome another", S("steps: [udp: failed, tcp: failed]"), 1, 0 },
    { "steps, not taken", S("steps: [login: ok]"), 1, 0 },
    { "round trip", S("rtt_ms: {p50: {value: 31, within: 1}, client_p50: null, method: handshake}"), 0, 0 },
    { "round trip, another", S("rtt_ms: {p50: {value: 33, within: 1}}"), 1, 0 },
    { "bytes", S("bytes_to_client: {min: 5000}, bytes_to_server: 700, loss_ratio: null"), 0, 0 },
    { "bytes, another", S("bytes_to_client: {min: 5001}"), 1, 0 },
    { "session pending", "sessions: [{client: 10.20.30.13, pending: true}]\n", 0, 1 },
    { "only, all named", "findings: [udp-blocked, tcp-syn-reset, tcp-syn-reset]\nledger: [capture-one-way]\n"
                         "only: true\n", 0, 0 },
    { "only, nothing named", "only: true\n", 4, 0 },
    { "only false", "verdict: failing\nonly: false\n", 0, 0 },
    { "only, one missing", "findings: [udp-blocked, tcp-syn-reset]\nledger: [capture-one-way]\nonly: true\n", 1, 0 },
    { "only, a limit too many", "findings: [udp-blocked, tcp-syn-reset, tcp-syn-reset]\nonly: true\n", 1, 0 },
    { "only does not count what differs twice", "findings: [{kind: udp-blocked, port: 1}, tcp-syn-reset, "
                                                "tcp-syn-reset]\nledger: [capture-one-way]\nonly: true\n", 1, 0 },
    { "only does not count what a pending entry names",
      "findings: [{kind: udp-blocked, port: 1, pending: true}, tcp-syn-reset, tcp-syn-reset]\n"
      "ledger: [capture-one-way]\nonly: true\n", 0, 1 },
    { "alias", "findings:\n- {kind: udp-blocked, clients: &c [10.20.30.11]}\n"
               "- {kind: tcp-syn-reset, clients: *c, port: 4195}\n", 0, 0 },
};

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct expect *expect = fixture_must_load(rows[i].row, rows[i].yaml);
        struct expect_outcome *outcome = fixture_must_compare(rows[i].row, expect, &fixture_report);
        struct text text;
        text_init(&text, EXPECT_TEXT_LIMIT_BYTES);
        expect_explain(outcome, &text);
        if (expect_failed(outcome) != rows[i].failed || expect_pending(outcome) != rows[i].pending)
            fail_msg("%s: %zu failed, %zu pending:\n%s", rows[i].row, expect_failed(outcome), expect_pending(outcome),
                     text.bytes);
        if ((text.length > 0) != (rows[i].failed + rows[i].pending > 0))
            fail_msg("%s: explained as \"%s\"", rows[i].row, text.bytes);
        text_free(&text);
        expect_outcome_free(outcome);
        expect_free(expect);
    }
}

static void test_quiet_report(void **state)
{
    struct expect *expect = fixture_must_load("quiet", "verdict: ok\nabsent: [udp-blocked]\nonly: true\n");
    struct expect_outcome *outcome = fixture_must_compare("quiet", expect, &fixture_quiet);
    (void)state;
    assert_int_equal(expect_failed(outcome), 0);
    expect_outcome_free(outcome);
    expect_free(expect);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows), cmocka_unit_test(test_quiet_report) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
