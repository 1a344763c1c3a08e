/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/registry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nsec.h"
#include "rule/rule.h"

/* A finding that no longer holds is in no snapshot any more: this much of it is kept, for its end to be told. */
struct last_words {
    char summary[512];
    char client[IPADDR_TEXT_SIZE];
    const char *clients[1];
};

struct entry {
    struct draft_key key;
    uint64_t number;
    bool open, seen;
    int64_t opened_ns;
    uint64_t count;
    size_t client_count;
    enum wspscope_severity severity;
    int64_t last_ns;
    struct wspscope_finding last; /* without pointers into a snapshot: those are literals or lead into `words` */
    struct last_words *words;
};

struct engine_registry {
    int64_t quiet_ns;
    struct entry *entries;
    size_t count;
    uint64_t next_number;
    struct wspscope_change changes[2 * ENGINE_REGISTRY_MAX];
    size_t change_count;
    uint64_t numbers[ENGINE_REGISTRY_MAX]; /* of the snapshot's findings */
    bool open[ENGINE_REGISTRY_MAX];
    size_t numbered;
};

const char *wspscope_change_name(enum wspscope_change_kind kind)
{
    static const char *const names[WSPSCOPE_CHANGES] = { "open", "update", "resolve" };
    return names[kind];
}

struct engine_registry *engine_registry_new(int64_t quiet_ns)
{
    struct engine_registry *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->quiet_ns = quiet_ns;
    r->entries = calloc(ENGINE_REGISTRY_MAX, sizeof *r->entries);
    if (r->entries)
        return r;
    free(r);
    return NULL;
}

void engine_registry_free(struct engine_registry *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < r->count; i++)
        free(r->entries[i].words);
    free(r->entries);
    free(r);
}

/* Rules, Regions and causes are constants of the run: their addresses tell them apart. */
static bool same(const struct draft_key *a, const struct draft_key *b)
{
    return a->rule == b->rule && a->role == b->role && a->protocol == b->protocol && a->port == b->port &&
           a->region == b->region && strcmp(a->cause, b->cause) == 0;
}

static struct entry *entry_of(struct engine_registry *r, const struct draft_key *key)
{
    for (size_t i = 0; i < r->count; i++)
        if (same(&r->entries[i].key, key))
            return &r->entries[i];
    if (r->count == ENGINE_REGISTRY_MAX)
        return NULL;
    struct last_words *words = calloc(1, sizeof *words);
    if (!words)
        return NULL;
    struct entry *e = &r->entries[r->count++];
    *e = (struct entry){ .key = *key, .number = ++r->next_number, .last_ns = INT64_MIN, .words = words };
    return e;
}

static void change(struct engine_registry *r, const struct entry *e, enum wspscope_change_kind kind,
                   const struct wspscope_finding *finding, int64_t now_ns)
{
    if (r->change_count == sizeof r->changes / sizeof *r->changes)
        return;
    r->changes[r->change_count++] = (struct wspscope_change){ .kind = kind, .number = e->number, .finding = finding,
                                                              .opened_ns = e->opened_ns, .at_ns = now_ns };
}

/* Copies what the end of a finding needs; everything else stays behind with its snapshot. */
static void remember(struct entry *e, const struct wspscope_finding *f)
{
    struct last_words *w = e->words;
    e->count = f->count;
    e->client_count = f->client_count;
    e->severity = f->severity;
    e->last_ns = f->last_ns;
    snprintf(w->summary, sizeof w->summary, "%s", f->summary);
    snprintf(w->client, sizeof w->client, "%s", f->client_listed ? f->clients[0] : "");
    w->clients[0] = w->client;
    e->last = (struct wspscope_finding){
        .id = "", .kind = e->key.rule->about.kind, .severity = f->severity, .confidence = f->confidence,
        .role = f->role, .region = e->key.region ? e->key.region->code : NULL, .proto = f->proto, .port = f->port,
        .clients = w->clients, .client_listed = f->client_listed == 1, .client_count = f->client_count,
        .server_count = f->server_count, .count = f->count, .first_ns = f->first_ns, .last_ns = f->last_ns,
        .summary = w->summary, .cause = "", .remedy = "", .who = f->who, .disproved_by = "",
        .measured = { .type = WSPSCOPE_VALUE_OBJECT } };
}

static bool is_news(const struct entry *e, const struct wspscope_finding *f)
{
    return f->count != e->count || f->client_count != e->client_count || f->severity != e->severity ||
           f->last_ns != e->last_ns;
}

static void compare_one(struct engine_registry *r, struct entry *e, const struct wspscope_finding *f, int64_t now_ns)
{
    bool quiet = nsec_sub(now_ns, f->last_ns) >= r->quiet_ns;
    bool news = is_news(e, f);
    e->seen = true;
    if (!e->open && news) {
        e->open = true;
        e->opened_ns = now_ns;
        change(r, e, WSPSCOPE_OPENED, f, now_ns);
    } else if (e->open && news)
        change(r, e, WSPSCOPE_UPDATED, f, now_ns);
    if (e->open && quiet) {
        e->open = false;
        change(r, e, WSPSCOPE_RESOLVED, f, now_ns);
    }
    if (news)
        remember(e, f);
}

/* What was open and is not found any more: later packets have shown another cause, or none. */
static void resolve_unseen(struct engine_registry *r, int64_t now_ns)
{
    for (size_t i = 0; i < r->count; i++) {
        struct entry *e = &r->entries[i];
        if (!e->seen && e->open) {
            e->open = false;
            change(r, e, WSPSCOPE_RESOLVED, &e->last, now_ns);
        }
        if (!e->seen)
            e->last_ns = INT64_MIN; /* should it come back, it opens again */
    }
}

void engine_registry_compare(struct engine_registry *r, const struct draft_list *drafts,
                             const struct wspscope_finding *findings, int64_t now_ns)
{
    r->change_count = 0;
    for (size_t i = 0; i < r->count; i++)
        r->entries[i].seen = false;
    size_t n = 0;
    for (const struct draft *d = drafts->first; d; d = d->next, n++) {
        struct entry *e = entry_of(r, &d->key);
        if (e)
            compare_one(r, e, &findings[n], now_ns);
        if (n < ENGINE_REGISTRY_MAX) {
            r->numbers[n] = e ? e->number : 0;
            r->open[n] = !e || e->open;
        }
    }
    r->numbered = n < ENGINE_REGISTRY_MAX ? n : ENGINE_REGISTRY_MAX;
    resolve_unseen(r, now_ns);
}

void engine_registry_show(const struct engine_registry *r, struct wspscope_tick *tick)
{
    tick->numbers = r->numbers;
    tick->open = r->open;
    tick->numbered = r->numbered;
    tick->changes = r->changes;
    tick->change_count = r->change_count;
}
