/* SPDX-License-Identifier: Apache-2.0 */
#include "../soft.h"

#include "endpoint/catalogue.h"
#include "rule/rule.h"
#include "wspscope/analysis.h"

static const struct wspscope_kind *find(const char *name)
{
    for (const struct wspscope_kind *const *k = wspscope_kinds(); *k; k++)
        if (strcmp((*k)->kind, name) == 0)
            return *k;
    return NULL;
}

static void every_kind_is_whole_and_its_own(void **state)
{
    (void)state;
    struct endpoint_catalogue *catalogue = endpoint_catalogue_builtin(NULL);
    unsigned failed = 0;
    for (const struct wspscope_kind *const *k = wspscope_kinds(); *k; k++) {
        const char *name = (*k)->kind;
        failed += soft_true(name, "title, severity, meaning, signature, needs",
                            (*k)->title && *(*k)->title && (*k)->severity && *(*k)->severity && (*k)->meaning &&
                                *(*k)->meaning && (*k)->signature && *(*k)->signature && (*k)->needs && *(*k)->needs);
        failed += soft_true(name, "the only one of its name", find(name) == *k);
        for (const char *at = name; *at; at++)
            failed += soft_true(name, "letters, digits and dashes",
                                (*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9') || *at == '-');
        for (const char *const *t = (*k)->thresholds; t && *t; t++)
            failed += soft_true(*t, "is in the table of thresholds", endpoint_threshold_find(catalogue, *t) != NULL);
    }
    for (const struct rule *const *rule = rule_all(); *rule; rule++)
        failed += soft_true((*rule)->about.kind, "a rule's kind is listed", find((*rule)->about.kind) ==
            &(*rule)->about);
    endpoint_catalogue_free(catalogue);
    assert_int_equal(failed, 0);
}

/* What only the ledger holds, and the words that scripts compare. */
static const char *const limits[] = {
    "capture-one-way",  "capture-late-start", "capture-duplicates", "capture-loss",    "capture-truncated",
    "capture-offload",  "capture-clock",      "capture-filtered",   "capture-damaged", "budget-exhausted",
};

static void limits_are_of_severity_limit(void **state)
{
    (void)state;
    unsigned failed = 0, count = 0;
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        const struct wspscope_kind *k = find(limits[i]);
        failed += soft_true(limits[i], "is a kind", k != NULL);
        failed += k ? soft_text(limits[i], "severity", k->severity, "limit") : 0;
    }
    for (const struct wspscope_kind *const *k = wspscope_kinds(); *k; k++)
        count += strcmp((*k)->severity, "limit") == 0;
    assert_int_equal(count, COUNT_OF(limits));
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_whole_and_its_own),
        cmocka_unit_test(limits_are_of_severity_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
