/* SPDX-License-Identifier: Apache-2.0 */
#include "expect/schema.h"

#include <string.h>

static const char *const verdicts[] = { "ok", "degraded", "failing", "no-workspaces-traffic", "cannot-tell", NULL };
static const char *const severities[] = { "problem", "warning", "notice", NULL };
static const char *const confidences[] = { "high", "medium", "low", NULL };
static const char *const whos[] = { "client", "local-network", "internet", "aws", "unknown", NULL };
static const char *const protos[] = { "udp", "tcp", NULL };
static const char *const protocols[] = { "dcv", "pcoip", NULL };
static const char *const transports[] = { "udp", "tcp", "none", NULL };
static const char *const outcomes[] = { "ok", "failed", "skipped", "unknown", NULL };

static const struct expect_key verdict_keys[] = {
    { .name = "status", .type = EXPECT_TYPE_WORD, .words = verdicts },
    { .name = "primary", .type = EXPECT_TYPE_KIND },
    { .name = "pending", .type = EXPECT_TYPE_FLAG },
    { 0 },
};
static const struct expect_key finding_keys[] = {
    { .name = "kind", .type = EXPECT_TYPE_KIND },
    { .name = "severity", .type = EXPECT_TYPE_WORD, .words = severities },
    { .name = "confidence", .type = EXPECT_TYPE_WORD, .words = confidences },
    { .name = "role", .type = EXPECT_TYPE_TEXT },
    { .name = "region", .type = EXPECT_TYPE_TEXT },
    { .name = "proto", .type = EXPECT_TYPE_WORD, .words = protos },
    { .name = "port", .type = EXPECT_TYPE_NUMBER },
    { .name = "clients", .type = EXPECT_TYPE_ADDRESSES },
    { .name = "client_count", .type = EXPECT_TYPE_NUMBER },
    { .name = "servers", .type = EXPECT_TYPE_ADDRESSES },
    { .name = "server_count", .type = EXPECT_TYPE_NUMBER },
    { .name = "count", .type = EXPECT_TYPE_NUMBER },
    { .name = "who", .type = EXPECT_TYPE_WORD, .words = whos },
    { .name = "measured", .type = EXPECT_TYPE_VALUES },
    { .name = "evidence", .type = EXPECT_TYPE_FRAMES },
    { .name = "pending", .type = EXPECT_TYPE_FLAG },
    { 0 },
};
static const struct expect_key absent_keys[] = {
    { .name = "kind", .type = EXPECT_TYPE_KIND },
    { .name = "pending", .type = EXPECT_TYPE_FLAG },
    { 0 },
};
static const struct expect_key ledger_keys[] = {
    { .name = "kind", .type = EXPECT_TYPE_KIND },
    { .name = "measured", .type = EXPECT_TYPE_VALUES },
    { .name = "pending", .type = EXPECT_TYPE_FLAG },
    { 0 },
};
static const struct expect_key unanswered_keys[] = {
    { .name = "kind", .type = EXPECT_TYPE_KIND },
    { .name = "because", .type = EXPECT_TYPE_KIND },
    { .name = "pending", .type = EXPECT_TYPE_FLAG },
    { 0 },
};
static const struct expect_key session_keys[] = {
    { .name = "client", .type = EXPECT_TYPE_ADDRESS },
    { .name = "region", .type = EXPECT_TYPE_TEXT },
    { .name = "protocol", .type = EXPECT_TYPE_WORD, .words = protocols },
    { .name = "transport", .type = EXPECT_TYPE_WORD, .words = transports },
    { .name = "gateway", .type = EXPECT_TYPE_ADDRESS },
    { .name = "port", .type = EXPECT_TYPE_NUMBER },
    { .name = "steps", .type = EXPECT_TYPE_STEPS, .words = outcomes },
    { .name = "rtt_ms", .type = EXPECT_TYPE_VALUES },
    { .name = "bytes_to_client", .type = EXPECT_TYPE_NUMBER },
    { .name = "bytes_to_server", .type = EXPECT_TYPE_NUMBER },
    { .name = "loss_ratio", .type = EXPECT_TYPE_NUMBER },
    { .name = "pending", .type = EXPECT_TYPE_FLAG },
    { 0 },
};

const struct expect_section expect_schema_verdict = {
    .name = "verdict", .thing = "verdict", .identity = "status", .keys = verdict_keys
};
const struct expect_section expect_schema_findings = {
    .name = "findings", .thing = "finding", .identity = "kind", .required = true, .keys = finding_keys
};
const struct expect_section expect_schema_absent = {
    .name = "absent", .thing = "absence", .identity = "kind", .required = true, .keys = absent_keys
};
const struct expect_section expect_schema_ledger = {
    .name = "ledger", .thing = "limit", .identity = "kind", .required = true, .keys = ledger_keys
};
const struct expect_section expect_schema_unanswered = {
    .name = "unanswered", .thing = "unanswered question", .identity = "kind", .required = true,
    .keys = unanswered_keys
};
const struct expect_section expect_schema_sessions = {
    .name = "sessions", .thing = "session", .identity = "client", .keys = session_keys
};

static const struct expect_key root_keys[] = {
    { .name = "capture", .type = EXPECT_TYPE_TEXT },
    { .name = "entry", .type = EXPECT_TYPE_TEXT },
    { .name = "options", .type = EXPECT_TYPE_TEXTS },
    { .name = "verdict", .type = EXPECT_TYPE_ENTRY, .section = &expect_schema_verdict },
    { .name = "findings", .type = EXPECT_TYPE_ENTRIES, .section = &expect_schema_findings },
    { .name = "absent", .type = EXPECT_TYPE_ENTRIES, .section = &expect_schema_absent },
    { .name = "ledger", .type = EXPECT_TYPE_ENTRIES, .section = &expect_schema_ledger },
    { .name = "unanswered", .type = EXPECT_TYPE_ENTRIES, .section = &expect_schema_unanswered },
    { .name = "sessions", .type = EXPECT_TYPE_ENTRIES, .section = &expect_schema_sessions },
    { .name = "only", .type = EXPECT_TYPE_FLAG },
    { 0 },
};
const struct expect_section expect_schema_root = { .name = "", .thing = "file", .keys = root_keys };

const struct expect_key *expect_schema_key(const struct expect_section *section, const char *name)
{
    for (const struct expect_key *key = section->keys; key->name; key++)
        if (strcmp(key->name, name) == 0)
            return key;
    return NULL;
}

size_t expect_schema_entries(const struct expect_node *root, const struct expect_section *section,
                             const struct expect_node *const **entries)
{
    const struct expect_node *list = expect_node_get(root, section->name);
    if (!list || list->type != EXPECT_LIST)
        return 0;
    *entries = list->items;
    return list->count;
}

bool expect_schema_is_pending(const struct expect_node *entry)
{
    const struct expect_node *pending = expect_node_get(entry, "pending");
    return pending && expect_node_is_true(pending);
}
