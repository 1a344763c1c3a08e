/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

/* The examples are those of draft.h. */

static const struct {
    const char *name;
    unsigned clients;
    const char *text;
} clients[] = {
    { "none", 0, "a client" },
    { "one", 1, "10.20.30.11" },
    { "two", 2, "10.20.30.11 and 10.20.30.12" },
    { "three", 3, "3 clients (10.20.30.11, 10.20.30.12, 10.20.30.13)" },
    { "forty", 40, "40 clients" },
};

static void add_clients(struct desk *d, struct draft *draft, unsigned count)
{
    for (unsigned n = 0; n < count; n++) {
        const uint8_t bytes[4] = { 10, 20, 30, (uint8_t)(11 + n) };
        struct ipaddr a = ipaddr_from_v4(bytes);
        rule_draft_add_client(&d->drafts, draft, &a);
    }
    rule_draft_finish(draft);
}

static void names_the_clients(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(clients); i++) {
        struct desk d;
        desk_begin(&d);
        struct draft draft = { 0 };
        add_clients(&d, &draft, clients[i].clients);
        failed += soft_text(clients[i].name, "clients", rule_draft_clients(&draft, d.arena), clients[i].text);
        desk_end(&d);
    }
    assert_int_equal(failed, 0);
}

static const struct {
    const char *name;
    uint64_t frames[16];
    const char *text;
} frames[] = {
    { "one", { 17 }, "frame 17" },
    { "in a row", { 17, 18, 19, 20 }, "frames 17-20" },
    { "scattered", { 17, 19, 40 }, "frames 17, 19 and 40" },
    { "two", { 17, 19 }, "frames 17 and 19" },
};

static void names_the_frames(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(frames); i++) {
        struct desk d;
        desk_begin(&d);
        struct draft draft = { 0 };
        for (size_t n = 0; n < 16 && frames[i].frames[n]; n++)
            rule_draft_show(&draft, frames[i].frames[n], "text");
        failed += soft_text(frames[i].name, "frames", rule_draft_frames(&draft, d.arena), frames[i].text);
        desk_end(&d);
    }
    assert_int_equal(failed, 0);
}

/* Prefixes, cut after three in a sentence and whole in a remedy. */
static const struct {
    const char *name;
    enum endpoint_role role;
    uint16_t port;
    uint8_t protocol;
    const char *region;
    const char *servers[6];
    const char *target, *prefixes;
} targets[] = {
    { "one prefix", ENDPOINT_DCV_GATEWAY, 4195, 6, "eu-west-2", { desk_dcv },
      "TCP 4195 to the London DCV gateways (18.134.68.0/22)", "18.134.68.0/22" },
    { "two servers of a prefix", ENDPOINT_DCV_GATEWAY, 4195, 17, "eu-west-2", { desk_dcv, "18.134.70.1" },
      "UDP 4195 to the London DCV gateways (18.134.68.0/22)", "18.134.68.0/22" },
    { "three", ENDPOINT_PCOIP_GATEWAY, 4172, 17, "eu-west-2", { "18.132.21.1", "18.132.22.1", "35.176.32.1" },
      "UDP 4172 to the London PCoIP gateways (18.132.21.0/24, 18.132.22.0/23, 35.176.32.0/24)",
      "18.132.21.0/24, 18.132.22.0/23, 35.176.32.0/24" },
    { "four", ENDPOINT_HEALTH_CHECK, 4172, 6, "eu-west-2", { "35.176.62.54", "35.177.255.44", "52.56.46.102",
      "52.56.111.36" },
      "TCP 4172 to the London health-check hosts (35.176.62.54/32, 35.177.255.44/32, 52.56.46.102/32 and 1 more)",
      "35.176.62.54/32, 35.177.255.44/32, 52.56.46.102/32, 52.56.111.36/32" },
    { "IPv6", ENDPOINT_DCV_GATEWAY, 4195, 6, "eu-west-2", { desk_dcv6 },
      "TCP 4195 to the London DCV gateways (2a05:d02c:8::/48)", "2a05:d02c:8::/48" },
    { "not in the catalogue", ENDPOINT_ROLE_UNKNOWN, 4195, 6, NULL, { desk_unknown },
      "TCP 4195 to 203.0.113.9, which is not in the published ranges,", "203.0.113.9" },
    { "many that are not", ENDPOINT_ROLE_UNKNOWN, 4195, 6, NULL,
      { "203.0.113.1", "203.0.113.2", "203.0.113.3", "203.0.113.4" },
      "TCP 4195 to 4 servers that are not in the published ranges",
      "203.0.113.1, 203.0.113.2, 203.0.113.3 and 203.0.113.4" },
};

static void names_the_target(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(targets); i++) {
        struct desk d;
        desk_begin(&d);
        struct draft draft = { .key = { .role = targets[i].role, .port = targets[i].port,
                                        .protocol = targets[i].protocol } };
        if (targets[i].region)
            draft.key.region = endpoint_region_find(d.catalogue, targets[i].region);
        for (size_t n = 0; n < 6 && targets[i].servers[n]; n++) {
            struct ipaddr a = desk_address(targets[i].servers[n]);
            rule_draft_add_server(&d.drafts, &draft, &a);
            rule_draft_add_row(&draft, endpoint_lookup(d.catalogue, &a));
        }
        add_clients(&d, &draft, 1);
        failed += soft_text(targets[i].name, "target", rule_draft_target(&draft, d.arena), targets[i].target);
        failed += soft_text(targets[i].name, "prefixes", rule_draft_prefixes(&draft, d.arena), targets[i].prefixes);
        const char *servers = strstr(targets[i].target, " to ") + 4;
        failed += soft_text(targets[i].name, "servers", rule_draft_servers(&draft, d.arena), servers);
        const char *subject = arena_format(d.arena, "%.8s from 10.20.30.11 to %s", targets[i].target, servers);
        failed += soft_text(targets[i].name, "subject", rule_draft_subject(&draft, d.arena), subject);
        desk_end(&d);
    }
    assert_int_equal(failed, 0);
}

static void disagreements_of_the_sources_are_told(void **state)
{
    (void)state;
    struct desk d;
    desk_begin(&d);
    struct draft draft = { 0 };
    struct ipaddr agreed = desk_address(desk_dcv), disputed = desk_address("44.209.84.1");
    rule_draft_add_row(&draft, endpoint_lookup(d.catalogue, &agreed));
    assert_null(rule_draft_disagreement(&draft, d.arena));
    const struct endpoint_row *row = endpoint_lookup(d.catalogue, &disputed);
    assert_non_null(row->disagreement);
    rule_draft_add_row(&draft, row);
    assert_string_equal(rule_draft_disagreement(&draft, d.arena), row->disagreement);
    assert_string_equal(rule_draft_protocol_name(6), "TCP");
    assert_string_equal(rule_draft_protocol_name(17), "UDP");
    desk_end(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_the_clients),
        cmocka_unit_test(names_the_frames),
        cmocka_unit_test(names_the_target),
        cmocka_unit_test(disagreements_of_the_sources_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
