/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/ipaddr.h"

static const struct {
    const char *text;
    const char *expected; /* as written back; NULL: no address */
    bool v4, private;
} address_rows[] = {
    { "18.134.68.9", "18.134.68.9", true, false },
    { "0.0.0.0", "0.0.0.0", true, true },
    { "10.20.30.4", "10.20.30.4", true, true },
    { "11.0.0.0", "11.0.0.0", true, false },
    { "100.63.255.255", "100.63.255.255", true, false },
    { "100.64.0.0", "100.64.0.0", true, true },
    { "100.127.255.255", "100.127.255.255", true, true },
    { "100.128.0.0", "100.128.0.0", true, false },
    { "127.0.0.1", "127.0.0.1", true, true },
    { "169.254.169.254", "169.254.169.254", true, true },
    { "172.15.255.255", "172.15.255.255", true, false },
    { "172.31.255.255", "172.31.255.255", true, true },
    { "172.32.0.0", "172.32.0.0", true, false },
    { "192.168.0.1", "192.168.0.1", true, true },
    { "192.169.0.0", "192.169.0.0", true, false },
    { "255.255.255.255", "255.255.255.255", true, false },
    { "2A05:D02C:0008:0000:0000:0000:0000:0001", "2a05:d02c:8::1", false, false },
    { "::", "::", false, true },
    { "::1", "::1", false, true },
    { "::2", "::2", false, false },
    { "fc00::1", "fc00::1", false, true },
    { "fdff:ffff::", "fdff:ffff::", false, true },
    { "fe80::1", "fe80::1", false, true },
    { "febf::1", "febf::1", false, true },
    { "fec0::1", "fec0::1", false, false },
    { "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1", false, false },
    { "::ffff:18.134.68.9", "18.134.68.9", true, false },
    { "", NULL, false, false },
    { "1.2.3", NULL, false, false },
    { "1.2.3.4.5", NULL, false, false },
    { "256.1.1.1", NULL, false, false },
    { "1.2.3.4 ", NULL, false, false },
    { ":::1", NULL, false, false },
    { "1::2::3", NULL, false, false },
    { "fe80::1%eth0", NULL, false, false },
};

static void addresses_are_read_and_written(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof address_rows / sizeof *address_rows; i++) {
        struct ipaddr a;
        char text[IPADDR_TEXT_SIZE];
        bool ok = ipaddr_parse(address_rows[i].text, &a);
        if (ok != (address_rows[i].expected != NULL))
            fail_msg("\"%s\" %s an address", address_rows[i].text, ok ? "is" : "is not");
        if (!ok)
            continue;
        if (strcmp(ipaddr_format(&a, text), address_rows[i].expected) != 0)
            fail_msg("%s: written as %s", address_rows[i].text, text);
        if (ipaddr_is_v4(&a) != address_rows[i].v4 || ipaddr_is_private(&a) != address_rows[i].private)
            fail_msg("%s: version or private", address_rows[i].text);
    }
}

static const struct {
    const char *text;
    const char *expected; /* NULL: no prefix */
    const char *first_in, *last_in, *out;
} prefix_rows[] = {
    { "18.134.68.0/22", "18.134.68.0/22", "18.134.68.0", "18.134.71.255", "18.134.72.0" },
    { "10.0.0.0/8", "10.0.0.0/8", "10.0.0.0", "10.255.255.255", "11.0.0.0" },
    { "10.1.2.3", "10.1.2.3/32", "10.1.2.3", "10.1.2.3", "10.1.2.2" },
    { "10.1.2.2/31", "10.1.2.2/31", "10.1.2.2", "10.1.2.3", "10.1.2.4" },
    { "0.0.0.0/0", "0.0.0.0/0", "0.0.0.0", "255.255.255.255", "::1" },
    { "2a05:d02c:8::/48", "2a05:d02c:8::/48", "2a05:d02c:8::", "2a05:d02c:8:ffff:ffff:ffff:ffff:ffff",
      "2a05:d02c:9::" },
    { "::/0", "::/0", "::", "ffff::", NULL },
    { "2001:db8::1", "2001:db8::1/128", "2001:db8::1", "2001:db8::1", "2001:db8::2" },
    { "18.134.68.1/22", NULL, NULL, NULL, NULL },
    { "2a05:d02c:8::1/48", NULL, NULL, NULL, NULL },
    { "10.0.0.0/33", NULL, NULL, NULL, NULL },
    { "::/129", NULL, NULL, NULL, NULL },
    { "10.0.0.0/", NULL, NULL, NULL, NULL },
    { "10.0.0.0/8x", NULL, NULL, NULL, NULL },
    { "10.0.0.0/-1", NULL, NULL, NULL, NULL },
    { "10.0.0.0/0008", NULL, NULL, NULL, NULL },
    { "/8", NULL, NULL, NULL, NULL },
    { "", NULL, NULL, NULL, NULL },
    { "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/8", NULL, NULL, NULL, NULL },
};

static bool holds(const struct ipaddr_prefix *p, const char *text)
{
    struct ipaddr a;
    assert_true(ipaddr_parse(text, &a));
    return ipaddr_prefix_contains(p, &a);
}

static void prefixes_are_read_written_and_hold_their_addresses(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof prefix_rows / sizeof *prefix_rows; i++) {
        struct ipaddr_prefix p;
        char text[IPADDR_PREFIX_TEXT_SIZE];
        bool ok = ipaddr_prefix_parse(prefix_rows[i].text, &p);
        if (ok != (prefix_rows[i].expected != NULL))
            fail_msg("\"%s\" %s a prefix", prefix_rows[i].text, ok ? "is" : "is not");
        if (!ok)
            continue;
        if (strcmp(ipaddr_prefix_format(&p, text), prefix_rows[i].expected) != 0)
            fail_msg("%s: written as %s", prefix_rows[i].text, text);
        if (!holds(&p, prefix_rows[i].first_in) || !holds(&p, prefix_rows[i].last_in))
            fail_msg("%s: does not hold its ends", prefix_rows[i].text);
        if (prefix_rows[i].out && holds(&p, prefix_rows[i].out))
            fail_msg("%s: holds %s", prefix_rows[i].text, prefix_rows[i].out);
    }
}

static const struct {
    const char *a, *b;
    bool overlap;
} overlap_rows[] = {
    { "10.0.0.0/8", "10.1.0.0/16", true },
    { "10.1.0.0/16", "10.0.0.0/8", true },
    { "10.0.0.0/16", "10.0.0.0/16", true },
    { "10.0.0.0/16", "10.1.0.0/16", false },
    { "198.19.0.0/16", "198.18.0.0/15", true },
    { "10.0.0.0/8", "2a05::/16", false },
    { "0.0.0.0/0", "2a05::/16", false },
};

static void prefixes_overlap_when_one_holds_the_other(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof overlap_rows / sizeof *overlap_rows; i++) {
        struct ipaddr_prefix a, b;
        assert_true(ipaddr_prefix_parse(overlap_rows[i].a, &a));
        assert_true(ipaddr_prefix_parse(overlap_rows[i].b, &b));
        if (ipaddr_prefix_overlaps(&a, &b) != overlap_rows[i].overlap)
            fail_msg("%s and %s", overlap_rows[i].a, overlap_rows[i].b);
    }
}

static void addresses_sort_as_people_expect(void **state)
{
    static const char *const sorted[] = { "9.0.0.1", "10.0.0.9", "10.0.0.10", "192.168.0.1", "2001:db8::1", "fe80::1" };
    (void)state;
    for (size_t i = 0; i + 1 < sizeof sorted / sizeof *sorted; i++) {
        struct ipaddr a, b;
        assert_true(ipaddr_parse(sorted[i], &a) && ipaddr_parse(sorted[i + 1], &b));
        assert_true(ipaddr_compare(&a, &b) < 0);
        assert_false(ipaddr_equal(&a, &b));
        assert_true(ipaddr_equal(&a, &a));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_read_and_written),
        cmocka_unit_test(prefixes_are_read_written_and_hold_their_addresses),
        cmocka_unit_test(prefixes_overlap_when_one_holds_the_other),
        cmocka_unit_test(addresses_sort_as_people_expect),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
