/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/wire.h"
#include "cli/wire_layout.h"

enum { SPACE = 64 * 1024 };

/* A report in which every field has a value of its own: made from the same tables that are under test, but covered
 * by tables_cover_the_structs. */
struct maker {
    struct arena *arena;
    unsigned next;
};

static void *make_array(struct maker *m, const struct cli_wire_layout *layout, size_t count);

static void make_strings(struct maker *m, const struct cli_wire_field *f, char *base)
{
    size_t count = 1 + m->next++ % 3;
    const char **strings = arena_alloc(m->arena, count, sizeof *strings);
    for (size_t i = 0; i < count; i++)
        strings[i] = arena_format(m->arena, "s%u", m->next++);
    memcpy(base + f->offset, &strings, sizeof strings);
    memcpy(base + f->count_offset, &count, sizeof count);
}

static struct wspscope_value make_value(struct maker *m)
{
    struct wspscope_value *children = arena_alloc(m->arena, 6, sizeof *children);
    children[0] = (struct wspscope_value){ .name = "i", .type = WSPSCOPE_VALUE_INTEGER, .integer = -(int)m->next++ };
    children[1] = (struct wspscope_value){ .name = "n", .type = WSPSCOPE_VALUE_NUMBER, .number = m->next++ + 0.125 };
    children[2] = (struct wspscope_value){ .name = "s", .type = WSPSCOPE_VALUE_STRING, .string = "text" };
    children[3] = (struct wspscope_value){ .name = "b", .type = WSPSCOPE_VALUE_BOOL, .boolean = true };
    children[4] = (struct wspscope_value){ .name = "z", .type = WSPSCOPE_VALUE_NULL };
    children[5] = (struct wspscope_value){ .name = "l", .type = WSPSCOPE_VALUE_LIST, .children = children,
                                           .child_count = 2 };
    return (struct wspscope_value){ .type = WSPSCOPE_VALUE_OBJECT, .children = children, .child_count = 6 };
}

static void make_struct(struct maker *m, const struct cli_wire_layout *layout, char *base)
{
    for (size_t i = 0; i < layout->field_count; i++) {
        const struct cli_wire_field *f = &layout->fields[i];
        if (f->kind == CLI_WIRE_NUMBER)
            memset(base + f->offset, (int)(m->next++ % 100 + 1), f->size);
        else if (f->kind == CLI_WIRE_ENUM)
            memcpy(base + f->offset, &(unsigned){ f->limit - 1 }, sizeof(unsigned));
        else if (f->kind == CLI_WIRE_STRING && m->next++ % 5 > 0)
            *(const char **)(void *)(base + f->offset) = arena_format(m->arena, "t%u", m->next);
        else if (f->kind == CLI_WIRE_STRINGS)
            make_strings(m, f, base);
        else if (f->kind == CLI_WIRE_STRUCT)
            make_struct(m, f->layout, base + f->offset);
        else if (f->kind == CLI_WIRE_ARRAY) {
            memcpy(base + f->offset, &(void *){ make_array(m, f->layout, 2) }, sizeof(void *));
            memcpy(base + f->count_offset, &(size_t){ 2 }, sizeof(size_t));
        } else if (f->kind == CLI_WIRE_VALUE)
            *(struct wspscope_value *)(void *)(base + f->offset) = make_value(m);
    }
}

static void *make_array(struct maker *m, const struct cli_wire_layout *layout, size_t count)
{
    char *elements = arena_alloc(m->arena, count, layout->size);
    for (size_t i = 0; i < count; i++)
        make_struct(m, layout, elements + i * layout->size);
    return elements;
}

static struct wspscope_report *make_report(struct arena *arena)
{
    struct maker m = { .arena = arena };
    return make_array(&m, &cli_wire_layout_report, 1);
}

static struct text written(const struct wspscope_report *report)
{
    struct text bytes;
    text_init(&bytes, SPACE * 10);
    cli_wire_write(report, &bytes);
    assert_false(text_failed(&bytes));
    return bytes;
}

static const struct wspscope_report *read_back(const struct text *bytes, struct arena *arena)
{
    return cli_wire_read((const uint8_t *)bytes->bytes, bytes->length, arena);
}

/* What is written of the copy is what was written of the original, byte for byte. */
static void a_report_comes_back_as_it_was(void **state)
{
    struct arena *arena = arena_new(SPACE * 10);
    struct wspscope_report *report = make_report(arena);
    struct text bytes = written(report);
    const struct wspscope_report *copy = read_back(&bytes, arena);
    (void)state;
    assert_non_null(copy);
    struct text again = written(copy);
    assert_int_equal(again.length, bytes.length);
    assert_memory_equal(again.bytes, bytes.bytes, bytes.length);

    assert_int_equal(copy->finding_count, 2);
    assert_int_equal(copy->findings[1].severity, WSPSCOPE_SEVERITIES - 1);
    assert_int_equal(copy->findings[1].measured.child_count, 6);
    assert_string_equal(copy->findings[1].measured.children[2].string, "text");
    assert_true(copy->findings[1].measured.children[3].boolean);
    assert_string_equal(copy->sessions[1].steps[1].text ? copy->sessions[1].steps[1].text : "-",
                        report->sessions[1].steps[1].text ? report->sessions[1].steps[1].text : "-");
    assert_int_equal(copy->flows[0].port, report->flows[0].port);
    assert_int_equal(copy->ledger.packets.filtered, report->ledger.packets.filtered);
    text_free(&again);
    text_free(&bytes);
    arena_free(arena);
}

static void no_flows_are_not_an_empty_table(void **state)
{
    struct arena *arena = arena_new(SPACE * 10);
    struct wspscope_report *report = make_report(arena);
    (void)state;
    for (int empty = 0; empty < 2; empty++) {
        if (!empty)
            report->flows = NULL;
        else
            report->flows = (const struct wspscope_flow *)(const void *)report;
        report->flow_count = 0;
        struct text bytes = written(report);
        const struct wspscope_report *copy = read_back(&bytes, arena);
        assert_non_null(copy);
        assert_int_equal(copy->flows != NULL, empty);
        assert_int_equal(copy->flow_count, 0);
        text_free(&bytes);
    }
    arena_free(arena);
}

static void a_report_that_is_cut_is_refused(void **state)
{
    struct arena *arena = arena_new(SPACE * 10);
    struct text bytes = written(make_report(arena));
    (void)state;
    for (size_t length = 0; length < bytes.length; length++) {
        /* A copy of exactly this length: a read past its end is seen by the sanitizer. */
        uint8_t *cut = malloc(length > 0 ? length : 1);
        struct arena *mine = arena_new(SPACE * 10);
        assert_non_null(cut);
        memcpy(cut, bytes.bytes, length);
        assert_null(cli_wire_read(cut, length, mine));
        arena_free(mine);
        free(cut);
    }
    text_free(&bytes);
    arena_free(arena);
}

/* Any damage: refused, or a report that can be walked to its last byte. */
static void a_report_that_is_damaged_is_refused_or_sound(void **state)
{
    struct arena *arena = arena_new(SPACE * 10);
    struct text bytes = written(make_report(arena));
    (void)state;
    for (size_t at = 0; at < bytes.length; at++) {
        for (int way = 0; way < 3; way++) {
            char kept = bytes.bytes[at];
            bytes.bytes[at] = (char)(way == 0 ? 0xFF : way == 1 ? 0 : kept ^ 1);
            struct arena *mine = arena_new(SPACE * 10);
            const struct wspscope_report *copy = read_back(&bytes, mine);
            if (copy) {
                struct text again = written(copy);
                text_free(&again);
            }
            arena_free(mine);
            bytes.bytes[at] = kept;
        }
    }
    text_free(&bytes);
    arena_free(arena);
}

static void values_nested_without_end_are_refused(void **state)
{
    struct arena *arena = arena_new(SPACE * 10);
    struct wspscope_report *report = make_report(arena);
    struct wspscope_ledger_limit *limit = arena_alloc(arena, 1, sizeof *limit);
    struct wspscope_value *nested = arena_alloc(arena, 100, sizeof *nested);
    (void)state;
    for (int i = 0; i < 99; i++)
        nested[i] = (struct wspscope_value){ .type = WSPSCOPE_VALUE_LIST, .children = &nested[i + 1],
                                             .child_count = 1 };
    *limit = (struct wspscope_ledger_limit){ "capture-one-way", "x", nested[0] };
    report->ledger.limits = limit;
    report->ledger.limit_count = 1;
    struct text bytes = written(report);
    assert_null(read_back(&bytes, arena));
    text_free(&bytes);
    arena_free(arena);
}

/* Every byte of every struct is in a field, or is padding, which is never a whole pointer long. */
static void count_bytes(const struct cli_wire_layout *layout)
{
    unsigned char *covered = calloc(1, layout->size);
    size_t run = 0;
    assert_non_null(covered);
    for (size_t i = 0; i < layout->field_count; i++) {
        const struct cli_wire_field *f = &layout->fields[i];
        memset(covered + f->offset, 1, f->size);
        if (f->kind == CLI_WIRE_STRINGS || f->kind == CLI_WIRE_ARRAY)
            memset(covered + f->count_offset, 1, sizeof(size_t));
        if (f->layout)
            count_bytes(f->layout);
        if (f->kind == CLI_WIRE_STRUCT)
            assert_int_equal(f->size, f->layout->size);
    }
    for (size_t i = 0; i < layout->size; i++) {
        run = covered[i] ? 0 : run + 1;
        assert_true(run < sizeof(void *));
    }
    free(covered);
}

static void tables_cover_the_structs(void **state)
{
    (void)state;
    assert_int_equal(cli_wire_layout_report.size, sizeof(struct wspscope_report));
    count_bytes(&cli_wire_layout_report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_cover_the_structs),
        cmocka_unit_test(a_report_comes_back_as_it_was),
        cmocka_unit_test(no_flows_are_not_an_empty_table),
        cmocka_unit_test(a_report_that_is_cut_is_refused),
        cmocka_unit_test(a_report_that_is_damaged_is_refused_or_sound),
        cmocka_unit_test(values_nested_without_end_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
