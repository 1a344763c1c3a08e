/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"

static const struct wspscope_render_options usual = { .columns = 0 };
static const struct wspscope_render_options brief = { .verbosity = -1 };
static const struct wspscope_render_options verbose = { .verbosity = 1 };

static void expect_text(const struct wspscope_render_options *options, const struct wspscope_report *report,
                        const char *expected)
{
    char *text = fixture_text("text", options, report);
    assert_non_null(text);
    assert_string_equal(text, expected);
    free(text);
}

static void expect_part(const struct wspscope_render_options *options, const struct wspscope_report *report,
                        const char *part)
{
    char *text = fixture_text("text", options, report);
    assert_non_null(text);
    if (!strstr(text, part))
        fail_msg("expected in the text:\n%s\ngot:\n%s", part, text);
    free(text);
}

static void expect_no_part(const struct wspscope_render_options *options, const struct wspscope_report *report,
                           const char *part)
{
    char *text = fixture_text("text", options, report);
    assert_non_null(text);
    if (strstr(text, part))
        fail_msg("not expected in the text:\n%s\ngot:\n%s", part, text);
    free(text);
}

#define BLOCKED_FINDING                                                                \
    "F1  udp-blocked: problem, high confidence\n"                                      \
    "    12 datagrams to UDP 4195 of the London gateways got no answer.\n"             \
    "    Traffic      10.20.30.4 to 18.134.68.9, UDP 4195, DCV (WSP) gateway,\n"       \
    "                 eu-west-2; 2026-11-22 10:00:01 to 10:00:04 UTC\n"                \
    "    Proof        unanswered datagrams: 3; fallback delay: 3.0 s; seen before: no\n" \
    "                 - proto udp, port 4195, answered 0\n"                            \
    "                 frames 17-18, 40: client datagram 1 to 3 after 0.000 to 3.004\n" \
    "                   s, no answer\n"                                                \
    "                 frame 42: TCP 4195 to the same gateway answers\n"                \
    "                 judged by udp-unanswered-datagrams 3 (ours, 2026-08-22)\n"       \
    "    Cause        A firewall after this capture point drops UDP 4195 without an\n" \
    "                 answer.\n"                                                       \
    "    What to do   Ask the owner of the firewall to allow outbound UDP 4195 to\n"   \
    "                 18.134.68.0/22.\n"                                               \
    "    Who acts     the owner of the local network and its firewalls\n"              \
    "    Ruled out    the gateway is down: TCP 4195 to the same gateway works (round\n" \
    "                 trip 31 ms).\n"                                                  \
    "    Disproved by A single UDP answer from that range would disprove this.\n"

#define BLOCKED_VERDICT                                                              \
    "DCV streaming from 10.20.30.4 runs over TCP because UDP 4195 to the London\n" \
    "gateways (18.134.68.0/22) is dropped without an answer.\n"

static void a_failing_capture_is_explained(void **state)
{
    (void)state;
    struct wspscope_report report = fixture_blocked();
    expect_text(&usual, &report,
                BLOCKED_VERDICT "\n" BLOCKED_FINDING
                "\n"
                "Sessions\n"
                "    10.20.30.4 to 18.134.68.9: DCV (WSP) over TCP 4195, eu-west-2; 2026-11-22\n"
                "      10:00:01 to 10:05:03 UTC\n"
                "      0.000 s  udp          failed  3 datagrams to UDP 4195, none answered\n"
                "      3.010 s  fallback     ok      TCP 4195 to the same gateway\n"
                "               stream       ok      the stream runs over TCP\n"
                "      round trip 31 ms, p95 34 ms, client side 0.40 ms; 12.3 MB to the client,\n"
                "        9,876 bytes to the server\n"
                "\n"
                "What was looked at\n"
                "    customer.zip: office.pcapng: pcapng in zip, EN10MB; 1,234 packets, 567.9 kB,\n"
                "      2026-11-22 10:00:00 to 10:05:03 UTC (5 min 3 s).\n"
                "    Packets: 300 followed; 930 other traffic; 4 of kinds that are not read (link\n"
                "      type 147: 4).\n"
                "    No DNS was seen: names come from TLS alone.\n"
                "\n"
                "What this capture cannot tell\n"
                "    capture-late-start: Most flows began before the capture. Not judged because\n"
                "      of it: tcp-syn-dropped, tcp-syn-reset.\n");
}

static void a_healthy_capture_is_short(void **state)
{
    (void)state;
    struct wspscope_report report = fixture_healthy();
    expect_text(&usual, &report,
                "Streaming works: DCV runs over UDP 4195 with a round trip of 31 ms.\n"
                "\n"
                "Sessions\n"
                "    10.20.30.11 to 18.134.68.9: DCV (WSP) over UDP 4195, eu-west-2; 2026-11-22\n"
                "      10:00:00 to 10:05:03 UTC\n"
                "      0.000 s  udp          ok      answered at once\n"
                "      1.250 s  stream       ok      the stream runs over UDP\n"
                "      round trip 31 ms, p95 33 ms; 12.3 MB to the client, 987.7 kB to the server\n"
                "\n"
                "What was looked at\n"
                "    healthy.pcapng: pcapng, EN10MB; 1,234 packets, 567.9 kB, 2026-11-22 10:00:00\n"
                "      to 10:05:03 UTC (5 min 3 s).\n"
                "    Packets: 1,200 followed; 34 other traffic.\n");
}

static void quiet_is_verdict_and_findings(void **state)
{
    (void)state;
    struct wspscope_report report = fixture_blocked();
    expect_text(&brief, &report, BLOCKED_VERDICT "\n" BLOCKED_FINDING);
}

static void verbose_shows_each_row(void **state)
{
    (void)state;
    struct wspscope_report report = fixture_blocked();
    expect_part(&verbose, &report, "frame 18: client datagram 2 after 1.001 s, no answer\n");
    expect_part(&verbose, &report, "wspscope 0.1.0, endpoints of 2026-08-22.\n");
    expect_no_part(&usual, &report, "0.1.0");
    report = fixture_healthy();
    expect_part(&verbose, &report, "1.250 s  stream       ok      the stream runs over UDP\n");
}

/* The affected come first, the others have a line each; what did not happen is said in one line. */
static void many_sessions_are_short(void **state)
{
    (void)state;
    static const struct wspscope_step idle[] = {
        { "tcp", "ok", FIXTURE_T0, "port 4195 accepted" },
        { "stream", "unknown", WSPSCOPE_UNKNOWN_TIME, "no lasting stream" },
        { "udp", "skipped", WSPSCOPE_UNKNOWN_TIME, "not tried" },
    };
    static const struct wspscope_step refused[] = {
        { "dns", "failed", FIXTURE_T0, "the name does not exist" },
        { "login", "skipped", WSPSCOPE_UNKNOWN_TIME, "not seen" },
        { "stream", "skipped", WSPSCOPE_UNKNOWN_TIME, "not begun" },
    };
    struct wspscope_report report = fixture_healthy();
    struct wspscope_session sessions[4];
    for (size_t i = 0; i < COUNT(sessions); i++)
        sessions[i] = report.sessions[0];
    sessions[1].steps = idle;
    sessions[1].step_count = COUNT(idle);
    sessions[3].steps = refused;
    sessions[3].step_count = COUNT(refused);
    sessions[3].protocol = sessions[3].gateway = NULL;
    sessions[3].transport = "none";
    sessions[3].port = 0;
    sessions[3].bytes_to_client = sessions[3].bytes_to_server = 0;
    sessions[3].round_trip = (struct wspscope_round_trip){ -1, -1, -1, -1, -1, 0, NULL };
    report.sessions = sessions;
    report.session_count = COUNT(sessions);
    expect_part(&usual, &report, "Sessions\n"
                                 "    10.20.30.11: streaming not tried, eu-west-2; 2026-11-22 10:00:00 to 10:05:03\n"
                                 "      UTC\n"
                                 "      0.000 s  dns          failed  the name does not exist\n"
                                 "      not seen or not tried: login, stream\n"
                                 "    10.20.30.11 to 18.134.68.9: DCV (WSP) over UDP 4195");
    expect_part(&usual, &report, "      udp 0.000 s, stream 1.250 s: all well\n");
    expect_part(&usual, &report, "      tcp 0.000 s; cannot be told: stream\n");
    expect_no_part(&usual, &report, "answered at once");
    expect_part(&verbose, &report, "answered at once");
}

/* What is a consequence says of what, and leaves the explanation to its cause. */
static void a_consequence_is_brief(void **state)
{
    (void)state;
    struct wspscope_report report = fixture_blocked();
    struct wspscope_finding findings[2] = { report.findings[0], report.findings[0] };
    findings[1].id = "F2";
    findings[1].kind = "udp-fallback";
    findings[1].consequence_of = "F1";
    findings[1].disproved_by = "Something else.";
    report.findings = findings;
    report.finding_count = COUNT(findings);
    expect_part(&usual, &report, "F2  udp-fallback: problem, high confidence, a consequence of F1\n");
    expect_no_part(&usual, &report, "Something else");
    expect_part(&verbose, &report, "Something else");
}

static void an_empty_capture_says_so(void **state)
{
    (void)state;
    struct wspscope_report report = {
        .tool = fixture_tool(),
        .input = { .path = "-", .size_bytes = WSPSCOPE_UNKNOWN_COUNT, .format = "pcap",
                   .first_ns = WSPSCOPE_UNKNOWN_TIME, .last_ns = WSPSCOPE_UNKNOWN_TIME,
                   .damaged = "The file ends after its header" },
        .verdict = { WSPSCOPE_NO_TRAFFIC, "No WorkSpaces traffic is in this capture", NULL },
    };
    expect_text(&usual, &report, "No WorkSpaces traffic is in this capture.\n"
                                 "\n"
                                 "What was looked at\n"
                                 "    -: pcap; 0 packets.\n"
                                 "\n"
                                 "What this capture cannot tell\n"
                                 "    The file ends after its header.\n");
}

static void nothing_is_said_twice(void **state)
{
    (void)state;
    struct wspscope_report report = fixture_blocked();
    struct wspscope_finding finding = report.findings[0];
    finding.summary = report.verdict.summary;
    report.findings = &finding;
    char *text = fixture_text("text", &usual, &report);
    assert_non_null(text);
    const char *first = strstr(text, "DCV streaming from");
    assert_non_null(first);
    assert_null(strstr(first + 1, "DCV streaming from"));
    free(text);

    static const struct wspscope_ledger_limit damaged[] = { { .kind = "capture-damaged", .summary = "Cut" } };
    report.input.damaged = "The file ends inside packet 12.";
    report.ledger.limits = damaged;
    report.ledger.limit_count = 1;
    expect_part(&usual, &report, "    capture-damaged: Cut.\n");
    expect_no_part(&usual, &report, "inside packet 12");
}

static void reasons_without_a_limit_are_told_once(void **state)
{
    (void)state;
    struct wspscope_report report = fixture_healthy();
    static const struct wspscope_unanswered unanswered[] = {
        { "high-rtt", "no-payload" },
        { "zero-window", "no-payload" },
    };
    report.ledger.unanswered = unanswered;
    report.ledger.unanswered_count = COUNT(unanswered);
    expect_part(&usual, &report,
                "cannot tell\n    no-payload. Not judged because of it: high-rtt, zero-window.\n");
}

static void crowds_are_counted(void **state)
{
    (void)state;
    static const char *const clients[] = { "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5" };
    struct wspscope_report report = fixture_blocked();
    struct wspscope_finding finding = report.findings[0];
    finding.clients = clients;
    finding.client_listed = COUNT(clients);
    finding.client_count = 1200;
    finding.count = 3000;
    report.findings = &finding;
    expect_part(&usual, &report,
                "    Traffic      10.0.0.1, 10.0.0.2, 10.0.0.3, 10.0.0.4 and 1,196 other clients\n"
                "                 to 18.134.68.9, UDP 4195, DCV (WSP) gateway, eu-west-2; 3,000\n"
                "                 times, 2026-11-22 10:00:01 to 10:00:04 UTC\n");
    expect_part(&verbose, &report, "10.0.0.5 and 1,195\n                 other clients to");
}

static void many_sessions_leave_room_for_the_troubled(void **state)
{
    (void)state;
    struct wspscope_session sessions[40];
    struct wspscope_report report = fixture_healthy(), blocked = fixture_blocked();
    for (size_t i = 0; i < COUNT(sessions); i++)
        sessions[i] = report.sessions[0];
    sessions[39] = blocked.sessions[0];
    report.sessions = sessions;
    report.session_count = COUNT(sessions);
    expect_part(&usual, &report, "Sessions\n    10.20.30.4 to 18.134.68.9: DCV (WSP) over TCP 4195");
    expect_part(&usual, &report, "    and 32 other sessions (-v shows them)\n");
    expect_no_part(&verbose, &report, "other sessions");
}

static void hostile_strings_stay_visible(void **state)
{
    (void)state;
    static const char escaped[] = "a\\x1B[31m\\x0Ab</script>\\xFF\\u{202E}\\x9B\\x7Fc";
    struct wspscope_report report = fixture_blocked();
    struct wspscope_finding finding = report.findings[0];
    struct wspscope_session session = report.sessions[0];
    struct wspscope_flow flow = fixture_flow();
    static const struct wspscope_value value = { .name = "name", .type = WSPSCOPE_VALUE_STRING,
                                                 .string = FIXTURE_HOSTILE };
    static const char *const notes[] = { FIXTURE_HOSTILE };
    finding.measured.children = &value;
    finding.measured.child_count = 1;
    finding.summary = finding.remedy = finding.kind = session.client = session.gateway = FIXTURE_HOSTILE;
    flow.name = flow.state = FIXTURE_HOSTILE;
    report.input.path = report.input.damaged = report.verdict.summary = FIXTURE_HOSTILE;
    report.findings = &finding;
    report.sessions = &session;
    report.flows = &flow;
    report.flow_count = 1;
    report.ledger.notes = notes;
    char *text = fixture_text("text", &verbose, &report);
    assert_non_null(text);
    size_t seen = 0;
    for (const char *at = text; (at = strstr(at, escaped)); at++)
        seen++;
    assert_int_equal(seen, 11);
    for (const unsigned char *at = (const unsigned char *)text; *at; at++)
        assert_true(*at == '\n' || (*at >= ' ' && *at < 0x7f));
    free(text);
}

static void color_only_when_asked(void **state)
{
    (void)state;
    static const struct wspscope_render_options color = { .color = true };
    struct wspscope_report report = fixture_blocked();
    expect_no_part(&usual, &report, "\033");
    expect_part(&color, &report, "\033[1;31mDCV streaming from 10.20.30.4 runs over TCP because UDP 4195 to the London"
                                 "\033[0m\n\033[1;31mgateways");
    expect_part(&color, &report, "    \033[1mWhat to do\033[0m   Ask the owner");
}

static void lines_keep_to_the_page(void **state)
{
    (void)state;
    struct wspscope_report report = fixture_blocked();
    static const unsigned widths[] = { 50, 60, 80, 120 };
    for (size_t i = 0; i < COUNT(widths); i++) {
        struct wspscope_render_options options = { .columns = widths[i], .verbosity = 1 };
        char *text = fixture_text("text", &options, &report);
        assert_non_null(text);
        for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
            if (strcspn(line, "\n") > widths[i])
                fail_msg("%u columns: %.*s", widths[i], (int)strcspn(line, "\n"), line);
        free(text);
    }
}

static void several_inputs_get_headings_and_a_table(void **state)
{
    (void)state;
    struct wspscope_report blocked = fixture_blocked(), healthy = fixture_healthy(), other = fixture_healthy();
    other.verdict.status = WSPSCOPE_NO_TRAFFIC;
    other.input.path = "a/very/long/name/of/a/capture/that/needs\na/line/of/its/own.pcapng";
    const struct wspscope_report *reports[] = { &blocked, &healthy, &other };
    struct fixture_sink sink = fixture_sink_new();
    assert_true(fixture_render("text", &usual, reports, COUNT(reports), &sink));
    assert_ptr_equal(strstr(sink.text.bytes, "== customer.zip: office.pcapng ==\nDCV streaming"), sink.text.bytes);
    assert_non_null(strstr(sink.text.bytes, "\n\n== healthy.pcapng ==\nStreaming works"));
    assert_non_null(strstr(sink.text.bytes, "What was looked at\n    pcapng, EN10MB; 1,234 packets"));
    const char *summary = strstr(sink.text.bytes, "\nSummary of");
    assert_non_null(summary);
    assert_string_equal(summary, "\nSummary of 3 captures: 1 failing, 1 no traffic, 1 ok\n"
                                 "customer.zip: office.pcapng               failing      udp-blocked\n"
                                 "healthy.pcapng                            ok\n"
                                 "a/very/long/name/of/a/capture/that/needs\\x0Aa/line/of/its/own.pcapng\n"
                                 "                                          no traffic\n");
    text_free(&sink.text);
}

static void a_full_table_says_so(void **state)
{
    (void)state;
    enum { REPORTS = 1200 };
    static char path[8001];
    memset(path, 'p', sizeof path - 1);
    struct wspscope_report report = fixture_healthy();
    report.input.path = path;
    static const struct wspscope_report *reports[REPORTS];
    for (size_t i = 0; i < REPORTS; i++)
        reports[i] = &report;
    struct fixture_sink sink = fixture_sink_new();
    assert_true(fixture_render("text", &brief, reports, REPORTS, &sink));
    const char *summary = strstr(sink.text.bytes, "\nSummary of 1,200 captures: 1,200 ok\n");
    assert_non_null(summary);
    assert_non_null(strstr(summary, " more, for which the table had no room.\n"));
    text_free(&sink.text);
}

static void flows_have_a_line_each(void **state)
{
    (void)state;
    struct wspscope_report report = fixture_healthy();
    struct wspscope_flow flow = fixture_flow();
    report.flows = &flow;
    report.flow_count = 1;
    flow.client = "2001:db8::1";
    expect_part(&usual, &report,
                "    udp [2001:db8::1]:50000 to 18.134.68.9:4195, S0, 3 out 0 back, 3,600 bytes\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failing_capture_is_explained),
        cmocka_unit_test(a_healthy_capture_is_short),
        cmocka_unit_test(quiet_is_verdict_and_findings),
        cmocka_unit_test(verbose_shows_each_row),
        cmocka_unit_test(many_sessions_are_short),
        cmocka_unit_test(a_consequence_is_brief),
        cmocka_unit_test(an_empty_capture_says_so),
        cmocka_unit_test(nothing_is_said_twice),
        cmocka_unit_test(reasons_without_a_limit_are_told_once),
        cmocka_unit_test(crowds_are_counted),
        cmocka_unit_test(many_sessions_leave_room_for_the_troubled),
        cmocka_unit_test(hostile_strings_stay_visible),
        cmocka_unit_test(color_only_when_asked),
        cmocka_unit_test(lines_keep_to_the_page),
        cmocka_unit_test(several_inputs_get_headings_and_a_table),
        cmocka_unit_test(a_full_table_says_so),
        cmocka_unit_test(flows_have_a_line_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
