/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "engine/limit.h"

/* What the tap counted, and the limits that hold: their kinds in order, and a measure of the first one. */
struct row {
    const char *name;
    struct model_tap tap;
    const char *kinds;
    const char *measure;
    int64_t value;
};

static const struct row rows[] = {
    { "nothing", { .flows_two_way = 10 }, "", NULL, 0 },
    { "one-way: half", { .flows_two_way = 5, .flows_client_only_proved = 5 }, "capture-one-way", "one_way_flows", 5 },
    { "one-way: a share is named as well", { .flows_two_way = 99, .flows_server_only_proved = 1 }, "capture-one-way",
      "server_only_flows", 1 },
    { "late start: most", { .role_flows = 3, .role_flows_without_start = 2, .role_flows_with_start = 1 },
      "capture-late-start", "flows_without_start", 2 },
    { "late start: half is not most", { .role_flows = 2, .role_flows_without_start = 1, .role_flows_with_start = 1 },
      "",
      NULL, 0 },
    { "copies: twenty, five percent", { .duplicates = 20, .followed_packets = 300 }, "capture-duplicates", "copies",
      20 },
    { "copies: nineteen", { .duplicates = 19, .followed_packets = 30 }, "", NULL, 0 },
    { "copies: below five percent", { .duplicates = 40, .followed_packets = 960 }, "", NULL, 0 },
    { "lost by the capture: five holes", { .unseen_holes = 5, .segments = 100000 }, "capture-loss",
      "acknowledged_not_seen", 5 },
    { "lost by the capture: half a percent", { .unseen_holes = 1, .segments = 200 }, "capture-loss",
      "acknowledged_not_seen", 1 },
    { "lost by the capture: less", { .unseen_holes = 4, .segments = 10000 }, "", NULL, 0 },
    { "headers cut", { .truncated_headers = 1 }, "capture-truncated", "headers_cut_packets", 1 },
    { "payload cut: one percent", { .followed_cut = 1, .followed_with_payload = 100 }, "capture-truncated",
      "payload_cut_packets", 1 },
    { "payload cut: less", { .followed_cut = 1, .followed_with_payload = 101 }, "", NULL, 0 },
    { "checksums", { .checksum_bad_senders = 1 }, "capture-offload", "senders_with_bad_checksums", 1 },
    { "large segments",
      { .supersegments = 3, .supersegment_largest_bytes = 30000, .supersegment_first_frame = 9 }, "capture-offload",
      "largest_segment_bytes", 30000 },
    { "clock",
      { .clock_steps = 1, .clock_step_largest_ns = MS(5000), .steps = { { .frame = 17, .from_ns = MS(9000), .to_ns =
        MS(4000) } } },
      "capture-clock", "first_frame", 17 },
    { "disorder beyond sorting", { .late_packets = 3 }, "capture-clock", "unsorted_packets", 3 },
    { "only handshakes", { .data_hidden_flows = 2, .handshake_closed_flows = 3 }, "capture-filtered",
      "flows_without_data",
      2 },
    { "data hidden in few of many", { .data_hidden_flows = 1, .handshake_closed_flows = 3 }, "", NULL, 0 },
    { "flows not followed", { .packets_not_followed = 7 }, "budget-exhausted", "packets_not_followed", 7 },
    { "paths merged", { .paths_merged = 7 }, "budget-exhausted", "attempts_merged", 7 },
    { "clients", { .clients_dropped = 7 }, "budget-exhausted", "clients_not_kept", 7 },
    { "sessions", { .sessions_dropped = 7 }, "budget-exhausted", "sessions_not_kept", 7 },
    { "several",
      { .flows_client_only_proved = 1, .truncated_headers = 1, .late_packets = 1, .paths_merged = 1 },
      "capture-one-way capture-truncated capture-clock budget-exhausted", "one_way_flows", 1 },
};

static const char *kinds_of(const struct wspscope_ledger *ledger, struct arena *a)
{
    const char *list = "";
    for (size_t i = 0; i < ledger->limit_count; i++)
        list = arena_format(a, "%s%s%s", list, *list ? " " : "", ledger->limits[i].kind);
    return list;
}

static unsigned check_measure(const char *row, const struct wspscope_ledger *ledger, const char *name, int64_t value)
{
    for (size_t i = 0; name && ledger->limit_count && i < ledger->limits[0].measured.child_count; i++)
        if (strcmp(ledger->limits[0].measured.children[i].name, name) == 0)
            return soft_int(row, name, ledger->limits[0].measured.children[i].integer, value);
    return name ? soft_true(row, "the measure is there", false) : 0;
}

static void what_the_tap_counted(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct shop s;
        struct wspscope_ledger ledger = { 0 };
        shop_open(&s, NULL);
        *s.tap = rows[i].tap;
        engine_limit_list(&s.engine, s.arena, &ledger);
        failed += soft_text(rows[i].name, "limits", kinds_of(&ledger, s.arena), rows[i].kinds);
        failed += check_measure(rows[i].name, &ledger, rows[i].measure, rows[i].value);
        for (size_t l = 0; l < ledger.limit_count; l++)
            failed += soft_true(rows[i].name, "a sentence",
                                strlen(ledger.limits[l].summary) > 20 &&
                                    ledger.limits[l].summary[strlen(ledger.limits[l].summary) - 1] != ' ');
        shop_close(&s);
    }
    assert_int_equal(failed, 0);
}

/* Thresholds are those of the catalogue, which --threshold changes. */
static const struct {
    const char *assignment;
    struct model_tap tap;
    const char *before, *after;
} thresholds[] = {
    { "duplicates-packets=50", { .duplicates = 20, .followed_packets = 100 }, "capture-duplicates", "" },
    { "duplicates-share-percent=50", { .duplicates = 20, .followed_packets = 100 }, "capture-duplicates", "" },
    { "late-start-share-percent=90",
      { .role_flows = 3, .role_flows_without_start = 2, .role_flows_with_start = 1 }, "capture-late-start", "" },
    { "capture-loss-segments=50", { .unseen_holes = 5, .segments = 100000 }, "capture-loss", "" },
    { "capture-loss-percent=5", { .unseen_holes = 1, .segments = 200 }, "capture-loss", "" },
};

static void thresholds_decide(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(thresholds); i++) {
        struct shop s;
        struct wspscope_ledger ledger = { 0 }, later = { 0 };
        shop_open(&s, NULL);
        *s.tap = thresholds[i].tap;
        engine_limit_list(&s.engine, s.arena, &ledger);
        failed += soft_text(thresholds[i].assignment, "limits before", kinds_of(&ledger, s.arena),
            thresholds[i].before);
        assert_int_equal(endpoint_threshold_override(s.analyzer->catalogue, thresholds[i].assignment, NULL), STATUS_OK);
        engine_limit_list(&s.engine, s.arena, &later);
        failed += soft_text(thresholds[i].assignment, "limits after", kinds_of(&later, s.arena), thresholds[i].after);
        shop_close(&s);
    }
    assert_int_equal(failed, 0);
}

/* What the file itself says. */
enum file_says { SAYS_FILTER, SAYS_DROPS, SAYS_DAMAGE };
static const struct {
    const char *name;
    enum file_says says;
    const char *kind, *part;
} files[] = {
    { "a capture filter", SAYS_FILTER, "capture-filtered", "udp port 4195" },
    { "packets that the system dropped", SAYS_DROPS, "capture-loss", "12" },
    { "an end inside a packet", SAYS_DAMAGE, "capture-damaged", "byte" },
};

static struct file file_that(enum file_says says)
{
    struct file f = { 0 };
    if (says == SAYS_DAMAGE) {
        f = simple_pcap(2, 60);
        f.length -= 10;
        return f;
    }
    put_section(&f);
    interface_begin(&f, 1, 65535);
    if (says == SAYS_FILTER)
        put_option(&f, 11, "\0udp port 4195", 14); /* if_filter, a BPF text */
    block_end(&f);
    put_packet(&f, 0, 1000000, 60);
    if (says != SAYS_DROPS)
        return f;
    block_begin(&f, 5);
    put32(&f, 0);
    put32(&f, 0);
    put32(&f, 0);
    put_option_number(&f, 5, 5, 8); /* isb_ifdrop */
    put_option_number(&f, 7, 7, 8); /* isb_osdrop */
    block_end(&f);
    return f;
}

static void what_the_file_says(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        struct file f = file_that(files[i].says);
        struct shop s;
        struct wspscope_ledger ledger = { 0 };
        shop_open(&s, &f);
        engine_limit_list(&s.engine, s.arena, &ledger);
        failed += soft_text(files[i].name, "limits", kinds_of(&ledger, s.arena), files[i].kind);
        if (ledger.limit_count)
            failed += soft_holds(files[i].name, "sentence", ledger.limits[0].summary, files[i].part);
        shop_close(&s);
        free(f.bytes);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_tap_counted),
        cmocka_unit_test(thresholds_decide),
        cmocka_unit_test(what_the_file_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
