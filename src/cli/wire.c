/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/wire.h"

#include <string.h>

#include "base/cursor.h"
#include "cli/wire_layout.h"

/* Little-endian lengths; ABSENT stands for a NULL pointer. */
#define ABSENT UINT64_MAX

enum { VALUE_DEPTH_MAX = 16 };

static void write_count(struct text *out, uint64_t count)
{
    char bytes[8];
    for (unsigned i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(count >> (8 * i) & 0xff);
    text_add_bytes(out, bytes, sizeof bytes);
}

/* The final zero goes along, so that the reader can point at the string where it lies. */
static void write_string(struct text *out, const char *string)
{
    write_count(out, string ? strlen(string) : ABSENT);
    if (string)
        text_add_bytes(out, string, strlen(string) + 1);
}

static void write_strings(struct text *out, const char *const *strings, size_t count)
{
    write_count(out, count);
    for (size_t i = 0; i < count; i++)
        write_string(out, strings[i]);
}

static void write_value(struct text *out, const struct wspscope_value *value)
{
    write_string(out, value->name);
    write_count(out, value->type);
    if (value->type == WSPSCOPE_VALUE_STRING)
        write_string(out, value->string);
    else if (value->type == WSPSCOPE_VALUE_BOOL)
        write_count(out, value->boolean);
    else
        text_add_bytes(out, (const char *)&value->integer, sizeof value->integer);
    write_count(out, value->child_count);
    for (size_t i = 0; i < value->child_count; i++)
        write_value(out, &value->children[i]);
}

static size_t count_at(const char *base, const struct cli_wire_field *field)
{
    size_t count;
    memcpy(&count, base + field->count_offset, sizeof count);
    return count;
}

static const void *pointer_at(const char *base, const struct cli_wire_field *field)
{
    const void *pointer;
    memcpy(&pointer, base + field->offset, sizeof pointer);
    return pointer;
}

static void write_struct(struct text *out, const struct cli_wire_layout *layout, const char *base);

static void write_array(struct text *out, const struct cli_wire_field *field, const char *base)
{
    const char *elements = pointer_at(base, field);
    size_t count = elements ? count_at(base, field) : 0;
    write_count(out, elements ? count : ABSENT);
    for (size_t i = 0; i < count; i++)
        write_struct(out, field->layout, elements + i * field->layout->size);
}

static void write_field(struct text *out, const struct cli_wire_field *field, const char *base)
{
    const char *at = base + field->offset;
    switch (field->kind) {
    case CLI_WIRE_NUMBER:
    case CLI_WIRE_ENUM:
        text_add_bytes(out, at, field->size);
        break;
    case CLI_WIRE_STRING:
        write_string(out, pointer_at(base, field));
        break;
    case CLI_WIRE_STRINGS:
        write_strings(out, pointer_at(base, field), count_at(base, field));
        break;
    case CLI_WIRE_STRUCT:
        write_struct(out, field->layout, at);
        break;
    case CLI_WIRE_ARRAY:
        write_array(out, field, base);
        break;
    case CLI_WIRE_VALUE:
        write_value(out, (const struct wspscope_value *)(const void *)at);
        break;
    }
}

static void write_struct(struct text *out, const struct cli_wire_layout *layout, const char *base)
{
    for (size_t i = 0; i < layout->field_count; i++)
        write_field(out, &layout->fields[i], base);
}

void cli_wire_write(const struct wspscope_report *report, struct text *out)
{
    write_struct(out, &cli_wire_layout_report, (const char *)report);
}

struct reader {
    struct cursor cursor;
    struct arena *arena;
};

static void fail(struct reader *r)
{
    r->cursor.overrun = true;
}

/* Every element takes a byte at least, so a count is never larger than what is left. */
static size_t read_count(struct reader *r)
{
    uint64_t count = cursor_u64le(&r->cursor);
    if (count > cursor_left(&r->cursor))
        fail(r);
    return cursor_ok(&r->cursor) ? (size_t)count : 0;
}

static const char *read_string(struct reader *r)
{
    uint64_t length = cursor_u64le(&r->cursor);
    if (length == ABSENT)
        return NULL;
    if (length >= cursor_left(&r->cursor)) {
        fail(r);
        return NULL;
    }
    const char *string = (const char *)cursor_take(&r->cursor, (size_t)length + 1);
    if (!string || strlen(string) != length)
        fail(r);
    return cursor_ok(&r->cursor) ? string : NULL;
}

static void *allocate(struct reader *r, size_t count, size_t size)
{
    void *memory = cursor_ok(&r->cursor) ? arena_alloc(r->arena, count > 0 ? count : 1, size) : NULL;
    if (!memory)
        fail(r);
    return memory;
}

static const char *const *read_strings(struct reader *r, size_t *count)
{
    *count = read_count(r);
    const char **strings = allocate(r, *count, sizeof *strings);
    for (size_t i = 0; strings && i < *count; i++) {
        strings[i] = read_string(r);
        if (!strings[i])
            fail(r);
    }
    return strings;
}

static void read_value(struct reader *r, struct wspscope_value *value, unsigned depth)
{
    value->name = read_string(r);
    uint64_t type = cursor_u64le(&r->cursor);
    if (type > WSPSCOPE_VALUE_OBJECT || depth > VALUE_DEPTH_MAX) {
        fail(r);
        return;
    }
    value->type = (enum wspscope_value_type)type;
    if (value->type == WSPSCOPE_VALUE_STRING && !(value->string = read_string(r)))
        fail(r);
    else if (value->type == WSPSCOPE_VALUE_BOOL)
        value->boolean = cursor_u64le(&r->cursor) != 0;
    else if (value->type != WSPSCOPE_VALUE_STRING)
        cursor_copy(&r->cursor, &value->integer, sizeof value->integer);

    value->child_count = read_count(r);
    struct wspscope_value *children = value->child_count > 0 ? allocate(r, value->child_count, sizeof *children) : NULL;
    for (size_t i = 0; children && i < value->child_count && cursor_ok(&r->cursor); i++)
        read_value(r, &children[i], depth + 1);
    value->children = children;
}

static void read_struct(struct reader *r, const struct cli_wire_layout *layout, char *base);

/* Puts the elements and their count into the struct at `base`. */
static void read_array(struct reader *r, const struct cli_wire_field *field, char *base)
{
    struct cursor ahead = r->cursor;
    bool absent = cursor_u64le(&ahead) == ABSENT;
    if (absent)
        r->cursor = ahead;
    size_t count = absent ? 0 : read_count(r);
    char *elements = absent ? NULL : allocate(r, count, field->layout->size);
    for (size_t i = 0; elements && i < count && cursor_ok(&r->cursor); i++)
        read_struct(r, field->layout, elements + i * field->layout->size);
    memcpy(base + field->offset, &elements, sizeof elements);
    memcpy(base + field->count_offset, &count, sizeof count);
}

static void read_enum(struct reader *r, const struct cli_wire_field *field, char *at)
{
    unsigned value;
    cursor_copy(&r->cursor, &value, sizeof value);
    if (value >= field->limit)
        fail(r);
    else
        memcpy(at, &value, sizeof value);
}

static void read_field(struct reader *r, const struct cli_wire_field *field, char *base)
{
    char *at = base + field->offset;
    switch (field->kind) {
    case CLI_WIRE_NUMBER:
        cursor_copy(&r->cursor, at, field->size);
        break;
    case CLI_WIRE_ENUM:
        read_enum(r, field, at);
        break;
    case CLI_WIRE_STRING: {
        const char *string = read_string(r);
        memcpy(at, &string, sizeof string);
        break;
    }
    case CLI_WIRE_STRINGS: {
        size_t count;
        const char *const *strings = read_strings(r, &count);
        memcpy(at, &strings, sizeof strings);
        memcpy(base + field->count_offset, &count, sizeof count);
        break;
    }
    case CLI_WIRE_STRUCT:
        read_struct(r, field->layout, at);
        break;
    case CLI_WIRE_ARRAY:
        read_array(r, field, base);
        break;
    case CLI_WIRE_VALUE:
        read_value(r, (struct wspscope_value *)(void *)at, 0);
        break;
    }
}

static void read_struct(struct reader *r, const struct cli_wire_layout *layout, char *base)
{
    for (size_t i = 0; i < layout->field_count && cursor_ok(&r->cursor); i++)
        read_field(r, &layout->fields[i], base);
}

const struct wspscope_report *cli_wire_read(const uint8_t *bytes, size_t length, struct arena *arena)
{
    struct reader r = { .cursor = cursor_make(bytes, length), .arena = arena };
    struct wspscope_report *report = arena_alloc(arena, 1, sizeof *report);
    if (!report)
        return NULL;
    read_struct(&r, &cli_wire_layout_report, (char *)report);
    return cursor_ok(&r.cursor) && cursor_left(&r.cursor) == 0 ? report : NULL;
}
