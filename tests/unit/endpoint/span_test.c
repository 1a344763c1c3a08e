/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "endpoint/span.h"

enum { SPANS_MAX = 8 };

static const struct {
    const char *name;
    const char *have[SPANS_MAX]; /* "region prefix" */
    const char *wanted;
    bool covered;
} rows[] = {
    { "nothing there", { NULL }, "a 10.0.0.0/8", false },
    { "the same", { "a 10.0.0.0/8" }, "a 10.0.0.0/8", true },
    { "of another Region", { "b 10.0.0.0/8" }, "a 10.0.0.0/8", false },
    { "wider", { "a 10.0.0.0/7" }, "a 10.0.0.0/8", true },
    { "narrower", { "a 10.0.0.0/9" }, "a 10.0.0.0/8", false },
    { "two halves", { "a 10.128.0.0/9", "a 10.0.0.0/9" }, "a 10.0.0.0/8", true },
    { "a gap", { "a 10.0.0.0/9", "a 10.128.0.0/10" }, "a 10.0.0.0/8", false },
    { "halves of two Regions", { "a 10.0.0.0/9", "b 10.128.0.0/9" }, "a 10.0.0.0/8", false },
    { "nested", { "a 10.0.0.0/9", "a 10.0.0.0/16", "a 10.128.0.0/9" }, "a 10.0.0.0/8", true },
    { "nested, then past the narrow one", { "a 10.0.0.0/8", "a 10.0.0.0/16" }, "a 10.200.0.0/16", true },
    { "end of IPv4", { "a 255.0.0.0/8" }, "a 255.255.255.255/32", true },
    { "end of IPv6", { "a ff00::/8" }, "a ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128", true },
    { "the last half of IPv6", { "a ff00::/9", "a ff80::/9" }, "a ff00::/8", true },
};

static struct endpoint_span make(const char *text)
{
    struct endpoint_span span = { .region = text[0] == 'a' ? "a" : "b" };
    assert_true(ipaddr_prefix_parse(text + 2, &span.prefix));
    return span;
}

static void covers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct endpoint_span spans[SPANS_MAX], wanted = make(rows[i].wanted);
        size_t count = 0;
        print_message("row %s\n", rows[i].name);
        while (count < SPANS_MAX && rows[i].have[count]) {
            spans[count] = make(rows[i].have[count]);
            count++;
        }
        count = endpoint_span_sort(spans, count);
        assert_int_equal(endpoint_span_covers(spans, count, &wanted), rows[i].covered);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(covers) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
