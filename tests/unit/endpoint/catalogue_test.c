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
    struct error error = { "" };
    *state = endpoint_catalogue_builtin(&error);
    if (!*state)
        print_error("%s\n", error.text);
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    endpoint_catalogue_free(*state);
    return 0;
}

static const struct {
    const char *address;
    enum endpoint_role role; /* NONE: no row */
    const char *region, *prefix;
    const char *disagreement; /* part of the sentence; NULL: none */
} address_rows[] = {
    { "18.134.68.0", ENDPOINT_DCV_GATEWAY, "eu-west-2", "18.134.68.0/22", NULL },
    { "18.134.71.255", ENDPOINT_DCV_GATEWAY, "eu-west-2", "18.134.68.0/22", NULL },
    { "18.134.72.0", ENDPOINT_ROLE_NONE, NULL, NULL, NULL },
    { "18.134.67.255", ENDPOINT_ROLE_NONE, NULL, NULL, NULL },
    { "2a05:d02c:8::dc9e", ENDPOINT_DCV_GATEWAY, "eu-west-2", "2a05:d02c:8::/48", NULL },
    { "2a05:d02c:9::1", ENDPOINT_ROLE_NONE, NULL, NULL, NULL },
    { "3.235.119.255", ENDPOINT_PCOIP_GATEWAY, "us-east-1", "3.235.112.0/21", NULL },
    { "52.23.62.255", ENDPOINT_PCOIP_GATEWAY, "us-east-1", "52.23.62.0/24", NULL },
    { "52.23.63.0", ENDPOINT_ROLE_NONE, NULL, NULL, NULL },
    { "2600:1f32:81ff::1", ENDPOINT_PCOIP_GATEWAY, "us-east-1", "2600:1f32:8000::/39", NULL },
    { "93.77.159.9", ENDPOINT_DCV_GATEWAY_AGA, "ap-southeast-1", "93.77.159.0/24", NULL },
    { "24.110.1.7", ENDPOINT_DCV_GATEWAY_AGA, "ap-southeast-5", "24.110.1.0/24", NULL },
    { "24.110.2.7", ENDPOINT_ROLE_NONE, NULL, NULL, NULL },
    { "35.176.62.54", ENDPOINT_HEALTH_CHECK, "eu-west-2", "35.176.62.54/32", NULL },
    { "35.176.62.55", ENDPOINT_ROLE_NONE, NULL, NULL, NULL },
    { "51.17.52.90", ENDPOINT_HEALTH_CHECK, "il-central-1", "51.17.52.90/32", "Paris" },
    { "51.44.72.1", ENDPOINT_DCV_GATEWAY, "eu-west-3", "51.44.72.0/22", "51.17.72.0/22" },
    { "51.17.72.1", ENDPOINT_DCV_GATEWAY, "il-central-1", "51.17.72.0/22", "Paris" },
    { "51.44.204.1", ENDPOINT_PCOIP_GATEWAY, "eu-west-3", "51.44.204.0/22", "does not list it" },
    { "54.233.156.245", ENDPOINT_HEALTH_CHECK, "sa-east-1", "54.233.156.245/32", "Cape Town" },
    { "13.244.128.155", ENDPOINT_HEALTH_CHECK, "af-south-1", "13.244.128.155/32", "Sao Paulo" },
    { "44.214.151.1", ENDPOINT_GATEWAY, "us-east-1", "44.214.148.0/22", "no AWS page" },
    { "43.192.144.1", ENDPOINT_GATEWAY, "cn-northwest-1", "43.192.144.0/22", "no AWS page" },
    { "8.8.8.8", ENDPOINT_ROLE_NONE, NULL, NULL, NULL },
    { "0.0.0.0", ENDPOINT_ROLE_NONE, NULL, NULL, NULL },
    { "255.255.255.255", ENDPOINT_ROLE_NONE, NULL, NULL, NULL },
    { "::", ENDPOINT_ROLE_NONE, NULL, NULL, NULL },
    { "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ENDPOINT_ROLE_NONE, NULL, NULL, NULL },
    { "75.2.1.1", ENDPOINT_ROLE_NONE, NULL, NULL, NULL }, /* Global Accelerator of somebody */
};

static void check_address(const struct endpoint_catalogue *catalogue, size_t i)
{
    struct ipaddr address;
    char prefix[IPADDR_PREFIX_TEXT_SIZE];
    print_message("row %s\n", address_rows[i].address);
    assert_true(ipaddr_parse(address_rows[i].address, &address));
    const struct endpoint_row *row = endpoint_lookup(catalogue, &address);
    if (address_rows[i].role == ENDPOINT_ROLE_NONE) {
        assert_null(row);
        return;
    }
    assert_non_null(row);
    assert_int_equal(row->role, address_rows[i].role);
    assert_string_equal(row->region->code, address_rows[i].region);
    assert_string_equal(ipaddr_prefix_format(&row->prefix, prefix), address_rows[i].prefix);
    if (address_rows[i].disagreement) {
        assert_non_null(row->disagreement);
        assert_non_null(strstr(row->disagreement, address_rows[i].disagreement));
    } else {
        assert_null(row->disagreement);
    }
}

static void finds_addresses(void **state)
{
    for (size_t i = 0; i < sizeof address_rows / sizeof *address_rows; i++)
        check_address(*state, i);
}

static void shared_ranges_are_apart(void **state)
{
    struct ipaddr address;
    assert_true(ipaddr_parse("75.2.1.1", &address));
    const struct endpoint_row *row = endpoint_lookup_shared(*state, &address);
    assert_non_null(row);
    assert_int_equal(row->role, ENDPOINT_AWS_OTHER);
    assert_null(row->region);
    assert_true(ipaddr_parse("18.134.68.9", &address));
    assert_null(endpoint_lookup_shared(*state, &address));
}

/* The slow and plain way: the longest prefix of all that hold the address. */
static const struct endpoint_row *scan(const struct endpoint_row *rows, size_t count, const struct ipaddr *address)
{
    const struct endpoint_row *best = NULL;
    for (size_t i = 0; i < count; i++)
        if (ipaddr_prefix_contains(&rows[i].prefix, address) && (!best || rows[i].prefix.length > best->prefix.length))
            best = &rows[i];
    return best;
}

static void agrees_with_a_scan(void **state)
{
    size_t count, shared_count;
    const struct endpoint_row *rows = endpoint_rows(*state, &count);
    const struct endpoint_row *shared = endpoint_shared_rows(*state, &shared_count);
    for (size_t i = 0; i < count + shared_count; i++) {
        const struct ipaddr_prefix *prefix = i < count ? &rows[i].prefix : &shared[i - count].prefix;
        for (unsigned bit = 0; bit <= 128; bit++) {
            struct ipaddr address = prefix->address;
            if (bit < 128)
                address.bytes[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
            assert_ptr_equal(endpoint_lookup(*state, &address), scan(rows, count, &address));
            assert_ptr_equal(endpoint_lookup_shared(*state, &address), scan(shared, shared_count, &address));
        }
    }
}

static void every_documented_region_is_whole(void **state)
{
    size_t region_count, count, documented = 0;
    const struct endpoint_region *regions = endpoint_regions(*state, &region_count);
    const struct endpoint_row *rows = endpoint_rows(*state, &count);
    for (size_t r = 0; r < region_count; r++) {
        bool v4 = false, v6 = false;
        for (size_t i = 0; i < count; i++) {
            if (rows[i].region != &regions[r] || rows[i].role != ENDPOINT_DCV_GATEWAY)
                continue;
            v4 |= ipaddr_is_v4(&rows[i].prefix.address);
            v6 |= !ipaddr_is_v4(&rows[i].prefix.address);
        }
        print_message("row %s\n", regions[r].code);
        assert_int_equal(v4 && v6, regions[r].coverage == ENDPOINT_DOCUMENTED);
        documented += regions[r].coverage == ENDPOINT_DOCUMENTED;
    }
    assert_int_equal(documented, 19);
    assert_int_equal(count, 227);
}

static void dates_and_sources(void **state)
{
    size_t count;
    const char *const *sources = endpoint_catalogue_sources(*state, &count);
    assert_string_equal(endpoint_catalogue_date(*state), "2026-08-22");
    assert_true(count >= 2);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(sources[i], sources[k]);
    assert_string_equal(endpoint_source_find(*state, "S3")->address, "https://ip-ranges.amazonaws.com/ip-ranges.json");
    assert_null(endpoint_source_find(*state, "S99"));
    assert_string_equal(endpoint_region_find(*state, "eu-west-2")->city, "London");
    assert_null(endpoint_region_find(*state, "eu-west-9"));
}

static void other_tables_are_there(void **state)
{
    size_t count, in_london = 0;
    const struct endpoint_management_row *rows = endpoint_management_rows(*state, &count);
    for (size_t i = 0; i < count; i++)
        in_london += rows[i].region && strcmp(rows[i].region->code, "eu-west-2") == 0;
    assert_int_equal(in_london, 2);
    (void)endpoint_port_rows(*state, &count);
    assert_int_equal(count, 11);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_addresses),
        cmocka_unit_test(shared_ranges_are_apart),
        cmocka_unit_test(agrees_with_a_scan),
        cmocka_unit_test(every_documented_region_is_whole),
        cmocka_unit_test(dates_and_sources),
        cmocka_unit_test(other_tables_are_there),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
