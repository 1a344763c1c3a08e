/* SPDX-License-Identifier: Apache-2.0 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "report/dump.h"
#include "report/object.h"
#include "report/value.h"
#include "fixture.h"

/* What report_dump_*() makes of `json`, against `expected`. */
static void expect(const char *name, json_t *json, const char *expected)
{
    struct fixture_sink sink = fixture_sink_new();
    struct report_out out = { .sink = { .write = fixture_write, .context = &sink } };
    report_dump_line(&out, json);
    assert_true(report_out_flush(&out));
    if (strcmp(sink.text.bytes, expected) != 0)
        fail_msg("%s: expected %s, got %s", name, expected, sink.text.bytes);
    text_free(&sink.text);
}

static void numbers_are_rounded_without_noise(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double value;
        const char *expected;
    } rows[] = {
        { "zero", 0, "0.0" },
        { "minus nothing", -0.0001, "0.0" },
        { "a tenth", 0.1, "0.1" },
        { "a sum that is not exact", 0.1 + 0.2, "0.3" },
        { "rounded up", 30.6406, "30.641" },
        { "rounded down", 30.6404, "30.64" },
        { "negative", -2.7185, "-2.719" },
        { "whole", 250, "250.0" },
        { "a day in ms", 86400000.001, "86400000.001" },
        { "as large as stays exact", 123456789012.345, "123456789012.345" },
        { "beyond", 1e20, "1e20" },
        { "no number", NAN, "null" },
        { "infinite", -INFINITY, "null" },
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        expect(rows[i].name, report_object_real(rows[i].value, 3), rows[i].expected);
}

static void strings_are_made_harmless(void **state)
{
    (void)state;
    static const struct {
        const char *name, *string, *expected;
    } rows[] = {
        { "plain", "udp 4195", "\"udp 4195\"" },
        { "none", NULL, "null" },
        { "quote and backslash", "a\"b\\c", "\"a\\\"b\\\\c\"" },
        { "escape and line feed", "\033[31m\n", "\"\\u001B[31m\\n\"" },
        { "end of a script", "</script>", "\"\\u003C/script>\"" },
        { "backslash before <", "\\<", "\"\\\\\\u003C\"" },
        { "not UTF-8", "a\xff" "b\xc0\xaf", "\"a\\uFFFDb\\uFFFD\\uFFFD\"" },
        { "cut sequence", "caf\xc3", "\"caf\\uFFFD\"" },
        { "surrogate", "\xed\xa0\x80", "\"\\uFFFD\\uFFFD\\uFFFD\"" },
        { "direction mark", "\xe2\x80\xae" "evil", "\"\\u202Eevil\"" },
        { "C1 control and DEL", "\xc2\x9b\x7f", "\"\\u009B\\u007F\"" },
        { "beyond the first plane", "\xf0\x9f\x98\x80", "\"\\uD83D\\uDE00\"" },
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        expect(rows[i].name, report_object_text(rows[i].string), rows[i].expected);
}

static void unknown_is_null(void **state)
{
    (void)state;
    struct report_object o = report_object_new();
    report_object_count(&o, "count", WSPSCOPE_UNKNOWN_COUNT);
    report_object_count(&o, "large", UINT64_MAX - 1);
    report_object_time(&o, "time", WSPSCOPE_UNKNOWN_TIME);
    report_object_time(&o, "epoch", 0);
    report_object_ms(&o, "ms", -1);
    report_object_ratio(&o, "ratio", -1);
    report_object_ratio(&o, "small", 0.00012);
    report_object_port(&o, "port", 0);
    report_object_strings(&o, "none", NULL, 0);
    expect("unknown", report_object_take(&o),
           "{\"count\":null,\"large\":9223372036854775807,\"time\":null,\"epoch\":\"1970-01-01T00:00:00.000000000Z\","
           "\"ms\":null,\"ratio\":null,\"small\":0.0001,\"port\":null,\"none\":[]}");
}

static void a_failure_sticks(void **state)
{
    (void)state;
    struct report_object o = report_object_new();
    report_object_string(&o, "a", "b");
    report_object_json(&o, "broken", NULL);
    report_object_string(&o, "c", "d");
    assert_null(report_object_take(&o));

    struct fixture_sink sink = fixture_sink_new();
    struct report_out out = { .sink = { .write = fixture_write, .context = &sink } };
    report_out_text(&out, "half a document");
    report_dump_line(&out, NULL);
    report_out_text(&out, "more");
    assert_false(report_out_flush(&out));
    assert_int_equal(sink.calls, 0);
    text_free(&sink.text);
}

static void values_of_every_type(void **state)
{
    (void)state;
    static const struct wspscope_value list[] = {
        { .type = WSPSCOPE_VALUE_INTEGER, .integer = INT64_MIN },
        { .type = WSPSCOPE_VALUE_STRING, .string = NULL },
    };
    static const struct wspscope_value members[] = {
        { .name = "null", .type = WSPSCOPE_VALUE_NULL },
        { .name = "bool", .type = WSPSCOPE_VALUE_BOOL, .boolean = true },
        { .name = "number", .type = WSPSCOPE_VALUE_NUMBER, .number = 2.0005 },
        { .name = "list", .type = WSPSCOPE_VALUE_LIST, .children = list, .child_count = COUNT(list) },
        { .name = "object", .type = WSPSCOPE_VALUE_OBJECT },
        { .name = NULL, .type = WSPSCOPE_VALUE_BOOL },
    };
    const struct wspscope_value all = { .type = WSPSCOPE_VALUE_OBJECT, .children = members,
                                        .child_count = COUNT(members) };
    expect("values", report_value_measured(&all),
           "{\"null\":null,\"bool\":true,\"number\":2.001,\"list\":[-9223372036854775808,null],\"object\":{}}");
}

static void a_tree_without_end_is_cut(void **state)
{
    (void)state;
    static struct wspscope_value loop = { .name = "again", .type = WSPSCOPE_VALUE_OBJECT, .child_count = 1 };
    loop.children = &loop;
    expect("loop", report_value_measured(&loop),
           "{\"again\":{\"again\":{\"again\":{\"again\":{\"again\":{\"again\":{\"again\":{\"again\":null}}}}}}}}");
}

static void pretty_indents_within_its_document(void **state)
{
    (void)state;
    struct fixture_sink sink = fixture_sink_new();
    struct report_out out = { .sink = { .write = fixture_write, .context = &sink } };
    struct report_object o = report_object_new();
    report_object_string(&o, "a", "x\ny");
    report_object_port(&o, "b", 4195);
    report_dump_pretty(&out, report_object_take(&o), 2);
    assert_true(report_out_flush(&out));
    assert_string_equal(sink.text.bytes, "{\n      \"a\": \"x\\ny\",\n      \"b\": 4195\n    }");
    text_free(&sink.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_rounded_without_noise), cmocka_unit_test(strings_are_made_harmless),
        cmocka_unit_test(unknown_is_null),                   cmocka_unit_test(a_failure_sticks),
        cmocka_unit_test(values_of_every_type),              cmocka_unit_test(a_tree_without_end_is_cut),
        cmocka_unit_test(pretty_indents_within_its_document),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
