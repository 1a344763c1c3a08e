/* SPDX-License-Identifier: Apache-2.0 */
#include "../soft.h"

#include "model/model.h"

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

static struct ipaddr address(const char *text)
{
    struct ipaddr a;
    assert_true(ipaddr_parse(text, &a));
    return a;
}

static struct ipaddr client_number(unsigned n)
{
    const uint8_t bytes[4] = { 10, (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n };
    return ipaddr_from_v4(bytes);
}

static struct model *new_model(const struct endpoint_catalogue *catalogue, uint32_t paths, uint32_t clients,
                               uint32_t sessions, uint32_t hosts)
{
    static const uint64_t key[2] = { 1, 2 };
    const struct model_budget budget = { .paths = paths, .clients = clients, .sessions = sessions, .hosts = hosts };
    struct model *m = model_new(catalogue, &budget, key);
    assert_non_null(m);
    assert_ptr_equal(model_catalogue(m), catalogue);
    assert_ptr_equal(model_tap(m), model_tap_of(m));
    return m;
}

static struct model_path *path(struct model *m, unsigned client, const char *server, uint16_t port, uint8_t protocol)
{
    struct ipaddr c = client_number(client), s = address(server);
    return model_path_of(m, &c, &s, port, protocol);
}

static const struct {
    const char *name;
    const char *server;
    uint16_t port;
    uint8_t protocol;
    enum endpoint_role role;
    const char *region; /* NULL: no row */
    bool ipv6;
} servers[] = {
    { "DCV gateway", "18.134.68.9", 4195, 17, ENDPOINT_DCV_GATEWAY, "eu-west-2", false },
    { "DCV gateway, IPv6", "2a05:d02c:8::1", 4195, 6, ENDPOINT_DCV_GATEWAY, "eu-west-2", true },
    { "PCoIP gateway", "18.132.21.7", 4172, 17, ENDPOINT_PCOIP_GATEWAY, "eu-west-2", false },
    { "health check", "52.56.46.102", 4172, 6, ENDPOINT_HEALTH_CHECK, "eu-west-2", false },
    { "Global Accelerator", "93.77.140.9", 4195, 6, ENDPOINT_DCV_GATEWAY_AGA, "eu-west-2", false },
    { "undocumented gateway", "44.214.144.1", 4195, 17, ENDPOINT_GATEWAY, "us-east-1", false },
    { "not in the catalogue", "203.0.113.9", 4195, 6, ENDPOINT_ROLE_UNKNOWN, NULL, false },
    { "private, IPv6", "fd00::1", 4195, 6, ENDPOINT_ROLE_UNKNOWN, NULL, true },
};

static void paths_know_their_server(void **state)
{
    struct model *m = new_model(*state, 100, 100, 100, 100);
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(servers); i++) {
        const char *name = servers[i].name;
        struct model_path *p = path(m, 1, servers[i].server, servers[i].port, servers[i].protocol);
        assert_non_null(p);
        failed += soft_int(name, "role", p->role, servers[i].role);
        failed += soft_text(name, "Region", p->row ? p->row->region->code : NULL, servers[i].region);
        failed += soft_int(name, "IPv6", p->ipv6, servers[i].ipv6);
        failed += soft_int(name, "port", p->port, servers[i].port);
        failed += soft_int(name, "protocol", p->protocol, servers[i].protocol);
        failed += soft_true(name, "times and round trip are unknown",
                            p->first_ns == INT64_MAX && p->last_ns == INT64_MIN && p->least_rtt_ns == INT64_MAX &&
                                p->closed_ns == INT64_MIN && p->moved_ns == INT64_MIN);
        failed += soft_true(name, "found again", path(m, 1, servers[i].server, servers[i].port,
                                                      servers[i].protocol) == p);
    }
    model_free(m);
    model_free(NULL);
    assert_int_equal(failed, 0);
}

/* One path for each of the four, and lists in the order of first appearance. */
static void each_part_of_the_key_makes_a_path(void **state)
{
    struct model *m = new_model(*state, 100, 100, 100, 100);
    struct model_path *made[] = {
        path(m, 2, "18.134.68.9", 4195, 17), path(m, 2, "18.134.68.9", 4195, 6), path(m, 2, "18.134.68.9", 443, 6),
        path(m, 2, "18.134.68.8", 4195, 17), path(m, 1, "18.134.68.9", 4195, 17),
    };
    const struct model_path *p = model_paths(m);
    for (size_t i = 0; i < COUNT_OF(made); i++, p = p->next)
        assert_ptr_equal(p, made[i]);
    assert_null(p);
    const struct model_client *first = model_clients(m);
    struct ipaddr two = client_number(2), one = client_number(1);
    assert_true(ipaddr_equal(&first->address, &two) && ipaddr_equal(&first->next->address, &one));
    assert_null(first->next->next);
    size_t n = 0;
    for (p = first->paths; p; p = p->client_next, n++)
        assert_ptr_equal(p, made[n]);
    assert_int_equal(n, 4);
    assert_ptr_equal(first->next->paths, made[4]);
    model_free(m);
}

static void order_does_not_follow_the_hash_key(void **state)
{
    struct ipaddr seen[2][50];
    for (int run = 0; run < 2; run++) {
        const uint64_t key[2] = { run ? UINT64_C(0xdeadbeefcafe) : 0, run ? 99 : 0 };
        const struct model_budget budget = { 100, 100, 100, 100, 100 };
        struct model *m = model_new(*state, &budget, key);
        for (unsigned i = 0; i < 50; i++)
            assert_non_null(path(m, i * 37 % 50, "18.134.68.9", 4195, 17));
        size_t n = 0;
        for (const struct model_path *p = model_paths(m); p; p = p->next)
            seen[run][n++] = p->client->address;
        assert_int_equal(n, 50);
        model_free(m);
    }
    assert_memory_equal(seen[0], seen[1], sizeof seen[0]);
}

/* What goes beyond the budget of paths: one path per server prefix and port, with nobody as its client. */
static const struct {
    const char *name;
    uint32_t paths, clients;
} budgets[] = {
    { "paths full, clients not", 2, 100 },
    { "clients full, paths not", 100, 2 },
    { "both full at once", 2, 2 },
};

static void paths_beyond_the_budget_are_merged(void **state)
{
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(budgets); i++) {
        const char *name = budgets[i].name;
        struct model *m = new_model(*state, budgets[i].paths, budgets[i].clients, 100, 100);
        assert_non_null(path(m, 1, "18.134.68.9", 4195, 17));
        assert_non_null(path(m, 2, "18.134.68.9", 4195, 17));
        failed += soft_int(name, "merged so far", (int64_t)model_tap(m)->paths_merged, 0);
        struct model_path *a = path(m, 3, "18.134.68.9", 4195, 17);
        struct model_path *b = path(m, 4, "18.134.71.1", 4195, 17);
        struct model_path *other_port = path(m, 5, "18.134.68.9", 443, 6);
        struct model_path *unknown = path(m, 6, "203.0.113.1", 4195, 6);
        failed += soft_true(name, "a path for what does not fit", a && other_port && unknown);
        failed += soft_true(name, "one for all of the prefix", a && a == b);
        failed += soft_true(name, "another for another port", a != other_port);
        failed += soft_int(name, "merged", (int64_t)model_tap(m)->paths_merged, 4);
        if (a) {
            const struct ipaddr nobody = { { 0 } };
            failed += soft_true(name, "nobody is its client", ipaddr_equal(&a->client->address, &nobody));
            failed += soft_int(name, "role", a->role, ENDPOINT_DCV_GATEWAY);
            failed += soft_true(name, "Region", a->row && strcmp(a->row->region->code, "eu-west-2") == 0);
        }
        if (unknown)
            failed += soft_int(name, "role of the unknown", unknown->role, ENDPOINT_ROLE_UNKNOWN);
        failed += soft_true(name, "those within it stay themselves", path(m, 1, "18.134.68.9", 4195, 17) != a);
        model_free(m);
    }
    assert_int_equal(failed, 0);
}

/* However many there are, the model holds a bounded number. */
static void a_flood_of_clients_is_bounded_and_counted(void **state)
{
    struct model *m = new_model(*state, 10, 10, 10, 10);
    for (unsigned i = 0; i < 5000; i++)
        (void)path(m, i, "18.134.68.9", 4195, 6);
    size_t paths = 0, clients = 0;
    for (const struct model_path *p = model_paths(m); p; p = p->next)
        paths++;
    for (const struct model_client *c = model_clients(m); c; c = c->next)
        clients++;
    assert_in_range(paths, 10, 11);
    assert_in_range(clients, 10, 11);
    assert_int_equal(model_tap(m)->paths_merged, 4990);
    model_free(m);
}

static void clients_beyond_the_budget_are_counted(void **state)
{
    struct model *m = new_model(*state, 10, 2, 10, 10);
    struct ipaddr one = client_number(1), two = client_number(2), three = client_number(3);
    struct model_client *c = model_client_of(m, &one);
    assert_non_null(c);
    assert_ptr_equal(model_client_of(m, &one), c);
    assert_non_null(model_client_of(m, &two));
    assert_null(model_client_of(m, &three));
    assert_int_equal(model_tap(m)->clients_dropped, 1);
    assert_ptr_equal(model_client_find(m, &one), c);
    assert_null(model_client_find(m, &three));
    assert_int_equal(model_tap(m)->clients_dropped, 1);
    model_free(m);
}

static void hosts_beyond_the_budget_are_counted(void **state)
{
    struct model *m = new_model(*state, 10, 10, 10, 1);
    struct ipaddr one = client_number(1), two = client_number(2);
    assert_null(model_host_find(m, &one));
    struct model_host *h = model_host_of(m, &one);
    assert_non_null(h);
    assert_int_equal(h->least_rtt_ns, INT64_MAX);
    assert_ptr_equal(model_host_of(m, &one), h);
    assert_ptr_equal(model_host_find(m, &one), h);
    assert_null(model_host_of(m, &two));
    assert_int_equal(model_tap(m)->hosts_dropped, 1);
    model_free(m);
}

static void sessions_are_of_client_region_and_protocol(void **state)
{
    struct model *m = new_model(*state, 10, 10, 4, 10);
    const struct endpoint_region *london = endpoint_region_find(*state, "eu-west-2");
    const struct endpoint_region *virginia = endpoint_region_find(*state, "us-east-1");
    struct ipaddr one = client_number(1), two = client_number(2);
    struct model_client *a = model_client_of(m, &one), *b = model_client_of(m, &two);
    struct model_session *made[] = {
        model_session_of(m, a, london, MODEL_DCV), model_session_of(m, a, london, MODEL_PCOIP),
        model_session_of(m, a, virginia, MODEL_DCV), model_session_of(m, b, london, MODEL_DCV),
    };
    const struct model_session *s = model_sessions(m);
    for (size_t i = 0; i < COUNT_OF(made); i++, s = s->next)
        assert_ptr_equal(s, made[i]);
    assert_null(s);
    assert_ptr_equal(a->sessions, made[0]);
    assert_ptr_equal(made[1]->client_next, made[2]);
    assert_null(made[2]->client_next);
    assert_ptr_equal(made[3]->client, b);
    assert_ptr_equal(model_session_of(m, a, virginia, MODEL_DCV), made[2]);
    assert_null(model_session_of(m, a, NULL, MODEL_DCV)); /* an unknown Region is another one; the budget is spent */
    assert_int_equal(model_tap(m)->sessions_dropped, 1);
    assert_ptr_equal(model_session_of(m, a, london, MODEL_DCV), made[0]);
    assert_int_equal(model_tap(m)->sessions_dropped, 1);
    model_free(m);
}

static const struct {
    const char *name;
    enum endpoint_role role;
    uint16_t port;
    enum model_protocol protocol;
} protocols[] = {
    { "DCV gateway", ENDPOINT_DCV_GATEWAY, 4195, MODEL_DCV },
    { "DCV gateway on 443", ENDPOINT_DCV_GATEWAY, 443, MODEL_DCV },
    { "Global Accelerator", ENDPOINT_DCV_GATEWAY_AGA, 443, MODEL_DCV },
    { "PCoIP gateway", ENDPOINT_PCOIP_GATEWAY, 4172, MODEL_PCOIP },
    { "undocumented gateway, DCV's port", ENDPOINT_GATEWAY, 4195, MODEL_DCV },
    { "undocumented gateway, PCoIP's port", ENDPOINT_GATEWAY, 4172, MODEL_PCOIP },
    { "undocumented gateway, 443", ENDPOINT_GATEWAY, 443, MODEL_PROTOCOL_UNKNOWN },
    { "unknown address, DCV's port", ENDPOINT_ROLE_UNKNOWN, 4195, MODEL_DCV },
    { "unknown address, PCoIP's port", ENDPOINT_ROLE_UNKNOWN, 4172, MODEL_PCOIP },
    { "unknown address, a port of --port", ENDPOINT_ROLE_UNKNOWN, 9999, MODEL_PROTOCOL_UNKNOWN },
};

static void role_and_port_tell_the_protocol(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(protocols); i++)
        failed += soft_int(protocols[i].name, "protocol", model_protocol_of(protocols[i].role, protocols[i].port),
                           protocols[i].protocol);
    assert_int_equal(failed, 0);
}

/* The first 16 and the last 4, in order: incident n carries n in `attempts`. */
static const struct {
    const char *name;
    uint32_t count;
    uint32_t kept;
    uint32_t last[4]; /* of what is kept, its last four */
} lists[] = {
    { "one", 1, 1, { 0 } },
    { "sixteen", 16, 16, { 13, 14, 15, 16 } },
    { "seventeen", 17, 17, { 14, 15, 16, 17 } },
    { "twenty: all", 20, 20, { 17, 18, 19, 20 } },
    { "twenty-one: the 17th has gone", 21, 20, { 18, 19, 20, 21 } },
    { "twenty-two", 22, 20, { 19, 20, 21, 22 } },
    { "twenty-three", 23, 20, { 20, 21, 22, 23 } },
    { "twenty-four", 24, 20, { 21, 22, 23, 24 } },
    { "thousands", 4711, 20, { 4708, 4709, 4710, 4711 } },
};

static void incidents_keep_the_first_and_the_last_in_order(void **state)
{
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(lists); i++) {
        const char *name = lists[i].name;
        struct model *m = new_model(*state, 10, 10, 10, 10);
        struct model_path *p = path(m, 1, "18.134.68.9", 4195, 17);
        assert_int_equal(model_incidents_kept(p, MODEL_UDP_SILENT), 0);
        for (uint32_t n = 1; n <= lists[i].count; n++) {
            struct model_incident incident = { .fact = MODEL_UDP_SILENT, .attempts = n };
            model_path_add(m, p, &incident);
            incident.attempts = 0; /* it was copied */
        }
        size_t kept = model_incidents_kept(p, MODEL_UDP_SILENT);
        failed += soft_int(name, "count", (int64_t)p->counts[MODEL_UDP_SILENT], lists[i].count);
        failed += soft_int(name, "kept", (int64_t)kept, lists[i].kept);
        failed += soft_int(name, "kept of another fact", (int64_t)model_incidents_kept(p, MODEL_UDP_ICMP), 0);
        for (size_t k = 0; k < kept && k < 16; k++)
            failed += soft_int(name, "one of the first", model_incident_at(p, MODEL_UDP_SILENT, k)->attempts,
                               (int64_t)k + 1);
        for (size_t k = 0; kept >= 16 && k < 4; k++)
            failed += soft_int(name, "one of the last",
                               model_incident_at(p, MODEL_UDP_SILENT, kept - 4 + k)->attempts, lists[i].last[k]);
        model_free(m);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_know_their_server),
        cmocka_unit_test(each_part_of_the_key_makes_a_path),
        cmocka_unit_test(order_does_not_follow_the_hash_key),
        cmocka_unit_test(paths_beyond_the_budget_are_merged),
        cmocka_unit_test(a_flood_of_clients_is_bounded_and_counted),
        cmocka_unit_test(clients_beyond_the_budget_are_counted),
        cmocka_unit_test(hosts_beyond_the_budget_are_counted),
        cmocka_unit_test(sessions_are_of_client_region_and_protocol),
        cmocka_unit_test(role_and_port_tell_the_protocol),
        cmocka_unit_test(incidents_keep_the_first_and_the_last_in_order),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
