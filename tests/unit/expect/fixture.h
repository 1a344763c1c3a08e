/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_UNIT_EXPECT_FIXTURE_H
#define TESTS_UNIT_EXPECT_FIXTURE_H

/* cmocka.h wants these four before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "expect/expect.h"

/* A report made by hand: DCV falls back to TCP for one client, a second is refused on PCoIP, the tap sees one side
 * of some flows. */
#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

static const char *const fixture_clients[] = { "10.20.30.11" };
static const char *const fixture_two_clients[] = { "10.20.30.11", "2001:db8::7" };
static const char *const fixture_servers[] = { "18.134.68.9" };

static const struct wspscope_value fixture_check_one[] = {
    { .name = "proto", .type = WSPSCOPE_VALUE_STRING, .string = "udp" },
    { .name = "sent", .type = WSPSCOPE_VALUE_INTEGER, .integer = 3 },
};
static const struct wspscope_value fixture_check_two[] = {
    { .name = "proto", .type = WSPSCOPE_VALUE_STRING, .string = "tcp" },
    { .name = "sent", .type = WSPSCOPE_VALUE_INTEGER, .integer = 1 },
};
static const struct wspscope_value fixture_checks[] = {
    { .type = WSPSCOPE_VALUE_OBJECT, .children = fixture_check_one, .child_count = 2 },
    { .type = WSPSCOPE_VALUE_OBJECT, .children = fixture_check_two, .child_count = 2 },
};
static const struct wspscope_value fixture_measured[] = {
    { .name = "unanswered_datagrams", .type = WSPSCOPE_VALUE_INTEGER, .integer = 4 },
    { .name = "fallback_delay_ms", .type = WSPSCOPE_VALUE_NUMBER, .number = 5018.25 },
    { .name = "by", .type = WSPSCOPE_VALUE_STRING, .string = "router" },
    { .name = "shared", .type = WSPSCOPE_VALUE_BOOL, .boolean = true },
    { .name = "mtu", .type = WSPSCOPE_VALUE_NULL },
    { .name = "checks", .type = WSPSCOPE_VALUE_LIST, .children = fixture_checks, .child_count = 2 },
};
static const struct wspscope_evidence fixture_evidence[] = { { 52, "datagram 1" }, { 53, "datagram 2" },
                                                             { 60, "datagram 3" } };
static const struct wspscope_finding fixture_findings[] = {
    { .id = "F1", .kind = "udp-blocked", .severity = WSPSCOPE_PROBLEM, .confidence = WSPSCOPE_HIGH,
      .role = "dcv-gateway", .region = "eu-west-2", .proto = "udp", .port = 4195, .clients = fixture_clients,
      .client_listed = 1, .client_count = 1, .servers = fixture_servers, .server_listed = 1, .server_count = 1,
      .count = 2, .who = WSPSCOPE_WHO_LOCAL_NETWORK,
      .measured = { .type = WSPSCOPE_VALUE_OBJECT, .children = fixture_measured, .child_count = 6 },
      .evidence = fixture_evidence, .evidence_count = 3 },
    { .id = "F2", .kind = "tcp-syn-reset", .severity = WSPSCOPE_WARNING, .confidence = WSPSCOPE_MEDIUM,
      .proto = "tcp", .port = 4172, .clients = fixture_two_clients, .client_listed = 2, .client_count = 2,
      .count = 7, .who = WSPSCOPE_WHO_UNKNOWN, .measured = { .type = WSPSCOPE_VALUE_OBJECT } },
    { .id = "F3", .kind = "tcp-syn-reset", .severity = WSPSCOPE_NOTICE, .confidence = WSPSCOPE_LOW,
      .proto = "tcp", .port = 4195, .clients = fixture_clients, .client_listed = 1, .client_count = 1, .count = 1,
      .who = WSPSCOPE_WHO_UNKNOWN, .measured = { .type = WSPSCOPE_VALUE_OBJECT } },
};
static const struct wspscope_value fixture_share[] = {
    { .name = "share_ratio", .type = WSPSCOPE_VALUE_NUMBER, .number = 0.75 },
};
static const struct wspscope_ledger_limit fixture_limits[] = {
    { .kind = "capture-one-way", .summary = "",
      .measured = { .type = WSPSCOPE_VALUE_OBJECT, .children = fixture_share, .child_count = 1 } },
};
static const struct wspscope_unanswered fixture_unanswered[] = { { "high-rtt", "capture-one-way" } };
static const struct wspscope_step fixture_steps[] = {
    { "udp", "failed", WSPSCOPE_UNKNOWN_TIME, "" }, { "tcp", "ok", WSPSCOPE_UNKNOWN_TIME, "" },
    { "udp", "ok", WSPSCOPE_UNKNOWN_TIME, "" },
};
static const struct wspscope_session fixture_sessions[] = {
    { .client = "10.20.30.11", .region = "eu-west-2", .protocol = "dcv", .transport = "tcp",
      .gateway = "18.134.68.9", .port = 4195, .steps = fixture_steps, .step_count = 3,
      .round_trip = { .min_ms = 30, .p50_ms = 30.6, .p95_ms = 41, .client_p50_ms = -1, .server_p50_ms = 30,
                      .samples = 9, .method = "handshake" },
      .bytes_to_client = 5000, .bytes_to_server = 700, .loss_ratio = -1 },
    { .client = "10.20.30.12", .protocol = "pcoip", .transport = "none", .loss_ratio = -1 },
};
static const struct wspscope_report fixture_report = {
    .verdict = { .status = WSPSCOPE_FAILING, .summary = "", .primary = "F1" },
    .ledger = { .limits = fixture_limits, .limit_count = 1, .unanswered = fixture_unanswered,
                .unanswered_count = 1 },
    .sessions = fixture_sessions, .session_count = 2,
    .findings = fixture_findings, .finding_count = 3,
};
/* Nothing found. */
static const struct wspscope_report fixture_quiet = { .verdict = { .status = WSPSCOPE_OK, .summary = "" } };

static const char *const fixture_kinds[] = { "udp-blocked", "tcp-syn-reset", "tcp-syn-dropped", "high-rtt",
                                             "capture-one-way", "capture-damaged", NULL };

static inline enum status fixture_load(const char *yaml, struct expect **out, struct error *error)
{
    struct expect_source source = { .name = "a.expect.yaml", .bytes = yaml, .length = strlen(yaml),
                                    .kinds = fixture_kinds };
    return expect_load(&source, out, error);
}

/* Loads, or fails the test with the row and the reason. */
static inline struct expect *fixture_must_load(const char *row, const char *yaml)
{
    struct error error = { "" };
    struct expect *expect = NULL;
    if (fixture_load(yaml, &expect, &error) != STATUS_OK)
        fail_msg("%s: %s", row, error.text);
    return expect;
}

static inline struct expect_outcome *fixture_must_compare(const char *row, const struct expect *expect,
                                                          const struct wspscope_report *report)
{
    struct expect_outcome *outcome = NULL;
    if (expect_compare(expect, report, &outcome) != STATUS_OK)
        fail_msg("%s: no memory", row);
    return outcome;
}

/* Fails the test, with the row, when the texts differ. */
static inline void fixture_same_text(const char *row, const char *found, const char *expected)
{
    if (strcmp(found, expected) != 0)
        fail_msg("%s:\n--- expected\n%s\n--- found\n%s", row, expected, found);
}

#endif
