/* SPDX-License-Identifier: Apache-2.0 */
#include "../soft.h"

#include "flow/flow.h"

enum { S = DECODE_SYN, A = DECODE_ACK, F = DECODE_FIN, R = DECODE_RST };

/* Zeek's conn_state (base/protocols/conn/main.zeek). `client` and `server`: every flag that a side sent; packets are
 * what the side sent at least. */
static const struct {
    const char *name;
    uint8_t protocol;
    uint8_t client, server;
    uint8_t client_packets, server_packets;
    const char *state;
} states[] = {
    { "attempt seen, no reply", 6, S, 0, 1, 0, "S0" },
    { "established, not ended", 6, S | A, S | A, 2, 1, "S1" },
    { "ended by both", 6, S | A | F, S | A | F, 3, 2, "SF" },
    { "rejected", 6, S, R | A, 1, 1, "REJ" },
    { "client asks to close, no reply", 6, S | A | F, S | A, 3, 1, "S2" },
    { "server asks to close, no reply", 6, S | A, S | A | F, 3, 2, "S3" },
    { "client aborts", 6, S | A | R, S | A, 3, 1, "RSTO" },
    { "server aborts", 6, S | A, S | A | R, 3, 2, "RSTR" },
    { "client sends SYN, then RST, no SYN-ACK", 6, S | R, 0, 2, 0, "RSTOS0" },
    { "server sends SYN-ACK, then RST, no SYN", 6, 0, S | A | R, 0, 2, "RSTRH" },
    { "client sends SYN, then FIN, no SYN-ACK", 6, S | F, 0, 2, 0, "SH" },
    { "server sends SYN-ACK, then FIN, no SYN", 6, 0, S | A | F, 0, 2, "SHR" },
    { "no SYN: midstream", 6, A, A, 5, 5, "OTH" },
    { "UDP, both ways", 17, 0, 0, 1, 1, "SF" },
    { "UDP, no answer", 17, 0, 0, 1, 0, "S0" },
    { "UDP, the answer alone", 17, 0, 0, 0, 1, "SHR" },
};

static void names_the_state_as_zeek_does(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(states); i++) {
        struct flow f = { .key.protocol = states[i].protocol };
        f.half[FLOW_TO_SERVER] =
            (struct flow_half){ .tcp_flags = states[i].client, .packets = states[i].client_packets };
        f.half[FLOW_TO_CLIENT] =
            (struct flow_half){ .tcp_flags = states[i].server, .packets = states[i].server_packets };
        failed += soft_text(states[i].name, "state", flow_conn_state(&f), states[i].state);
    }
    assert_int_equal(failed, 0);
}

/* What is added, a letter and its direction each: upper case in the row is the client, lower case the server. */
static const struct {
    const char *name;
    const char *events;
    const char *history;
} histories[] = {
    { "nothing", "", "" },
    { "handshake", "ShA", "ShA" },
    { "each letter once a direction", "SShhAAaADdDd", "ShAaDd" },
    { "the same letter from both sides", "DdDd", "Dd" },
    { "a letter that Zeek does not have is left out", "S?D", "SD" },
};

static void keeps_the_history_once_per_direction(void **state)
{
    (void)state;
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(histories); i++) {
        struct flow f = { 0 };
        char text[FLOW_HISTORY_SIZE + 1] = { 0 };
        for (const char *e = histories[i].events; *e; e++) {
            bool server = *e >= 'a' && *e <= 'z';
            flow_add_history(&f, server ? FLOW_TO_CLIENT : FLOW_TO_SERVER, server ? (char)(*e - 'a' + 'A') : *e);
        }
        memcpy(text, f.history, FLOW_HISTORY_SIZE);
        failed += soft_text(histories[i].name, "history", text, histories[i].history);
    }
    assert_int_equal(failed, 0);
}

/* More letters than there is room for: the first ones stay, the text ends inside its field. */
static void a_long_history_is_cut(void **state)
{
    (void)state;
    static const char all[] = "SHADFRCTIQWG";
    struct flow f = { 0 };
    for (const char *e = all; *e; e++) {
        flow_add_history(&f, FLOW_TO_SERVER, *e);
        flow_add_history(&f, FLOW_TO_CLIENT, *e);
    }
    assert_non_null(memchr(f.history, 0, sizeof f.history));
    assert_int_equal(strncmp(f.history, "SsHhAaDdFfRrCcT", FLOW_HISTORY_SIZE - 1), 0);
}

static void tells_client_and_server(void **state)
{
    (void)state;
    struct flow f = { .key.low_port = 4195, .key.high_port = 50000 };
    f.key.low.bytes[15] = 1;
    f.key.high.bytes[15] = 2;
    assert_ptr_equal(flow_client(&f), &f.key.high);
    assert_ptr_equal(flow_server(&f), &f.key.low);
    assert_int_equal(flow_client_port(&f), 50000);
    assert_int_equal(flow_server_port(&f), 4195);
    assert_int_equal(flow_direction_of(&f, true), FLOW_TO_CLIENT);
    assert_int_equal(flow_direction_of(&f, false), FLOW_TO_SERVER);
    f.flags = FLOW_CLIENT_IS_LOW;
    assert_ptr_equal(flow_client(&f), &f.key.low);
    assert_ptr_equal(flow_server(&f), &f.key.high);
    assert_int_equal(flow_client_port(&f), 4195);
    assert_int_equal(flow_server_port(&f), 50000);
    assert_int_equal(flow_direction_of(&f, true), FLOW_TO_SERVER);
    assert_int_equal(flow_direction_of(&f, false), FLOW_TO_CLIENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_the_state_as_zeek_does),
        cmocka_unit_test(keeps_the_history_once_per_direction),
        cmocka_unit_test(a_long_history_is_cut),
        cmocka_unit_test(tells_client_and_server),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
