/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FIXTURE_H
#define FIXTURE_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "wspscope/render.h"

/* Reports made by hand, and a sink that keeps what it is given. */

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define FIXTURE_T0 INT64_C(1795341600000000000) /* 2026-11-22T10:00:00Z */
#define FIXTURE_MS INT64_C(1000000)

struct fixture_sink {
    struct text text;
    size_t calls, refuse_after; /* refuses from that call on; 0: never */
};

static inline bool fixture_write(void *context, const char *bytes, size_t length)
{
    struct fixture_sink *sink = context;
    sink->calls++;
    if (sink->refuse_after > 0 && sink->calls > sink->refuse_after)
        return false;
    text_add_bytes(&sink->text, bytes, length);
    return !text_failed(&sink->text);
}

static inline struct fixture_sink fixture_sink_new(void)
{
    struct fixture_sink sink = { .calls = 0 };
    text_init(&sink.text, 64 << 20);
    return sink;
}

/* Renders the reports; false when the renderer said so, or could not be made. */
static inline bool fixture_render(const char *format, const struct wspscope_render_options *options,
                                  const struct wspscope_report *const *reports, size_t count,
                                  struct fixture_sink *sink)
{
    struct wspscope_sink to = { .write = fixture_write, .context = sink };
    struct wspscope_renderer *renderer = wspscope_renderer_new(format, options, count > 1, to);
    bool good = renderer != NULL;
    for (size_t i = 0; good && i < count; i++)
        good = wspscope_renderer_add(renderer, reports[i]);
    good = good && wspscope_renderer_finish(renderer);
    wspscope_renderer_free(renderer);
    return good;
}

/* The text of one report; free() it. NULL when rendering failed. */
static inline char *fixture_text(const char *format, const struct wspscope_render_options *options,
                                 const struct wspscope_report *report)
{
    struct fixture_sink sink = fixture_sink_new();
    bool good = fixture_render(format, options, &report, 1, &sink);
    char *copy = good ? strdup(sink.text.bytes) : NULL;
    text_free(&sink.text);
    return copy;
}

static inline struct wspscope_tool fixture_tool(void)
{
    static const char *const sources[] = { "docs.aws.amazon.com" };
    return (struct wspscope_tool){ "wspscope", "0.1.0", "2026-08-22", sources, 1 };
}

static inline struct wspscope_input fixture_input(void)
{
    static const char *const links[] = { "EN10MB" };
    return (struct wspscope_input){
        .path = "customer.zip: office.pcapng",
        .size_bytes = 1064401,
        .format = "pcapng",
        .compression = "zip",
        .link_types = links,
        .link_type_count = 1,
        .packets = 1234,
        .bytes = 567890,
        .first_ns = FIXTURE_T0,
        .last_ns = FIXTURE_T0 + 303000 * FIXTURE_MS,
    };
}

static const char *const fixture_clients[] = { "10.20.30.4" };
static const char *const fixture_servers[] = { "18.134.68.9" };

static inline struct wspscope_value fixture_measured(void)
{
    static const struct wspscope_value check[] = {
        { .name = "proto", .type = WSPSCOPE_VALUE_STRING, .string = "udp" },
        { .name = "port", .type = WSPSCOPE_VALUE_INTEGER, .integer = 4195 },
        { .name = "answered", .type = WSPSCOPE_VALUE_INTEGER, .integer = 0 },
    };
    static const struct wspscope_value checks[] = {
        { .type = WSPSCOPE_VALUE_OBJECT, .children = check, .child_count = COUNT(check) },
    };
    static const struct wspscope_value measured[] = {
        { .name = "unanswered_datagrams", .type = WSPSCOPE_VALUE_INTEGER, .integer = 3 },
        { .name = "fallback_delay_ms", .type = WSPSCOPE_VALUE_NUMBER, .number = 3010.0404 },
        { .name = "seen_before", .type = WSPSCOPE_VALUE_BOOL, .boolean = false },
        { .name = "name_of_router", .type = WSPSCOPE_VALUE_NULL },
        { .name = "checks", .type = WSPSCOPE_VALUE_LIST, .children = checks, .child_count = COUNT(checks) },
    };
    return (struct wspscope_value){ .type = WSPSCOPE_VALUE_OBJECT, .children = measured,
                                    .child_count = COUNT(measured) };
}

static const struct wspscope_evidence fixture_evidence[] = {
    { 17, "client datagram 1 after 0.000 s, no answer" },
    { 18, "client datagram 2 after 1.001 s, no answer" },
    { 40, "client datagram 3 after 3.004 s, no answer" },
    { 42, "TCP 4195 to the same gateway answers" },
};
static const struct wspscope_alternative fixture_ruled_out[] = {
    { "the gateway is down", "TCP 4195 to the same gateway works (round trip 31 ms)" },
};
static const struct wspscope_limit_value fixture_limits[] = {
    { "udp-unanswered-datagrams", 3, "datagrams", "ours, 2026-08-22" },
};

static inline struct wspscope_finding fixture_finding(void)
{
    return (struct wspscope_finding){
        .id = "F1",
        .kind = "udp-blocked",
        .severity = WSPSCOPE_PROBLEM,
        .confidence = WSPSCOPE_HIGH,
        .role = "dcv-gateway",
        .region = "eu-west-2",
        .proto = "udp",
        .port = 4195,
        .clients = fixture_clients,
        .client_listed = 1,
        .client_count = 1,
        .servers = fixture_servers,
        .server_listed = 1,
        .server_count = 1,
        .count = 1,
        .first_ns = FIXTURE_T0 + 1000 * FIXTURE_MS,
        .last_ns = FIXTURE_T0 + 4004 * FIXTURE_MS,
        .summary = "12 datagrams to UDP 4195 of the London gateways got no answer.",
        .cause = "A firewall after this capture point drops UDP 4195 without an answer.",
        .remedy = "Ask the owner of the firewall to allow outbound UDP 4195 to 18.134.68.0/22.",
        .who = WSPSCOPE_WHO_LOCAL_NETWORK,
        .ruled_out = fixture_ruled_out,
        .ruled_out_count = COUNT(fixture_ruled_out),
        .disproved_by = "A single UDP answer from that range would disprove this.",
        .measured = fixture_measured(),
        .limits = fixture_limits,
        .limit_count = COUNT(fixture_limits),
        .evidence = fixture_evidence,
        .evidence_count = COUNT(fixture_evidence),
    };
}

static inline struct wspscope_session fixture_fallen_back(void)
{
    static const struct wspscope_step steps[] = {
        { "udp", "failed", FIXTURE_T0 + 1000 * FIXTURE_MS, "3 datagrams to UDP 4195, none answered" },
        { "fallback", "ok", FIXTURE_T0 + 4010 * FIXTURE_MS, "TCP 4195 to the same gateway" },
        { "stream", "ok", WSPSCOPE_UNKNOWN_TIME, "the stream runs over TCP" },
    };
    return (struct wspscope_session){
        .client = "10.20.30.4",
        .region = "eu-west-2",
        .protocol = "dcv",
        .transport = "tcp",
        .gateway = "18.134.68.9",
        .port = 4195,
        .first_ns = FIXTURE_T0 + 1000 * FIXTURE_MS,
        .last_ns = FIXTURE_T0 + 303000 * FIXTURE_MS,
        .steps = steps,
        .step_count = COUNT(steps),
        .round_trip = { 30.6404, 31, 33.5, 0.4, -1, 12, "timestamps" },
        .bytes_to_client = 12345678,
        .bytes_to_server = 9876,
        .loss_ratio = -1,
    };
}

static inline struct wspscope_ledger fixture_ledger(void)
{
    static const struct wspscope_unsupported unsupported[] = { { "link type 147", 4 } };
    static const struct wspscope_ledger_limit limits[] = { {
        .kind = "capture-late-start",
        .summary = "Most flows began before the capture",
        .measured = { .type = WSPSCOPE_VALUE_OBJECT },
    } };
    static const struct wspscope_unanswered unanswered[] = {
        { "tcp-syn-dropped", "capture-late-start" },
        { "tcp-syn-reset", "capture-late-start" },
    };
    static const char *const notes[] = { "No DNS was seen: names come from TLS alone" };
    return (struct wspscope_ledger){
        .packets = { 1234, 1230, 0, 0, 4, 0, 300, 930, 0 },
        .unsupported = unsupported,
        .unsupported_count = COUNT(unsupported),
        .limits = limits,
        .limit_count = COUNT(limits),
        .unanswered = unanswered,
        .unanswered_count = COUNT(unanswered),
        .notes = notes,
        .note_count = COUNT(notes),
    };
}

/* UDP 4195 dropped, the stream on TCP: every part of a report is there. Valid until the next call. */
static inline struct wspscope_report fixture_blocked(void)
{
    static struct wspscope_finding finding;
    static struct wspscope_session session;
    finding = fixture_finding();
    session = fixture_fallen_back();
    return (struct wspscope_report){
        .tool = fixture_tool(),
        .input = fixture_input(),
        .verdict = { WSPSCOPE_FAILING, "DCV streaming from 10.20.30.4 runs over TCP because UDP 4195 to the London "
                                       "gateways (18.134.68.0/22) is dropped without an answer.", "F1" },
        .ledger = fixture_ledger(),
        .sessions = &session,
        .session_count = 1,
        .findings = &finding,
        .finding_count = 1,
    };
}

/* One session, nothing wrong. */
static inline struct wspscope_report fixture_healthy(void)
{
    static const struct wspscope_step steps[] = {
        { "udp", "ok", FIXTURE_T0, "answered at once" },
        { "stream", "ok", FIXTURE_T0 + 1250 * FIXTURE_MS, "the stream runs over UDP" },
    };
    static const struct wspscope_session sessions[] = { {
        .client = "10.20.30.11",
        .region = "eu-west-2",
        .protocol = "dcv",
        .transport = "udp",
        .gateway = "18.134.68.9",
        .port = 4195,
        .first_ns = FIXTURE_T0,
        .last_ns = FIXTURE_T0 + 303000 * FIXTURE_MS,
        .steps = steps,
        .step_count = COUNT(steps),
        .round_trip = { 30, 31, 33, -1, -1, 40, "quic" },
        .bytes_to_client = 12345678,
        .bytes_to_server = 987654,
        .loss_ratio = -1,
    } };
    struct wspscope_input input = fixture_input();
    input.path = "healthy.pcapng";
    input.compression = NULL;
    return (struct wspscope_report){
        .tool = fixture_tool(),
        .input = input,
        .verdict = { WSPSCOPE_OK, "Streaming works: DCV runs over UDP 4195 with a round trip of 31 ms.", NULL },
        .ledger = { .packets = { 1234, 1234, 0, 0, 0, 0, 1200, 34, 0 } },
        .sessions = sessions,
        .session_count = COUNT(sessions),
    };
}

static inline struct wspscope_flow fixture_flow(void)
{
    return (struct wspscope_flow){
        .proto = "udp",
        .client = "10.20.30.4",
        .server = "18.134.68.9",
        .client_port = 50000,
        .port = 4195,
        .role = "dcv-gateway",
        .region = "eu-west-2",
        .packets_to_server = 3,
        .bytes_to_server = 3600,
        .first_ns = FIXTURE_T0 + 1000 * FIXTURE_MS,
        .last_ns = FIXTURE_T0 + 4004 * FIXTURE_MS,
        .state = "S0",
        .history = "D",
        .community_id = "1:LQU9qZlK+B5F3KDmev6m5PMibrg=",
    };
}

/* ESC, a line feed, the end of a script element, invalid UTF-8, a direction mark, a C1 control, DEL. */
#define FIXTURE_HOSTILE "a\033[31m\nb</script>\xff\xe2\x80\xae\xc2\x9b\x7f" "c"

#endif
