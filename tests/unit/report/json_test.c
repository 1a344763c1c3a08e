/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>
#include <jansson.h>

#include "fixture.h"

/* Whether tests/golden/validate takes the reports in `format`; the working directory is the project's root. */
static int validate_status(const char *command, const char *format, const struct wspscope_report *const *reports,
                           size_t count)
{
    struct fixture_sink sink = fixture_sink_new();
    assert_true(fixture_render(format, NULL, reports, count, &sink));
    FILE *validate = popen(command, "w");
    assert_non_null(validate);
    assert_int_equal(fwrite(sink.text.bytes, 1, sink.text.length, validate), sink.text.length);
    text_free(&sink.text);
    int status = pclose(validate);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void expect_valid(const char *format, const struct wspscope_report *const *reports, size_t count)
{
    int status = validate_status("tests/golden/validate", format, reports, count);
    if (status != 0)
        fail_msg("tests/golden/validate, called from the project's root, ended with %d", status);
}

static void the_schema_holds(void **state)
{
    (void)state;
    struct wspscope_report blocked = fixture_blocked(), healthy = fixture_healthy();
    struct wspscope_flow flow = fixture_flow();
    healthy.flows = &flow;
    healthy.flow_count = 1;
    const struct wspscope_report *reports[] = { &blocked, &healthy };
    expect_valid("json", reports, 1);
    expect_valid("json", reports + 1, 1);
    expect_valid("json", reports, 2);
    expect_valid("ndjson", reports, 2);
}

static void the_schema_refuses(void **state)
{
    (void)state;
    struct wspscope_report sum = fixture_healthy(), word = fixture_healthy(), empty = fixture_healthy();
    struct wspscope_report id = fixture_blocked(), region = fixture_blocked(), limit = fixture_blocked();
    struct wspscope_finding renamed = id.findings[0], moved = id.findings[0], capture = id.findings[0];
    sum.ledger.packets.read++;
    word.verdict.status = WSPSCOPE_VERDICTS;
    empty.verdict.summary = "";
    renamed.id = "F2";
    id.findings = &renamed;
    moved.region = "London";
    region.findings = &moved;
    capture.kind = "capture-one-way";
    limit.findings = &capture;
    const struct {
        const char *name;
        const struct wspscope_report *report;
    } rows[] = {
        { "packets that do not add up", &sum }, { "an unknown status", &word },
        { "an empty summary", &empty },         { "a first finding that is not F1", &id },
        { "a Region that is none", &region },   { "a limit among the findings", &limit },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int status = validate_status("tests/golden/validate 2>/dev/null", "json", &rows[i].report, 1);
        if (status != 1)
            fail_msg("%s: expected exit status 1, got %d", rows[i].name, status);
    }
}

static void the_document_is_byte_for_byte_this(void **state)
{
    (void)state;
    struct wspscope_report report = {
        .tool = { "wspscope", "0.1.0", "2026-08-22", NULL, 0 },
        .input = { .path = "-", .size_bytes = WSPSCOPE_UNKNOWN_COUNT, .format = "pcap",
                   .first_ns = WSPSCOPE_UNKNOWN_TIME, .last_ns = WSPSCOPE_UNKNOWN_TIME },
        .verdict = { WSPSCOPE_NO_TRAFFIC, "Nothing.", NULL },
    };
    char *text = fixture_text("json", NULL, &report);
    assert_non_null(text);
    assert_string_equal(text,
                        "{\n  \"schema\": \"wspscope.report/1\",\n  \"tool\": {\n    \"name\": \"wspscope\",\n"
                        "    \"version\": \"0.1.0\",\n    \"endpoints\": {\n      \"date\": \"2026-08-22\",\n"
                        "      \"sources\": []\n    }\n  },\n  \"input\": {\n    \"path\": \"-\",\n"
                        "    \"size_bytes\": null,\n    \"sha256\": null,\n    \"format\": \"pcap\",\n"
                        "    \"compression\": null,\n    \"link_types\": [],\n    \"packets\": 0,\n"
                        "    \"bytes\": 0,\n    \"first\": null,\n    \"last\": null,\n    \"damaged\": null\n  },\n"
                        "  \"verdict\": {\n    \"status\": \"no-workspaces-traffic\",\n"
                        "    \"summary\": \"Nothing.\",\n    \"primary\": null\n  },\n  \"ledger\": {\n"
                        "    \"packets\": {\n      \"read\": 0,\n      \"decoded\": 0,\n      \"truncated\": 0,\n"
                        "      \"malformed\": 0,\n      \"unsupported\": 0,\n      \"duplicate\": 0,\n"
                        "      \"of_decoded\": {\n        \"followed\": 0,\n        \"background\": 0,\n"
                        "        \"filtered\": 0\n      }\n    },\n    \"unsupported\": [],\n    \"limits\": [],\n"
                        "    \"unanswered\": []\n  },\n  \"sessions\": [],\n  \"findings\": [],\n"
                        "  \"flows\": null\n}\n");
    free(text);
}

static void expect_keys(json_t *object, const char *expected)
{
    assert_true(json_is_object(object));
    struct text keys;
    text_init(&keys, 4096);
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
        text_addf(&keys, "%s%s", keys.length > 0 ? " " : "", key);
    assert_string_equal(keys.bytes, expected);
    text_free(&keys);
}

static json_t *load(const struct wspscope_report *report)
{
    char *text = fixture_text("json", NULL, report);
    assert_non_null(text);
    json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    free(text);
    return root;
}

static void keys_are_all_there_and_in_order(void **state)
{
    (void)state;
    struct wspscope_report report = fixture_blocked();
    struct wspscope_flow flow = fixture_flow();
    report.flows = &flow;
    report.flow_count = 1;
    json_t *root = load(&report);
    expect_keys(root, "schema tool input verdict ledger sessions findings flows");
    expect_keys(json_object_get(root, "input"),
                "path size_bytes sha256 format compression link_types packets bytes first last damaged");
    expect_keys(json_object_get(root, "ledger"), "packets unsupported limits unanswered");
    expect_keys(json_array_get(json_object_get(root, "sessions"), 0),
                "client region protocol transport gateway port first last steps rtt_ms bytes_to_client "
                "bytes_to_server loss_ratio");
    json_t *finding = json_array_get(json_object_get(root, "findings"), 0);
    expect_keys(finding, "id kind severity confidence consequence_of role region proto port clients client_count "
                         "servers server_count count first last summary cause remedy who ruled_out disproved_by "
                         "measured limit evidence");
    expect_keys(json_object_get(finding, "measured"),
                "unanswered_datagrams fallback_delay_ms seen_before name_of_router checks");
    expect_keys(json_object_get(json_object_get(finding, "limit"), "udp-unanswered-datagrams"), "value unit source");
    expect_keys(json_array_get(json_object_get(root, "flows"), 0),
                "proto client client_port server port role region name name_source app packets_to_server "
                "packets_to_client bytes_to_server bytes_to_client first last state history community_id "
                "retransmissions_to_server retransmissions_to_client");
    json_decref(root);
}

static void hostile_strings_come_back_as_they_were(void **state)
{
    (void)state;
    struct wspscope_report report = fixture_blocked();
    report.input.path = report.verdict.summary = FIXTURE_HOSTILE;
    char *text = fixture_text("json", NULL, &report);
    assert_non_null(text);
    for (const unsigned char *at = (const unsigned char *)text; *at; at++)
        assert_true(*at == '\n' || (*at >= ' ' && *at < 0x7f && *at != '<'));
    free(text);

    json_t *root = load(&report);
    assert_string_equal(json_string_value(json_object_get(json_object_get(root, "input"), "path")),
                        "a\033[31m\nb</script>\xef\xbf\xbd\xe2\x80\xae\xc2\x9b\x7f" "c");
    json_decref(root);
}

static void several_are_an_array_and_none_an_empty_one(void **state)
{
    (void)state;
    struct fixture_sink sink = fixture_sink_new();
    struct wspscope_sink to = { .write = fixture_write, .context = &sink };
    struct wspscope_renderer *renderer = wspscope_renderer_new("json", NULL, true, to);
    assert_non_null(renderer);
    assert_true(wspscope_renderer_finish(renderer));
    wspscope_renderer_free(renderer);
    assert_string_equal(sink.text.bytes, "[]\n");
    text_free(&sink.text);

    struct wspscope_report healthy = fixture_healthy();
    const struct wspscope_report *reports[] = { &healthy, &healthy, &healthy };
    assert_true(fixture_render("json", NULL, reports, COUNT(reports), &sink));
    json_t *root = json_loads(sink.text.bytes, JSON_REJECT_DUPLICATES, NULL);
    assert_int_equal(json_array_size(root), COUNT(reports));
    json_decref(root);
    text_free(&sink.text);
}

/* Each flow is rendered and dropped: what is alive at once does not grow with their number. */
static size_t alive, peak;

static void *counted_malloc(size_t size)
{
    size_t *block = malloc(sizeof(max_align_t) + size);
    if (!block)
        return NULL;
    *block = size;
    alive += size;
    peak = alive > peak ? alive : peak;
    return (char *)block + sizeof(max_align_t);
}

static void counted_free(void *at)
{
    if (!at)
        return;
    size_t *block = (size_t *)(void *)((char *)at - sizeof(max_align_t));
    alive -= *block;
    free(block);
}

static size_t peak_of(struct wspscope_report *report, size_t flows)
{
    report->flow_count = flows;
    peak = 0;
    char *text = fixture_text("json", NULL, report);
    assert_non_null(text);
    free(text);
    return peak;
}

static void memory_does_not_grow_with_the_flows(void **state)
{
    (void)state;
    enum { FLOWS = 2000 };
    struct wspscope_flow *flows = calloc(FLOWS, sizeof *flows);
    assert_non_null(flows);
    for (size_t i = 0; i < FLOWS; i++)
        flows[i] = fixture_flow();
    struct wspscope_report report = fixture_healthy();
    report.flows = flows;
    json_set_alloc_funcs(counted_malloc, counted_free);
    size_t few = peak_of(&report, 2), many = peak_of(&report, FLOWS);
    json_set_alloc_funcs(malloc, free);
    free(flows);
    assert_true(few > 0);
    assert_int_equal(alive, 0);
    assert_int_equal(many, few);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_schema_holds),
        cmocka_unit_test(the_schema_refuses),
        cmocka_unit_test(the_document_is_byte_for_byte_this),
        cmocka_unit_test(keys_are_all_there_and_in_order),
        cmocka_unit_test(hostile_strings_come_back_as_they_were),
        cmocka_unit_test(several_are_an_array_and_none_an_empty_one),
        cmocka_unit_test(memory_does_not_grow_with_the_flows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
