/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/greeting.h"

#include "mutate.h"

static void read_stream(const uint8_t *bytes, size_t length, char *line)
{
    enum decode_greeting greeting = decode_greeting_stream(cursor_make(bytes, length));
    const char *name = decode_greeting_name(greeting);
    assert_true(greeting < DECODE_GREETINGS && (name != NULL) == (greeting != DECODE_GREETING_NONE));
    mutate_add(line, "%s%s", name ? name : "none", greeting == DECODE_GREETING_HTTP_REFUSED ? " refused" : "");
}

static void read_datagram(const uint8_t *bytes, size_t length, char *line)
{
    const char *name = decode_greeting_name(decode_greeting_datagram(cursor_make(bytes, length)));
    mutate_add(line, "%s", name ? name : "none");
}

static const struct mutate_row streams[] = {
    { "SSH-2.0-OpenSSH", "5353482d322e302d4f70656e535348", "SSH" },
    { "SSH-1.99-", "5353482d312e39392d", "SSH" },
    { "SSH-3.0: no such version", "5353482d332e302d", "none" },
    { "a word that begins like it", "535348442d322e30", "none" },
    { "TLS ClientHello", "16030100c8010000c40303", "TLS" },
    { "TLS alert", "15030300020228", "TLS" },
    { "TLS application data: mid-stream", "1703030100aabb", "TLS" },
    { "a record of TLS 3.5", "1603050010", "none" },
    { "SSL 2.0 hello", "802e010002001500", "TLS" },
    { "SSL 2.0 form, TLS inside", "802e0103010015", "TLS" },
    { "GET / HTTP/1.1", "474554202f20485454502f312e310d0a", "HTTP" },
    { "CONNECT a:4195 HTTP/1.1", "434f4e4e45435420613a3431393520485454502f312e310d0a", "HTTP" },
    { "GET of something else", "474554202f0d0a485454502f312e31", "none" },
    { "a version behind the first line", "474554202f0d0a20485454502f312e31", "none" },
    { "HTTP/1.1 200", "485454502f312e312032303020", "HTTP" },
    { "HTTP/1.1 400", "485454502f312e312034303020", "HTTP refused" },
    { "HTTP/1.0 400", "485454502f312e302034303020", "HTTP refused" },
    { "HTTP/2.0 preface", "505249202a20485454502f322e30", "none" },
    { "BitTorrent", "13426974546f7272656e742070726f746f636f6c0000000000", "BitTorrent" },
    { "VNC", "524642203030332e3030380a", "VNC" },
    { "RDP request", "0300000b06e00000000000", "RDP" },
    { "RDP confirm", "0300000b06d00000123400", "RDP" },
    { "TPKT that lies about its length", "0300000c06e00000000000", "none" },
    { "nothing", "", "none" },
    { "zeros", "0000000000000000", "none" },
};

static const struct mutate_row datagrams[] = {
    { "DHT query", "64313a6164323a696432303a61", "BitTorrent" },
    { "DHT answer", "64313a7264323a696432303a61", "BitTorrent" },
    { "ESP in UDP", "6ef9631d00000001", "none" },
    { "QUIC Initial", "c300000001", "none" },
    { "nothing", "", "none" },
};

static void rows_of_streams(void **state)
{
    (void)state;
    MUTATE_ROWS(read_stream, streams);
}

static void rows_of_datagrams(void **state)
{
    (void)state;
    MUTATE_ROWS(read_datagram, datagrams);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_of_streams),
        cmocka_unit_test(rows_of_datagrams),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
