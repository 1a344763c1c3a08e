/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "engine/verdict.h"

/* FINDINGS, "Status". `later`: a stream of the client to the Region goes on after the failure. */
static const struct {
    const char *name;
    uint64_t role_flows, two_way, one_way;
    int fact; /* of a TCP path to London; -1 none */
    bool unknown_role, later;
    enum wspscope_verdict_status status;
    const char *part; /* of the sentence */
} rows[] = {
    { "nothing of WorkSpaces", 0, 0, 0, -1, false, false, WSPSCOPE_NO_TRAFFIC, "no WorkSpaces traffic" },
    { "all is well", 3, 3, 0, -1, false, false, WSPSCOPE_OK, "All is well" },
    { "a problem", 3, 1, 0, MODEL_TCP_SYN_SILENT, false, false, WSPSCOPE_FAILING, "10.20.30.4" },
    { "a problem, and a working session after it", 3, 1, 0, MODEL_TCP_SYN_SILENT, false, true, WSPSCOPE_DEGRADED,
      "10.20.30.4" },
    { "a warning", 3, 1, 0, MODEL_ICMP_OTHER, false, false, WSPSCOPE_DEGRADED, "10.20.30.4" },
    { "a problem of an unknown role is a warning", 3, 1, 0, MODEL_TCP_SYN_SILENT, true, false, WSPSCOPE_DEGRADED,
      "10.20.30.4" },
    { "one direction only", 3, 0, 3, -1, false, false, WSPSCOPE_CANNOT_TELL, "one direction" },
    { "nothing answered, nothing found", 2, 0, 0, -1, false, false, WSPSCOPE_CANNOT_TELL, "Cannot tell" },
};

static void status_and_sentence(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct shop s;
        struct draft_list drafts;
        struct wspscope_verdict verdict;
        shop_open(&s, NULL);
        s.engine.counts.read = 2;
        s.tap->now_ns = MS(600000);
        s.tap->role_flows = rows[i].role_flows;
        s.tap->role_flows_two_way = s.tap->flows_two_way = rows[i].two_way;
        s.tap->flows_client_only_proved = rows[i].one_way;
        const char *server = rows[i].unknown_role ? "203.0.113.9" : "18.134.68.9";
        if (rows[i].fact >= 0) {
            struct model_path *p = shop_path(&s, "10.20.30.4", server, 4195, 6);
            shop_fact(&s, p, (enum model_fact)rows[i].fact, MODEL_UNDECIDED_NONE);
            struct model_session *session =
                model_session_of(s.model, p->client, p->row ? p->row->region : NULL, MODEL_DCV);
            if (rows[i].later)
                *model_session_add_stream(s.model, session) =
                    (struct model_stream){ .transport = MODEL_TCP, .port = 4195, .first_ns = MS(10000),
                                           .sustained_ns = MS(11000), .last_ns = MS(500000), .bytes_to_client = 1 };
        }
        assert_true(rule_run(s.model, s.arena, &drafts));
        engine_verdict(&s.engine, &drafts, s.arena, &verdict);
        failed += soft_text(rows[i].name, "status", wspscope_verdict_name(verdict.status),
                            wspscope_verdict_name(rows[i].status));
        failed += soft_text(rows[i].name, "primary", verdict.primary, rows[i].fact >= 0 ? "F1" : NULL);
        failed += soft_holds(rows[i].name, "summary", verdict.summary, rows[i].part);
        failed += soft_true(rows[i].name, "one sentence that ends",
                            *verdict.summary && verdict.summary[strlen(verdict.summary) - 1] == '.');
        shop_close(&s);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(status_and_sentence) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
