/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "endpoint/fields.h"

enum kind { PREFIX, ROLE, PORTS, DATE, CODE, PATTERN, NUMBER, COVERAGE };

static const struct {
    enum kind kind;
    const char *text;
    bool good;
} rows[] = {
    { PREFIX, "18.134.68.0/22", true },
    { PREFIX, "18.134.68.1/22", false },
    { PREFIX, "18.134.68.0/33", false },
    { PREFIX, "18.134.68.0/", false },
    { PREFIX, "35.176.62.54", true },
    { PREFIX, "2a05:d02c:8::/48", true },
    { PREFIX, "2a05:d02c:8::/33", false },
    { PREFIX, "::/0", false },
    { PREFIX, "::/80", false }, /* would hold every IPv4 address in its mapped form */
    { PREFIX, "0.0.0.0/0", false },
    { PREFIX, "drp-lhr.amazonworkspaces.com", false },
    { ROLE, "dcv-gateway", true },
    { ROLE, "dcv-gateway-aga", true },
    { ROLE, "aws-other", true },
    { ROLE, "none", false },
    { ROLE, "unknown", false },
    { ROLE, "DCV gateway", false },
    { PORTS, "tcp/4195,udp/4195,tcp/443,udp/443", true },
    { PORTS, "udp/1", true },
    { PORTS, "udp/65535", true },
    { PORTS, "udp/65536", false },
    { PORTS, "udp/0", false },
    { PORTS, "udp/04195", false },
    { PORTS, "udp/99999999999999999999", false },
    { PORTS, "icmp/1", false },
    { PORTS, "tcp/443,", false },
    { PORTS, "tcp/443;udp/443", false },
    { PORTS, "tcp/1,tcp/2,tcp/3,tcp/4,tcp/5,tcp/6,tcp/7,tcp/8", true },
    { PORTS, "tcp/1,tcp/2,tcp/3,tcp/4,tcp/5,tcp/6,tcp/7,tcp/8,tcp/9", false },
    { PORTS, "", false },
    { DATE, "2026", true },
    { DATE, "2026-07", true },
    { DATE, "2026-07-15", true },
    { DATE, "2026-7-15", false },
    { DATE, "15.07.2026", false },
    { DATE, "2026-07-15Z", false },
    { CODE, "eu-west-2", true },
    { CODE, "EU-WEST-2", false },
    { CODE, "", false },
    { CODE, "*", false },
    { CODE, "abcdefghijklmnopqrstuvwxyz0123456", false },
    { PATTERN, "drp-lhr.amazonworkspaces.com", true },
    { PATTERN, "*.prod.<region>.highlander.aws.a2z.com", true },
    { PATTERN, "a.*.com", false },
    { PATTERN, "*", false },
    { PATTERN, "*.", false },
    { PATTERN, "a..com", false },
    { PATTERN, "com.", false },
    { PATTERN, "A.com", false },
    { PATTERN, "a.<regions>.com", false },
    { PATTERN, "a b.com", false },
    { PATTERN, "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl.com", false },
    { NUMBER, "3000", true },
    { NUMBER, "0.5", true },
    { NUMBER, "0", true },
    { NUMBER, "", false },
    { NUMBER, ".5", false },
    { NUMBER, "5.", false },
    { NUMBER, "1.2.3", false },
    { NUMBER, "-1", false },
    { NUMBER, "1e3", false },
    { NUMBER, "nan", false },
    { NUMBER, "0x10", false },
    { NUMBER, "1234567890123456", false },
    { COVERAGE, "documented", true },
    { COVERAGE, "none", true },
    { COVERAGE, "some", false },
};

static bool is_good(enum kind kind, const char *text)
{
    struct ipaddr_prefix prefix;
    enum endpoint_role role;
    enum endpoint_coverage coverage;
    double number;
    switch (kind) {
    case PREFIX:
        return endpoint_fields_prefix(text, &prefix);
    case ROLE:
        return endpoint_fields_role(text, &role) && strcmp(endpoint_role_name(role), text) == 0;
    case PORTS:
        return endpoint_fields_ports(text);
    case DATE:
        return endpoint_fields_date(text);
    case CODE:
        return endpoint_fields_code(text);
    case PATTERN:
        return endpoint_fields_pattern(text);
    case NUMBER:
        return endpoint_fields_number(text, &number);
    case COVERAGE:
        return endpoint_fields_coverage(text, &coverage) &&
               strcmp(endpoint_fields_coverage_name(coverage), text) == 0;
    }
    return false;
}

static void reads_fields(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        print_message("row %d \"%s\"\n", rows[i].kind, rows[i].text);
        assert_int_equal(is_good(rows[i].kind, rows[i].text), rows[i].good);
    }
}

static void reads_numbers(void **state)
{
    (void)state;
    double number = 0;
    assert_true(endpoint_fields_number("0.6", &number));
    assert_true(number == 0.6);
    assert_true(endpoint_fields_number("3000", &number));
    assert_true(number == 3000);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(reads_fields), cmocka_unit_test(reads_numbers) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
