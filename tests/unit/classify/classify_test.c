/* SPDX-License-Identifier: Apache-2.0 */
#include "../soft.h"

#include <string.h>

#include "base/hash.h"
#include "classify/classify.h"

/* In a build without nDPI there is nothing to ask: the tests say so and pass. */

struct conversation {
    const char *name;
    uint8_t protocol;
    uint16_t port;
    bool ipv6;
    const char *said[6]; /* in turns, the client first; "" is a turn without a word */
    const char *app;     /* NULL: nothing */
    bool proof;
};

#define TLS_HELLO "\x16\x03\x01\x00\x2f\x01\x00\x00\x2b\x03\x03" "0123456789abcdef0123456789abcdef" \
                  "\x00\x00\x04\x13\x01\x13\x02\x01\x00"
#define TLS_HELLO_BYTES 52

static const struct conversation conversations[] = {
    { "SSH", 6, 4195, false, { "SSH-2.0-OpenSSH_9.6\r\n", "SSH-2.0-OpenSSH_9.2p1\r\n" }, "SSH", true },
    { "SSH over IPv6", 6, 4195, true, { "SSH-2.0-OpenSSH_9.6\r\n", "SSH-2.0-OpenSSH_9.2p1\r\n" }, "SSH", true },
    { "HTTP in the clear", 6, 4172, false,
      { "GET /a HTTP/1.1\r\nHost: a.example\r\nUser-Agent: x\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n" }, "HTTP", true },
    { "CONNECT", 6, 3128, false, { "CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n" }, "HTTP_Connect",
      true },
    { "noise", 17, 4172, false, { "4xT!", "u7+Q2", "k.k.k.k", "()()()", "zzz?", "end" }, NULL, false },
    { "one word and no more", 6, 4195, false, { "hello" }, NULL, false },
};

static struct classify_packet packet_of(const struct conversation *c, unsigned turn, uint16_t client_port)
{
    static const uint8_t addresses[2][4] = { { 10, 0, 0, 1 }, { 203, 0, 113, 7 } };
    struct ipaddr ends[2] = { ipaddr_from_v4(addresses[0]), ipaddr_from_v4(addresses[1]) };
    for (int i = 0; i < 2 && c->ipv6; i++)
        ends[i].bytes[0] = 0x20;
    bool down = turn % 2;
    return (struct classify_packet){
        .source = ends[down], .destination = ends[!down], .source_port = down ? c->port : client_port,
        .destination_port = down ? client_port : c->port, .protocol = c->protocol, .ipv6 = c->ipv6,
        .to_server = !down, .tcp_sequence = 1000 + turn * 100, .time_ns = (int64_t)turn * 1000000,
        .payload = (const uint8_t *)c->said[turn], .payload_bytes = (uint32_t)strlen(c->said[turn]),
    };
}

static uint16_t talk(struct classify *c, const struct conversation *conversation, uint16_t client_port)
{
    uint16_t opinion = CLASSIFY_NEW;
    for (unsigned turn = 0; turn < COUNT_OF(conversation->said) && conversation->said[turn]; turn++) {
        struct classify_packet p = packet_of(conversation, turn, client_port);
        if (classify_wants_more(opinion))
            classify_look(c, &opinion, &p);
    }
    classify_end(c, &opinion);
    assert_false(classify_wants_more(opinion));
    return opinion;
}

static void names(void **state)
{
    struct classify *c = *state;
    unsigned failed = 0;
    for (size_t i = 0; c && i < COUNT_OF(conversations); i++) {
        const struct conversation *row = &conversations[i];
        uint16_t opinion = talk(c, row, 50000);
        failed += soft_text(row->name, "name", classify_name(opinion), row->app);
        failed += soft_int(row->name, "proof", classify_is_proof(opinion), row->proof);
    }
    assert_int_equal(failed, 0);
}

/* Whoever spoke before: one flow's answer follows from its own bytes. */
static void flows_do_not_tell_on_each_other(void **state)
{
    struct classify *c = *state;
    for (size_t i = 0; c && i < COUNT_OF(conversations); i++)
        for (size_t j = 0; j < COUNT_OF(conversations); j++) {
            classify_reset(c);
            talk(c, &conversations[i], 50000);
            assert_int_equal(soft_text(conversations[j].name, conversations[i].name,
                                       classify_name(talk(c, &conversations[j], 50000)), conversations[j].app), 0);
        }
}

static void answers_are_reused_when_flows_agree(void **state)
{
    struct classify *c = *state;
    if (!c)
        return;
    classify_reset(c);
    for (uint16_t n = 0; n < 8; n++)
        assert_true(classify_is_proof(talk(c, &conversations[0], (uint16_t)(50000 + n))));
    uint16_t opinion = CLASSIFY_NEW;
    struct classify_packet p = packet_of(&conversations[0], 0, 51000);
    classify_look(c, &opinion, &p); /* the first packet is enough now */
    assert_false(classify_wants_more(opinion));
    assert_string_equal(classify_name(opinion), "SSH");
    assert_false(classify_is_proof(opinion));

    struct conversation elsewhere = conversations[0];
    elsewhere.port = 4172;
    assert_true(classify_is_proof(talk(c, &elsewhere, 50000)));
    classify_reset(c);
    assert_true(classify_is_proof(talk(c, &conversations[0], 50000)));
}

enum { FLOWS = 1024 + 10 };

static void the_oldest_makes_room(void **state)
{
    struct classify *c = *state;
    uint16_t opinions[FLOWS] = { 0 };
    if (!c)
        return;
    classify_reset(c);
    for (uint16_t n = 0; n < FLOWS; n++) {
        struct classify_packet p = packet_of(&conversations[5], 0, (uint16_t)(20000 + n));
        classify_look(c, &opinions[n], &p);
    }
    assert_int_equal(classify_given_up(c), 10);
    for (unsigned n = 0; n < FLOWS; n++)
        assert_int_equal(opinions[n] == CLASSIFY_NONE, n < 10);
    for (unsigned n = 0; n < FLOWS; n += 2)
        classify_end(c, &opinions[n]);
    assert_int_equal(opinions[FLOWS - 2], CLASSIFY_NONE);
    for (uint16_t n = 0; n < 500; n++)
        talk(c, &conversations[0], (uint16_t)(30000 + n));
    assert_int_equal(classify_given_up(c), 10);
    classify_reset(c);
    assert_int_equal(classify_given_up(c), 0);
}

static uint64_t mixed(uint64_t n)
{
    const uint64_t key[2] = { 1, 2 };
    return hash_bytes(key, &n, sizeof n);
}

/* Bytes without sense, of every length, from memory that ends where they do. */
static void any_bytes(void **state)
{
    struct classify *c = *state;
    uint64_t seed = 7;
    for (unsigned n = 0; c && n < 20000; n++) {
        struct conversation row = { .protocol = n & 1 ? 6 : 17, .port = n & 2 ? 4195 : 443, .ipv6 = n & 4 };
        uint8_t bytes[3000];
        size_t length = mixed(seed++) % (n % 10 ? 200 : sizeof bytes) + 1;
        for (size_t i = 0; i < length; i++)
            bytes[i] = (uint8_t)mixed(seed++);
        if (n % 3 == 0)
            memcpy(bytes, TLS_HELLO, length < TLS_HELLO_BYTES ? length : TLS_HELLO_BYTES);
        uint8_t *exact = malloc(length);
        assert_non_null(exact);
        memcpy(exact, bytes, length);
        uint16_t opinion = CLASSIFY_NEW;
        for (unsigned turn = 0; turn < 9 && classify_wants_more(opinion); turn++) {
            row.said[0] = row.said[1] = "";
            struct classify_packet p = packet_of(&row, turn & 1, (uint16_t)n);
            p.payload = exact;
            p.payload_bytes = (uint32_t)length;
            classify_look(c, &opinion, &p);
        }
        assert_false(classify_wants_more(opinion)); /* decided, or eight packets */
        free(exact);
    }
}

static int begin(void **state)
{
    *state = classify_new();
    return (*state != NULL) == classify_is_built_in() ? 0 : -1;
}

static int end(void **state)
{
    classify_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),
        cmocka_unit_test(flows_do_not_tell_on_each_other),
        cmocka_unit_test(answers_are_reused_when_flows_agree),
        cmocka_unit_test(the_oldest_makes_room),
        cmocka_unit_test(any_bytes),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
