/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/wire_layout.h"

#include "wspscope/report.h"

#define NUMBER(m) { .kind = CLI_WIRE_NUMBER, .offset = offsetof(T, m), .size = sizeof ((T *)0)->m }
#define ENUM(m, end) { .kind = CLI_WIRE_ENUM, .limit = (end), .offset = offsetof(T, m), .size = sizeof(int) }
#define STRING(m) { .kind = CLI_WIRE_STRING, .offset = offsetof(T, m), .size = sizeof(char *) }
#define STRINGS(m, n) { .kind = CLI_WIRE_STRINGS, .offset = offsetof(T, m), .size = sizeof(char *), \
                        .count_offset = offsetof(T, n) }
#define STRUCT(m, of) { .kind = CLI_WIRE_STRUCT, .offset = offsetof(T, m), .size = sizeof ((T *)0)->m, .layout = &(of) }
#define ARRAY(m, n, of) { .kind = CLI_WIRE_ARRAY, .offset = offsetof(T, m), .size = sizeof(void *), \
                          .count_offset = offsetof(T, n), .layout = &(of) }
#define VALUE(m) { .kind = CLI_WIRE_VALUE, .offset = offsetof(T, m), .size = sizeof(struct wspscope_value) }
#define LAYOUT(fields) { sizeof(T), (fields), sizeof(fields) / sizeof *(fields) }

#define T struct wspscope_tool
static const struct cli_wire_field tool_fields[] = {
    STRING(name), STRING(version), STRING(endpoints_date), STRINGS(endpoints_sources, endpoints_source_count),
};
static const struct cli_wire_layout tool = LAYOUT(tool_fields);
#undef T

#define T struct wspscope_input
static const struct cli_wire_field input_fields[] = {
    STRING(path), NUMBER(size_bytes), STRING(sha256), STRING(format), STRING(compression),
    STRINGS(link_types, link_type_count), NUMBER(packets), NUMBER(bytes), NUMBER(first_ns), NUMBER(last_ns),
    STRING(damaged),
};
static const struct cli_wire_layout input = LAYOUT(input_fields);
#undef T

#define T struct wspscope_verdict
static const struct cli_wire_field verdict_fields[] = {
    ENUM(status, WSPSCOPE_VERDICTS), STRING(summary), STRING(primary),
};
static const struct cli_wire_layout verdict = LAYOUT(verdict_fields);
#undef T

#define T struct wspscope_packet_counts
static const struct cli_wire_field packets_fields[] = {
    NUMBER(read), NUMBER(decoded), NUMBER(truncated), NUMBER(malformed), NUMBER(unsupported), NUMBER(duplicate),
    NUMBER(followed), NUMBER(background), NUMBER(filtered),
};
static const struct cli_wire_layout packets = LAYOUT(packets_fields);
#undef T

#define T struct wspscope_unsupported
static const struct cli_wire_field unsupported_fields[] = { STRING(what), NUMBER(packets) };
static const struct cli_wire_layout unsupported = LAYOUT(unsupported_fields);
#undef T

#define T struct wspscope_ledger_limit
static const struct cli_wire_field ledger_limit_fields[] = { STRING(kind), STRING(summary), VALUE(measured) };
static const struct cli_wire_layout ledger_limit = LAYOUT(ledger_limit_fields);
#undef T

#define T struct wspscope_unanswered
static const struct cli_wire_field unanswered_fields[] = { STRING(kind), STRING(because) };
static const struct cli_wire_layout unanswered = LAYOUT(unanswered_fields);
#undef T

#define T struct wspscope_ledger
static const struct cli_wire_field ledger_fields[] = {
    STRUCT(packets, packets), ARRAY(unsupported, unsupported_count, unsupported),
    ARRAY(limits, limit_count, ledger_limit), ARRAY(unanswered, unanswered_count, unanswered),
    STRINGS(notes, note_count),
};
static const struct cli_wire_layout ledger = LAYOUT(ledger_fields);
#undef T

#define T struct wspscope_step
static const struct cli_wire_field step_fields[] = { STRING(step), STRING(outcome), NUMBER(at_ns), STRING(text) };
static const struct cli_wire_layout step = LAYOUT(step_fields);
#undef T

#define T struct wspscope_round_trip
static const struct cli_wire_field round_trip_fields[] = {
    NUMBER(min_ms), NUMBER(p50_ms), NUMBER(p95_ms), NUMBER(client_p50_ms), NUMBER(server_p50_ms), NUMBER(samples),
    STRING(method),
};
static const struct cli_wire_layout round_trip = LAYOUT(round_trip_fields);
#undef T

#define T struct wspscope_session
static const struct cli_wire_field session_fields[] = {
    STRING(client), STRING(region), STRING(protocol), STRING(transport), STRING(gateway), NUMBER(port),
    NUMBER(first_ns), NUMBER(last_ns), ARRAY(steps, step_count, step), STRUCT(round_trip, round_trip),
    NUMBER(bytes_to_client), NUMBER(bytes_to_server), NUMBER(loss_ratio),
};
static const struct cli_wire_layout session = LAYOUT(session_fields);
#undef T

#define T struct wspscope_alternative
static const struct cli_wire_field alternative_fields[] = { STRING(alternative), STRING(by) };
static const struct cli_wire_layout alternative = LAYOUT(alternative_fields);
#undef T

#define T struct wspscope_limit_value
static const struct cli_wire_field limit_value_fields[] = { STRING(name), NUMBER(value), STRING(unit), STRING(source) };
static const struct cli_wire_layout limit_value = LAYOUT(limit_value_fields);
#undef T

#define T struct wspscope_evidence
static const struct cli_wire_field evidence_fields[] = { NUMBER(frame), STRING(text) };
static const struct cli_wire_layout evidence = LAYOUT(evidence_fields);
#undef T

#define T struct wspscope_finding
static const struct cli_wire_field finding_fields[] = {
    STRING(id), STRING(kind), ENUM(severity, WSPSCOPE_SEVERITIES), ENUM(confidence, WSPSCOPE_CONFIDENCES),
    STRING(consequence_of), STRING(role), STRING(region), STRING(proto), NUMBER(port),
    STRINGS(clients, client_listed), NUMBER(client_count), STRINGS(servers, server_listed), NUMBER(server_count),
    NUMBER(count), NUMBER(first_ns), NUMBER(last_ns), STRING(summary), STRING(cause),
    STRING(remedy), ENUM(who, WSPSCOPE_WHOS),
    ARRAY(ruled_out, ruled_out_count, alternative), STRING(disproved_by), VALUE(measured),
    ARRAY(limits, limit_count, limit_value), ARRAY(evidence, evidence_count, evidence),
};
static const struct cli_wire_layout finding = LAYOUT(finding_fields);
#undef T

#define T struct wspscope_flow
static const struct cli_wire_field flow_fields[] = {
    STRING(proto), STRING(client), STRING(server), NUMBER(client_port), NUMBER(port), STRING(role), STRING(region),
    STRING(name), STRING(name_source), STRING(app), NUMBER(packets_to_server), NUMBER(packets_to_client),
    NUMBER(bytes_to_server), NUMBER(bytes_to_client), NUMBER(first_ns), NUMBER(last_ns), STRING(state),
    STRING(history), STRING(community_id), NUMBER(retransmissions_to_server), NUMBER(retransmissions_to_client),
};
static const struct cli_wire_layout flow = LAYOUT(flow_fields);
#undef T

#define T struct wspscope_report
static const struct cli_wire_field report_fields[] = {
    STRUCT(tool, tool), STRUCT(input, input), STRUCT(verdict, verdict), STRUCT(ledger, ledger),
    ARRAY(sessions, session_count, session), ARRAY(findings, finding_count, finding), ARRAY(flows, flow_count, flow),
};
const struct cli_wire_layout cli_wire_layout_report = LAYOUT(report_fields);
#undef T
