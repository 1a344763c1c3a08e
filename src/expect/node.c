/* SPDX-License-Identifier: Apache-2.0 */
#include "expect/node.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/text.h"

struct reader {
    struct arena *arena;
    const char *name;
    const char *bytes;
    size_t length;
    size_t mark_bytes; /* a byte order mark, which libyaml would take for the first column */
    uint32_t *offsets; /* libyaml's marks count characters: the byte at which each begins */
    size_t characters;
    yaml_document_t *document;
    size_t nodes_left;
    struct error *error;
};

static enum status fail_at(struct error *error, const char *name, yaml_mark_t mark, const char *reason)
{
    return error_set(error, STATUS_BAD_INPUT, "%.200s:%zu:%zu: %.200s.", name, mark.line + 1, mark.column + 1,
                     reason);
}

enum status expect_node_error(struct error *error, const char *name, const struct expect_node *at,
                              const char *format, ...)
{
    char reason[400];
    va_list args;
    va_start(args, format);
    vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    return error_set(error, STATUS_BAD_INPUT, "%.100s:%zu:%zu: %s", name, at->line, at->column, reason);
}

static bool parser_open(const struct reader *r, yaml_parser_t *parser)
{
    if (!yaml_parser_initialize(parser))
        return false;
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(parser, (const unsigned char *)r->bytes + r->mark_bytes,
                                 r->length - r->mark_bytes);
    return true;
}

static enum status parser_failed(const struct reader *r, const yaml_parser_t *parser)
{
    if (parser->error == YAML_MEMORY_ERROR)
        return error_set(r->error, STATUS_NO_MEMORY, "%.200s: not enough memory to read it.", r->name);
    if (parser->error == YAML_READER_ERROR)
        return error_set(r->error, STATUS_BAD_INPUT, "%.200s: byte %zu: %.200s.", r->name, parser->problem_offset,
                         parser->problem ? parser->problem : "not YAML");
    return fail_at(r->error, r->name, parser->problem_mark, parser->problem ? parser->problem : "not YAML");
}

struct tally {
    size_t nodes, depth, documents;
};

/* NULL, or why a file with this many is not read. */
static const char *tally_event(struct tally *t, yaml_event_type_t type)
{
    if (type == YAML_DOCUMENT_START_EVENT)
        t->documents++;
    if (type == YAML_SCALAR_EVENT || type == YAML_ALIAS_EVENT)
        t->nodes++;
    if (type == YAML_SEQUENCE_START_EVENT || type == YAML_MAPPING_START_EVENT) {
        t->nodes++;
        t->depth++;
    }
    if (type == YAML_SEQUENCE_END_EVENT || type == YAML_MAPPING_END_EVENT)
        t->depth--;
    if (t->documents > 1)
        return "a second document; an expectation file holds one";
    if (t->depth > EXPECT_NODE_DEPTH)
        return "nested too deeply for an expectation";
    return t->nodes > EXPECT_NODE_LIMIT ? "more values than an expectation may have" : NULL;
}

/* libyaml builds the whole document before it can be asked anything, so its size is counted first. */
static enum status prescan(const struct reader *r)
{
    yaml_parser_t parser;
    if (!parser_open(r, &parser))
        return error_set(r->error, STATUS_NO_MEMORY, "%.200s: not enough memory to read it.", r->name);
    enum status status = STATUS_OK;
    struct tally tally = { 0 };
    for (bool more = true; more && status == STATUS_OK;) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            status = parser_failed(r, &parser);
            break;
        }
        const char *reason = tally_event(&tally, event.type);
        if (reason)
            status = fail_at(r->error, r->name, event.start_mark, reason);
        more = event.type != YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    return status;
}

static bool map_offsets(struct reader *r)
{
    r->offsets = calloc(r->length + 1, sizeof *r->offsets);
    if (!r->offsets)
        return false;
    for (size_t i = r->mark_bytes; i < r->length; i++)
        if (((unsigned char)r->bytes[i] & 0xc0) != 0x80)
            r->offsets[r->characters++] = (uint32_t)i;
    r->offsets[r->characters] = (uint32_t)r->length;
    return true;
}

static size_t byte_of(const struct reader *r, size_t character)
{
    return r->offsets[character < r->characters ? character : r->characters];
}

static const struct expect_node *read_node(struct reader *r, int id, size_t depth);

static enum expect_node_style scalar_style(yaml_scalar_style_t style)
{
    if (style == YAML_SINGLE_QUOTED_SCALAR_STYLE)
        return EXPECT_SINGLE_QUOTED;
    if (style == YAML_DOUBLE_QUOTED_SCALAR_STYLE)
        return EXPECT_DOUBLE_QUOTED;
    return style == YAML_PLAIN_SCALAR_STYLE ? EXPECT_PLAIN : EXPECT_BLOCK;
}

static bool read_scalar(struct reader *r, const yaml_node_t *from, struct expect_node *to)
{
    const char *text = (const char *)from->data.scalar.value;
    to->style = scalar_style(from->data.scalar.style);
    if (memchr(text, 0, from->data.scalar.length)) {
        (void)fail_at(r->error, r->name, from->start_mark, "a zero byte inside a value");
        return false;
    }
    to->text = arena_copy(r->arena, text);
    return true;
}

static bool read_list(struct reader *r, const yaml_node_t *from, struct expect_node *to, size_t depth)
{
    size_t count = (size_t)(from->data.sequence.items.top - from->data.sequence.items.start);
    const struct expect_node **items = arena_alloc(r->arena, count, sizeof *items);
    to->style = from->data.sequence.style == YAML_FLOW_SEQUENCE_STYLE ? EXPECT_FLOW : EXPECT_BLOCK;
    if (!items)
        return false;
    for (size_t i = 0; i < count; i++) {
        items[i] = read_node(r, from->data.sequence.items.start[i], depth + 1);
        if (!items[i])
            return false;
    }
    to->items = items;
    to->count = count;
    return true;
}

static bool key_is_new(const struct reader *r, const struct expect_node *const *keys, size_t count)
{
    const struct expect_node *key = keys[count];
    if (key->type != EXPECT_SCALAR) {
        (void)expect_node_error(r->error, r->name, key, "a key must be a single word.");
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (strcmp(keys[i]->text, key->text) == 0) {
            (void)expect_node_error(r->error, r->name, key, "the key `%.60s` is there twice; first in line %zu.",
                                    key->text, keys[i]->line);
            return false;
        }
    }
    return true;
}

static bool read_map(struct reader *r, const yaml_node_t *from, struct expect_node *to, size_t depth)
{
    size_t count = (size_t)(from->data.mapping.pairs.top - from->data.mapping.pairs.start);
    if (count > EXPECT_NODE_KEYS) {
        (void)fail_at(r->error, r->name, from->start_mark, "too many keys in one map");
        return false;
    }
    const struct expect_node **keys = arena_alloc(r->arena, count, sizeof *keys);
    const struct expect_node **items = arena_alloc(r->arena, count, sizeof *items);
    to->style = from->data.mapping.style == YAML_FLOW_MAPPING_STYLE ? EXPECT_FLOW : EXPECT_BLOCK;
    if (!keys || !items)
        return false;
    for (size_t i = 0; i < count; i++) {
        keys[i] = read_node(r, from->data.mapping.pairs.start[i].key, depth + 1);
        if (!keys[i] || !key_is_new(r, keys, i))
            return false;
        items[i] = read_node(r, from->data.mapping.pairs.start[i].value, depth + 1);
        if (!items[i])
            return false;
    }
    to->keys = keys;
    to->items = items;
    to->count = count;
    return true;
}

static bool admit(struct reader *r, const yaml_node_t *from, size_t depth)
{
    const char *reason = NULL;
    if (depth > EXPECT_NODE_DEPTH)
        reason = "nested too deeply for an expectation (an alias inside its own anchor?)";
    else if (r->nodes_left == 0)
        reason = "more values than an expectation may have, aliases followed";
    else if (from->tag && strncmp((const char *)from->tag, "tag:yaml.org,2002:", 18) != 0)
        reason = "tags are not understood here";
    if (reason)
        (void)fail_at(r->error, r->name, from->start_mark, reason);
    return reason == NULL;
}

static bool read_content(struct reader *r, const yaml_node_t *from, struct expect_node *to, size_t depth)
{
    switch (from->type) {
    case YAML_SCALAR_NODE:
        to->type = EXPECT_SCALAR;
        return read_scalar(r, from, to);
    case YAML_SEQUENCE_NODE:
        to->type = EXPECT_LIST;
        return read_list(r, from, to, depth);
    case YAML_MAPPING_NODE:
        to->type = EXPECT_MAP;
        return read_map(r, from, to, depth);
    case YAML_NO_NODE:
    default:
        return false;
    }
}

/* libyaml begins a node at its anchor or tag; what may be replaced begins behind them. */
static size_t skip_properties(const struct reader *r, size_t start, size_t end)
{
    size_t at = start;
    while (at < end && (r->bytes[at] == '&' || r->bytes[at] == '!')) {
        at += strcspn(r->bytes + at, " \t\r\n");
        at += strspn(r->bytes + at, " \t\r\n");
        while (at < end && r->bytes[at] == '#') {
            at += strcspn(r->bytes + at, "\n");
            at += strspn(r->bytes + at, " \t\r\n");
        }
    }
    return at < end ? at : end;
}

static size_t indent_of(const struct reader *r, size_t at)
{
    size_t line = at;
    while (line > r->mark_bytes && r->bytes[line - 1] != '\n')
        line--;
    return at - line;
}

/* Back from the beginning of the next token over blank lines and comments, which belong to what follows. */
static size_t trim_comments(const struct reader *r, size_t end)
{
    while (end > 0) {
        size_t line = end;
        while (line > 0 && r->bytes[line - 1] != '\n')
            line--;
        size_t first = line + strspn(r->bytes + line, " \t\r");
        if (first < end && r->bytes[first] != '#')
            return end;
        end = line > 0 ? line - 1 : 0;
    }
    return 0;
}

/* libyaml ends a block collection where the next token begins. Its last value ends it, unless that value is an
 * alias: then the place known is that of the anchor. */
static size_t block_end(const struct reader *r, const struct expect_node *node, size_t next_token)
{
    const struct expect_node *last = node->items[node->count - 1];
    const struct expect_node *before = node->type == EXPECT_MAP ? node->keys[node->count - 1] : node;
    if (node->type == EXPECT_LIST && node->count > 1)
        before = node->items[node->count - 2];
    return last->start >= before->start ? last->end : trim_comments(r, next_token);
}

static const struct expect_node *read_node(struct reader *r, int id, size_t depth)
{
    const yaml_node_t *from = yaml_document_get_node(r->document, id);
    if (!from || !admit(r, from, depth))
        return NULL;
    r->nodes_left--;
    struct expect_node *to = arena_alloc(r->arena, 1, sizeof *to);
    if (!to)
        return NULL;
    to->line = from->start_mark.line + 1;
    to->column = from->start_mark.column + 1;
    to->end = byte_of(r, from->end_mark.index);
    to->start = skip_properties(r, byte_of(r, from->start_mark.index), to->end);
    to->indent = indent_of(r, to->start);
    if (!read_content(r, from, to, depth))
        return NULL;
    if (to->style == EXPECT_BLOCK && to->count > 0)
        to->end = block_end(r, to, to->end);
    return to;
}

static enum status read_document(struct reader *r, const struct expect_node **root)
{
    yaml_parser_t parser;
    yaml_document_t document;
    if (!parser_open(r, &parser))
        return error_set(r->error, STATUS_NO_MEMORY, "%.200s: not enough memory to read it.", r->name);
    if (!yaml_parser_load(&parser, &document)) {
        enum status status = parser_failed(r, &parser);
        yaml_parser_delete(&parser);
        return status;
    }
    enum status status = STATUS_OK;
    r->document = &document;
    if (yaml_document_get_root_node(&document)) {
        *root = read_node(r, 1, 1);
        if (arena_failed(r->arena))
            status = error_set(r->error, STATUS_NO_MEMORY, "%.200s: not enough memory to read it.", r->name);
        else if (!*root)
            status = STATUS_BAD_INPUT;
    }
    yaml_document_delete(&document);
    yaml_parser_delete(&parser);
    return status;
}

enum status expect_node_read(struct arena *arena, const struct expect_source *source,
                             const struct expect_node **root, struct error *error)
{
    struct reader r = { .arena = arena, .name = source->name, .bytes = source->bytes, .length = source->length,
                        .error = error, .nodes_left = EXPECT_NODE_LIMIT };
    *root = NULL;
    if (r.length >= 3 && memcmp(r.bytes, "\xef\xbb\xbf", 3) == 0)
        r.mark_bytes = 3;
    if (!text_is_utf8((const uint8_t *)r.bytes, r.length))
        return error_set(error, STATUS_BAD_INPUT, "%.200s:1:1: the file is not UTF-8; save it as UTF-8.", r.name);
    enum status status = prescan(&r);
    if (status != STATUS_OK)
        return status;
    if (!map_offsets(&r))
        return error_set(error, STATUS_NO_MEMORY, "%.200s: not enough memory to read it.", r.name);
    status = read_document(&r, root);
    free(r.offsets);
    return status;
}

const struct expect_node *expect_node_get(const struct expect_node *map, const char *key)
{
    if (map->type != EXPECT_MAP)
        return NULL;
    for (size_t i = 0; i < map->count; i++)
        if (strcmp(map->keys[i]->text, key) == 0)
            return map->items[i];
    return NULL;
}

static bool is_plain(const struct expect_node *node, const char *word)
{
    return node->type == EXPECT_SCALAR && node->style == EXPECT_PLAIN && strcmp(node->text, word) == 0;
}

bool expect_node_is_null(const struct expect_node *node)
{
    return is_plain(node, "") || is_plain(node, "~") || is_plain(node, "null");
}

bool expect_node_is_true(const struct expect_node *node)
{
    return is_plain(node, "true");
}

bool expect_node_is_false(const struct expect_node *node)
{
    return is_plain(node, "false");
}
