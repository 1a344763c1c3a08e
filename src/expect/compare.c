/* SPDX-License-Identifier: Apache-2.0 */
#include "expect/compare.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_LIMIT_BYTES = 64 * 1024 * 1024 };
#define NOT_TAKEN SIZE_MAX

/* One section of the file against the things of the report that it is about. */
struct pairing {
    const struct expect_section *section;
    const struct expect_node *const *entries;
    size_t entry_count;
    struct expect_facts_list things;
    bool *holds;    /* entry_count rows of things.count */
    size_t *taken;  /* the entry that each thing stands for, or NOT_TAKEN */
    bool *claimed;  /* things shown as the nearest to an entry that does not hold */
    bool *excused;  /* things of a kind that a pending entry names */
    bool *visited;
};

static void add_problem(struct expect_outcome *o, struct expect_problem problem)
{
    struct expect_problem *copy = arena_alloc(o->arena, 1, sizeof *copy);
    if (problem.type == EXPECT_OPEN)
        o->pending++;
    else
        o->failed++;
    if (!copy)
        return;
    *copy = problem;
    if (o->last)
        o->last->next = copy;
    else
        o->problems = copy;
    o->last = copy;
}

static bool prepare(struct expect_outcome *o, struct pairing *p)
{
    size_t count = p->things.count;
    p->holds = arena_alloc(o->arena, p->entry_count ? p->entry_count : 1, count);
    p->taken = arena_alloc(o->arena, count, sizeof *p->taken);
    p->claimed = arena_alloc(o->arena, count, sizeof *p->claimed);
    p->excused = arena_alloc(o->arena, count, sizeof *p->excused);
    p->visited = arena_alloc(o->arena, count, sizeof *p->visited);
    if (arena_failed(o->arena))
        return false;
    for (size_t e = 0; e < p->entry_count; e++)
        for (size_t t = 0; t < count; t++)
            p->holds[e * count + t] =
                expect_match_entry(p->section, p->entries[e], &p->things.items[t], NULL).missed == 0;
    for (size_t t = 0; t < count; t++)
        p->taken[t] = NOT_TAKEN;
    return true;
}

/* Kuhn's algorithm: two entries never stand on one finding, and a loose entry gives way to a strict one. As deep as
 * there are entries, which validate.c bounds. */
static bool find_thing(struct pairing *p, size_t entry)
{
    size_t count = p->things.count;
    for (size_t t = 0; t < count; t++) {
        if (!p->holds[entry * count + t] || p->visited[t])
            continue;
        p->visited[t] = true;
        if (p->taken[t] == NOT_TAKEN || find_thing(p, p->taken[t])) {
            p->taken[t] = entry;
            return true;
        }
    }
    return false;
}

static bool pair(struct pairing *p, size_t entry)
{
    memset(p->visited, 0, p->things.count * sizeof *p->visited);
    return find_thing(p, entry);
}

static bool same_identity(const struct expect_section *section, const struct expect_node *entry,
                          const struct wspscope_value *thing)
{
    const struct expect_node *identity = expect_match_identity(section, entry);
    const struct expect_key *key = expect_schema_key(section, section->identity);
    const struct wspscope_value *have = expect_facts_get(thing, section->identity);
    return identity && have && expect_match_value(key->type, identity, have);
}

static bool is_free(const struct pairing *p, size_t thing)
{
    return p->taken[thing] == NOT_TAKEN && !p->claimed[thing];
}

/* What a thing has in common with an entry: the identity outweighs all, then being free, then each condition. */
static size_t nearness(const struct pairing *p, size_t entry, size_t thing)
{
    const struct wspscope_value *object = &p->things.items[thing];
    size_t score = expect_match_entry(p->section, p->entries[entry], object, NULL).held;
    if (is_free(p, thing))
        score += EXPECT_NODE_LIMIT;
    if (same_identity(p->section, p->entries[entry], object))
        score += 2 * (size_t)EXPECT_NODE_LIMIT;
    return score;
}

static size_t nearest_thing(const struct pairing *p, size_t entry)
{
    size_t best = 0;
    for (size_t t = 1; t < p->things.count; t++)
        if (nearness(p, entry, t) > nearness(p, entry, best))
            best = t;
    return best;
}

/* Sessions have no kind: one that agrees in anything is worth showing as the nearest. */
static bool is_near(const struct pairing *p, size_t entry, size_t thing)
{
    if (!p->section->required)
        return expect_match_entry(p->section, p->entries[entry], &p->things.items[thing], NULL).held > 0 ||
               p->section == &expect_schema_verdict;
    return same_identity(p->section, p->entries[entry], &p->things.items[thing]);
}

static void judge_failed(struct expect_outcome *o, struct pairing *p, size_t entry)
{
    struct expect_problem problem = { .type = EXPECT_MISSING, .section = p->section, .entry = p->entries[entry] };
    if (p->things.count > 0) {
        size_t nearest = nearest_thing(p, entry);
        problem.nearest = &p->things.items[nearest];
        if (is_near(p, entry, nearest)) {
            problem.type = EXPECT_DIFFERS;
            problem.nearest_is_free = is_free(p, nearest);
            problem.mismatches = expect_match_entry(p->section, problem.entry, problem.nearest, o->arena).mismatches;
            p->claimed[nearest] = true;
        }
    }
    add_problem(o, problem);
}

static void excuse_kind(struct pairing *p, size_t entry)
{
    for (size_t t = 0; t < p->things.count; t++)
        if (same_identity(p->section, p->entries[entry], &p->things.items[t]))
            p->excused[t] = true;
}

static void judge_pending(struct expect_outcome *o, struct pairing *p, size_t entry, bool holds)
{
    excuse_kind(p, entry);
    add_problem(o, (struct expect_problem){ .type = holds ? EXPECT_HOLDS : EXPECT_OPEN, .section = p->section,
                                            .entry = p->entries[entry] });
}

/* Entries that are not pending choose first, so that a pending one holds only by a finding of its own. */
static void judge(struct expect_outcome *o, struct pairing *p)
{
    bool *paired = arena_alloc(o->arena, p->entry_count, sizeof *paired);
    if (!paired)
        return;
    for (int pending = 0; pending <= 1; pending++)
        for (size_t e = 0; e < p->entry_count; e++)
            if (expect_schema_is_pending(p->entries[e]) == (pending == 1))
                paired[e] = pair(p, e);
    for (size_t e = 0; e < p->entry_count; e++) {
        if (expect_schema_is_pending(p->entries[e]))
            judge_pending(o, p, e, paired[e]);
        else if (!paired[e])
            judge_failed(o, p, e);
    }
}

static void judge_only(struct expect_outcome *o, const struct pairing *p)
{
    for (size_t t = 0; t < p->things.count; t++)
        if (is_free(p, t) && !p->excused[t])
            add_problem(o, (struct expect_problem){ .type = EXPECT_UNEXPECTED, .section = p->section,
                                                    .nearest = &p->things.items[t], .nearest_is_free = true });
}

static void compare_section(struct expect_outcome *o, const struct expect_section *section,
                            struct expect_facts_list things, bool only)
{
    struct pairing p = { .section = section, .things = things };
    p.entry_count = expect_schema_entries(o->expect->root, section, &p.entries);
    if (!prepare(o, &p))
        return;
    judge(o, &p);
    if (only)
        judge_only(o, &p);
}

static void compare_verdict(struct expect_outcome *o)
{
    const struct expect_node *entry = expect_node_get(o->expect->root, expect_schema_verdict.name);
    struct pairing p = { .section = &expect_schema_verdict, .things = o->facts.verdict, .entries = &entry,
                         .entry_count = 1 };
    if (entry && prepare(o, &p))
        judge(o, &p);
}

static const struct wspscope_value *find_kind(struct expect_facts_list list, const char *kind)
{
    for (size_t i = 0; i < list.count; i++) {
        const char *found = expect_facts_string(&list.items[i], "kind");
        if (found && strcmp(found, kind) == 0)
            return &list.items[i];
    }
    return NULL;
}

static void compare_absent(struct expect_outcome *o)
{
    const struct expect_node *const *entries;
    size_t count = expect_schema_entries(o->expect->root, &expect_schema_absent, &entries);
    for (size_t i = 0; i < count; i++) {
        const char *kind = expect_match_identity(&expect_schema_absent, entries[i])->text;
        struct expect_problem problem = { .section = &expect_schema_absent, .entry = entries[i] };
        bool pending = expect_schema_is_pending(entries[i]);
        problem.nearest = find_kind(o->facts.findings, kind);
        if (!problem.nearest)
            problem.nearest = find_kind(o->facts.limits, kind);
        problem.type = problem.nearest ? EXPECT_FORBIDDEN : EXPECT_HOLDS;
        if (pending && problem.nearest)
            problem.type = EXPECT_OPEN;
        if (pending || problem.nearest)
            add_problem(o, problem);
    }
}

static void compare(struct expect_outcome *o)
{
    const struct expect_node *flag = expect_node_get(o->expect->root, "only");
    bool only = flag && expect_node_is_true(flag);
    compare_verdict(o);
    compare_section(o, &expect_schema_findings, o->facts.findings, only);
    compare_absent(o);
    compare_section(o, &expect_schema_ledger, o->facts.limits, only);
    compare_section(o, &expect_schema_unanswered, o->facts.unanswered, false);
    compare_section(o, &expect_schema_sessions, o->facts.sessions, false);
}

enum status expect_compare(const struct expect *expect, const struct wspscope_report *report,
                           struct expect_outcome **out)
{
    *out = NULL;
    struct expect_outcome *o = calloc(1, sizeof *o);
    if (!o)
        return STATUS_NO_MEMORY;
    o->expect = expect;
    o->arena = arena_new(ARENA_LIMIT_BYTES);
    if (o->arena && expect_facts_make(o->arena, report, &o->facts))
        compare(o);
    if (!o->arena || arena_failed(o->arena)) {
        expect_outcome_free(o);
        return STATUS_NO_MEMORY;
    }
    *out = o;
    return STATUS_OK;
}

void expect_outcome_free(struct expect_outcome *outcome)
{
    if (!outcome)
        return;
    arena_free(outcome->arena);
    free(outcome);
}

size_t expect_failed(const struct expect_outcome *outcome)
{
    return outcome->failed;
}

size_t expect_pending(const struct expect_outcome *outcome)
{
    return outcome->pending;
}
