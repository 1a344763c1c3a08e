/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

static const struct rule some_rule = { .about.kind = "some" }, other_rule = { .about.kind = "other" };

static struct draft_key key_of(struct desk *d)
{
    return (struct draft_key){ .rule = &some_rule, .role = ENDPOINT_DCV_GATEWAY, .protocol = 6, .port = 4195,
                               .region = endpoint_region_find(d->catalogue, "eu-west-2"), .cause = "one" };
}

/* Each field of the key makes another draft; causes are compared by their words. */
static void one_draft_for_each_key(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    char again[] = "one";
    struct draft_key keys[8];
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        keys[i] = key_of(&d);
    keys[1].rule = &other_rule;
    keys[2].role = ENDPOINT_PCOIP_GATEWAY;
    keys[3].protocol = 17;
    keys[4].port = 443;
    keys[5].region = NULL;
    keys[6].cause = "two";
    keys[7].cause = again;
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        const struct draft *made = rule_draft_of(&d.drafts, &keys[i], WSPSCOPE_PROBLEM, WSPSCOPE_HIGH);
        assert_int_equal(d.drafts.count, i < 7 ? i + 1 : 7);
        assert_ptr_equal(i < 7 ? d.drafts.last : d.drafts.first, made);
    }
    desk_end(&d);
}

static const struct {
    const char *name;
    enum endpoint_role role;
    enum wspscope_severity severities[2];
    enum wspscope_confidence confidences[2];
    enum wspscope_severity severity;
    enum wspscope_confidence confidence;
} grades[] = {
    { "as given", ENDPOINT_DCV_GATEWAY, { WSPSCOPE_WARNING, WSPSCOPE_WARNING }, { WSPSCOPE_MEDIUM, WSPSCOPE_MEDIUM },
      WSPSCOPE_WARNING, WSPSCOPE_MEDIUM },
    { "the higher confidence, first", ENDPOINT_DCV_GATEWAY, { WSPSCOPE_PROBLEM, WSPSCOPE_PROBLEM },
      { WSPSCOPE_HIGH, WSPSCOPE_LOW }, WSPSCOPE_PROBLEM, WSPSCOPE_HIGH },
    { "the higher confidence, second", ENDPOINT_DCV_GATEWAY, { WSPSCOPE_PROBLEM, WSPSCOPE_PROBLEM },
      { WSPSCOPE_LOW, WSPSCOPE_HIGH }, WSPSCOPE_PROBLEM, WSPSCOPE_HIGH },
    { "role unknown: a warning of low confidence", ENDPOINT_ROLE_UNKNOWN, { WSPSCOPE_PROBLEM, WSPSCOPE_PROBLEM },
      { WSPSCOPE_HIGH, WSPSCOPE_HIGH }, WSPSCOPE_WARNING, WSPSCOPE_LOW },
    { "role unknown: a notice stays one", ENDPOINT_ROLE_UNKNOWN, { WSPSCOPE_NOTICE, WSPSCOPE_NOTICE },
      { WSPSCOPE_MEDIUM, WSPSCOPE_HIGH }, WSPSCOPE_NOTICE, WSPSCOPE_LOW },
};

static void severity_and_confidence(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(grades); i++) {
        struct desk d;
        desk_begin(&d);
        struct draft_key key = key_of(&d);
        key.role = grades[i].role;
        const struct draft *made = NULL;
        for (int n = 0; n < 2; n++)
            made = rule_draft_of(&d.drafts, &key, grades[i].severities[n], grades[i].confidences[n]);
        failed += soft_int(grades[i].name, "severity", made->severity, grades[i].severity);
        failed += soft_int(grades[i].name, "confidence", made->confidence, grades[i].confidence);
        desk_end(&d);
    }
    assert_int_equal(failed, 0);
}

/* Frames in the order in which they are shown, and what is kept of them. */
static const struct {
    const char *name;
    uint64_t shown[24];
    uint64_t kept[16];
    size_t count;
} evidence[] = {
    { "sorted", { 9, 3, 7 }, { 3, 7, 9 }, 3 },
    { "once each", { 3, 9, 3, 9 }, { 3, 9 }, 2 },
    { "sixteen, the first ones", { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18 },
      { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 }, 16 },
    { "sixteen, whatever the order", { 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1 },
      { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 }, 16 },
};

static void evidence_is_sorted_and_bounded(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(evidence); i++) {
        struct draft draft = { 0 };
        for (size_t n = 0; n < 24 && evidence[i].shown[n]; n++)
            rule_draft_show(&draft, evidence[i].shown[n], "text");
        rule_draft_show(&draft, 0, "no frame");
        failed += soft_int(evidence[i].name, "count", (int64_t)draft.evidence_count, (int64_t)evidence[i].count);
        for (size_t n = 0; n < evidence[i].count; n++)
            failed += soft_int(evidence[i].name, "frame", (int64_t)draft.evidence[n].frame,
                (int64_t)evidence[i].kept[n]);
    }
    assert_int_equal(failed, 0);
}

static void clients_and_servers_are_sorted_and_complete(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    struct draft_key key = key_of(&d);
    struct draft *draft = rule_draft_of(&d.drafts, &key, WSPSCOPE_PROBLEM, WSPSCOPE_HIGH);
    for (unsigned n = 0; n < 3000; n++) {
        unsigned scrambled = n * 7919 % 1000; /* each of a thousand, three times */
        const uint8_t bytes[4] = { 10, 0, (uint8_t)(scrambled >> 8), (uint8_t)scrambled };
        struct ipaddr a = ipaddr_from_v4(bytes);
        rule_draft_add_client(&d.drafts, draft, &a);
        rule_draft_add_server(&d.drafts, draft, &a);
    }
    rule_draft_finish(draft);
    assert_int_equal(draft->clients.count, 1000);
    assert_int_equal(draft->servers.count, 1000);
    for (size_t n = 1; n < 1000; n++)
        assert_true(ipaddr_compare(&draft->clients.items[n - 1], &draft->clients.items[n]) < 0);
    struct ipaddr there = desk_address("10.0.3.231"), not_there = desk_address("10.0.3.232");
    assert_true(rule_draft_has_client(draft, &there));
    assert_false(rule_draft_has_client(draft, &not_there));
    desk_end(&d);
}

static void incidents_are_added_up(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    struct model_path *p = desk_path(&d, "10.20.30.4", desk_dcv, 4195, 6);
    struct model_path *q = desk_path(&d, "10.20.30.3", "18.134.70.1", 4195, 6);
    for (unsigned n = 0; n < 25; n++)
        desk_add(&d, p, (struct model_incident){ .fact = MODEL_TCP_SYN_SILENT, .first_ns = MS(1000 + n),
                                                 .last_ns = MS(2000 + n), .attempts = n == 7 ? 9 : 2 });
    desk_add(&d, q, (struct model_incident){ .fact = MODEL_TCP_SYN_SILENT, .first_ns = MS(500), .last_ns = MS(600),
                                             .attempts = 1 });
    struct draft *draft = rule_draft_of_path(&d.drafts, &some_rule, p, "one", WSPSCOPE_HIGH);
    assert_ptr_equal(rule_draft_of_path(&d.drafts, &some_rule, q, "one", WSPSCOPE_HIGH), draft);
    rule_draft_add_all(&d.drafts, draft, p, MODEL_TCP_SYN_SILENT);
    rule_draft_add_all(&d.drafts, draft, q, MODEL_TCP_SYN_SILENT);
    rule_draft_finish(draft);
    assert_int_equal(draft->count, 26);
    assert_int_equal(draft->first_ns, MS(500));
    assert_int_equal(draft->last_ns, MS(2024));
    assert_int_equal(draft->worst.attempts, 9);
    assert_ptr_equal(draft->worst_path, p);
    assert_int_equal(draft->clients.count, 2);
    assert_int_equal(draft->servers.count, 2);
    assert_int_equal(draft->row_count, 1); /* one prefix holds both gateways */
    assert_int_equal(draft->evidence_count, 16);
    desk_end(&d);
}

static void prefixes_beyond_the_list_are_counted(void **state)
{
    (void)state;
    struct desk d;
    size_t count;
    desk_begin(&d);
    const struct endpoint_row *rows = endpoint_rows(d.catalogue, &count);
    struct draft draft = { 0 };
    rule_draft_add_row(&draft, NULL);
    for (size_t n = 0; n < DRAFT_PREFIXES_MAX + 5; n++)
        for (int twice = 0; twice < 2 && n < DRAFT_PREFIXES_MAX; twice++)
            rule_draft_add_row(&draft, &rows[n]);
    assert_int_equal(draft.row_count, DRAFT_PREFIXES_MAX);
    assert_int_equal(draft.rows_dropped, 0);
    for (size_t n = DRAFT_PREFIXES_MAX; n < DRAFT_PREFIXES_MAX + 5; n++)
        rule_draft_add_row(&draft, &rows[n]);
    assert_int_equal(draft.row_count, DRAFT_PREFIXES_MAX);
    assert_int_equal(draft.rows_dropped, 5);
    desk_end(&d);
}

static void measures_limits_and_alternatives_are_bounded(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    struct draft draft = { 0 };
    rule_draft_measure_integer(&draft, "integer", -5);
    rule_draft_measure_ms(&draft, "ms", MS(1500));
    rule_draft_measure_text(&draft, "text", "words");
    rule_draft_measure_bool(&draft, "bool", true);
    rule_draft_measure_list(&draft, "list", draft.measured, 2);
    assert_int_equal(draft.measured[0].integer, -5);
    assert_true(draft.measured[1].type == WSPSCOPE_VALUE_NUMBER && draft.measured[1].number == 1500.0);
    assert_string_equal(draft.measured[2].string, "words");
    assert_true(draft.measured[3].type == WSPSCOPE_VALUE_BOOL && draft.measured[3].boolean);
    assert_int_equal(draft.measured[4].child_count, 2);
    for (int i = 0; i < 50; i++) {
        rule_draft_measure_integer(&draft, "more", i);
        rule_draft_limit(&draft, d.model, d.arena, "syn-silent-ms");
        rule_draft_rule_out(&draft, "a", "b");
    }
    assert_int_equal(draft.measured_count, DRAFT_MEASURED_MAX);
    assert_int_equal(draft.limit_count, DRAFT_LIMITS_MAX);
    assert_int_equal(draft.ruled_out_count, DRAFT_RULED_OUT_MAX);
    assert_string_equal(draft.limits[0].name, "syn-silent-ms");
    assert_true(draft.limits[0].value == 3000);
    assert_string_equal(draft.limits[0].unit, "ms");
    assert_string_equal(draft.limits[0].source, "wspscope");
    desk_end(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_draft_for_each_key),
        cmocka_unit_test(severity_and_confidence),
        cmocka_unit_test(evidence_is_sorted_and_bounded),
        cmocka_unit_test(clients_and_servers_are_sorted_and_complete),
        cmocka_unit_test(incidents_are_added_up),
        cmocka_unit_test(prefixes_beyond_the_list_are_counted),
        cmocka_unit_test(measures_limits_and_alternatives_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
