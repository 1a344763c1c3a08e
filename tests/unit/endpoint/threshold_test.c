/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "endpoint/catalogue.h"

static int setup(void **state)
{
    *state = endpoint_catalogue_builtin(NULL);
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    endpoint_catalogue_free(*state);
    return 0;
}

static const struct {
    const char *name;
    double value;
    bool published;
} known[] = {
    { "syn-silent-ms", 3000, false },
    { "udp-blocked-datagrams", 3, false },
    { "scan-sources", 10, false },
    { "loop-min-ttl", 32, false },
    { "bufferbloat-correlation", 0.6, false },
    { "capture-loss-percent", 0.5, false },
    { "rtt-dcv-degraded-ms", 250, true },
    { "rtt-dcv-bad-ms", 400, true },
    { "rtt-pcoip-affected-ms", 100, true },
    { "rtt-pcoip-degraded-ms", 200, true },
    { "rtt-pcoip-ended-ms", 375, true },
    { "quic-min-mtu-ipv4", 1228, true },
    { "quic-min-mtu-ipv6", 1248, true },
    { "aws-min-mtu", 1200, true },
};

static void has_the_limits(void **state)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        print_message("row %s\n", known[i].name);
        const struct endpoint_threshold *threshold = endpoint_threshold_find(*state, known[i].name);
        assert_non_null(threshold);
        assert_true(threshold->value == known[i].value);
        assert_true(endpoint_threshold_value(*state, known[i].name) == known[i].value);
        assert_int_equal(strcmp(threshold->source, "wspscope") != 0, known[i].published);
    }
    assert_null(endpoint_threshold_find(*state, "syn"));
    assert_null(endpoint_threshold_find(*state, ""));
}

static void is_sorted_and_unique(void **state)
{
    size_t count;
    const struct endpoint_threshold *all = endpoint_thresholds(*state, &count);
    assert_true(count > 60);
    for (size_t i = 1; i < count; i++)
        assert_true(strcmp(all[i - 1].name, all[i].name) < 0);
}

static const struct {
    const char *assignment;
    const char *error; /* part of the sentence; NULL: good */
} overrides[] = {
    { "syn-silent-ms=4500.5", NULL },
    { "syn-silent-ms=0", NULL },
    { "syn-silent-ms", "NAME=VALUE" },
    { "=5", "NAME=VALUE" },
    { "", "NAME=VALUE" },
    { "syn=5", "no threshold \"syn\"" },
    { "a-name-that-is-much-longer-than-any-threshold-has-ever-been-or-ever-will-be=5", "no threshold" },
    { "syn-silent-ms=", "no value for the threshold syn-silent-ms" },
    { "syn-silent-ms=-1", "decimal number of ms" },
    { "syn-silent-ms=1e9", "decimal number" },
    { "syn-silent-ms=3,5", "decimal number" },
};

static void takes_overrides(void **state)
{
    for (size_t i = 0; i < sizeof overrides / sizeof *overrides; i++) {
        struct error error = { "" };
        print_message("row %s\n", overrides[i].assignment);
        enum status status = endpoint_threshold_override(*state, overrides[i].assignment, &error);
        assert_int_equal(status, overrides[i].error ? STATUS_BAD_USAGE : STATUS_OK);
        if (overrides[i].error)
            assert_non_null(strstr(error.text, overrides[i].error));
    }
    assert_true(endpoint_threshold_value(*state, "syn-silent-ms") == 0);
    assert_string_equal(endpoint_threshold_find(*state, "syn-silent-ms")->source, "--threshold");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_the_limits),
        cmocka_unit_test(is_sorted_and_unique),
        cmocka_unit_test(takes_overrides),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
