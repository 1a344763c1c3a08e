/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#define AT "a.expect.yaml:"

static const struct {
    const char *row, *yaml, *text;
} rows[] = {
    { "nothing to say", "verdict: failing\n", "" },
    { "verdict", "verdict: ok\n",
      AT "1:10: verdict: status: expected ok, found failing\n" },
    { "nearest", "findings:\n  - kind: tcp-syn-reset\n    port: 4172\n    count: {min: 1, max: 3}\n    evidence: [5]\n",
      AT "2:5: the expected finding tcp-syn-reset was not found. Nearest: F2 tcp-syn-reset (warning, medium, tcp 4172)."
      "\n  " AT "4:12: count: expected 1 to 3, found 7\n"
      "  " AT "5:15: evidence: expected at least [5], found []\n" },
    { "no finding of the kind", "findings: [tcp-syn-dropped]\n",
      AT "1:12: the expected finding tcp-syn-dropped was not found. Reported instead: "
      "F1 udp-blocked (problem, high, dcv-gateway, eu-west-2, udp 4195); F2 tcp-syn-reset (warning, medium, tcp 4172);"
      " F3 tcp-syn-reset (notice, low, tcp 4195).\n" },
    { "taken", "findings: [udp-blocked, {kind: udp-blocked, measured: {rtt: {value: 3, within: 10%}}}]\n",
      AT "1:25: the expected finding udp-blocked was not found. Nearest: F1 udp-blocked (problem, high, dcv-gateway, "
      "eu-west-2, udp 4195), for which another entry stands.\n"
      "  " AT "1:61: measured.rtt: expected 3 within 10%, found nothing of that name\n" },
    { "absent", "absent:\n- udp-blocked\n",
      AT "2:3: must be absent, but was found: F1 udp-blocked (problem, high, dcv-gateway, eu-west-2, udp 4195).\n" },
    { "pending", "ledger: [{kind: capture-damaged, pending: true}]\n", AT "1:10: pending: limit capture-damaged.\n" },
    { "holds", "ledger: [{kind: capture-one-way, pending: true}]\n",
      AT "1:10: the pending limit capture-one-way holds by now; remove `pending: true`.\n" },
    { "only", "findings: [udp-blocked, tcp-syn-reset, tcp-syn-reset]\nonly: true\n",
      AT "2:7: `only: true`, but there is another limit: capture-one-way.\n" },
    { "session", "sessions: [{client: 10.20.30.11, steps: [tcp: failed]}]\n",
      AT "1:12: the expected session 10.20.30.11 was not found. Nearest: 10.20.30.11 to 18.134.68.9 (eu-west-2, dcv, "
      "tcp).\n  " AT "1:47: steps.tcp: expected failed, found ok\n" },
    { "control bytes of the file", "findings: [{kind: udp-blocked, measured: {\"a\\nb\": \"\\e[1m\\n\"}}]\n",
      AT "1:12: the expected finding udp-blocked was not found. Nearest: F1 udp-blocked (problem, high, dcv-gateway, "
      "eu-west-2, udp 4195).\n  " AT "1:51: measured.a\\x0Ab: expected \\x1B[1m\\x0A, found nothing of that name\n" },
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
        fixture_same_text(rows[i].row, text.bytes, rows[i].text);
        text_free(&text);
        expect_outcome_free(outcome);
        expect_free(expect);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
