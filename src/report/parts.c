/* SPDX-License-Identifier: Apache-2.0 */
#include "report/parts.h"

#include <string.h>

#include "report/value.h"

json_t *report_parts_tool(const struct wspscope_tool *tool)
{
    struct report_object endpoints = report_object_new();
    report_object_string(&endpoints, "date", tool->endpoints_date);
    report_object_strings(&endpoints, "sources", tool->endpoints_sources, tool->endpoints_source_count);

    struct report_object o = report_object_new();
    report_object_string(&o, "name", tool->name);
    report_object_string(&o, "version", tool->version);
    report_object_json(&o, "endpoints", report_object_take(&endpoints));
    return report_object_take(&o);
}

json_t *report_parts_input(const struct wspscope_input *input)
{
    struct report_object o = report_object_new();
    report_object_string(&o, "path", input->path);
    report_object_count(&o, "size_bytes", input->size_bytes);
    report_object_string(&o, "sha256", input->sha256);
    report_object_string(&o, "format", input->format);
    report_object_string(&o, "compression", input->compression);
    report_object_strings(&o, "link_types", input->link_types, input->link_type_count);
    report_object_count(&o, "packets", input->packets);
    report_object_count(&o, "bytes", input->bytes);
    report_object_time(&o, "first", input->first_ns);
    report_object_time(&o, "last", input->last_ns);
    report_object_string(&o, "damaged", input->damaged);
    return report_object_take(&o);
}

json_t *report_parts_verdict(const struct wspscope_verdict *verdict)
{
    struct report_object o = report_object_new();
    report_object_string(&o, "status", wspscope_verdict_name(verdict->status));
    report_object_string(&o, "summary", verdict->summary);
    report_object_string(&o, "primary", verdict->primary);
    return report_object_take(&o);
}

static json_t *packet_counts(const struct wspscope_packet_counts *packets)
{
    struct report_object decoded = report_object_new();
    report_object_count(&decoded, "followed", packets->followed);
    report_object_count(&decoded, "background", packets->background);
    report_object_count(&decoded, "filtered", packets->filtered);

    struct report_object o = report_object_new();
    report_object_count(&o, "read", packets->read);
    report_object_count(&o, "decoded", packets->decoded);
    report_object_count(&o, "truncated", packets->truncated);
    report_object_count(&o, "malformed", packets->malformed);
    report_object_count(&o, "unsupported", packets->unsupported);
    report_object_count(&o, "duplicate", packets->duplicate);
    report_object_json(&o, "of_decoded", report_object_take(&decoded));
    return report_object_take(&o);
}

static json_t *unsupported(const void *item)
{
    const struct wspscope_unsupported *u = item;
    struct report_object o = report_object_new();
    report_object_string(&o, "what", u->what);
    report_object_count(&o, "packets", u->packets);
    return report_object_take(&o);
}

static json_t *ledger_limit(const void *item)
{
    const struct wspscope_ledger_limit *limit = item;
    struct report_object o = report_object_new();
    report_object_string(&o, "kind", limit->kind);
    report_object_string(&o, "summary", limit->summary);
    report_object_json(&o, "measured", report_value_measured(&limit->measured));
    return report_object_take(&o);
}

static json_t *unanswered(const void *item)
{
    const struct wspscope_unanswered *u = item;
    struct report_object o = report_object_new();
    report_object_string(&o, "kind", u->kind);
    report_object_string(&o, "because", u->because);
    return report_object_take(&o);
}

json_t *report_parts_ledger(const struct wspscope_ledger *l)
{
    struct report_items limits = { l->limits, l->limit_count, sizeof *l->limits, ledger_limit };
    struct report_object o = report_object_new();
    report_object_json(&o, "packets", packet_counts(&l->packets));
    report_object_list(&o, "unsupported", (struct report_items){ l->unsupported, l->unsupported_count,
                                                                 sizeof *l->unsupported, unsupported });
    report_object_list(&o, "limits", limits);
    report_object_list(&o, "unanswered",
                       (struct report_items){ l->unanswered, l->unanswered_count, sizeof *l->unanswered, unanswered });
    return report_object_take(&o);
}

static json_t *step(const void *item)
{
    const struct wspscope_step *s = item;
    struct report_object o = report_object_new();
    report_object_string(&o, "step", s->step);
    report_object_string(&o, "outcome", s->outcome);
    report_object_time(&o, "at", s->at_ns);
    report_object_string(&o, "text", s->text);
    return report_object_take(&o);
}

static json_t *round_trip(const struct wspscope_round_trip *r)
{
    struct report_object o = report_object_new();
    report_object_ms(&o, "min", r->min_ms);
    report_object_ms(&o, "p50", r->p50_ms);
    report_object_ms(&o, "p95", r->p95_ms);
    report_object_ms(&o, "client_p50", r->client_p50_ms);
    report_object_ms(&o, "server_p50", r->server_p50_ms);
    report_object_count(&o, "samples", r->samples);
    report_object_string(&o, "method", r->method);
    return report_object_take(&o);
}

json_t *report_parts_session(const void *item)
{
    const struct wspscope_session *s = item;
    struct report_object o = report_object_new();
    report_object_string(&o, "client", s->client);
    report_object_string(&o, "region", s->region);
    report_object_string(&o, "protocol", s->protocol);
    report_object_string(&o, "transport", s->transport);
    report_object_string(&o, "gateway", s->gateway);
    report_object_port(&o, "port", s->port);
    report_object_time(&o, "first", s->first_ns);
    report_object_time(&o, "last", s->last_ns);
    report_object_list(&o, "steps", (struct report_items){ s->steps, s->step_count, sizeof *s->steps, step });
    report_object_json(&o, "rtt_ms", round_trip(&s->round_trip));
    report_object_count(&o, "bytes_to_client", s->bytes_to_client);
    report_object_count(&o, "bytes_to_server", s->bytes_to_server);
    report_object_ratio(&o, "loss_ratio", s->loss_ratio);
    return report_object_take(&o);
}

static json_t *alternative(const void *item)
{
    const struct wspscope_alternative *a = item;
    struct report_object o = report_object_new();
    report_object_string(&o, "alternative", a->alternative);
    report_object_string(&o, "by", a->by);
    return report_object_take(&o);
}

static json_t *evidence(const void *item)
{
    const struct wspscope_evidence *e = item;
    struct report_object o = report_object_new();
    report_object_count(&o, "frame", e->frame);
    report_object_string(&o, "text", e->text);
    return report_object_take(&o);
}

static json_t *limit_value(const struct wspscope_limit_value *limit)
{
    struct report_object o = report_object_new();
    report_object_number(&o, "value", limit->value);
    report_object_string(&o, "unit", limit->unit);
    report_object_string(&o, "source", limit->source);
    return report_object_take(&o);
}

static json_t *limit_values(const struct wspscope_finding *f)
{
    struct report_object o = report_object_new();
    for (size_t i = 0; i < f->limit_count; i++)
        report_object_json(&o, f->limits[i].name, limit_value(&f->limits[i]));
    return report_object_take(&o);
}

static void add_scope(struct report_object *o, const struct wspscope_finding *f)
{
    report_object_string(o, "role", f->role);
    report_object_string(o, "region", f->region);
    report_object_string(o, "proto", f->proto);
    report_object_port(o, "port", f->port);
    report_object_strings(o, "clients", f->clients, f->client_listed);
    report_object_count(o, "client_count", f->client_count);
    report_object_strings(o, "servers", f->servers, f->server_listed);
    report_object_count(o, "server_count", f->server_count);
    report_object_count(o, "count", f->count);
    report_object_time(o, "first", f->first_ns);
    report_object_time(o, "last", f->last_ns);
}

json_t *report_parts_finding(const void *item)
{
    const struct wspscope_finding *f = item;
    struct report_object o = report_object_new();
    report_object_string(&o, "id", f->id);
    report_object_string(&o, "kind", f->kind);
    report_object_string(&o, "severity", wspscope_severity_name(f->severity));
    report_object_string(&o, "confidence", wspscope_confidence_name(f->confidence));
    report_object_string(&o, "consequence_of", f->consequence_of);
    add_scope(&o, f);
    report_object_string(&o, "summary", f->summary);
    report_object_string(&o, "cause", f->cause);
    report_object_string(&o, "remedy", f->remedy);
    report_object_string(&o, "who", wspscope_who_name(f->who));
    report_object_list(&o, "ruled_out",
                       (struct report_items){ f->ruled_out, f->ruled_out_count, sizeof *f->ruled_out, alternative });
    report_object_string(&o, "disproved_by", f->disproved_by);
    report_object_json(&o, "measured", report_value_measured(&f->measured));
    report_object_json(&o, "limit", limit_values(f));
    report_object_list(&o, "evidence",
                       (struct report_items){ f->evidence, f->evidence_count, sizeof *f->evidence, evidence });
    return report_object_take(&o);
}

json_t *report_parts_flow(const void *item)
{
    const struct wspscope_flow *f = item;
    bool tcp = f->proto && strcmp(f->proto, "tcp") == 0;
    struct report_object o = report_object_new();
    report_object_string(&o, "proto", f->proto);
    report_object_string(&o, "client", f->client);
    report_object_port(&o, "client_port", f->client_port);
    report_object_string(&o, "server", f->server);
    report_object_port(&o, "port", f->port);
    report_object_string(&o, "role", f->role);
    report_object_string(&o, "region", f->region);
    report_object_string(&o, "name", f->name);
    report_object_string(&o, "name_source", f->name_source);
    report_object_string(&o, "app", f->app);
    report_object_count(&o, "packets_to_server", f->packets_to_server);
    report_object_count(&o, "packets_to_client", f->packets_to_client);
    report_object_count(&o, "bytes_to_server", f->bytes_to_server);
    report_object_count(&o, "bytes_to_client", f->bytes_to_client);
    report_object_time(&o, "first", f->first_ns);
    report_object_time(&o, "last", f->last_ns);
    report_object_string(&o, "state", f->state);
    report_object_string(&o, "history", f->history);
    report_object_string(&o, "community_id", f->community_id);
    report_object_count(&o, "retransmissions_to_server", tcp ? f->retransmissions_to_server : WSPSCOPE_UNKNOWN_COUNT);
    report_object_count(&o, "retransmissions_to_client", tcp ? f->retransmissions_to_client : WSPSCOPE_UNKNOWN_COUNT);
    return report_object_take(&o);
}

struct report_items report_parts_sessions(const struct wspscope_report *report)
{
    return (struct report_items){ report->sessions, report->session_count, sizeof *report->sessions,
                                  report_parts_session };
}

struct report_items report_parts_findings(const struct wspscope_report *report)
{
    return (struct report_items){ report->findings, report->finding_count, sizeof *report->findings,
                                  report_parts_finding };
}

struct report_items report_parts_flows(const struct wspscope_report *report)
{
    return (struct report_items){ report->flows, report->flow_count, sizeof *report->flows, report_parts_flow };
}
