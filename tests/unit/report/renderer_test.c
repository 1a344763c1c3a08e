/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"

static void formats_are_known_by_name(void **state)
{
    (void)state;
    static const char *const expected[] = { "text", "json", "ndjson" };
    const char *const *formats = wspscope_formats();
    for (size_t i = 0; i < COUNT(expected); i++)
        assert_string_equal(formats[i], expected[i]);
    assert_null(formats[COUNT(expected)]);

    struct fixture_sink sink = fixture_sink_new();
    struct wspscope_sink to = { .write = fixture_write, .context = &sink };
    static const char *const wrong[] = { "", "TEXT", "html", "jso", "jsonx" };
    for (size_t i = 0; i < COUNT(wrong); i++)
        assert_null(wspscope_renderer_new(wrong[i], NULL, false, to));
    wspscope_renderer_free(NULL);
}

/* A report of several buffers' length, so that a sink can refuse in the middle of it. */
static struct wspscope_flow many_flows[500];

static struct wspscope_report long_report(void)
{
    struct wspscope_report report = fixture_blocked();
    for (size_t i = 0; i < COUNT(many_flows); i++)
        many_flows[i] = fixture_flow();
    report.flows = many_flows;
    report.flow_count = COUNT(many_flows);
    return report;
}

static void a_sink_that_refuses_ends_the_run(void **state)
{
    (void)state;
    struct wspscope_report report = long_report();
    for (const char *const *format = wspscope_formats(); *format; format++) {
        for (size_t refuse_after = 1; refuse_after <= 2; refuse_after++) {
            struct fixture_sink sink = fixture_sink_new();
            sink.refuse_after = refuse_after;
            struct wspscope_sink to = { .write = fixture_write, .context = &sink };
            struct wspscope_renderer *renderer = wspscope_renderer_new(*format, NULL, true, to);
            assert_non_null(renderer);
            assert_false(wspscope_renderer_add(renderer, &report));
            size_t calls = sink.calls;
            assert_int_equal(calls, refuse_after + 1);
            assert_false(wspscope_renderer_add(renderer, &report));
            assert_false(wspscope_renderer_finish(renderer));
            assert_int_equal(sink.calls, calls);
            wspscope_renderer_free(renderer);
            text_free(&sink.text);
        }
    }
}

static void the_same_report_gives_the_same_bytes(void **state)
{
    (void)state;
    struct wspscope_report report = long_report();
    for (const char *const *format = wspscope_formats(); *format; format++) {
        char *once = fixture_text(*format, NULL, &report), *again = fixture_text(*format, NULL, &report);
        assert_non_null(once);
        assert_non_null(again);
        assert_string_equal(once, again);
        free(once);
        free(again);
    }
}

static void each_report_is_handed_on_at_once(void **state)
{
    (void)state;
    struct wspscope_report report = fixture_healthy();
    struct fixture_sink sink = fixture_sink_new();
    struct wspscope_sink to = { .write = fixture_write, .context = &sink };
    struct wspscope_renderer *renderer = wspscope_renderer_new("ndjson", NULL, true, to);
    assert_non_null(renderer);
    assert_true(wspscope_renderer_add(renderer, &report));
    assert_true(sink.text.length > 0);
    assert_int_equal(sink.text.bytes[sink.text.length - 1], '\n');
    wspscope_renderer_free(renderer);
    text_free(&sink.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_are_known_by_name),
        cmocka_unit_test(a_sink_that_refuses_ends_the_run),
        cmocka_unit_test(the_same_report_gives_the_same_bytes),
        cmocka_unit_test(each_report_is_handed_on_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
