/* SPDX-License-Identifier: Apache-2.0 */
#include "expect/facts.h"

#include <string.h>

/* Children of an object under construction. */
struct builder {
    struct wspscope_value *children;
    size_t count;
};

static struct builder builder_new(struct arena *arena, size_t capacity)
{
    return (struct builder){ .children = arena_alloc(arena, capacity, sizeof(struct wspscope_value)) };
}

static void add_value(struct builder *b, struct wspscope_value value)
{
    if (b->children)
        b->children[b->count++] = value;
}

static void add_string(struct builder *b, const char *name, const char *string)
{
    enum wspscope_value_type type = string ? WSPSCOPE_VALUE_STRING : WSPSCOPE_VALUE_NULL;
    add_value(b, (struct wspscope_value){ .name = name, .type = type, .string = string });
}

static void add_count(struct builder *b, const char *name, uint64_t count)
{
    enum wspscope_value_type type = count == WSPSCOPE_UNKNOWN_COUNT ? WSPSCOPE_VALUE_NULL : WSPSCOPE_VALUE_INTEGER;
    int64_t integer = count > INT64_MAX ? INT64_MAX : (int64_t)count;
    add_value(b, (struct wspscope_value){ .name = name, .type = type, .integer = integer });
}

/* The report marks what was not measured by a negative number, or a port by 0. */
static void add_number(struct builder *b, const char *name, double number)
{
    enum wspscope_value_type type = number < 0 ? WSPSCOPE_VALUE_NULL : WSPSCOPE_VALUE_NUMBER;
    add_value(b, (struct wspscope_value){ .name = name, .type = type, .number = number });
}

static void add_port(struct builder *b, uint16_t port)
{
    add_count(b, "port", port ? port : WSPSCOPE_UNKNOWN_COUNT);
}

static void add_measured(struct builder *b, const struct wspscope_value *measured)
{
    struct wspscope_value value = *measured;
    value.name = "measured";
    add_value(b, value);
}

static void add_tree(struct builder *b, const char *name, enum wspscope_value_type type, struct builder children)
{
    add_value(b, (struct wspscope_value){ .name = name, .type = type, .children = children.children,
                                          .child_count = children.count });
}

static void add_strings(struct arena *arena, struct builder *b, const char *name, const char *const *strings,
                        size_t count)
{
    struct builder list = builder_new(arena, count);
    for (size_t i = 0; i < count; i++)
        add_string(&list, NULL, strings[i]);
    add_tree(b, name, WSPSCOPE_VALUE_LIST, list);
}

static struct wspscope_value object_of(struct builder b)
{
    return (struct wspscope_value){ .type = WSPSCOPE_VALUE_OBJECT, .children = b.children, .child_count = b.count };
}

static void add_evidence(struct arena *arena, struct builder *b, const struct wspscope_finding *f)
{
    struct builder frames = builder_new(arena, f->evidence_count);
    for (size_t i = 0; i < f->evidence_count; i++)
        add_count(&frames, NULL, f->evidence[i].frame);
    add_tree(b, "evidence", WSPSCOPE_VALUE_LIST, frames);
}

static struct wspscope_value from_finding(struct arena *arena, const struct wspscope_finding *f)
{
    struct builder b = builder_new(arena, 16);
    add_string(&b, "id", f->id);
    add_string(&b, "kind", f->kind);
    add_string(&b, "severity", wspscope_severity_name(f->severity));
    add_string(&b, "confidence", wspscope_confidence_name(f->confidence));
    add_string(&b, "role", f->role);
    add_string(&b, "region", f->region);
    add_string(&b, "proto", f->proto);
    add_port(&b, f->port);
    add_strings(arena, &b, "clients", f->clients, f->client_listed);
    add_count(&b, "client_count", f->client_count);
    add_strings(arena, &b, "servers", f->servers, f->server_listed);
    add_count(&b, "server_count", f->server_count);
    add_count(&b, "count", f->count);
    add_string(&b, "who", wspscope_who_name(f->who));
    add_measured(&b, &f->measured);
    add_evidence(arena, &b, f);
    return object_of(b);
}

static struct wspscope_value from_limit(struct arena *arena, const struct wspscope_ledger_limit *limit)
{
    struct builder b = builder_new(arena, 2);
    add_string(&b, "kind", limit->kind);
    add_measured(&b, &limit->measured);
    return object_of(b);
}

static struct wspscope_value from_unanswered(struct arena *arena, const struct wspscope_unanswered *unanswered)
{
    struct builder b = builder_new(arena, 2);
    add_string(&b, "kind", unanswered->kind);
    add_string(&b, "because", unanswered->because);
    return object_of(b);
}

static void add_round_trip(struct arena *arena, struct builder *b, const struct wspscope_round_trip *r)
{
    struct builder times = builder_new(arena, 7);
    add_number(&times, "min", r->min_ms);
    add_number(&times, "p50", r->p50_ms);
    add_number(&times, "p95", r->p95_ms);
    add_number(&times, "client_p50", r->client_p50_ms);
    add_number(&times, "server_p50", r->server_p50_ms);
    add_count(&times, "samples", r->samples);
    add_string(&times, "method", r->method);
    add_tree(b, "rtt_ms", WSPSCOPE_VALUE_OBJECT, times);
}

static struct wspscope_value from_session(struct arena *arena, const struct wspscope_session *s)
{
    struct builder b = builder_new(arena, 11);
    struct builder steps = builder_new(arena, s->step_count);
    for (size_t i = 0; i < s->step_count; i++)
        add_string(&steps, s->steps[i].step, s->steps[i].outcome);
    add_string(&b, "client", s->client);
    add_string(&b, "region", s->region);
    add_string(&b, "protocol", s->protocol);
    add_string(&b, "transport", s->transport);
    add_string(&b, "gateway", s->gateway);
    add_port(&b, s->port);
    add_tree(&b, "steps", WSPSCOPE_VALUE_OBJECT, steps);
    add_round_trip(arena, &b, &s->round_trip);
    add_count(&b, "bytes_to_client", s->bytes_to_client);
    add_count(&b, "bytes_to_server", s->bytes_to_server);
    add_number(&b, "loss_ratio", s->loss_ratio);
    return object_of(b);
}

/* The primary finding by its kind: its id says nothing that lasts. */
static struct wspscope_value from_verdict(struct arena *arena, const struct wspscope_report *r)
{
    struct builder b = builder_new(arena, 2);
    const char *primary = NULL;
    for (size_t i = 0; i < r->finding_count && r->verdict.primary; i++)
        if (strcmp(r->findings[i].id, r->verdict.primary) == 0)
            primary = r->findings[i].kind;
    add_string(&b, "status", wspscope_verdict_name(r->verdict.status));
    add_string(&b, "primary", primary);
    return object_of(b);
}

static struct expect_facts_list list_of(struct builder b)
{
    return (struct expect_facts_list){ .items = b.children, .count = b.count };
}

bool expect_facts_make(struct arena *arena, const struct wspscope_report *report, struct expect_facts *out)
{
    const struct wspscope_ledger *ledger = &report->ledger;
    struct builder verdict = builder_new(arena, 1);
    struct builder findings = builder_new(arena, report->finding_count);
    struct builder limits = builder_new(arena, ledger->limit_count);
    struct builder unanswered = builder_new(arena, ledger->unanswered_count);
    struct builder sessions = builder_new(arena, report->session_count);
    add_value(&verdict, from_verdict(arena, report));
    for (size_t i = 0; i < report->finding_count; i++)
        add_value(&findings, from_finding(arena, &report->findings[i]));
    for (size_t i = 0; i < ledger->limit_count; i++)
        add_value(&limits, from_limit(arena, &ledger->limits[i]));
    for (size_t i = 0; i < ledger->unanswered_count; i++)
        add_value(&unanswered, from_unanswered(arena, &ledger->unanswered[i]));
    for (size_t i = 0; i < report->session_count; i++)
        add_value(&sessions, from_session(arena, &report->sessions[i]));
    *out = (struct expect_facts){ .verdict = list_of(verdict), .findings = list_of(findings),
                                  .limits = list_of(limits), .unanswered = list_of(unanswered),
                                  .sessions = list_of(sessions) };
    return !arena_failed(arena);
}

const struct wspscope_value *expect_facts_get(const struct wspscope_value *object, const char *name)
{
    for (size_t i = 0; object && i < object->child_count; i++)
        if (object->children[i].name && strcmp(object->children[i].name, name) == 0)
            return &object->children[i];
    return NULL;
}

const char *expect_facts_string(const struct wspscope_value *object, const char *name)
{
    const struct wspscope_value *value = expect_facts_get(object, name);
    return value && value->type == WSPSCOPE_VALUE_STRING ? value->string : NULL;
}
