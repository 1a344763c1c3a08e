/* SPDX-License-Identifier: Apache-2.0 */
#include "expect/compare.h"
#include "expect/write.h"

static void add_place(struct text *out, const struct expect_outcome *o, const struct expect_node *node)
{
    text_add_escaped(out, o->expect->name);
    text_addf(out, ":%zu:%zu: ", node->line, node->column);
}

static void add_entry(struct text *out, const struct expect_problem *p)
{
    const struct expect_node *identity = expect_match_identity(p->section, p->entry);
    text_addf(out, "%s%s", p->section->thing, identity && p->section != &expect_schema_verdict ? " " : "");
    if (identity && p->section != &expect_schema_verdict)
        expect_write_wanted(out, identity);
}

static void add_mismatches(struct text *out, const struct expect_outcome *o, const struct expect_problem *p,
                           bool indented)
{
    for (const struct expect_mismatch *m = p->mismatches; m; m = m->next) {
        text_add(out, indented ? "  " : "");
        add_place(out, o, m->want);
        text_add(out, indented ? "" : "verdict: ");
        text_add_escaped(out, m->path);
        text_addf(out, ": expected %s", m->type == EXPECT_TYPE_FRAMES ? "at least " : "");
        expect_write_wanted(out, m->want);
        text_add(out, ", found ");
        if (m->have)
            expect_write_value(out, m->have);
        else
            text_add(out, "nothing of that name");
        text_add(out, "\n");
    }
}

static void add_list(struct text *out, struct expect_facts_list list)
{
    for (size_t i = 0; i < list.count; i++) {
        text_add(out, i ? "; " : "");
        expect_write_thing(out, &list.items[i]);
    }
    text_add(out, list.count ? ".\n" : "none.\n");
}

static struct expect_facts_list things_of(const struct expect_outcome *o, const struct expect_section *section)
{
    if (section == &expect_schema_findings)
        return o->facts.findings;
    if (section == &expect_schema_ledger)
        return o->facts.limits;
    return section == &expect_schema_unanswered ? o->facts.unanswered : o->facts.sessions;
}

static void explain_differs(struct text *out, const struct expect_outcome *o, const struct expect_problem *p)
{
    if (p->section == &expect_schema_verdict) {
        add_mismatches(out, o, p, false);
        return;
    }
    add_place(out, o, p->entry);
    text_add(out, "the expected ");
    add_entry(out, p);
    text_add(out, " was not found. Nearest: ");
    expect_write_thing(out, p->nearest);
    text_add(out, p->nearest_is_free ? ".\n" : ", for which another entry stands.\n");
    add_mismatches(out, o, p, true);
}

static void explain_missing(struct text *out, const struct expect_outcome *o, const struct expect_problem *p)
{
    add_place(out, o, p->entry);
    text_add(out, "the expected ");
    add_entry(out, p);
    text_add(out, " was not found. Reported instead: ");
    add_list(out, things_of(o, p->section));
}

static void explain_kind(struct text *out, const struct expect_outcome *o, const struct expect_problem *p)
{
    add_place(out, o, p->entry);
    if (p->type == EXPECT_OPEN) {
        text_add(out, "pending: ");
        add_entry(out, p);
        text_add(out, ".\n");
    } else if (p->type == EXPECT_HOLDS) {
        text_add(out, "the pending ");
        add_entry(out, p);
        text_add(out, " holds by now; remove `pending: true`.\n");
    } else {
        text_add(out, "must be absent, but was found: ");
        expect_write_thing(out, p->nearest);
        text_add(out, ".\n");
    }
}

static void explain_unexpected(struct text *out, const struct expect_outcome *o, const struct expect_problem *p)
{
    add_place(out, o, expect_node_get(o->expect->root, "only"));
    text_addf(out, "`only: true`, but there is another %s: ", p->section->thing);
    expect_write_thing(out, p->nearest);
    text_add(out, ".\n");
}

void expect_explain(const struct expect_outcome *outcome, struct text *out)
{
    for (const struct expect_problem *p = outcome->problems; p; p = p->next) {
        switch (p->type) {
        case EXPECT_DIFFERS:
            explain_differs(out, outcome, p);
            break;
        case EXPECT_MISSING:
            explain_missing(out, outcome, p);
            break;
        case EXPECT_UNEXPECTED:
            explain_unexpected(out, outcome, p);
            break;
        case EXPECT_FORBIDDEN:
        case EXPECT_OPEN:
        case EXPECT_HOLDS:
        default:
            explain_kind(out, outcome, p);
            break;
        }
    }
}
