/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#define ADDED                                                                                                  \
    "  - kind: tcp-syn-reset\n    severity: warning\n    confidence: medium\n    proto: tcp\n    port: 4172\n"    \
    "    clients: [10.20.30.11, \"2001:db8::7\"]\n    count: 7\n"                                               \
    "  - kind: tcp-syn-reset\n    severity: notice\n    confidence: low\n    proto: tcp\n    port: 4195\n"        \
    "    clients: [10.20.30.11]\n    count: 1\n"
#define ADDED_FLOW                                                                                             \
    "{kind: tcp-syn-reset, severity: warning, confidence: medium, proto: tcp, port: 4172, "                    \
    "clients: [10.20.30.11, \"2001:db8::7\"], count: 7}, "                                                     \
    "{kind: tcp-syn-reset, severity: notice, confidence: low, proto: tcp, port: 4195, clients: [10.20.30.11]," \
    " count: 1}"
#define LIMIT "ledger: [capture-one-way]\n"

static const struct {
    const char *row, *before, *after;
    size_t left; /* failures that a person must mend */
} rows[] = {
    { "nothing to do", "# c\nverdict:   failing # d\n", "# c\nverdict:   failing # d\n", 0 },
    { "verdict", "# c\nverdict:   ok # d\n", "# c\nverdict:   failing # d\n", 0 },
    { "verdict in double quotes", "verdict: \"ok\"\n", "verdict: \"failing\"\n", 0 },
    { "verdict in single quotes", "verdict: 'ok'\n", "verdict: 'failing'\n", 0 },
    { "primary", "verdict: {status: ok, primary: tcp-syn-reset}\n", "verdict: {status: failing, primary: "
      "udp-blocked}\n",
      0 },
    { "behind text of several bytes", "# ä€𝄞\nfindings:\n  - kind: udp-blocked # é\n    port: 4172   # ü\n    count: "
      "1\n",
      "# ä€𝄞\nfindings:\n  - kind: udp-blocked # é\n    port: 4195   # ü\n    count: 2\n", 0 },
    { "byte order mark and CRLF", "\xef\xbb\xbfverdict: ok\r\nonly: false\r\n",
      "\xef\xbb\xbfverdict: failing\r\nonly: false\r\n", 0 },
    { "order, comments and blank lines stay",
      "findings:\n\n# first\n  - count: 9 # nine\n\n    kind: udp-blocked\n    severity: notice\n# end\n",
      "findings:\n\n# first\n  - count: 2 # nine\n\n    kind: udp-blocked\n    severity: problem\n# end\n", 0 },
    { "tolerance stays", "findings:\n- kind: udp-blocked\n  measured:\n    fallback_delay_ms: {value: 3000, within: "
      "10%}\n",
      "findings:\n- kind: udp-blocked\n  measured:\n    fallback_delay_ms: {value: 5018.25, within: 10%}\n", 0 },
    { "lower bound", "findings: [{kind: udp-blocked, count: {min: 3, max: 9}}]\n",
      "findings: [{kind: udp-blocked, count: {min: 2, max: 9}}]\n", 0 },
    { "upper bound", "findings: [{kind: udp-blocked, count: {min: 0, max: 1}}]\n",
      "findings: [{kind: udp-blocked, count: {min: 0, max: 2}}]\n", 0 },
    { "null becomes a value", "findings:\n- kind: udp-blocked\n  role: ~\n  region:\n  port: null\n",
      "findings:\n- kind: udp-blocked\n  role: dcv-gateway\n  region: eu-west-2\n  port: 4195\n", 0 },
    { "a value becomes null", "sessions: [{protocol: pcoip, client: 10.20.30.12, gateway: \"1.2.3.4\"}]\n",
      "sessions: [{protocol: pcoip, client: 10.20.30.12, gateway: null}]\n", 0 },
    { "clients, one replaced", "findings: [{kind: udp-blocked, clients: [ 10.1.1.1 ]}]\n",
      "findings: [{kind: udp-blocked, clients: [ 10.20.30.11 ]}]\n", 0 },
    { "clients, one added", "findings: [{kind: tcp-syn-reset, port: 4172, clients: [10.20.30.11]}]\n",
      "findings: [{kind: tcp-syn-reset, port: 4172, clients: [10.20.30.11, \"2001:db8::7\"]}]\n", 0 },
    { "clients, empty", "findings: [{kind: udp-blocked, clients: [], port: 4195}]\n",
      "findings: [{kind: udp-blocked, clients: [10.20.30.11], port: 4195}]\n", 0 },
    { "clients, one taken away", "findings: [{kind: udp-blocked, clients: [1.1.1.1,10.20.30.11 , 2.2.2.2]}]\n",
      "findings: [{kind: udp-blocked, clients: [10.20.30.11]}]\n", 0 },
    { "clients in lines, one added",
      "findings:\n- kind: tcp-syn-reset\n  clients:\n  - 10.20.30.11 # a\n  # b\n  port: 4172\n",
      "findings:\n- kind: tcp-syn-reset\n  clients:\n  - 10.20.30.11 # a\n  - \"2001:db8::7\"\n  # b\n  port: 4172\n"
      "", 0 },
    { "clients in lines, one taken away",
      "findings:\n- kind: udp-blocked\n  clients:\n    - 1.1.1.1\n    - 10.20.30.11 # a\n  port: 4195\n",
      "findings:\n- kind: udp-blocked\n  clients:\n    - 10.20.30.11 # a\n  port: 4195\n", 0 },
    { "a line with a comment is left to a person",
      "findings:\n- kind: udp-blocked\n  clients:\n  - 1.1.1.1 # why\n  - 10.20.30.11\n",
      "findings:\n- kind: udp-blocked\n  clients:\n  - 1.1.1.1 # why\n  - 10.20.30.11\n", 1 },
    { "a list with a comment is left to a person",
      "findings: [{kind: udp-blocked, clients: [10.20.30.11, # a\n 1.1.1.1]}]\n",
      "findings: [{kind: udp-blocked, clients: [10.20.30.11, # a\n 1.1.1.1]}]\n", 1 },
    { "evidence moved", "findings: [{kind: udp-blocked, evidence: [50, 53]}]\n",
      "findings: [{kind: udp-blocked, evidence: [52, 53]}]\n", 0 },
    { "evidence, more than there is", "findings: [{kind: udp-blocked, evidence: [1, 2, 3, 4]}]\n",
      "findings: [{kind: udp-blocked, evidence: [52, 53, 60]}]\n", 0 },
    { "steps", "sessions: [{client: 10.20.30.11, steps: [udp: failed, tcp: skipped]}]\n",
      "sessions: [{client: 10.20.30.11, steps: [udp: failed, tcp: ok]}]\n", 0 },
    { "pending holds", "findings:\n- kind: udp-blocked\n  pending: true # later\n",
      "findings:\n- kind: udp-blocked\n  pending: false # later\n", 0 },
    { "pending stays", "findings: [{kind: tcp-syn-dropped, pending: true}]\n",
      "findings: [{kind: tcp-syn-dropped, pending: true}]\n", 0 },
    { "a finding that is gone is left to a person", "verdict: ok\nfindings: [tcp-syn-dropped]\n",
      "verdict: failing\nfindings: [tcp-syn-dropped]\n", 1 },
    { "absent is left to a person", "absent: [udp-blocked]\n", "absent: [udp-blocked]\n", 1 },
    { "a measured name that is gone is left to a person", "findings: [{kind: udp-blocked, measured: {x: 1}}]\n",
      "findings: [{kind: udp-blocked, measured: {x: 1}}]\n", 1 },
    { "alias: one text, two entries that differ",
      "findings:\n- {kind: udp-blocked, count: &n 5}\n- {kind: tcp-syn-reset, port: 4172, count: *n}\n",
      "findings:\n- {kind: udp-blocked, count: &n 2}\n- {kind: tcp-syn-reset, port: 4172, count: *n}\n", 1 },
    { "only: added behind the last", "findings:\n  - kind: udp-blocked # a\n\n# limits\n" LIMIT "only: true\n",
      "findings:\n  - kind: udp-blocked # a\n" ADDED "\n# limits\n" LIMIT "only: true\n", 0 },
    { "only: added after an alias",
      "sessions:\n- &s {client: 10.20.30.11}\nfindings:\n  - kind: &k udp-blocked\n    region: &r eu-west-2\n"
      "    role: dcv-gateway\n    proto: udp\n    port: 4195\n    count: 2\n    measured: {by: router}\n    "
      "evidence: [52]\n"
      "    clients: &c [10.20.30.11]\n    servers: [18.134.68.9]\n    who: local-network\n"
      "# between\n" LIMIT "only: true\n",
      "sessions:\n- &s {client: 10.20.30.11}\nfindings:\n  - kind: &k udp-blocked\n    region: &r eu-west-2\n"
      "    role: dcv-gateway\n    proto: udp\n    port: 4195\n    count: 2\n    measured: {by: router}\n    "
      "evidence: [52]\n"
      "    clients: &c [10.20.30.11]\n    servers: [18.134.68.9]\n    who: local-network\n" ADDED
      "# between\n" LIMIT "only: true\n", 0 },
    { "only: the last value is an alias",
      "unanswered: [&h high-rtt]\nverdict: &v failing\nfindings:\n  - kind: udp-blocked\n    clients: &c "
      "[10.20.30.11]\n"
      "  - kind: tcp-syn-reset\n    port: 4195\n    clients: *c\n\n# end\nonly: true\n" LIMIT,
      "unanswered: [&h high-rtt]\nverdict: &v failing\nfindings:\n  - kind: udp-blocked\n    clients: &c "
      "[10.20.30.11]\n"
      "  - kind: tcp-syn-reset\n    port: 4195\n    clients: *c\n"
      "  - kind: tcp-syn-reset\n    severity: warning\n    confidence: medium\n    proto: tcp\n    port: 4172\n"
      "    clients: [10.20.30.11, \"2001:db8::7\"]\n    count: 7\n"
      "\n# end\nonly: true\n" LIMIT, 0 },
    { "behind anchor and tag", "verdict: &v !!str ok\nfindings: &f\n  # c\n  - kind: udp-blocked\n    clients: &c []\n",
      "verdict: &v !!str failing\nfindings: &f\n  # c\n  - kind: udp-blocked\n    clients: &c [10.20.30.11]\n", 0 },
    { "only: list with an anchor", "findings: &f # a\n  # b\n  - kind: &k udp-blocked\nonly: true\nledger: &l []\n",
      "findings: &f # a\n  # b\n  - kind: &k udp-blocked\n" ADDED "only: true\nledger: &l [capture-one-way]\n", 0 },
    { "only: flow", "findings: [udp-blocked]\n" LIMIT "only: true\n",
      "findings: [udp-blocked, " ADDED_FLOW "]\n" LIMIT "only: true\n", 0 },
    { "only: flow, final comma", "findings: [udp-blocked,]\n" LIMIT "only: true\n",
      "findings: [udp-blocked, " ADDED_FLOW ",]\n" LIMIT "only: true\n", 0 },
    { "only: limits into an empty list", "findings: [udp-blocked, tcp-syn-reset, tcp-syn-reset]\nledger: [] # none\n"
                                         "only: true\n",
      "findings: [udp-blocked, tcp-syn-reset, tcp-syn-reset]\nledger: [capture-one-way] # none\nonly: true\n", 0 },
    { "only: limits under a bare key", "findings: [udp-blocked, tcp-syn-reset, tcp-syn-reset]\nledger: # none\n"
                                       "only: true\n",
      "findings: [udp-blocked, tcp-syn-reset, tcp-syn-reset]\nledger: # none\n  - capture-one-way\nonly: true\n", 0 },
    { "only: a new section at the end", "only: true # x\nfindings: [udp-blocked, tcp-syn-reset, tcp-syn-reset]",
      "only: true # x\nfindings: [udp-blocked, tcp-syn-reset, tcp-syn-reset]\nledger:\n  - capture-one-way\n", 0 },
    { "only: both new, CRLF", "verdict: ok\r\nonly: true\r\n# end\r\n",
      "verdict: failing\r\nonly: true\r\nfindings:\r\n  - kind: udp-blocked\r\n    severity: problem\r\n"
      "    confidence: high\r\n    role: dcv-gateway\r\n    region: eu-west-2\r\n    proto: udp\r\n    port: 4195\r\n"
      "    clients: [10.20.30.11]\r\n    count: 2\r\n"
      "  - kind: tcp-syn-reset\r\n    severity: warning\r\n    confidence: medium\r\n    proto: tcp\r\n    port: "
      "4172\r\n"
      "    clients: [10.20.30.11, \"2001:db8::7\"]\r\n    count: 7\r\n"
      "  - kind: tcp-syn-reset\r\n    severity: notice\r\n    confidence: low\r\n    proto: tcp\r\n    port: 4195\r\n"
      "    clients: [10.20.30.11]\r\n    count: 1\r\n"
      "ledger:\r\n  - capture-one-way\r\n# end\r\n", 0 },
    { "only: the whole file in flow style",
      "{\"only\": true, \"findings\": [\"udp-blocked\", \"tcp-syn-reset\", \"tcp-syn-reset\"]}\n",
      "{\"only\": true, \"findings\": [\"udp-blocked\", \"tcp-syn-reset\", \"tcp-syn-reset\"], ledger: "
      "[capture-one-way]}\n",
      0 },
    { "only: list not indented", "findings:\n- udp-blocked\n- tcp-syn-reset\n- {kind: tcp-syn-reset,\n   port: 4172} "
      "# c\n"
                                 "verdict: failing\nonly: true\nledger:\n- capture-one-way\n",
      "findings:\n- udp-blocked\n- tcp-syn-reset\n- {kind: tcp-syn-reset,\n   port: 4172} # c\n"
      "verdict: failing\nonly: true\nledger:\n- capture-one-way\n", 0 },
    { "only: added to a list not indented", "findings:\n- udp-blocked\n- {kind: tcp-syn-reset,\n   port: 4172} # c\n"
                                            "verdict: failing\nonly: true\nledger:\n- capture-one-way\n",
      "findings:\n- udp-blocked\n- {kind: tcp-syn-reset,\n   port: 4172} # c\n"
      "- kind: tcp-syn-reset\n  severity: notice\n  confidence: low\n  proto: tcp\n  port: 4195\n"
      "  clients: [10.20.30.11]\n  count: 1\n"
      "verdict: failing\nonly: true\nledger:\n- capture-one-way\n", 0 },
};

/* Blesses, checks the bytes, and compares what came out with the same report. */
static void check_row(const char *row, const char *before, const char *after, size_t left)
{
    struct text text;
    text_init(&text, EXPECT_TEXT_LIMIT_BYTES);
    struct expect *expect = fixture_must_load(row, before);
    struct expect_outcome *outcome = fixture_must_compare(row, expect, &fixture_report);
    size_t changes = expect_bless(outcome, &text);
    fixture_same_text(row, text.bytes, after);
    if ((changes > 0) != (strcmp(before, after) != 0))
        fail_msg("%s: %zu changes were counted", row, changes);
    expect_outcome_free(outcome);
    expect_free(expect);

    expect = fixture_must_load(row, text.bytes);
    outcome = fixture_must_compare(row, expect, &fixture_report);
    if (expect_failed(outcome) != left)
        fail_msg("%s: %zu failures are left", row, expect_failed(outcome));
    expect_outcome_free(outcome);
    expect_free(expect);
    text_free(&text);
}

static void test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        check_row(rows[i].row, rows[i].before, rows[i].after, rows[i].left);
}

static void test_create(void **state)
{
    struct text text;
    (void)state;
    text_init(&text, EXPECT_TEXT_LIMIT_BYTES);
    expect_create(&fixture_report, &text);
    fixture_same_text("create", text.bytes,
                      "verdict: failing\nfindings:\n"
                      "  - kind: udp-blocked\n    severity: problem\n    confidence: high\n    role: dcv-gateway\n"
                      "    region: eu-west-2\n    proto: udp\n    port: 4195\n    clients: [10.20.30.11]\n    count: "
                      "2\n"
                      ADDED "ledger:\n  - capture-one-way\nonly: true\n");
    check_row("created", text.bytes, text.bytes, 0);
    text_free(&text);
    expect_create(&fixture_quiet, &text);
    fixture_same_text("create, quiet", text.bytes, "verdict: ok\nonly: true\n");
    text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows), cmocka_unit_test(test_create) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
