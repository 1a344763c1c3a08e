/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "../decode/quic_samples.h"
#include "track/quic.h"

/* A ClientHello that names "ab.example": of so many bytes, the name behind `before` bytes of padding (RFC 7685). */
enum { HELLO_BYTES = 1400, BEFORE = 1200 };

static size_t put(uint8_t *at, const void *bytes, size_t length)
{
    memcpy(at, bytes, length);
    return length;
}

static void make_hello(uint8_t hello[HELLO_BYTES])
{
    static const uint8_t head[] = { 1, 0, 0, 0, 3, 3 };
    static const uint8_t ciphers[] = { 0, 0, 2, 0x13, 1, 1, 0 };
    static const uint8_t name[] = { 0, 0, 0, 15, 0, 13, 0, 0, 10, 'a', 'b', '.', 'e', 'x', 'a', 'm', 'p', 'l', 'e' };
    memset(hello, 0, HELLO_BYTES);
    size_t n = put(hello, head, sizeof head) + 32;
    n += put(hello + n, ciphers, sizeof ciphers);
    size_t extensions = HELLO_BYTES - n - 2;
    n += put(hello + n, (const uint8_t[]){ (uint8_t)(extensions >> 8), (uint8_t)extensions }, 2);
    n += put(hello + n, (const uint8_t[]){ 0, 21, BEFORE >> 8, BEFORE & 0xff }, 4) + BEFORE;
    n += put(hello + n, name, sizeof name);
    size_t rest = HELLO_BYTES - n - 4;
    put(hello + n, (const uint8_t[]){ 0, 21, (uint8_t)(rest >> 8), (uint8_t)rest }, 4);
    hello[2] = (HELLO_BYTES - 4) >> 8;
    hello[3] = (HELLO_BYTES - 4) & 0xff;
}

enum { PIECES_MAX = 8, PACKETS_MAX = 3 };
enum { MORE = TRACK_QUIC_HELLO_MORE, READ = TRACK_QUIC_HELLO_READ };

/* What the packets bring, as pieces [from, to), and what each of them leads to. */
static const struct {
    const char *name;
    struct { uint16_t from, to; } packets[PACKETS_MAX][PIECES_MAX];
    int states[PACKETS_MAX];
} splits[] = {
    { "one packet", { { { 0, 1400 } } }, { READ } },
    { "one packet, from the end to the beginning", { { { 900, 1400 }, { 300, 900 }, { 0, 300 } } }, { READ } },
    { "two packets", { { { 0, 1100 } }, { { 1100, 1400 } } }, { MORE, READ } },
    { "two packets, the second one first", { { { 1100, 1400 } }, { { 0, 1100 } } }, { MORE, READ } },
    { "scrambled over two packets, as Chromium does",
      { { { 1300, 1400 }, { 0, 1 }, { 700, 900 }, { 1, 300 } }, { { 900, 1300 }, { 600, 700 }, { 300, 600 } } },
      { MORE, READ } },
    { "three packets, the first one twice", { { { 0, 500 } }, { { 0, 500 } }, { { 500, 1400 } } },
      { MORE, MORE, READ } },
    { "up to the name, what follows is not waited for", { { { 0, 1290 } } }, { READ } },
    { "fewer bytes than a message has in front", { { { 0, 3 } }, { { 3, 1400 } } }, { MORE, READ } },
};

static enum track_quic_hello_state give(struct track_quic_hellos *all, struct track_quic_hello *hello,
                                        const uint8_t *bytes, uint16_t from, uint16_t to)
{
    struct decode_tls_client_hello out;
    track_quic_hello_open(all, hello);
    track_quic_hello_add(all, hello, from, cursor_make(bytes + from, (size_t)(to - from)));
    return track_quic_hello_close(all, hello, &out);
}

static void pieces_make_a_hello(void **state)
{
    static struct track_quic_hellos all;
    uint8_t bytes[HELLO_BYTES];
    unsigned failed = 0;
    (void)state;
    make_hello(bytes);
    for (size_t i = 0; i < COUNT_OF(splits); i++) {
        struct track_quic_hello hello = { 0 };
        struct decode_tls_client_hello out = { 0 };
        int got = MORE;
        for (int p = 0; p < PACKETS_MAX && splits[i].packets[p][0].to; p++) {
            track_quic_hello_open(&all, &hello);
            for (int n = 0; n < PIECES_MAX && splits[i].packets[p][n].to; n++)
                track_quic_hello_add(&all, &hello, splits[i].packets[p][n].from,
                                     cursor_make(bytes + splits[i].packets[p][n].from,
                                                 (size_t)(splits[i].packets[p][n].to - splits[i].packets[p][n].from)));
            got = (int)track_quic_hello_close(&all, &hello, &out);
            failed += soft_int(splits[i].name, "state", got, splits[i].states[p]);
        }
        failed += soft_true(splits[i].name, "the name", got == READ && strcmp(out.sni, "ab.example") == 0);
        failed += soft_true(splits[i].name, "nothing kept", !hello.stream && !all.count && !all.oldest);
    }
    assert_int_equal(failed, 0);
}

static void the_oldest_hello_gives_way(void **state)
{
    static struct track_quic_hellos all;
    static struct track_quic_hello hellos[TRACK_QUIC_HELLOS_MAX + 1];
    uint8_t bytes[HELLO_BYTES];
    (void)state;
    make_hello(bytes);
    for (size_t i = 0; i < COUNT_OF(hellos); i++)
        assert_int_equal(give(&all, &hellos[i], bytes, 0, 700), TRACK_QUIC_HELLO_MORE);
    assert_int_equal(all.count, TRACK_QUIC_HELLOS_MAX);
    assert_int_equal(all.gave_way, 1);
    assert_int_equal(give(&all, &hellos[0], bytes, 700, 1400), TRACK_QUIC_HELLO_NEVER);
    assert_int_equal(give(&all, &hellos[1], bytes, 700, 1400), TRACK_QUIC_HELLO_READ);
    for (size_t i = 0; i < COUNT_OF(hellos); i++)
        track_quic_hello_drop(&all, &hellos[i]);
    assert_int_equal(all.count, 0);
    assert_null(all.oldest);
    assert_null(all.newest);
}

static void what_is_no_hello_is_not_waited_for(void **state)
{
    static struct track_quic_hellos all;
    static const uint8_t server_hello[] = { 2, 0, 0, 80, 3, 3, 0, 0 };
    struct track_quic_hello hello = { 0 };
    (void)state;
    assert_int_equal(give(&all, &hello, server_hello, 0, sizeof server_hello), TRACK_QUIC_HELLO_NEVER);
    assert_int_equal(all.count, 0);
}

static uint8_t nibble(char c)
{
    return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

static void send_hex(struct bench *b, const struct bench_pair *pair, int64_t at_ms, const char *hex, size_t cut_bytes)
{
    uint8_t payload[BENCH_PAYLOAD_MAX];
    uint32_t length = (uint32_t)(strlen(hex) / 2);
    for (size_t i = 0; i < length; i++)
        payload[i] = (uint8_t)(nibble(hex[2 * i]) << 4 | nibble(hex[2 * i + 1]));
    struct decode_packet d = bench_packet(b, pair, BENCH_CLIENT, 17, length);
    d.payload_captured -= (uint32_t)cut_bytes;
    bench_send_bytes(b, MS(at_ms), &d, payload);
}

static const struct {
    const char *name;
    const struct bench_pair *pair;
    const char *hex;
    size_t cut_bytes;
    bool keys, named;
} flows[] = {
    { "version 1, background", &bench_web, CLIENT_V1, 0, true, true },
    { "version 2, background", &bench_web, CLIENT_V2, 0, true, true },
    { "version 1, a gateway", &bench_dcv, CLIENT_V1, 0, true, true },
    { "cut by the snap length", &bench_web, CLIENT_V1, 100, true, false },
    { "without ciphers", &bench_dcv, CLIENT_V1, 0, false, false },
};

static void an_initial_names_its_flow(void **state)
{
    unsigned failed = 0;
    for (size_t i = 0; i < COUNT_OF(flows); i++) {
        struct bench b;
        bench_begin(&b);
        struct track_quics *without = b.track->quics;
        b.track->quics = track_quic_new(flows[i].keys ? *state : NULL);
        send_hex(&b, flows[i].pair, 0, flows[i].hex, flows[i].cut_bytes);
        bench_finish(&b, MS(1000));
        const struct flow *f = &b.ended[0];
        failed += soft_true(flows[i].name, "an Initial", b.ended_count == 1 && f->flags & FLOW_QUIC_INITIAL);
        failed += soft_int(flows[i].name, "named", (f->flags & FLOW_NAME_BY_SNI) != 0, flows[i].named);
        if (flows[i].named)
            failed += soft_true(flows[i].name, "the name",
                                strcmp(model_name_text(model_names(b.model), f->name), "example.com") == 0);
        track_quic_free(without);
        bench_end(&b);
    }
    assert_int_equal(failed, 0);
}

/* However many Initials come, eight are tried, and nothing is held then. */
static void tries_are_bounded(void **state)
{
    struct bench b;
    char forged[sizeof CLIENT_V1];
    bench_begin(&b);
    struct track_quics *without = b.track->quics;
    b.track->quics = track_quic_new(*state);
    memcpy(forged, CLIENT_V1, sizeof forged);
    forged[2000] = forged[2000] == '0' ? '1' : '0';
    for (int i = 0; i < 20; i++)
        send_hex(&b, &bench_web, i * 10, forged, 0);
    send_hex(&b, &bench_web, 300, CLIENT_V1, 0);
    bench_finish(&b, MS(1000));
    assert_int_equal(b.ended_count, 1);
    assert_true(b.ended[0].flags & FLOW_SETTLED);
    assert_false(b.ended[0].flags & FLOW_NAME_BY_SNI);
    track_quic_free(without);
    bench_end(&b);
}

static int make_keys(void **state)
{
    *state = decode_quic_keys_new();
    return *state ? 0 : -1;
}

static int free_keys(void **state)
{
    decode_quic_keys_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_make_a_hello),
        cmocka_unit_test(the_oldest_hello_gives_way),
        cmocka_unit_test(what_is_no_hello_is_not_waited_for),
        cmocka_unit_test(an_initial_names_its_flow),
        cmocka_unit_test(tries_are_bounded),
    };
    return cmocka_run_group_tests(tests, make_keys, free_keys);
}
