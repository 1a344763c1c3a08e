/* SPDX-License-Identifier: Apache-2.0 */
#include "report/dump.h"
#include "report/format.h"
#include "report/parts.h"

/* One document. The tree of jansson is never larger than one session, finding or flow. */
struct document {
    struct report_out *out;
    unsigned depth; /* of the document's keys */
};

static void key(const struct document *d, const char *name, bool first)
{
    report_out_text(d->out, first ? "{" : ",");
    report_dump_newline(d->out, d->depth);
    report_out_text(d->out, "\"");
    report_out_text(d->out, name);
    report_out_text(d->out, "\": ");
}

static void part(const struct document *d, const char *name, json_t *json)
{
    key(d, name, false);
    report_dump_pretty(d->out, json, d->depth);
}

static void parts(const struct document *d, const char *name, struct report_items items)
{
    key(d, name, false);
    report_out_text(d->out, "[");
    for (size_t i = 0; i < items.count && !d->out->failed; i++) {
        if (i > 0)
            report_out_text(d->out, ",");
        report_dump_newline(d->out, d->depth + 1);
        report_dump_pretty(d->out, items.make((const char *)items.first + i * items.size_bytes), d->depth + 1);
    }
    if (items.count > 0)
        report_dump_newline(d->out, d->depth);
    report_out_text(d->out, "]");
}

static void add(struct report_run *run, const struct wspscope_report *report)
{
    struct document d = { .out = &run->out, .depth = run->several ? 2 : 1 };
    if (run->several) {
        report_out_text(d.out, run->added > 0 ? "," : "[");
        report_dump_newline(d.out, 1);
    }
    key(&d, "schema", true);
    report_dump_pretty(d.out, json_string(REPORT_PARTS_SCHEMA), d.depth);
    part(&d, "tool", report_parts_tool(&report->tool));
    part(&d, "input", report_parts_input(&report->input));
    part(&d, "verdict", report_parts_verdict(&report->verdict));
    part(&d, "ledger", report_parts_ledger(&report->ledger));
    parts(&d, "sessions", report_parts_sessions(report));
    parts(&d, "findings", report_parts_findings(report));
    if (report->flows)
        parts(&d, "flows", report_parts_flows(report));
    else
        part(&d, "flows", json_null());
    report_dump_newline(d.out, d.depth - 1);
    report_out_text(d.out, run->several ? "}" : "}\n");
}

static void finish(struct report_run *run)
{
    if (run->several)
        report_out_text(&run->out, run->added > 0 ? "\n]\n" : "[]\n");
}

const struct report_format report_json_format = {
    .name = "json",
    .add = add,
    .finish = finish,
};
