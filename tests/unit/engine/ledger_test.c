/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "engine/ledger.h"
#include "rule/context.h"

static const struct draft_list nothing_found;

static void unsupported_types_by_count_then_name(void **state)
{
    (void)state;
    static const struct engine_unsupported seen[] = {
        { DECODE_UNSUPPORTED_ETHERTYPE, 0x88e5, 3 },
        { DECODE_UNSUPPORTED_IP_PROTOCOL, 112, 9 },
        { DECODE_UNSUPPORTED_LINK_TYPE, 147, 3 },
        { DECODE_UNSUPPORTED_LINK_TYPE, CAPTURE_NO_LINK_TYPE, 1 },
    };
    static const struct {
        const char *what;
        uint64_t packets;
    } want[] = { { "IP protocol 112", 9 }, { "other types", 5 }, { "EtherType 0x88e5", 3 }, { "link type 147", 3 },
                 { "an interface that the file does not describe", 1 } };
    struct shop s;
    struct wspscope_ledger ledger;
    unsigned failed = 0;
    shop_open(&s, NULL);
    memcpy(s.engine.unsupported, seen, sizeof seen);
    s.engine.unsupported_count = COUNT_OF(seen);
    s.engine.unsupported_more = 5;
    s.engine.counts = (struct wspscope_packet_counts){ .read = 100, .decoded = 79, .unsupported = 21 };
    engine_ledger(&s.engine, &nothing_found, s.arena, &ledger);
    assert_int_equal(ledger.packets.read, 100);
    assert_int_equal(ledger.packets.unsupported, 21);
    assert_int_equal(ledger.unsupported_count, COUNT_OF(want));
    for (size_t i = 0; i < COUNT_OF(want); i++) {
        failed += soft_text(want[i].what, "type", ledger.unsupported[i].what, want[i].what);
        failed += soft_int(want[i].what, "packets", (int64_t)ledger.unsupported[i].packets, (int64_t)want[i].packets);
    }
    shop_close(&s);
    assert_int_equal(failed, 0);
}

/* An attempt that could not be judged: which kind stays unanswered, and for what. */
static const struct {
    const char *name;
    uint8_t protocol;
    enum model_undecided why;
    const char *kind, *because; /* NULL: nothing is said */
} reasons[] = {
    { "TCP, the other side is missing", 6, MODEL_UNDECIDED_ONE_WAY, "tcp-syn-dropped", "capture-one-way" },
    { "UDP, the other side is missing", 17, MODEL_UNDECIDED_ONE_WAY, "udp-blocked", "capture-one-way" },
    { "UDP, its beginning is missing", 17, MODEL_UNDECIDED_START, "udp-blocked", "capture-late-start" },
    { "TCP, the clock stepped", 6, MODEL_UNDECIDED_CLOCK, "tcp-syn-dropped", "capture-clock" },
    { "UDP, the clock stepped", 17, MODEL_UNDECIDED_CLOCK, "udp-blocked", "capture-clock" },
    { "UDP, too few datagrams", 17, MODEL_UNDECIDED_FEW, NULL, NULL },
};

static void unanswered_kinds_name_their_reason(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(reasons); i++) {
        struct shop s;
        struct wspscope_ledger ledger;
        shop_open(&s, NULL);
        shop_fact(&s, shop_path(&s, "10.20.30.4", "18.134.68.9", 4195, reasons[i].protocol), MODEL_UNDECIDED,
                  reasons[i].why);
        engine_ledger(&s.engine, &nothing_found, s.arena, &ledger);
        failed += soft_int(reasons[i].name, "kinds", (int64_t)ledger.unanswered_count, reasons[i].kind != NULL);
        if (ledger.unanswered_count && reasons[i].kind) {
            failed += soft_text(reasons[i].name, "kind", ledger.unanswered[0].kind, reasons[i].kind);
            failed += soft_text(reasons[i].name, "because", ledger.unanswered[0].because, reasons[i].because);
        }
        shop_close(&s);
    }
    assert_int_equal(failed, 0);
}

/* A tap that sees one direction leaves all kinds open that need both, each once. */
static void a_one_way_tap_leaves_what_needs_both(void **state)
{
    (void)state;
    struct shop s;
    struct wspscope_ledger ledger;
    shop_open(&s, NULL);
    assert_false(rule_context_tap_is_one_way(s.engine.model));
    s.tap->flows_client_only_proved = 3;
    s.tap->flows_two_way = 3;
    assert_true(rule_context_tap_is_one_way(s.engine.model));
    engine_ledger(&s.engine, &nothing_found, s.arena, &ledger);
    assert_true(ledger.unanswered_count > 3);
    bool reset = false;
    for (size_t i = 0; i < ledger.unanswered_count; i++) {
        assert_string_equal(ledger.unanswered[i].because, "capture-one-way");
        reset = reset || strcmp(ledger.unanswered[i].kind, "tcp-syn-reset") == 0;
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(ledger.unanswered[i].kind, ledger.unanswered[k].kind);
    }
    assert_true(reset);
    s.tap->flows_two_way = 4;
    assert_false(rule_context_tap_is_one_way(s.engine.model));
    shop_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unsupported_types_by_count_then_name),
        cmocka_unit_test(unanswered_kinds_name_their_reason),
        cmocka_unit_test(a_one_way_tap_leaves_what_needs_both),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
