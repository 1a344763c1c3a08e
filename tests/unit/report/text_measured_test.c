/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "report/text_part.h"

/* The line and the rows of one measured value, "-" for a line that holds nothing. */
static void expect(const char *name, struct wspscope_value value, const char *expected)
{
    const struct wspscope_value measured = { .type = WSPSCOPE_VALUE_OBJECT, .children = &value, .child_count = 1 };
    static const struct report_page_style style = { 0 };
    struct fixture_sink sink = fixture_sink_new();
    struct report_run run = { .out = { .sink = { .write = fixture_write, .context = &sink } } };
    run.options.columns = 200;
    struct report_page page = report_page_open(&run);
    if (!report_text_measured_line(&page, &measured))
        report_page_add(&page, "-");
    report_page_end(&page, style);
    report_text_measured_rows(&page, &measured, style);
    report_page_close(&page);
    assert_true(report_out_flush(&run.out));
    if (strcmp(sink.text.bytes, expected) != 0)
        fail_msg("%s: expected\n%s\ngot\n%s", name, expected, sink.text.bytes);
    text_free(&sink.text);
}

static void numbers_by_the_ending_of_their_name(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double number;
        const char *expected;
    } rows[] = {
        { "delay_ms", 3010, "delay: 3.0 s\n" },
        { "gap_ns", 31e6, "gap: 31 ms\n" },
        { "idle_seconds", 350, "idle: 5 min 50 s\n" },
        { "largest_that_passed_bytes", 1400, "largest that passed: 1,400 bytes\n" },
        { "bad_bytes", -5, "bad: -5\n" },
        { "loss_ratio", 0.031, "loss: 3.1 %\n" },
        { "hops", 4, "hops: 4\n" },
        { "hops_mean", 4.25, "hops mean: 4.25\n" },
        { "_ms", 7, " ms: 7\n" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        expect(rows[i].name, (struct wspscope_value){ .name = rows[i].name, .type = WSPSCOPE_VALUE_NUMBER,
                                                      .number = rows[i].number }, rows[i].expected);
        if (rows[i].number == (double)(int64_t)rows[i].number)
            expect(rows[i].name, (struct wspscope_value){ .name = rows[i].name, .type = WSPSCOPE_VALUE_INTEGER,
                                                          .integer = (int64_t)rows[i].number }, rows[i].expected);
    }
}

static void a_port_is_no_quantity(void **state)
{
    (void)state;
    expect("port", (struct wspscope_value){ .name = "port", .type = WSPSCOPE_VALUE_INTEGER, .integer = 4195 },
           "port: 4195\n");
}

static void words(void **state)
{
    (void)state;
    expect("null", (struct wspscope_value){ .name = "router", .type = WSPSCOPE_VALUE_NULL }, "-\n");
    expect("no name", (struct wspscope_value){ .type = WSPSCOPE_VALUE_BOOL }, "-\n");
    expect("yes", (struct wspscope_value){ .name = "late", .type = WSPSCOPE_VALUE_BOOL, .boolean = true },
           "late: yes\n");
    expect("foreign", (struct wspscope_value){ .name = "issuer", .type = WSPSCOPE_VALUE_STRING, .string = "a\033b" },
           "issuer: a\\x1Bb\n");
}

static void lists_and_objects(void **state)
{
    (void)state;
    struct wspscope_value numbers[20];
    for (size_t i = 0; i < COUNT(numbers); i++)
        numbers[i] = (struct wspscope_value){ .type = WSPSCOPE_VALUE_INTEGER, .integer = (int64_t)i };
    struct wspscope_value list = { .name = "types", .type = WSPSCOPE_VALUE_LIST, .children = numbers };
    expect("empty list", list, "-\n");
    list.child_count = 3;
    expect("short list", list, "types: 0, 1, 2\n");
    list.child_count = COUNT(numbers);
    expect("long list", list, "types: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, and 4 more\n");

    static const struct wspscope_value members[] = {
        { .name = "proto", .type = WSPSCOPE_VALUE_STRING, .string = "udp" },
        { .name = "wait_ms", .type = WSPSCOPE_VALUE_NUMBER, .number = 1500 },
    };
    struct wspscope_value object = { .name = "first", .type = WSPSCOPE_VALUE_OBJECT, .children = members,
                                     .child_count = COUNT(members) };
    expect("object", object, "first: proto udp, wait 1.5 s\n");

    const struct wspscope_value rows[] = { object, object };
    expect("rows", (struct wspscope_value){ .name = "checks", .type = WSPSCOPE_VALUE_LIST, .children = rows,
                                            .child_count = COUNT(rows) },
           "-\n- proto udp, wait 1.5 s\n- proto udp, wait 1.5 s\n");
}

static void a_tree_without_end_is_cut(void **state)
{
    (void)state;
    static struct wspscope_value loop = { .name = "a", .type = WSPSCOPE_VALUE_OBJECT, .child_count = 1 };
    loop.children = &loop;
    expect("loop", loop, "a: a a a a ...\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_by_the_ending_of_their_name),
        cmocka_unit_test(a_port_is_no_quantity),
        cmocka_unit_test(words),
        cmocka_unit_test(lists_and_objects),
        cmocka_unit_test(a_tree_without_end_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
