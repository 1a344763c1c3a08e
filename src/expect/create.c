/* SPDX-License-Identifier: Apache-2.0 */
#include "expect/create.h"

#include <string.h>

#include "expect/expect.h"
#include "expect/facts.h"
#include "expect/write.h"

enum { ARENA_LIMIT_BYTES = 64 * 1024 * 1024, CLIENTS_LISTED = 20, ENTRY_INDENT = 2 };

/* What lasts when a scenario is recorded again: frames and measured values are for a person to add. */
static const char *const finding_keys[] = { "kind", "severity", "confidence", "role", "region",
                                            "proto", "port", "clients", "client_count", "count" };

/* A long list of clients is told by its length. */
static bool is_written(const char *key, const struct wspscope_value *thing, const struct wspscope_value *value)
{
    const struct wspscope_value *clients = expect_facts_get(thing, "clients");
    bool many = clients && clients->child_count > CLIENTS_LISTED;
    if (!value || value->type == WSPSCOPE_VALUE_NULL)
        return false;
    if (value == clients)
        return !many && clients->child_count > 0;
    return many || strcmp(key, "client_count") != 0;
}

static void add_pairs(struct text *out, const struct wspscope_value *thing, const char *separator, size_t indent)
{
    bool first = true;
    for (size_t i = 0; i < sizeof finding_keys / sizeof *finding_keys; i++) {
        const struct wspscope_value *value = expect_facts_get(thing, finding_keys[i]);
        if (!is_written(finding_keys[i], thing, value))
            continue;
        if (!first)
            text_addf(out, "%s%*s", separator, (int)indent, "");
        text_addf(out, "%s: ", finding_keys[i]);
        expect_write_value(out, value);
        first = false;
    }
}

static bool is_kind_alone(const struct expect_section *section)
{
    return section != &expect_schema_findings;
}

void expect_create_block_entry(struct text *out, const struct expect_section *section,
                               const struct wspscope_value *thing, size_t indent)
{
    text_addf(out, "%*s- ", (int)indent, "");
    if (is_kind_alone(section))
        expect_write_value(out, expect_facts_get(thing, "kind"));
    else
        add_pairs(out, thing, "\n", indent + 2);
    text_add(out, "\n");
}

void expect_create_flow_entry(struct text *out, const struct expect_section *section,
                              const struct wspscope_value *thing)
{
    if (is_kind_alone(section)) {
        expect_write_value(out, expect_facts_get(thing, "kind"));
        return;
    }
    text_add(out, "{");
    add_pairs(out, thing, ", ", 0);
    text_add(out, "}");
}

static void add_section(struct text *out, const struct expect_section *section, struct expect_facts_list things)
{
    if (things.count > 0)
        text_addf(out, "%s:\n", section->name);
    for (size_t i = 0; i < things.count; i++)
        expect_create_block_entry(out, section, &things.items[i], ENTRY_INDENT);
}

void expect_create(const struct wspscope_report *report, struct text *out)
{
    struct arena *arena = arena_new(ARENA_LIMIT_BYTES);
    struct expect_facts facts;
    if (arena && expect_facts_make(arena, report, &facts)) {
        text_addf(out, "verdict: %s\n", wspscope_verdict_name(report->verdict.status));
        add_section(out, &expect_schema_findings, facts.findings);
        add_section(out, &expect_schema_ledger, facts.limits);
        text_add(out, "only: true\n");
    } else
        out->failed = true;
    arena_free(arena);
}
