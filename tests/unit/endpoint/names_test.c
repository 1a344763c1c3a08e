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
    enum endpoint_role role; /* NONE: no row */
    const char *region;      /* NULL: all, or more than one */
} rows[] = {
    { "drp-lhr.amazonworkspaces.com", ENDPOINT_HEALTH_CHECK, "eu-west-2" },
    { "drp-lhr.amazonworkspaces.com.corp.local", ENDPOINT_ROLE_NONE, NULL },
    { "x.drp-lhr.amazonworkspaces.com", ENDPOINT_ROLE_NONE, NULL },
    { "3f1c9a52-7be0-4d0e-9c41-5a0d9e6b7f10-01.prod.eu-west-2.highlander.aws.a2z.com", ENDPOINT_DCV_GATEWAY,
      "eu-west-2" },
    { "a.b.prod.eu-west-2.highlander.aws.a2z.com", ENDPOINT_DCV_GATEWAY, "eu-west-2" },
    { "prod.eu-west-2.highlander.aws.a2z.com", ENDPOINT_ROLE_NONE, NULL },
    { ".prod.eu-west-2.highlander.aws.a2z.com", ENDPOINT_ROLE_NONE, NULL },
    { "x.prod.eu-west-9.highlander.aws.a2z.com", ENDPOINT_ROLE_NONE, NULL },
    { "xprod.eu-west-2.highlander.aws.a2z.com", ENDPOINT_ROLE_NONE, NULL },
    { "g-1.wsp-fips.prod.us-east-1.highlander.aws.a2z.com", ENDPOINT_DCV_GATEWAY, "us-east-1" },
    { "vpce-1.prod.highlander.eu-west-2.vpce.amazonaws.com", ENDPOINT_PRIVATE_GATEWAY, "eu-west-2" },
    { "privatelink.prod.us-east-2.highlander.aws.a2z.com", ENDPOINT_PRIVATE_GATEWAY, "us-east-2" },
    { "privatelink.prod.us-west-1.highlander.aws.a2z.com", ENDPOINT_ROLE_NONE, NULL },
    { "ws-broker-service.eu-west-2.amazonaws.com", ENDPOINT_WORKSPACES_SERVICE, "eu-west-2" },
    { "skylight-cm-fips.us-gov-west-1.api.aws", ENDPOINT_WORKSPACES_SERVICE, "us-gov-west-1" },
    { "clients.amazonworkspaces.com", ENDPOINT_WORKSPACES_SERVICE, NULL },
    { "d32i4gd7pg4909.cloudfront.net", ENDPOINT_WORKSPACES_SERVICE, NULL },
    { "d2kmf63k5sit88.cloudfront.net", ENDPOINT_WORKSPACES_SERVICE, NULL }, /* Paris and Tel Aviv */
    { "d1a2b3c4.cloudfront.net", ENDPOINT_ROLE_NONE, NULL },
    { "s3.amazonaws.com", ENDPOINT_AWS_OTHER, NULL },
    { "mybucket.s3.amazonaws.com", ENDPOINT_ROLE_NONE, NULL },
    { "fls-na.amazon.com", ENDPOINT_AWS_OTHER, NULL },
    { "workspaces.eu-west-2.amazonaws.com", ENDPOINT_AWS_OTHER, "eu-west-2" },
    { "eu-west-2.signin.aws", ENDPOINT_AWS_OTHER, "eu-west-2" },
    { "d-93670000.awsapps.com", ENDPOINT_AWS_OTHER, NULL },
    { "amazonworkspaces.com", ENDPOINT_ROLE_NONE, NULL },
    { "com", ENDPOINT_ROLE_NONE, NULL },
    { "", ENDPOINT_ROLE_NONE, NULL },
    { ".", ENDPOINT_ROLE_NONE, NULL },
    { "..", ENDPOINT_ROLE_NONE, NULL },
    { "*.prod.eu-west-2.highlander.aws.a2z.com", ENDPOINT_DCV_GATEWAY, "eu-west-2" },
};

static void finds_names(void **state)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        print_message("row %s\n", rows[i].name);
        const struct endpoint_name_row *row = endpoint_lookup_name(*state, rows[i].name);
        assert_int_equal(row ? row->role : ENDPOINT_ROLE_NONE, rows[i].role);
        const char *region = row && row->region ? row->region->code : "";
        assert_string_equal(region, rows[i].region ? rows[i].region : "");
    }
}

static void a_pattern_has_one_role(void **state)
{
    size_t count;
    const struct endpoint_name_row *all = endpoint_name_rows(*state, &count);
    for (size_t i = 1; i < count; i++)
        if (strcmp(all[i - 1].pattern, all[i].pattern) == 0)
            assert_int_equal(all[i - 1].role, all[i].role);
}

static void every_name_finds_itself(void **state)
{
    size_t count;
    const struct endpoint_name_row *all = endpoint_name_rows(*state, &count);
    assert_true(count > 400);
    for (size_t i = 0; i < count; i++) {
        const struct endpoint_name_row *row = endpoint_lookup_name(*state, all[i].pattern);
        assert_non_null(row);
        assert_string_equal(row->pattern, all[i].pattern);
        assert_null(strchr(row->pattern, '<'));
    }
}

static void more_than_one_region_keeps_the_disagreement(void **state)
{
    const struct endpoint_name_row *row = endpoint_lookup_name(*state, "d2kmf63k5sit88.cloudfront.net");
    assert_non_null(row);
    assert_non_null(row->disagreement);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_names),
        cmocka_unit_test(a_pattern_has_one_role),
        cmocka_unit_test(every_name_finds_itself),
        cmocka_unit_test(more_than_one_region_keeps_the_disagreement),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
