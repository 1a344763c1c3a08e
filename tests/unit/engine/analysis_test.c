/* SPDX-License-Identifier: Apache-2.0 */
#include "../capture/packed.h"
#include "../soft.h"

#include <unistd.h>

#include "base/nsec.h"
#include "base/text.h"
#include "craft/pcap.h"
#include "wspscope/analysis.h"
#include "wspscope/render.h"

#define MS(n) ((int64_t)(n) * NSEC_PER_MSEC)

static const struct {
    const char *name;
    struct wspscope_options options;
    const char *part; /* of the error; NULL: the options can be met */
} options[] = {
    { "none", { 0 }, NULL },
    { "a filter", { .filter = "udp port 4195" }, NULL },
    { "a filter that is none", { .filter = "udp prt 4195" }, "udp prt 4195" },
    { "a Region", { .region = "eu-west-2" }, NULL },
    { "no such Region", { .region = "eu-west-99" }, "eu-west-99" },
    { "a threshold", { .thresholds = (const char *const[]){ "syn-silent-ms=5000" }, .threshold_count = 1 }, NULL },
    { "no such threshold", { .thresholds = (const char *const[]){ "syn-quiet-ms=5000" }, .threshold_count = 1 },
      "syn-quiet-ms" },
    { "a threshold that is no number", { .thresholds = (const char *const[]){ "syn-silent-ms=soon" },
      .threshold_count = 1 },
      "syn-silent-ms" },
    { "the second threshold is wrong",
      { .thresholds = (const char *const[]){ "syn-silent-ms=5000", "scan-sources" }, .threshold_count = 2 },
      "scan-sources" },
    { "memory enough", { .max_memory_bytes = UINT64_C(256) << 20 }, NULL },
    { "memory for nothing", { .max_memory_bytes = 1 }, "--max-memory" },
    { "no such directory", { .endpoints_directory = "/nonexistent/tables" }, "/nonexistent/tables" },
};

static void options_are_checked(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(options); i++) {
        struct wspscope_error error = { "" };
        struct wspscope_analyzer *a = wspscope_analyzer_new(&options[i].options, &error);
        failed += soft_int(options[i].name, "accepted", a != NULL, options[i].part == NULL);
        if (options[i].part)
            failed += soft_holds(options[i].name, "error", error.text, options[i].part);
        wspscope_analyzer_free(a);
        if (options[i].part)
            failed += soft_true(options[i].name, "without a place for the error as well",
                                !wspscope_analyzer_new(&options[i].options, NULL));
    }
    wspscope_analyzer_free(NULL);
    assert_int_equal(failed, 0);
}

/* A client whose SYNs to a gateway are dropped: `clients` of them, four SYNs each. `late` adds a packet whose clock is
 * far off. */
static struct craft_bytes dropped(struct craft_pcap *pcap, unsigned clients)
{
    struct error error;
    struct craft *craft = craft_new(&(struct craft_link){ 0 }, &error);
    assert_non_null(craft);
    for (unsigned n = 0; n < 4; n++)
        for (unsigned c = 0; c < clients; c++) {
            const uint8_t client[4] = { 10, 20, (uint8_t)(c >> 8), (uint8_t)c }, server[4] = { 18, 134, 68, 9 };
            const struct craft_ip ip = { .source = ipaddr_from_v4(client), .destination = ipaddr_from_v4(server),
                                         .ttl = 62, .id = (uint16_t)(n * clients + c + 1) };
            const struct craft_tcp tcp = { .source_port = 50000, .destination_port = 4195, .sequence = 7,
                                           .flags = CRAFT_SYN, .window = 64000 };
            struct craft_frame frame;
            assert_int_equal(craft_build_tcp(craft, &ip, &tcp, (struct craft_bytes){ 0 }, &frame), STATUS_OK);
            assert_int_equal(craft_pcap_add(pcap, MS(1700000000000) + MS(n * 2000) + c * 1000,
                                            (struct craft_bytes){ frame.bytes, frame.length }), STATUS_OK);
        }
    craft_free(craft);
    return craft_pcap_bytes(pcap);
}

static bool take(void *context, const char *bytes, size_t length)
{
    text_add_bytes(context, bytes, length);
    return true;
}

/* The JSON of the report; the caller frees it. */
static struct text json_of(const struct wspscope_report *report)
{
    const struct wspscope_render_options render = { 0 };
    struct text text;
    text_init(&text, 64 << 20);
    struct wspscope_renderer *r =
        wspscope_renderer_new("json", &render, false, (struct wspscope_sink){ take, &text });
    assert_non_null(r);
    assert_true(wspscope_renderer_add(r, report));
    assert_true(wspscope_renderer_finish(r));
    wspscope_renderer_free(r);
    return text;
}

static void memory_is_an_input(void **state)
{
    (void)state;
    struct craft_pcap *pcap = craft_pcap_new(&(struct craft_pcap_options){ 0 });
    struct craft_bytes file = dropped(pcap, 1);
    struct wspscope_error error = { "" };
    struct wspscope_analyzer *a = wspscope_analyzer_new(&(struct wspscope_options){ .flows = true, .sha256 = true },
        &error);
    for (int again = 0; again < 2; again++) { /* an analyzer serves many inputs */
        const struct wspscope_report *report;
        struct wspscope_input_run *run = wspscope_open_memory(a, "memory.pcap", file.bytes, file.length, &error);
        assert_non_null(run);
        assert_int_equal(wspscope_next(run, &report, &error), WSPSCOPE_REPORTED);
        assert_string_equal(report->input.path, "memory.pcap");
        assert_string_equal(report->input.format, "pcap");
        assert_null(report->input.sha256); /* of the file named; memory has none */
        assert_null(report->input.compression);
        assert_null(report->input.damaged);
        assert_int_equal(report->input.packets, 4);
        assert_int_equal(report->input.first_ns, MS(1700000000000));
        assert_int_equal(report->input.last_ns, MS(1700000006000));
        assert_int_equal(report->input.link_type_count, 1);
        assert_string_equal(report->input.link_types[0], "EN10MB");
        assert_int_equal(report->ledger.packets.read, 4);
        assert_int_equal(report->ledger.packets.followed, 4);
        assert_int_equal(report->finding_count, 1);
        assert_string_equal(report->findings[0].kind, "tcp-syn-dropped");
        assert_string_equal(report->findings[0].id, "F1");
        assert_string_equal(report->verdict.primary, "F1");
        assert_int_equal(report->verdict.status, WSPSCOPE_FAILING);
        assert_int_equal(report->flow_count, 1);
        assert_string_equal(report->flows[0].state, "S0");
        wspscope_report_free(report);
        assert_int_equal(wspscope_next(run, &report, &error), WSPSCOPE_FINISHED);
        wspscope_close(run);
    }
    wspscope_report_free(NULL);
    wspscope_close(NULL);
    wspscope_analyzer_free(a);
    craft_pcap_free(pcap);
}

static const struct {
    const char *name;
    const char *bytes;
    size_t length;
} junk[] = {
    { "nothing", "", 0 },
    { "a text", "hello, world\n", 13 },
    { "half a header", "\xd4\xc3\xb2\xa1\x02\x00", 6 },
};

static void what_is_no_capture_is_said(void **state)
{
    (void)state;
    unsigned failed = 0;
    struct wspscope_analyzer *a = wspscope_analyzer_new(&(struct wspscope_options){ 0 }, NULL);
    for (size_t i = 0; i < COUNT_OF(junk); i++) {
        struct wspscope_error error = { "" };
        const struct wspscope_report *report = NULL;
        struct wspscope_input_run *run = wspscope_open_memory(a, "junk", junk[i].bytes, junk[i].length, &error);
        assert_non_null(run);
        failed += soft_int(junk[i].name, "result", wspscope_next(run, &report, &error), WSPSCOPE_UNREADABLE);
        failed += soft_holds(junk[i].name, "error", error.text, "junk");
        failed += soft_int(junk[i].name, "then", wspscope_next(run, &report, NULL), WSPSCOPE_FINISHED);
        wspscope_close(run);
    }
    struct wspscope_error error = { "" };
    assert_null(wspscope_open(a, "/nonexistent/x.pcap", &error));
    assert_non_null(strstr(error.text, "/nonexistent/x.pcap"));
    wspscope_analyzer_free(a);
    assert_int_equal(failed, 0);
}

static void an_archive_gives_each_capture_its_report(void **state)
{
    (void)state;
    struct craft_pcap *one = craft_pcap_new(&(struct craft_pcap_options){ 0 });
    struct craft_pcap *two = craft_pcap_new(&(struct craft_pcap_options){ .format = CRAFT_PCAP_NG });
    struct craft_bytes a = dropped(one, 1), b = dropped(two, 2);
    const struct entry entries[] = {
        { "first.pcap", { .bytes = (uint8_t *)(uintptr_t)a.bytes, .length = a.length } },
        { "readme.txt", { .bytes = (uint8_t *)(uintptr_t) "no capture, but words", .length = 21 } },
        { "second.pcapng", { .bytes = (uint8_t *)(uintptr_t)b.bytes, .length = b.length } },
    };
    struct file zip = pack("zip", "none", entries, COUNT_OF(entries));
    struct wspscope_error error = { "" };
    struct wspscope_analyzer *analyzer = wspscope_analyzer_new(&(struct wspscope_options){ 0 }, &error);
    struct wspscope_input_run *run = wspscope_open_memory(analyzer, "a.zip", zip.bytes, zip.length, &error);
    unsigned reports = 0;
    for (enum wspscope_result result;;) {
        const struct wspscope_report *report;
        result = wspscope_next(run, &report, &error);
        if (result == WSPSCOPE_FINISHED)
            break;
        if (result == WSPSCOPE_UNREADABLE)
            continue;
        reports++;
        assert_string_equal(report->input.path, reports == 1 ? "a.zip: first.pcap" : "a.zip: second.pcapng");
        assert_string_equal(report->input.format, reports == 1 ? "pcap" : "pcapng");
        assert_string_equal(report->input.compression, "zip");
        assert_int_equal(report->input.packets, reports == 1 ? 4 : 8);
        assert_int_equal(report->findings[0].client_count, reports);
        wspscope_report_free(report);
    }
    assert_int_equal(reports, 2);
    size_t passed_over;
    const char *const *sentences = wspscope_passed_over(run, &passed_over);
    assert_int_equal(passed_over, 1);
    assert_non_null(strstr(sentences[0], "readme.txt"));
    wspscope_close(run);
    wspscope_analyzer_free(analyzer);
    free(zip.bytes);
    craft_pcap_free(one);
    craft_pcap_free(two);
}

/* 300 clients, their flows listed, under several keys: the same bytes. */
static void nothing_visible_follows_the_hash_key(void **state)
{
    (void)state;
    static const uint64_t keys[][2] = { { 0, 0 }, { 1, UINT64_MAX }, { UINT64_C(0x0123456789abcdef), 42 } };
    struct craft_pcap *pcap = craft_pcap_new(&(struct craft_pcap_options){ 0 });
    struct craft_bytes file = dropped(pcap, 300);
    struct text texts[COUNT_OF(keys)];
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        const struct wspscope_options o = { .flows = true, .hash_key = keys[i], .max_flows = i ? 0 : 1000 };
        struct wspscope_analyzer *a = wspscope_analyzer_new(&o, NULL);
        struct wspscope_input_run *run = wspscope_open_memory(a, "m.pcap", file.bytes, file.length, NULL);
        const struct wspscope_report *report;
        assert_int_equal(wspscope_next(run, &report, NULL), WSPSCOPE_REPORTED);
        assert_int_equal(report->findings[0].client_count, 300);
        assert_int_equal(report->findings[0].client_listed, 100);
        assert_int_equal(report->findings[0].evidence_count, 16);
        assert_int_equal(report->findings[0].count, 300);
        assert_int_equal(report->flow_count, 300);
        texts[i] = json_of(report);
        wspscope_report_free(report);
        wspscope_close(run);
        wspscope_analyzer_free(a);
    }
    for (size_t i = 1; i < COUNT_OF(keys); i++)
        assert_string_equal(texts[0].bytes, texts[i].bytes);
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        text_free(&texts[i]);
    craft_pcap_free(pcap);
}

static bool has_limit(const struct wspscope_report *report, const char *kind)
{
    for (size_t i = 0; i < report->ledger.limit_count; i++)
        if (strcmp(report->ledger.limits[i].kind, kind) == 0)
            return true;
    return false;
}

/* A budget that is met is data: counted, told, never a failure. */
static const struct {
    const char *name;
    struct wspscope_options options;
} budgets[] = {
    { "ten flows", { .max_flows = 10 } },
    { "ten flows, listed", { .max_flows = 10, .flows = true } },
};

static void a_budget_is_told(void **state)
{
    (void)state;
    struct craft_pcap *pcap = craft_pcap_new(&(struct craft_pcap_options){ 0 });
    struct craft_bytes file = dropped(pcap, 300);
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(budgets); i++) {
        struct wspscope_analyzer *a = wspscope_analyzer_new(&budgets[i].options, NULL);
        struct wspscope_input_run *run = wspscope_open_memory(a, "m.pcap", file.bytes, file.length, NULL);
        const struct wspscope_report *report;
        assert_int_equal(wspscope_next(run, &report, NULL), WSPSCOPE_REPORTED);
        failed += soft_true(budgets[i].name, "budget-exhausted is told", has_limit(report, "budget-exhausted"));
        failed += soft_int(budgets[i].name, "read", (int64_t)report->ledger.packets.read, 1200);
        failed += soft_true(budgets[i].name, "rows within the budget", report->flow_count <= 10);
        wspscope_report_free(report);
        wspscope_close(run);
        wspscope_analyzer_free(a);
    }
    craft_pcap_free(pcap);
    assert_int_equal(failed, 0);
}

static void filters_take_packets_out(void **state)
{
    (void)state;
    struct craft_pcap *pcap = craft_pcap_new(&(struct craft_pcap_options){ 0 });
    struct craft_bytes file = dropped(pcap, 3);
    struct wspscope_analyzer *a = wspscope_analyzer_new(&(struct wspscope_options){ .filter = "host 10.20.0.1" }, NULL);
    struct wspscope_input_run *run = wspscope_open_memory(a, "m.pcap", file.bytes, file.length, NULL);
    const struct wspscope_report *report;
    assert_int_equal(wspscope_next(run, &report, NULL), WSPSCOPE_REPORTED);
    assert_int_equal(report->ledger.packets.filtered, 8);
    assert_int_equal(report->ledger.packets.followed, 4);
    assert_int_equal(report->ledger.packets.decoded, 12);
    assert_int_equal(report->findings[0].client_count, 1);
    assert_string_equal(report->findings[0].clients[0], "10.20.0.1");
    wspscope_report_free(report);
    wspscope_close(run);
    wspscope_analyzer_free(a);
    craft_pcap_free(pcap);
}

static void a_file_has_its_digest_when_asked(void **state)
{
    (void)state;
    struct craft_pcap *pcap = craft_pcap_new(&(struct craft_pcap_options){ 0 });
    struct craft_bytes file = dropped(pcap, 1);
    char path[] = "/tmp/wspscope-analysis-XXXXXX";
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0 && write(descriptor, file.bytes, file.length) == (ssize_t)file.length);
    close(descriptor);
    for (int asked = 0; asked < 2; asked++) {
        struct wspscope_analyzer *a = wspscope_analyzer_new(&(struct wspscope_options){ .sha256 = asked }, NULL);
        struct wspscope_input_run *run = wspscope_open(a, path, NULL);
        const struct wspscope_report *report;
        assert_int_equal(wspscope_next(run, &report, NULL), WSPSCOPE_REPORTED);
        assert_int_equal(report->input.size_bytes, file.length);
        assert_int_equal(report->input.sha256 ? strlen(report->input.sha256) : 0, asked ? 64 : 0);
        assert_string_equal(report->input.path, path);
        wspscope_report_free(report);
        wspscope_close(run);
        wspscope_analyzer_free(a);
    }
    unlink(path);
    craft_pcap_free(pcap);
}

/* pcapng stamps of 64 bits: the first second and the last one that fits, in one flow, forwards and backwards. */
static void stamps_at_the_ends_of_time_do_no_harm(void **state)
{
    (void)state;
    static const uint64_t stamps[][4] = {
        { 0, UINT64_MAX, 1, UINT64_MAX - 1 },
        { UINT64_C(9223372036854775807), UINT64_C(9223372036854775808), 0, 5 },
        { UINT64_C(9223372036854775), UINT64_C(9223372036854774), 0, UINT64_C(9223372036854775) },
    };
    struct error why;
    struct craft *craft = craft_new(&(struct craft_link){ 0 }, &why);
    for (size_t i = 0; i < COUNT_OF(stamps); i++) {
        struct file f = simple_pcapng(false);
        for (size_t n = 0; n < 4; n++) {
            const uint8_t client[4] = { 10, 20, 30, 4 }, server[4] = { 18, 134, 68, 9 };
            const struct craft_ip ip = { .source = ipaddr_from_v4(client), .destination = ipaddr_from_v4(server),
                                         .ttl = 62, .id = 1 };
            const struct craft_tcp tcp = { .source_port = 50000, .destination_port = 4195, .sequence = 7,
                                           .flags = n ? CRAFT_ACK : CRAFT_SYN, .window = 64000 };
            struct craft_frame frame;
            assert_int_equal(craft_build_tcp(craft, &ip, &tcp, (struct craft_bytes){ (const uint8_t *)"data", n ? 4 :
                0 },
                                             &frame), STATUS_OK);
            block_begin(&f, 6);
            put32(&f, 0);
            put32(&f, stamps[i][n] >> 32);
            put32(&f, stamps[i][n] & 0xffffffff);
            put32(&f, frame.length);
            put32(&f, frame.length);
            put(&f, frame.bytes, frame.length);
            block_end(&f);
        }
        struct wspscope_analyzer *a = wspscope_analyzer_new(&(struct wspscope_options){ .flows = true }, NULL);
        struct wspscope_input_run *run = wspscope_open_memory(a, "m.pcapng", f.bytes, f.length, NULL);
        const struct wspscope_report *report;
        assert_int_equal(wspscope_next(run, &report, NULL), WSPSCOPE_REPORTED);
        assert_int_equal(report->ledger.packets.read, 4);
        wspscope_report_free(report);
        wspscope_close(run);
        wspscope_analyzer_free(a);
        free(f.bytes);
    }
    craft_free(craft);
}

static void progress(void *context, uint64_t packets, uint64_t bytes, uint64_t total_bytes)
{
    uint64_t *seen = context;
    assert_true(bytes <= total_bytes);
    assert_true(packets >= seen[0] || !seen[1]);
    seen[0] = packets;
    seen[1]++;
}

static void progress_is_told(void **state)
{
    (void)state;
    struct craft_pcap *pcap = craft_pcap_new(&(struct craft_pcap_options){ 0 });
    struct craft_bytes file = dropped(pcap, 3);
    struct wspscope_analyzer *a = wspscope_analyzer_new(&(struct wspscope_options){ 0 }, NULL);
    struct wspscope_input_run *run = wspscope_open_memory(a, "m.pcap", file.bytes, file.length, NULL);
    uint64_t seen[2] = { 0 };
    const struct wspscope_report *report;
    wspscope_on_progress(run, progress, seen);
    assert_int_equal(wspscope_next(run, &report, NULL), WSPSCOPE_REPORTED);
    assert_true(seen[1] > 0);
    wspscope_report_free(report);
    wspscope_close(run);
    wspscope_analyzer_free(a);
    craft_pcap_free(pcap);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_are_checked),
        cmocka_unit_test(memory_is_an_input),
        cmocka_unit_test(what_is_no_capture_is_said),
        cmocka_unit_test(an_archive_gives_each_capture_its_report),
        cmocka_unit_test(nothing_visible_follows_the_hash_key),
        cmocka_unit_test(a_budget_is_told),
        cmocka_unit_test(filters_take_packets_out),
        cmocka_unit_test(a_file_has_its_digest_when_asked),
        cmocka_unit_test(stamps_at_the_ends_of_time_do_no_harm),
        cmocka_unit_test(progress_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
