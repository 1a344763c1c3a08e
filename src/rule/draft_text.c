/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/draft.h"

#include <inttypes.h>

#include "base/text.h"

enum { PREFIXES_IN_A_SENTENCE = 3, CLIENTS_IN_A_SENTENCE = 3, TEXT_LIMIT = 64 * 1024 };

const char *rule_draft_protocol_name(uint8_t protocol)
{
    return protocol == 17 ? "UDP" : "TCP";
}

/* What a list of texts becomes in the arena; the builder is given back. */
static const char *keep(struct text *t, struct arena *arena)
{
    const char *copy = arena_copy(arena, t->bytes);
    text_free(t);
    return copy;
}

/* What stands before an element of a list: `last` before the last one. */
static const char *separator(size_t index, size_t count, const char *last)
{
    if (index == 0)
        return "";
    return index + 1 == count ? last : ", ";
}

static const char *role_plural(enum endpoint_role role)
{
    switch (role) {
    case ENDPOINT_HEALTH_CHECK:
        return "health-check hosts";
    case ENDPOINT_DCV_GATEWAY:
        return "DCV gateways";
    case ENDPOINT_DCV_GATEWAY_AGA:
        return "DCV gateways behind Global Accelerator";
    case ENDPOINT_PCOIP_GATEWAY:
        return "PCoIP gateways";
    case ENDPOINT_GATEWAY:
        return "WorkSpaces gateways";
    case ENDPOINT_WORKSPACES_SERVICE:
        return "WorkSpaces login and service hosts";
    case ENDPOINT_PRIVATE_GATEWAY:
        return "DCV gateways behind a VPC endpoint";
    default:
        return NULL;
    }
}

static const char *prefix_list(const struct draft *d, size_t most, struct arena *arena)
{
    struct text t;
    text_init(&t, TEXT_LIMIT);
    size_t shown = d->row_count < most ? d->row_count : most;
    for (size_t i = 0; i < shown; i++) {
        char prefix[IPADDR_PREFIX_TEXT_SIZE];
        text_addf(&t, "%s%s", i ? ", " : "", ipaddr_prefix_format(&d->rows[i]->prefix, prefix));
    }
    size_t left = d->row_count + d->rows_dropped - shown;
    if (left)
        text_addf(&t, " and %zu more", left);
    return keep(&t, arena);
}

static const char *address_list(const struct draft_addresses *set, size_t most, const char *last, struct arena *arena)
{
    struct text t;
    text_init(&t, TEXT_LIMIT);
    size_t shown = set->count < most ? set->count : most;
    for (size_t i = 0; i < shown; i++) {
        char address[IPADDR_TEXT_SIZE];
        text_addf(&t, "%s%s", separator(i, shown, last), ipaddr_format(&set->items[i], address));
    }
    return keep(&t, arena);
}

/* Servers that are known by name have no prefix. */
static const char *some_addresses(const struct draft_addresses *set, struct arena *arena)
{
    if (set->count <= PREFIXES_IN_A_SENTENCE)
        return address_list(set, PREFIXES_IN_A_SENTENCE, ", ", arena);
    return arena_format(arena, "%zu addresses", set->count);
}

const char *rule_draft_prefixes(const struct draft *d, struct arena *arena)
{
    if (d->row_count)
        return prefix_list(d, DRAFT_PREFIXES_MAX, arena);
    return address_list(&d->servers, DRAFT_PREFIXES_MAX, " and ", arena);
}

const char *rule_draft_servers(const struct draft *d, struct arena *arena)
{
    const char *role = role_plural(d->key.role);
    if (d->key.role == ENDPOINT_WORKSPACES_SERVICE || d->key.role == ENDPOINT_PRIVATE_GATEWAY)
        return arena_format(arena, "the %s%s%s (%s)", d->key.region ? d->key.region->city : "",
                            d->key.region ? " " : "", role, some_addresses(&d->servers, arena));
    if (role && d->row_count)
        return arena_format(arena, "the %s%s%s (%s)", d->key.region ? d->key.region->city : "",
                            d->key.region ? " " : "", role, prefix_list(d, PREFIXES_IN_A_SENTENCE, arena));
    if (d->servers.count > PREFIXES_IN_A_SENTENCE)
        return arena_format(arena, "%zu servers that are not in the published ranges", d->servers.count);
    return arena_format(arena, "%s, which is not in the published ranges,",
                        address_list(&d->servers, PREFIXES_IN_A_SENTENCE, " and ", arena));
}

const char *rule_draft_target(const struct draft *d, struct arena *arena)
{
    return arena_format(arena, "%s %u to %s", rule_draft_protocol_name(d->key.protocol), d->key.port,
                        rule_draft_servers(d, arena));
}

const char *rule_draft_subject(const struct draft *d, struct arena *arena)
{
    return arena_format(arena, "%s %u from %s to %s", rule_draft_protocol_name(d->key.protocol), d->key.port,
                        rule_draft_clients(d, arena), rule_draft_servers(d, arena));
}

const char *rule_draft_clients(const struct draft *d, struct arena *arena)
{
    if (d->clients.count == 0)
        return "a client";
    if (d->clients.count > CLIENTS_IN_A_SENTENCE)
        return arena_format(arena, "%zu clients", d->clients.count);
    if (d->clients.count <= 2)
        return address_list(&d->clients, CLIENTS_IN_A_SENTENCE, " and ", arena);
    return arena_format(arena, "%zu clients (%s)", d->clients.count,
                        address_list(&d->clients, CLIENTS_IN_A_SENTENCE, ", ", arena));
}

const char *rule_draft_disagreement(const struct draft *d, struct arena *arena)
{
    struct text t;
    text_init(&t, TEXT_LIMIT);
    for (size_t i = 0; i < d->row_count; i++)
        if (d->rows[i]->disagreement)
            text_addf(&t, "%s%s", t.length ? " " : "", d->rows[i]->disagreement);
    bool any = t.length > 0;
    const char *copy = keep(&t, arena);
    return any ? copy : NULL;
}

/* The end of the run of frames that begins at evidence `i`. */
static size_t run_end(const struct draft *d, size_t i)
{
    while (i + 1 < d->evidence_count && d->evidence[i + 1].frame == d->evidence[i].frame + 1)
        i++;
    return i;
}

const char *rule_draft_frames(const struct draft *d, struct arena *arena)
{
    struct text t;
    text_init(&t, TEXT_LIMIT);
    text_add(&t, d->evidence_count == 1 ? "frame " : "frames ");
    for (size_t i = 0; i < d->evidence_count;) {
        size_t end = run_end(d, i);
        text_addf(&t, "%s%" PRIu64, i == 0 ? "" : end + 1 == d->evidence_count ? " and " : ", ", d->evidence[i].frame);
        if (end > i)
            text_addf(&t, "-%" PRIu64, d->evidence[end].frame);
        i = end + 1;
    }
    return keep(&t, arena);
}
