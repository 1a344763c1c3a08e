/* SPDX-License-Identifier: Apache-2.0 */
#include "../soft.h"

#include "engine/registry.h"
#include "rule/rule.h"

/* What a finding does from one comparison to the next. */

static const struct rule rule = { .about = { .kind = "udp-blocked" } };

/* A step: at this second there is the finding with so many incidents, the last at that second; count 0: none. */
static const struct step {
    const char *name;
    int64_t now_s;
    uint64_t count;
    int64_t last_s;
    const char *changes; /* o, u, r: opened, updated, resolved */
} steps[] = {
    { "nothing yet", 1, 0, 0, "" },
    { "it begins", 2, 1, 2, "o" },
    { "nothing new", 3, 1, 2, "" },
    { "one more", 4, 2, 4, "u" },
    { "quiet, not yet long enough", 13, 2, 4, "" },
    { "quiet", 14, 2, 4, "r" },
    { "still quiet", 100, 2, 4, "" },
    { "it begins again", 101, 3, 101, "o" },
    { "it was something else", 102, 0, 0, "r" },
    { "and it stays away", 103, 0, 0, "" },
    { "it was not", 104, 3, 101, "o" },
    { "it ended long ago when it was told", 200, 4, 105, "ur" },
};

static int64_t seconds(int64_t s)
{
    return s * 1000000000;
}

static void letters_of(const struct wspscope_tick *tick, char text[8])
{
    size_t n = 0;
    for (; n < tick->change_count && n < 7; n++)
        text[n] = wspscope_change_name(tick->changes[n].kind)[0];
    text[n] = '\0';
}

static void a_finding_opens_changes_and_is_resolved(void **state)
{
    (void)state;
    unsigned failed = 0;
    struct engine_registry *r = engine_registry_new(seconds(10));
    assert_non_null(r);
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        const struct step *s = &steps[i];
        struct draft draft = { .key = { .rule = &rule, .protocol = 17, .port = 4195, .cause = "drop" } };
        struct draft_list list = { .first = s->count ? &draft : NULL, .count = s->count ? 1 : 0 };
        struct wspscope_finding finding = { .kind = "udp-blocked", .summary = "It is dropped.", .count = s->count,
                                            .last_ns = seconds(s->last_s) };
        struct wspscope_tick tick = { .now_ns = seconds(s->now_s) };
        char letters[8];
        engine_registry_compare(r, &list, &finding, tick.now_ns);
        engine_registry_show(r, &tick);
        letters_of(&tick, letters);
        failed += soft_text(s->name, "changes", letters, s->changes);
        failed += soft_int(s->name, "numbered", (int64_t)tick.numbered, s->count ? 1 : 0);
        if (s->count)
            failed += soft_int(s->name, "number", (int64_t)tick.numbers[0], 1);
        if (tick.change_count)
            failed += soft_text(s->name, "summary", tick.changes[0].finding->summary, "It is dropped.");
    }
    engine_registry_free(r);
    assert_int_equal(failed, 0);
}

static void keys_that_differ_are_other_findings(void **state)
{
    (void)state;
    struct engine_registry *r = engine_registry_new(seconds(10));
    struct draft drafts[4] = {
        { .key = { .rule = &rule, .protocol = 17, .port = 4195, .cause = "drop" }, .next = &drafts[1] },
        { .key = { .rule = &rule, .protocol = 17, .port = 4172, .cause = "drop" }, .next = &drafts[2] },
        { .key = { .rule = &rule, .protocol = 6, .port = 4195, .cause = "drop" }, .next = &drafts[3] },
        { .key = { .rule = &rule, .protocol = 17, .port = 4195, .cause = "other" } },
    };
    struct draft_list list = { .first = drafts, .count = 4 };
    struct wspscope_finding findings[4];
    for (size_t i = 0; i < 4; i++)
        findings[i] = (struct wspscope_finding){ .summary = "It is dropped.", .count = 1 };
    struct wspscope_tick tick = { .now_ns = 0 };
    engine_registry_compare(r, &list, findings, 0);
    engine_registry_show(r, &tick);
    assert_int_equal(tick.change_count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(tick.numbers[i], i + 1);
        assert_true(tick.open[i]);
    }
    engine_registry_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_finding_opens_changes_and_is_resolved),
        cmocka_unit_test(keys_that_differ_are_other_findings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
