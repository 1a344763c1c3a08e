/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "endpoint/catalogue.h"

static const struct {
    enum endpoint_role role;
    const char *name;
    bool workspaces;
} rows[] = {
    { ENDPOINT_ROLE_NONE, "none", false },
    { ENDPOINT_HEALTH_CHECK, "health-check", true },
    { ENDPOINT_DCV_GATEWAY, "dcv-gateway", true },
    { ENDPOINT_DCV_GATEWAY_AGA, "dcv-gateway-aga", true },
    { ENDPOINT_PCOIP_GATEWAY, "pcoip-gateway", true },
    { ENDPOINT_GATEWAY, "gateway", true },
    { ENDPOINT_WORKSPACES_SERVICE, "workspaces-service", true },
    { ENDPOINT_AWS_OTHER, "aws-other", false },
    { ENDPOINT_PROXY, "proxy", false },
    { ENDPOINT_DNS, "dns", false },
    { ENDPOINT_PRIVATE_GATEWAY, "private-gateway", true },
    { ENDPOINT_ROLE_UNKNOWN, "unknown", false },
};

static void names_every_role(void **state)
{
    (void)state;
    assert_int_equal(sizeof rows / sizeof *rows, ENDPOINT_ROLES);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        print_message("row %s\n", rows[i].name);
        assert_string_equal(endpoint_role_name(rows[i].role), rows[i].name);
        assert_true(strlen(endpoint_role_title(rows[i].role)) > 0);
        assert_int_equal(endpoint_role_is_workspaces(rows[i].role), rows[i].workspaces);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(names_every_role) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
