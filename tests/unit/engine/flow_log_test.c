/* SPDX-License-Identifier: Apache-2.0 */
#include "../soft.h"

#include "engine/flow_log.h"

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

static struct flow flow_of(const char *client, const char *server, uint16_t port, uint64_t first_frame)
{
    struct ipaddr c, s;
    bool low;
    assert_true(ipaddr_parse(client, &c) && ipaddr_parse(server, &s));
    struct flow f = { .key = flow_key_make(&c, 50000, &s, port, &low), .first_frame = first_frame };
    f.key.protocol = 6;
    f.key.ip_version = ipaddr_is_v4(&c) ? 4 : 6;
    f.flags = low ? FLOW_CLIENT_IS_LOW : 0;
    return f;
}

static void a_row_says_what_the_flow_was(void **state)
{
    struct engine_flow_log *log = engine_flow_log_new(10);
    struct arena *arena = arena_new(1 << 20);
    struct flow f = flow_of("10.20.30.4", "18.134.68.9", 4195, 7);
    size_t count;
    f.role = ENDPOINT_DCV_GATEWAY;
    f.first_ns = 1000;
    f.last_ns = 2000;
    f.half[FLOW_TO_SERVER] = (struct flow_half){ .packets = 3, .ip_bytes = 300, .retransmissions = 1,
                                                 .tcp_flags = DECODE_SYN | DECODE_ACK | DECODE_FIN };
    f.half[FLOW_TO_CLIENT] = (struct flow_half){ .packets = 2, .ip_bytes = 900, .retransmissions = 2,
                                                 .tcp_flags = DECODE_SYN | DECODE_ACK | DECODE_FIN };
    memcpy(f.history, "ShADadFf", 8);
    engine_flow_log_add(log, &f);
    memset(&f, 0xee, sizeof f); /* it was copied */
    const struct wspscope_flow *rows = engine_flow_log_rows(log, *state, NULL, arena, &count);
    assert_int_equal(count, 1);
    assert_string_equal(rows[0].proto, "tcp");
    assert_string_equal(rows[0].client, "10.20.30.4");
    assert_string_equal(rows[0].server, "18.134.68.9");
    assert_int_equal(rows[0].client_port, 50000);
    assert_int_equal(rows[0].port, 4195);
    assert_string_equal(rows[0].role, "dcv-gateway");
    assert_string_equal(rows[0].region, "eu-west-2");
    assert_int_equal(rows[0].packets_to_server, 3);
    assert_int_equal(rows[0].packets_to_client, 2);
    assert_int_equal(rows[0].bytes_to_server, 300);
    assert_int_equal(rows[0].bytes_to_client, 900);
    assert_int_equal(rows[0].retransmissions_to_server, 1);
    assert_int_equal(rows[0].retransmissions_to_client, 2);
    assert_int_equal(rows[0].first_ns, 1000);
    assert_int_equal(rows[0].last_ns, 2000);
    assert_string_equal(rows[0].state, "SF");
    assert_string_equal(rows[0].history, "ShADadFf");
    assert_int_equal(strncmp(rows[0].community_id, "1:", 2), 0);
    arena_free(arena);
    engine_flow_log_free(log);
}

static void background_has_no_role(void **state)
{
    struct engine_flow_log *log = engine_flow_log_new(10);
    struct arena *arena = arena_new(1 << 20);
    struct flow f = flow_of("10.20.30.4", "203.0.113.9", 443, 1);
    size_t count;
    f.flags |= FLOW_BACKGROUND;
    engine_flow_log_add(log, &f);
    const struct wspscope_flow *rows = engine_flow_log_rows(log, *state, NULL, arena, &count);
    assert_null(rows[0].role);
    assert_null(rows[0].region);
    arena_free(arena);
    engine_flow_log_free(log);
}

static void rows_are_in_the_order_of_first_packets(void **state)
{
    static const uint64_t frames[] = { 500, 3, 70, 1, 9000, 42 };
    struct engine_flow_log *log = engine_flow_log_new(10);
    struct arena *arena = arena_new(1 << 20);
    size_t count;
    for (size_t i = 0; i < COUNT_OF(frames); i++) {
        struct flow f = flow_of("10.20.30.4", "18.134.68.9", 4195, frames[i]);
        f.first_ns = (int64_t)frames[i];
        engine_flow_log_add(log, &f);
    }
    const struct wspscope_flow *rows = engine_flow_log_rows(log, *state, NULL, arena, &count);
    assert_int_equal(count, COUNT_OF(frames));
    for (size_t i = 1; i < count; i++)
        assert_true(rows[i - 1].first_ns < rows[i].first_ns);
    arena_free(arena);
    engine_flow_log_free(log);
}

static const struct {
    const char *name;
    size_t limit, added;
} limits[] = {
    { "none allowed", 0, 5 }, { "one", 1, 3 }, { "ten", 10, 20 }, { "three hundred", 300, 1000 }, { "not reached",
      1000, 999 },
};

static void the_limit_is_kept_and_what_is_left_out_counted(void **state)
{
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        struct engine_flow_log *log = engine_flow_log_new(limits[i].limit);
        struct arena *arena = arena_new(4 << 20);
        size_t count, kept = limits[i].added < limits[i].limit ? limits[i].added : limits[i].limit;
        for (size_t n = 0; n < limits[i].added; n++) {
            struct flow f = flow_of("10.20.30.4", "18.134.68.9", 4195, n + 1);
            engine_flow_log_add(log, &f);
        }
        engine_flow_log_rows(log, *state, NULL, arena, &count);
        failed += soft_int(limits[i].name, "rows", (int64_t)count, (int64_t)kept);
        failed += soft_int(limits[i].name, "dropped", (int64_t)engine_flow_log_dropped(log),
                           (int64_t)(limits[i].added - kept));
        arena_free(arena);
        engine_flow_log_free(log);
    }
    engine_flow_log_free(NULL);
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_says_what_the_flow_was),
        cmocka_unit_test(background_has_no_role),
        cmocka_unit_test(rows_are_in_the_order_of_first_packets),
        cmocka_unit_test(the_limit_is_kept_and_what_is_left_out_counted),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
