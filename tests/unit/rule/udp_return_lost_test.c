/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

/* The form, by what was measured before the silence: a life of ten packets or two seconds, a gap of fifteen seconds. */
static const struct {
    const char *name;
    int64_t life_ms, idle_ms;
    uint32_t before;
    bool control_open;
    const char *form;
    enum wspscope_confidence confidence;
} rows[] = {
    { "a life of ten packets", 60000, 10, 10, true, "late-block", WSPSCOPE_HIGH },
    { "a life of two seconds", 2000, 10, 500, true, "late-block", WSPSCOPE_HIGH },
    { "longer than both", 2001, 10, 11, true, "mid-session", WSPSCOPE_HIGH },
    { "a gap of fifteen seconds", 60000, 15000, 500, true, "idle-expiry", WSPSCOPE_HIGH },
    { "a shorter gap", 60000, 14999, 500, true, "mid-session", WSPSCOPE_HIGH },
    { "no control connection in view", 60000, 10, 500, false, "mid-session", WSPSCOPE_MEDIUM },
};

static void forms_are_told_by_what_came_before(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct desk d;
        desk_begin(&d);
        desk_add(&d, desk_path(&d, "10.20.30.4", desk_dcv, 4195, 17),
                 (struct model_incident){ .fact = MODEL_UDP_RETURN_LOST, .first_ns = MS(100000), .last_ns = MS(105000),
                                          .life_ns = MS(rows[i].life_ms), .idle_ns = MS(rows[i].idle_ms), .quic = true,
                                          .before_pkts = rows[i].before, .control_open = rows[i].control_open });
        desk_run(&d);
        const struct draft *f = desk_find(&d, "udp-return-lost");
        assert_non_null(f);
        failed += desk_check_shape(rows[i].name, f);
        failed += soft_text(rows[i].name, "form", desk_measured(f, "form")->string, rows[i].form);
        failed += soft_int(rows[i].name, "confidence", f->confidence, rows[i].confidence);
        desk_end(&d);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(forms_are_told_by_what_came_before) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
