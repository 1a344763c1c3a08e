/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "report/dump.h"
#include "report/format.h"
#include "report/parts.h"
#include "wspscope/live.h"

/* The traffic that a line is about, in the words of the Elastic Common Schema. */
struct ecs {
    int64_t time_ns;
    const char *source, *destination;
    uint16_t source_port, destination_port;
    const char *transport;
    const char *community_id;
    const char *outcome;
};

static struct report_object line_new(const char *event_type, const struct ecs *ecs)
{
    struct report_object o = report_object_new();
    report_object_string(&o, "event_type", event_type);
    report_object_time(&o, "@timestamp", ecs->time_ns);
    report_object_string(&o, "source.ip", ecs->source);
    report_object_port(&o, "source.port", ecs->source_port);
    report_object_string(&o, "destination.ip", ecs->destination);
    report_object_port(&o, "destination.port", ecs->destination_port);
    report_object_string(&o, "network.transport", ecs->transport);
    report_object_string(&o, "network.community_id", ecs->community_id);
    report_object_string(&o, "event.outcome", ecs->outcome);
    return o;
}

static void line_end(struct report_out *out, struct report_object *line, json_t *wsp)
{
    report_object_json(line, "wsp", wsp);
    report_dump_line(out, report_object_take(line));
    report_out_text(out, "\n");
}

/* `own` under its name, with the input that it was seen in. */
static json_t *wsp_of(const struct wspscope_report *report, const char *name, json_t *own)
{
    struct report_object input = report_object_new();
    report_object_string(&input, "path", report->input.path);
    struct report_object o = report_object_new();
    report_object_string(&o, "schema", REPORT_PARTS_SCHEMA);
    report_object_json(&o, "input", report_object_take(&input));
    report_object_json(&o, name, own);
    return report_object_take(&o);
}

static const char *verdict_outcome(enum wspscope_verdict_status status)
{
    if (status == WSPSCOPE_OK || status == WSPSCOPE_DEGRADED)
        return "success";
    return status == WSPSCOPE_FAILING ? "failure" : "unknown";
}

static void add_report(struct report_out *out, const struct wspscope_report *report)
{
    struct ecs ecs = { .time_ns = report->input.first_ns, .outcome = verdict_outcome(report->verdict.status) };
    struct report_object wsp = report_object_new();
    report_object_string(&wsp, "schema", REPORT_PARTS_SCHEMA);
    report_object_json(&wsp, "tool", report_parts_tool(&report->tool));
    report_object_json(&wsp, "input", report_parts_input(&report->input));
    report_object_json(&wsp, "verdict", report_parts_verdict(&report->verdict));
    report_object_json(&wsp, "ledger", report_parts_ledger(&report->ledger));
    struct report_object line = line_new("wsp_report", &ecs);
    line_end(out, &line, report_object_take(&wsp));
}

/* A stream that ran is a success whatever failed before it: that is what a fallback is for. */
static const char *session_outcome(const struct wspscope_session *s)
{
    const char *outcome = "unknown";
    for (size_t i = 0; i < s->step_count; i++) {
        if (strcmp(s->steps[i].outcome, "failed") == 0)
            outcome = "failure";
        if (strcmp(s->steps[i].step, "stream") == 0 && strcmp(s->steps[i].outcome, "ok") == 0)
            return "success";
    }
    return outcome;
}

static void add_session(struct report_out *out, const struct wspscope_report *report, const struct wspscope_session *s)
{
    struct ecs ecs = {
        .time_ns = s->first_ns,
        .source = s->client,
        .destination = s->gateway,
        .destination_port = s->port,
        .transport = strcmp(s->transport, "none") == 0 ? NULL : s->transport,
        .outcome = session_outcome(s),
    };
    struct report_object line = line_new("wsp_session", &ecs);
    line_end(out, &line, wsp_of(report, "session", report_parts_session(s)));
}

static struct ecs ecs_of_finding(const struct wspscope_finding *f)
{
    return (struct ecs){
        .time_ns = f->first_ns,
        .source = f->client_count == 1 && f->client_listed == 1 ? f->clients[0] : NULL,
        .destination = f->server_count == 1 && f->server_listed == 1 ? f->servers[0] : NULL,
        .destination_port = f->port,
        .transport = f->proto,
        .outcome = f->severity == WSPSCOPE_PROBLEM ? "failure" : "unknown",
    };
}

static void add_finding(struct report_out *out, const struct wspscope_report *report, const struct wspscope_finding *f)
{
    struct ecs ecs = ecs_of_finding(f);
    struct report_object line = line_new("wsp_finding", &ecs);
    line_end(out, &line, wsp_of(report, "finding", report_parts_finding(f)));
}

/* Zeek's conn_state, where both directions were seen: refused or cut by the server is a failure; states of a
 * connection whose start was missed say nothing. */
static const char *flow_outcome(const struct wspscope_flow *f)
{
    if (f->packets_to_client == 0 || f->packets_to_server == 0 || !f->state)
        return "unknown";
    if (strcmp(f->state, "REJ") == 0 || strcmp(f->state, "RSTR") == 0)
        return "failure";
    static const char *const worked[] = { "SF", "S1", "S2", "S3", "RSTO" };
    for (size_t i = 0; i < sizeof worked / sizeof *worked; i++)
        if (strcmp(f->state, worked[i]) == 0)
            return "success";
    return "unknown";
}

static void add_flow(struct report_out *out, const struct wspscope_report *report, const struct wspscope_flow *f)
{
    struct ecs ecs = {
        .time_ns = f->first_ns,
        .source = f->client,
        .source_port = f->client_port,
        .destination = f->server,
        .destination_port = f->port,
        .transport = f->proto,
        .community_id = f->community_id,
        .outcome = flow_outcome(f),
    };
    struct report_object line = line_new("wsp_flow", &ecs);
    line_end(out, &line, wsp_of(report, "flow", report_parts_flow(f)));
}

static void add(struct report_run *run, const struct wspscope_report *report)
{
    struct report_out *out = &run->out;
    add_report(out, report);
    for (size_t i = 0; i < report->session_count && !out->failed; i++)
        add_session(out, report, &report->sessions[i]);
    for (size_t i = 0; i < report->finding_count && !out->failed; i++)
        add_finding(out, report, &report->findings[i]);
    for (size_t i = 0; report->flows && i < report->flow_count && !out->failed; i++)
        add_flow(out, report, &report->flows[i]);
}

static void finish(struct report_run *run)
{
    (void)run;
}

const struct report_format report_ndjson_format = {
    .name = "ndjson",
    .add = add,
    .finish = finish,
};

static struct report_object wsp_of_tick(const struct wspscope_tick *tick)
{
    struct report_object input = report_object_new();
    report_object_string(&input, "path", tick->report->input.path);
    struct report_object wsp = report_object_new();
    report_object_string(&wsp, "schema", REPORT_PARTS_SCHEMA);
    report_object_json(&wsp, "input", report_object_take(&input));
    return wsp;
}

bool wspscope_live_render_change(struct wspscope_sink sink, const struct wspscope_tick *tick,
                                 const struct wspscope_change *change)
{
    struct report_out out = { .sink = sink };
    struct ecs ecs = ecs_of_finding(change->finding);
    struct report_object wsp = wsp_of_tick(tick);
    ecs.time_ns = change->at_ns;
    report_object_string(&wsp, "change", wspscope_change_name(change->kind));
    report_object_count(&wsp, "number", change->number);
    report_object_time(&wsp, "opened", change->opened_ns);
    report_object_json(&wsp, "finding", report_parts_finding(change->finding));
    struct report_object line = line_new("wsp_finding", &ecs);
    line_end(&out, &line, report_object_take(&wsp));
    return report_out_flush(&out);
}

bool wspscope_live_render_summary(struct wspscope_sink sink, const struct wspscope_tick *tick)
{
    const struct wspscope_report *report = tick->report;
    struct report_out out = { .sink = sink };
    struct ecs ecs = { .time_ns = tick->now_ns, .outcome = verdict_outcome(report->verdict.status) };
    struct report_object wsp = wsp_of_tick(tick);
    uint64_t open = 0;
    for (size_t i = 0; i < report->finding_count; i++)
        open += i < tick->numbered && tick->open[i];
    report_object_json(&wsp, "verdict", report_parts_verdict(&report->verdict));
    report_object_json(&wsp, "ledger", report_parts_ledger(&report->ledger));
    report_object_count(&wsp, "sessions", report->session_count);
    report_object_count(&wsp, "open_findings", open);
    report_object_count(&wsp, "kernel_drops", tick->kernel_drops);
    report_object_count(&wsp, "interface_drops", tick->interface_drops);
    struct report_object line = line_new("wsp_summary", &ecs);
    line_end(&out, &line, report_object_take(&wsp));
    return report_out_flush(&out);
}
