/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "wspscope/endpoint.h"

static int setup(void **state)
{
    *state = wspscope_endpoints_open(NULL, NULL);
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    wspscope_endpoints_close(*state);
    return 0;
}

#define LABEL_63 "abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0"

static const struct {
    const char *text;
    enum wspscope_lookup result;
    const char *asked; /* NULL: not looked at */
    const char *role;  /* of the first row; NULL: none */
    size_t count;
} rows[] = {
    { "18.134.68.9", WSPSCOPE_LOOKUP_FOUND, "18.134.68.9", "dcv-gateway", 1 },
    { "2A05:D02C:0008::1", WSPSCOPE_LOOKUP_FOUND, "2a05:d02c:8::1", "dcv-gateway", 1 },
    { "::ffff:18.134.68.9", WSPSCOPE_LOOKUP_FOUND, "18.134.68.9", "dcv-gateway", 1 },
    { "93.77.140.1", WSPSCOPE_LOOKUP_FOUND, NULL, "dcv-gateway-aga", 1 },
    { "75.2.1.1", WSPSCOPE_LOOKUP_FOUND, NULL, "aws-other", 1 },
    { "8.8.8.8", WSPSCOPE_LOOKUP_UNKNOWN, "8.8.8.8", NULL, 0 },
    { "DRP-LHR.amazonworkspaces.COM.", WSPSCOPE_LOOKUP_FOUND, "drp-lhr.amazonworkspaces.com", "health-check", 1 },
    { "d32i4gd7pg4909.cloudfront.net", WSPSCOPE_LOOKUP_FOUND, NULL, "workspaces-service", 3 },
    { "d2kmf63k5sit88.cloudfront.net", WSPSCOPE_LOOKUP_FOUND, NULL, "workspaces-service", 2 },
    { "example.com", WSPSCOPE_LOOKUP_UNKNOWN, "example.com", NULL, 0 },
    { "localhost", WSPSCOPE_LOOKUP_UNKNOWN, "localhost", NULL, 0 },
    { LABEL_63 ".com", WSPSCOPE_LOOKUP_UNKNOWN, NULL, NULL, 0 },
    { LABEL_63 "a.com", WSPSCOPE_LOOKUP_BAD_SYNTAX, NULL, NULL, 0 },
    { LABEL_63 "." LABEL_63 "." LABEL_63 "." LABEL_63, WSPSCOPE_LOOKUP_BAD_SYNTAX, NULL, NULL, 0 },
    { "", WSPSCOPE_LOOKUP_BAD_SYNTAX, NULL, NULL, 0 },
    { ".", WSPSCOPE_LOOKUP_BAD_SYNTAX, NULL, NULL, 0 },
    { "a..b", WSPSCOPE_LOOKUP_BAD_SYNTAX, NULL, NULL, 0 },
    { ".a", WSPSCOPE_LOOKUP_BAD_SYNTAX, NULL, NULL, 0 },
    { "1.2.3.400", WSPSCOPE_LOOKUP_BAD_SYNTAX, NULL, NULL, 0 },
    { "1.2.3", WSPSCOPE_LOOKUP_BAD_SYNTAX, NULL, NULL, 0 },
    { "18.134.68.0/22", WSPSCOPE_LOOKUP_BAD_SYNTAX, NULL, NULL, 0 },
    { "2a05:d02c:8:::1", WSPSCOPE_LOOKUP_BAD_SYNTAX, NULL, NULL, 0 },
    { "https://example.com/", WSPSCOPE_LOOKUP_BAD_SYNTAX, NULL, NULL, 0 },
    { "a b", WSPSCOPE_LOOKUP_BAD_SYNTAX, NULL, NULL, 0 },
    { "a\033[2Jb", WSPSCOPE_LOOKUP_BAD_SYNTAX, NULL, NULL, 0 },
};

static void looks_up(void **state)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct wspscope_lookup_result result;
        print_message("row %s\n", rows[i].text);
        assert_int_equal(wspscope_endpoints_lookup(*state, rows[i].text, &result), rows[i].result);
        assert_int_equal(result.count, rows[i].count);
        if (rows[i].asked)
            assert_string_equal(result.asked, rows[i].asked);
        if (rows[i].role)
            assert_string_equal(result.rows[0]->role, rows[i].role);
    }
}

static void rows_are_in_order_and_whole(void **state)
{
    size_t count, shared = 0;
    const struct wspscope_endpoint *const *all = wspscope_endpoints_all(*state, &count);
    for (size_t i = 0; i < count; i++) {
        const char *before = i > 0 && all[i - 1]->region ? all[i - 1]->region : "";
        assert_true(strcmp(before, all[i]->region ? all[i]->region : "") <= 0);
        assert_int_equal(all[i]->family == 0, all[i]->function != NULL);
        assert_int_equal(all[i]->region != NULL, all[i]->region_name != NULL);
        assert_int_equal(strncmp(all[i]->source_address, "https://", 8), 0);
        shared += all[i]->shared;
    }
    assert_int_equal(shared, 176);
    assert_true(count > 800);
}

static void knows_private_addresses(void **state)
{
    struct wspscope_lookup_result result;
    assert_int_equal(wspscope_endpoints_lookup(*state, "10.1.2.3", &result), WSPSCOPE_LOOKUP_UNKNOWN);
    assert_true(result.private_address && result.is_address);
    assert_int_equal(wspscope_endpoints_lookup(*state, "8.8.8.8", &result), WSPSCOPE_LOOKUP_UNKNOWN);
    assert_false(result.private_address);
}

static void errors_are_sentences(void **state)
{
    struct wspscope_error error = { "" };
    assert_null(wspscope_endpoints_open("/nonexistent/x", &error));
    assert_non_null(strstr(error.text, "/nonexistent/x"));
    assert_null(wspscope_endpoints_import(*state, "/nonexistent/x", "/nonexistent/y", &error));
    assert_non_null(strstr(error.text, "cannot be opened"));
    assert_null(wspscope_endpoints_open("/nonexistent/x", NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(looks_up),
        cmocka_unit_test(rows_are_in_order_and_whole),
        cmocka_unit_test(knows_private_addresses),
        cmocka_unit_test(errors_are_sentences),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
