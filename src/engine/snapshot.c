/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/text.h"
#include "engine/engine.h"
#include "engine/ledger.h"
#include "engine/registry.h"
#include "engine/sessions.h"
#include "engine/verdict.h"
#include "rule/rule.h"

/* Enough for the tables of a full report, and for two million rows of --flows. */
#define SNAPSHOT_BYTES_MAX ((size_t)1 << 30)

struct owned_report {
    struct wspscope_report report; /* first: what callers hold */
    struct arena *arena;
};

static const char *utf8(struct arena *a, const char *string)
{
    struct text t;
    text_init(&t, SNAPSHOT_BYTES_MAX);
    text_add_utf8(&t, (const uint8_t *)string, strlen(string));
    const char *copy = arena_copy(a, t.bytes);
    text_free(&t);
    return copy;
}

static void fill_tool(const struct engine *e, struct arena *a, struct wspscope_tool *out)
{
    const struct endpoint_catalogue *c = e->analyzer->catalogue;
    *out = (struct wspscope_tool){ .name = "wspscope", .version = WSPSCOPE_VERSION,
                                   .endpoints_date = arena_copy(a, endpoint_catalogue_date(c)) };
    size_t count;
    const char *const *sources = endpoint_catalogue_sources(c, &count);
    const char **copies = arena_alloc(a, count + 1, sizeof *copies);
    for (size_t i = 0; copies && i < count; i++)
        copies[i] = arena_copy(a, sources[i]);
    out->endpoints_sources = copies;
    out->endpoints_source_count = copies ? count : 0;
}

static void fill_input(const struct engine *e, const char *sha256, struct arena *a, struct wspscope_input *out)
{
    const struct capture_info *info = capture_reader_info(e->reader);
    const struct model_tap *tap = model_tap(e->model);
    bool any = info->packets > 0;
    *out = (struct wspscope_input){ .path = utf8(a, info->name), .size_bytes = info->size_bytes, .sha256 = sha256,
                                    .format = info->format ? info->format : "unknown",
                                    .packets = info->packets, .bytes = info->captured_bytes,
                                    .first_ns = any ? tap->first_ns : WSPSCOPE_UNKNOWN_TIME,
                                    .last_ns = any ? tap->last_ns : WSPSCOPE_UNKNOWN_TIME };
    if (sha256)
        out->sha256 = arena_copy(a, sha256);
    if (info->compression)
        out->compression = arena_copy(a, info->compression);
    if (info->damaged)
        out->damaged = utf8(a, info->damaged);
    const char **names = arena_alloc(a, info->link_type_count + 1, sizeof *names);
    for (size_t i = 0; names && i < info->link_type_count; i++) {
        char text[CAPTURE_LINK_NAME_SIZE];
        names[i] = arena_copy(a, capture_link_name(info->link_types[i], text));
    }
    out->link_types = names;
    out->link_type_count = names ? info->link_type_count : 0;
}

static const char *const *address_texts(const struct draft_addresses *set, struct arena *a, size_t *listed)
{
    size_t count = set->count < DRAFT_LISTED_MAX ? set->count : DRAFT_LISTED_MAX;
    const char **texts = arena_alloc(a, count + 1, sizeof *texts);
    for (size_t i = 0; texts && i < count; i++) {
        char text[IPADDR_TEXT_SIZE];
        texts[i] = arena_copy(a, ipaddr_format(&set->items[i], text));
    }
    *listed = texts ? count : 0;
    return texts;
}

static struct wspscope_finding finding_of(const struct draft *d, size_t number, struct arena *a)
{
    struct wspscope_finding f = {
        .id = arena_format(a, "F%zu", number), .kind = d->key.rule->about.kind, .severity = d->severity,
        .confidence = d->confidence,
        .consequence_of = d->because ? arena_format(a, "F%zu", d->because->number) : NULL,
        .role = endpoint_role_name(d->key.role),
        .region = d->key.region ? arena_copy(a, d->key.region->code) : NULL,
        .proto = d->key.protocol == 6 ? "tcp" : d->key.protocol == 17 ? "udp" : NULL, .port = d->key.port,
        .client_count = d->clients.count, .server_count = d->servers.count, .count = d->count,
        .first_ns = d->first_ns, .last_ns = d->last_ns, .summary = d->summary, .cause = d->cause,
        .remedy = d->remedy, .who = d->who, .ruled_out = d->ruled_out, .ruled_out_count = d->ruled_out_count,
        .disproved_by = d->disproved_by, .limits = d->limits, .limit_count = d->limit_count,
        .evidence = d->evidence, .evidence_count = d->evidence_count,
        .measured = { .type = WSPSCOPE_VALUE_OBJECT, .children = d->measured, .child_count = d->measured_count },
    };
    f.clients = address_texts(&d->clients, a, &f.client_listed);
    f.servers = address_texts(&d->servers, a, &f.server_listed);
    return f;
}

static bool fill_findings(const struct draft_list *drafts, struct arena *a, struct wspscope_report *out)
{
    struct wspscope_finding *findings = arena_alloc(a, drafts->count + 1, sizeof *findings);
    if (!findings)
        return false;
    size_t n = 0;
    for (const struct draft *d = drafts->first; d; d = d->next, n++)
        findings[n] = finding_of(d, n + 1, a);
    out->findings = findings;
    out->finding_count = n;
    return true;
}

/* What the snapshot is to hold beside what the engine knows. */
struct extra {
    const char *sha256;               /* NULL: none */
    struct engine_registry *registry; /* NULL: nobody asks what changed */
};

static bool fill(const struct engine *e, const struct extra *extra, struct arena *a, struct wspscope_report *out)
{
    struct draft_list drafts;
    if (!rule_run(e->model, a, &drafts) || !fill_findings(&drafts, a, out))
        return false;
    if (extra->registry)
        engine_registry_compare(extra->registry, &drafts, out->findings, model_tap(e->model)->now_ns);
    fill_tool(e, a, &out->tool);
    fill_input(e, extra->sha256, a, &out->input);
    engine_verdict(e, &drafts, a, &out->verdict);
    engine_ledger(e, &drafts, a, &out->ledger);
    out->sessions = engine_sessions(e->model, a, &out->session_count);
    if (e->flow_log && !extra->registry)
        out->flows = engine_flow_log_rows(e->flow_log, e->analyzer->catalogue, model_names(e->model), a,
                                          &out->flow_count);
    return !arena_failed(a);
}

static const struct wspscope_report *snapshot(const struct engine *e, const struct extra *extra)
{
    struct arena *a = arena_new(SNAPSHOT_BYTES_MAX);
    struct owned_report *owned = a ? arena_alloc(a, 1, sizeof *owned) : NULL;
    if (!owned || !fill(e, extra, a, &owned->report)) {
        arena_free(a);
        return NULL;
    }
    owned->arena = a;
    return &owned->report;
}

const struct wspscope_report *engine_snapshot(const struct engine *e, const char *sha256)
{
    return snapshot(e, &(struct extra){ .sha256 = sha256 });
}

const struct wspscope_report *engine_snapshot_tick(const struct engine *e, struct engine_registry *registry)
{
    return snapshot(e, &(struct extra){ .registry = registry });
}

void wspscope_report_free(const struct wspscope_report *report)
{
    if (report)
        arena_free(((const struct owned_report *)(const void *)report)->arena);
}
