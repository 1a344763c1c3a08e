/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

#include "fixture.h"

/* Line `number` of the rendered report, as JSON; the caller releases it. NULL when there is no such line. */
static json_t *line_of(const struct wspscope_report *report, size_t number)
{
    char *text = fixture_text("ndjson", NULL, report);
    assert_non_null(text);
    char *line = text;
    for (; number > 0 && *line; number--)
        line += strcspn(line, "\n") + 1;
    json_t *json = *line ? json_loadb(line, strcspn(line, "\n"), JSON_REJECT_DUPLICATES, NULL) : NULL;
    if (*line)
        assert_int_equal(strncmp(line, "{\"event_type\":", 14), 0);
    free(text);
    return json;
}

static const char *string_at(json_t *line, const char *key)
{
    return json_string_value(json_object_get(line, key));
}

static void a_line_for_each_thing(void **state)
{
    (void)state;
    struct wspscope_report report = fixture_blocked();
    struct wspscope_flow flow = fixture_flow();
    report.flows = &flow;
    report.flow_count = 1;
    static const char *const events[] = { "wsp_report", "wsp_session", "wsp_finding", "wsp_flow" };
    for (size_t i = 0; i < COUNT(events); i++) {
        json_t *line = line_of(&report, i);
        assert_string_equal(string_at(line, "event_type"), events[i]);
        json_decref(line);
    }
    assert_null(line_of(&report, COUNT(events)));
}

static void ecs_names_say_who_and_where(void **state)
{
    (void)state;
    struct wspscope_report report = fixture_healthy();
    struct wspscope_flow flow = fixture_flow();
    report.flows = &flow;
    report.flow_count = 1;
    json_t *line = line_of(&report, 2);
    assert_string_equal(string_at(line, "@timestamp"), "2026-11-22T10:00:01.000000000Z");
    assert_string_equal(string_at(line, "source.ip"), "10.20.30.4");
    assert_int_equal(json_integer_value(json_object_get(line, "source.port")), 50000);
    assert_string_equal(string_at(line, "destination.ip"), "18.134.68.9");
    assert_int_equal(json_integer_value(json_object_get(line, "destination.port")), 4195);
    assert_string_equal(string_at(line, "network.transport"), "udp");
    assert_string_equal(string_at(line, "network.community_id"), "1:LQU9qZlK+B5F3KDmev6m5PMibrg=");
    json_t *wsp = json_object_get(line, "wsp");
    assert_string_equal(string_at(json_object_get(wsp, "input"), "path"), "healthy.pcapng");
    assert_string_equal(string_at(json_object_get(wsp, "flow"), "state"), "S0");
    json_decref(line);
}

static void a_finding_about_many_names_no_address(void **state)
{
    (void)state;
    struct wspscope_report report = fixture_blocked();
    struct wspscope_finding finding = report.findings[0];
    finding.client_count = 3;
    finding.port = 0;
    finding.proto = NULL;
    report.findings = &finding;
    json_t *line = line_of(&report, 2);
    assert_string_equal(string_at(line, "event_type"), "wsp_finding");
    assert_true(json_is_null(json_object_get(line, "source.ip")));
    assert_string_equal(string_at(line, "destination.ip"), "18.134.68.9");
    assert_true(json_is_null(json_object_get(line, "destination.port")));
    assert_true(json_is_null(json_object_get(line, "network.transport")));
    json_decref(line);
}

static void flow_outcomes(void **state)
{
    (void)state;
    static const struct {
        const char *name, *state;
        uint64_t to_server, to_client;
        const char *outcome;
    } rows[] = {
        { "answered", "SF", 9, 9, "success" },
        { "still open", "S1", 9, 9, "success" },
        { "refused", "REJ", 1, 1, "failure" },
        { "reset by the server", "RSTR", 5, 5, "failure" },
        { "reset by the client", "RSTO", 5, 5, "success" },
        { "start missed", "OTH", 5, 5, "unknown" },
        { "no answer seen", "S0", 5, 0, "unknown" },
        { "only the server seen", "SHR", 0, 5, "unknown" },
        { "reset, one direction", "RSTR", 0, 5, "unknown" },
        { "no state", NULL, 5, 5, "unknown" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct wspscope_report report = fixture_healthy();
        struct wspscope_flow flow = fixture_flow();
        flow.state = rows[i].state;
        flow.packets_to_server = rows[i].to_server;
        flow.packets_to_client = rows[i].to_client;
        report.flows = &flow;
        report.flow_count = 1;
        json_t *line = line_of(&report, 2);
        if (strcmp(string_at(line, "event.outcome"), rows[i].outcome) != 0)
            fail_msg("%s: expected %s, got %s", rows[i].name, rows[i].outcome, string_at(line, "event.outcome"));
        json_decref(line);
    }
}

static void session_outcomes(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        struct wspscope_step steps[2];
        const char *outcome;
    } rows[] = {
        { "streams", { { "udp", "ok", 0, "" }, { "stream", "ok", 0, "" } }, "success" },
        { "fell back and streams", { { "udp", "failed", 0, "" }, { "stream", "ok", 0, "" } }, "success" },
        { "never streamed", { { "udp", "failed", 0, "" }, { "tcp", "ok", 0, "" } }, "failure" },
        { "cannot be told", { { "udp", "unknown", 0, "" }, { "tcp", "skipped", 0, "" } }, "unknown" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct wspscope_report report = fixture_healthy();
        struct wspscope_session session = report.sessions[0];
        session.steps = rows[i].steps;
        report.sessions = &session;
        json_t *line = line_of(&report, 1);
        if (strcmp(string_at(line, "event.outcome"), rows[i].outcome) != 0)
            fail_msg("%s: expected %s, got %s", rows[i].name, rows[i].outcome, string_at(line, "event.outcome"));
        json_decref(line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_for_each_thing),
        cmocka_unit_test(ecs_names_say_who_and_where),
        cmocka_unit_test(a_finding_about_many_names_no_address),
        cmocka_unit_test(flow_outcomes),
        cmocka_unit_test(session_outcomes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
