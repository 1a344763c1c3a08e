/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "wspscope/report.h"

static void words_are_those_of_the_schema(void **state)
{
    (void)state;
    assert_string_equal(wspscope_severity_name(WSPSCOPE_PROBLEM), "problem");
    assert_string_equal(wspscope_severity_name(WSPSCOPE_WARNING), "warning");
    assert_string_equal(wspscope_severity_name(WSPSCOPE_NOTICE), "notice");
    assert_string_equal(wspscope_confidence_name(WSPSCOPE_HIGH), "high");
    assert_string_equal(wspscope_confidence_name(WSPSCOPE_MEDIUM), "medium");
    assert_string_equal(wspscope_confidence_name(WSPSCOPE_LOW), "low");
    assert_string_equal(wspscope_verdict_name(WSPSCOPE_OK), "ok");
    assert_string_equal(wspscope_verdict_name(WSPSCOPE_DEGRADED), "degraded");
    assert_string_equal(wspscope_verdict_name(WSPSCOPE_FAILING), "failing");
    assert_string_equal(wspscope_verdict_name(WSPSCOPE_NO_TRAFFIC), "no-workspaces-traffic");
    assert_string_equal(wspscope_verdict_name(WSPSCOPE_CANNOT_TELL), "cannot-tell");
    assert_string_equal(wspscope_who_name(WSPSCOPE_WHO_CLIENT), "client");
    assert_string_equal(wspscope_who_name(WSPSCOPE_WHO_LOCAL_NETWORK), "local-network");
    assert_string_equal(wspscope_who_name(WSPSCOPE_WHO_INTERNET), "internet");
    assert_string_equal(wspscope_who_name(WSPSCOPE_WHO_AWS), "aws");
    assert_string_equal(wspscope_who_name(WSPSCOPE_WHO_UNKNOWN), "unknown");
}

static void values_beyond_the_enums_have_a_word(void **state)
{
    (void)state;
    assert_string_equal(wspscope_severity_name(WSPSCOPE_SEVERITIES), "unknown");
    assert_string_equal(wspscope_confidence_name((enum wspscope_confidence)99), "unknown");
    assert_string_equal(wspscope_verdict_name(WSPSCOPE_VERDICTS), "unknown");
    assert_string_equal(wspscope_who_name(WSPSCOPE_WHOS), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_those_of_the_schema),
        cmocka_unit_test(values_beyond_the_enums_have_a_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
