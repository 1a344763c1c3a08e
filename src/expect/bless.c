/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <string.h>

#include "expect/compare.h"
#include "expect/create.h"
#include "expect/edit.h"
#include "expect/number.h"
#include "expect/write.h"

struct blesser {
    const struct expect_outcome *outcome;
    const char *bytes;
    size_t length;
    struct expect_edits edits;
};

static void replace(struct blesser *b, size_t start, size_t end, struct text *with)
{
    if (!text_failed(with))
        (void)expect_edit_add(&b->edits, start, end, with->bytes);
    text_free(with);
}

static bool is_single(const struct wspscope_value *value)
{
    return value->type != WSPSCOPE_VALUE_LIST && value->type != WSPSCOPE_VALUE_OBJECT;
}

/* The new text keeps the quotes that the old one had; nothing at all (`region:`) gets a space before it. */
static void bless_scalar(struct blesser *b, const struct expect_node *want, const struct wspscope_value *have)
{
    struct text with;
    if (want->style == EXPECT_BLOCK || !is_single(have))
        return;
    text_init(&with, EXPECT_TEXT_LIMIT_BYTES);
    text_add(&with, want->start == want->end ? " " : "");
    if (have->type == WSPSCOPE_VALUE_STRING)
        expect_write_string(&with, have->string, want->style);
    else
        expect_write_value(&with, have);
    replace(b, want->start, want->end, &with);
}

static void bless_tolerance(struct blesser *b, const struct expect_node *want, const struct wspscope_value *have)
{
    const struct expect_node *target = expect_node_get(want, "value"), *at;
    struct expect_number_range range;
    if (have->type != WSPSCOPE_VALUE_INTEGER && have->type != WSPSCOPE_VALUE_NUMBER)
        return;
    double number = have->type == WSPSCOPE_VALUE_INTEGER ? (double)have->integer : have->number;
    if (!target && !expect_number_range(want, &range, &at))
        target = expect_node_get(want, number < range.min ? "min" : "max");
    if (target)
        bless_scalar(b, target, have);
}

/* Items of a list that the report does not bear out, and values of the report that the list does not name. */
struct list_change {
    const struct expect_node *want;
    const struct wspscope_value *have;
    const struct wspscope_value **becomes; /* for each item: its new value, or NULL */
    bool *stale;
    size_t next_fresh, removed;
    enum expect_type type;
};

static bool is_fresh(const struct list_change *c, const struct wspscope_value *value)
{
    for (size_t i = 0; i < c->want->count; i++)
        if (expect_match_value(c->type, c->want->items[i], value))
            return false;
    return true;
}

static const struct wspscope_value *take_fresh(struct list_change *c)
{
    while (c->next_fresh < c->have->child_count) {
        const struct wspscope_value *value = &c->have->children[c->next_fresh++];
        if (is_fresh(c, value))
            return value;
    }
    return NULL;
}

static bool plan_list(struct blesser *b, struct list_change *c)
{
    c->becomes = arena_alloc(b->outcome->arena, c->want->count, sizeof *c->becomes);
    c->stale = arena_alloc(b->outcome->arena, c->want->count, sizeof *c->stale);
    if (!c->becomes || !c->stale)
        return false;
    for (size_t i = 0; i < c->want->count; i++) {
        c->stale[i] = true;
        for (size_t k = 0; k < c->have->child_count && c->stale[i]; k++)
            c->stale[i] = !expect_match_value(c->type, c->want->items[i], &c->have->children[k]);
        c->becomes[i] = c->stale[i] ? take_fresh(c) : NULL;
        c->removed += c->stale[i] && !c->becomes[i];
    }
    return true;
}

/* Fewer items than before: in flow style what stands between the brackets is written anew, unless comments or line
 * ends stand there too. */
static void shrink_flow(struct blesser *b, const struct list_change *c)
{
    const struct expect_node *list = c->want;
    const char *inside = b->bytes + list->start, *separator = "";
    size_t length = list->end - list->start;
    struct text with;
    if (memchr(inside, '#', length) || memchr(inside, '\n', length))
        return;
    text_init(&with, EXPECT_TEXT_LIMIT_BYTES);
    for (size_t i = 0; i < list->count; i++) {
        const struct expect_node *item = list->items[i];
        if (c->stale[i] && !c->becomes[i])
            continue;
        text_add(&with, separator);
        if (c->stale[i])
            expect_write_value(&with, c->becomes[i]);
        else
            text_add_bytes(&with, b->bytes + item->start, item->end - item->start);
        separator = ", ";
    }
    replace(b, list->start + 1, list->end - 1, &with);
}

/* In block style an item goes with its line when it is alone there. */
static void remove_line(struct blesser *b, const struct expect_node *item)
{
    size_t start = item->start, end = item->end;
    while (start > 0 && b->bytes[start - 1] != '\n')
        start--;
    end += strspn(b->bytes + end, " \t\r");
    size_t dash = start + strspn(b->bytes + start, " \t");
    if (end >= b->length || b->bytes[end] != '\n' || b->bytes[dash] != '-' ||
        dash + 1 + strspn(b->bytes + dash + 1, " \t") != item->start)
        return;
    (void)expect_edit_add(&b->edits, start, end + 1, "");
}

static size_t line_end(const struct blesser *b, size_t at)
{
    if (at > 0 && b->bytes[at - 1] == '\n')
        return at;
    const char *newline = memchr(b->bytes + at, '\n', b->length - at);
    return newline ? (size_t)(newline + 1 - b->bytes) : b->length;
}

/* Inserts whole lines after the line of `at`, with the line ends that the file has. */
static void insert_lines(struct blesser *b, size_t at, struct text *lines)
{
    size_t place = line_end(b, at);
    const char *first = memchr(b->bytes, '\n', b->length);
    const char *newline = first && first > b->bytes && first[-1] == '\r' ? "\r\n" : "\n";
    struct text with;
    text_init(&with, EXPECT_TEXT_LIMIT_BYTES);
    text_add(&with, place > 0 && b->bytes[place - 1] != '\n' ? newline : "");
    for (size_t i = 0; i < lines->length; i++) {
        if (lines->bytes[i] == '\n')
            text_add(&with, newline);
        else
            text_add_bytes(&with, lines->bytes + i, 1);
    }
    with.failed = with.failed || lines->failed;
    text_free(lines);
    replace(b, place, place, &with);
}

static void grow_list(struct blesser *b, struct list_change *c)
{
    const struct expect_node *list = c->want;
    const struct wspscope_value *value;
    struct text with;
    text_init(&with, EXPECT_TEXT_LIMIT_BYTES);
    while ((value = take_fresh(c)) != NULL) {
        if (list->style == EXPECT_BLOCK)
            text_addf(&with, "%*s- ", (int)list->indent, "");
        else if (list->count > 0 || with.length > 0)
            text_add(&with, ", ");
        expect_write_value(&with, value);
        text_add(&with, list->style == EXPECT_BLOCK ? "\n" : "");
    }
    size_t place = list->count > 0 ? list->items[list->count - 1]->end : list->start + 1;
    if (with.length == 0)
        text_free(&with);
    else if (list->style == EXPECT_BLOCK)
        insert_lines(b, list->end, &with);
    else
        replace(b, place, place, &with);
}

static void shrink_block(struct blesser *b, const struct list_change *c)
{
    for (size_t i = 0; i < c->want->count && c->removed < c->want->count; i++)
        if (c->stale[i] && !c->becomes[i])
            remove_line(b, c->want->items[i]);
}

static void bless_list(struct blesser *b, const struct expect_mismatch *m)
{
    struct list_change c = { .want = m->want, .have = m->have, .type = m->type };
    if (m->have->type != WSPSCOPE_VALUE_LIST || !plan_list(b, &c))
        return;
    if (c.removed > 0 && m->want->style == EXPECT_FLOW) {
        shrink_flow(b, &c);
        return;
    }
    if (c.removed > 0)
        shrink_block(b, &c);
    for (size_t i = 0; i < m->want->count; i++)
        if (c.becomes[i])
            bless_scalar(b, m->want->items[i], c.becomes[i]);
    if (m->type == EXPECT_TYPE_ADDRESSES)
        grow_list(b, &c);
}

static void bless_mismatch(struct blesser *b, const struct expect_mismatch *m)
{
    if (!m->have)
        return;
    if (m->want->type == EXPECT_SCALAR)
        bless_scalar(b, m->want, m->have);
    else if (m->want->type == EXPECT_MAP && expect_number_is_tolerance(m->want))
        bless_tolerance(b, m->want, m->have);
    else if (m->type == EXPECT_TYPE_ADDRESSES || m->type == EXPECT_TYPE_FRAMES)
        bless_list(b, m);
}

static void bless_problem(struct blesser *b, const struct expect_problem *p)
{
    if (p->type == EXPECT_DIFFERS && p->nearest_is_free)
        for (const struct expect_mismatch *m = p->mismatches; m; m = m->next)
            bless_mismatch(b, m);
    if (p->type == EXPECT_HOLDS) {
        const struct expect_node *pending = expect_node_get(p->entry, "pending");
        (void)expect_edit_add(&b->edits, pending->start, pending->end, "false");
    }
}

static void add_block_entries(struct text *out, const struct expect_outcome *o, const struct expect_section *section,
                              size_t indent)
{
    for (const struct expect_problem *p = o->problems; p; p = p->next)
        if (p->type == EXPECT_UNEXPECTED && p->section == section)
            expect_create_block_entry(out, section, p->nearest, indent);
}

static void add_flow_entries(struct text *out, const struct expect_outcome *o, const struct expect_section *section,
                             const char *separator)
{
    for (const struct expect_problem *p = o->problems; p; p = p->next) {
        if (p->type != EXPECT_UNEXPECTED || p->section != section)
            continue;
        text_add(out, separator);
        expect_create_flow_entry(out, section, p->nearest);
        separator = ", ";
    }
}

static size_t end_of_key(const struct expect_node *map, const char *key)
{
    for (size_t i = 0; i < map->count; i++)
        if (strcmp(map->keys[i]->text, key) == 0)
            return map->keys[i]->end;
    return map->end;
}

static void add_in_flow(struct blesser *b, const struct expect_section *section, const struct expect_node *list)
{
    const struct expect_node *root = b->outcome->expect->root;
    struct text with;
    text_init(&with, EXPECT_TEXT_LIMIT_BYTES);
    if (list && list->type == EXPECT_LIST) {
        add_flow_entries(&with, b->outcome, section, list->count ? ", " : "");
        size_t place = list->count ? list->items[list->count - 1]->end : list->start + 1;
        replace(b, place, place, &with);
        return;
    }
    if (!list)
        text_addf(&with, ", %s:", section->name);
    text_add(&with, " [");
    add_flow_entries(&with, b->outcome, section, "");
    text_add(&with, "]");
    if (list)
        replace(b, list->start, list->end, &with);
    else
        replace(b, root->items[root->count - 1]->end, root->items[root->count - 1]->end, &with);
}

static void add_in_block(struct blesser *b, const struct expect_section *section, const struct expect_node *list)
{
    const struct expect_node *root = b->outcome->expect->root;
    struct text with;
    text_init(&with, EXPECT_TEXT_LIMIT_BYTES);
    size_t indent = root->indent;
    if (!list)
        text_addf(&with, "%*s%s:\n", (int)indent, "", section->name);
    add_block_entries(&with, b->outcome, section, list && list->count ? list->indent : indent + 2);
    size_t after = root->end;
    if (list)
        after = list->count ? list->end : end_of_key(root, section->name);
    insert_lines(b, after, &with);
}

/* Entries that `only: true` misses: beside their like, or in a section of their own at the end. */
static void add_missing(struct blesser *b, const struct expect_section *section)
{
    const struct expect_node *root = b->outcome->expect->root;
    const struct expect_node *list = expect_node_get(root, section->name);
    bool any = false;
    for (const struct expect_problem *p = b->outcome->problems; p && !any; p = p->next)
        any = p->type == EXPECT_UNEXPECTED && p->section == section;
    if (!any)
        return;
    bool in_flow = root->style == EXPECT_FLOW || (list && list->type == EXPECT_LIST && list->style == EXPECT_FLOW);
    if (in_flow || (list && list->end > list->start && list->type == EXPECT_SCALAR))
        add_in_flow(b, section, list);
    else
        add_in_block(b, section, list);
}

size_t expect_bless(const struct expect_outcome *outcome, struct text *out)
{
    const struct expect *expect = outcome->expect;
    struct blesser b = { .outcome = outcome, .bytes = expect->bytes, .length = expect->length,
                         .edits = { .arena = outcome->arena } };
    for (const struct expect_problem *p = outcome->problems; p; p = p->next)
        bless_problem(&b, p);
    add_missing(&b, &expect_schema_findings);
    add_missing(&b, &expect_schema_ledger);
    expect_edit_apply(&b.edits, b.bytes, b.length, out);
    return b.edits.count;
}
