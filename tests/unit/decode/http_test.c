/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/http.h"

#include <inttypes.h>

#include "mutate.h"

struct text_row {
    const char *name;
    const char *text;
    const char *expect;
};

static void check_rows(mutate_reader *reader, const struct text_row *rows, size_t count)
{
    unsigned failed = 0;

    for (size_t i = 0; i < count; i++) {
        char hex[2 * ROWS_FRAME_MAX] = "";
        struct mutate_row row = { .name = rows[i].name, .hex = hex, .expect = rows[i].expect };
        size_t length = strlen(rows[i].text);
        assert_true(length < ROWS_FRAME_MAX);
        for (size_t k = 0; k < length; k++)
            snprintf(hex + 2 * k, 3, "%02x", (unsigned char)rows[i].text[k]);
        failed += mutate_rows(reader, &row, 1);
    }
    assert_int_equal(failed, 0);
}

#define CHECK_ROWS(reader, rows) check_rows(reader, rows, sizeof(rows) / sizeof(rows)[0])

static void read_connect(const uint8_t *bytes, size_t length, char *line)
{
    struct decode_http_connect c;
    enum decode_outcome outcome = decode_http_connect(cursor_make(bytes, length), &c);

    mutate_add(line, "%s", mutate_outcome(outcome));
    if (c.host[0])
        mutate_add(line, " %s %u", c.host, c.port);
    if (c.head_bytes)
        mutate_add(line, " head %zu", c.head_bytes);
    mutate_name(c.host, sizeof c.host);
    assert_true((outcome == DECODE_OK) == (c.head_bytes > 0));
    assert_true(c.head_bytes <= length);
    assert_true((c.host[0] != 0) == (c.port != 0));
}

static const struct text_row requests[] = {
    { "as a client of WorkSpaces sends it",
      "CONNECT ws-broker-service.eu-west-2.amazonaws.com:443 HTTP/1.1\r\n"
      "Host: ws-broker-service.eu-west-2.amazonaws.com:443\r\n"
      "Proxy-Connection: keep-alive\r\nUser-Agent: WorkSpacesClient/5.22\r\n\r\n",
      "ok ws-broker-service.eu-west-2.amazonaws.com 443 head 184" },
    { "the tunnel follows at once", "CONNECT a.b:4195 HTTP/1.0\r\n\r\n\x16\x03\x01", "ok a.b 4195 head 29" },
    { "an IPv4 address", "CONNECT 18.134.68.9:4172 HTTP/1.1\r\n\r\n", "ok 18.134.68.9 4172 head 37" },
    { "an IPv6 address", "CONNECT [2a05:d01c::1]:443 HTTP/1.1\r\n\r\n", "ok 2a05:d01c::1 443 head 39" },
    { "lower case, line feeds alone, more spaces", "connect  A.B:443   http/1.1\nhost: A.B\n\n", "ok a.b 443 head 39" },
    { "header fields to come", "CONNECT a.b:443 HTTP/1.1\r\nHost: a.b\r\n", "truncated a.b 443" },
    { "the empty line is half there", "CONNECT a.b:443 HTTP/1.1\r\n\r", "truncated a.b 443" },
    { "the first line to come", "CONNECT a.b:443 HTT", "truncated" },
    { "three letters", "CON", "truncated" },
    { "nothing", "", "truncated" },
    { "another method", "GET http://a.b/ HTTP/1.1\r\n\r\n", "unsupported" },
    { "another word that begins alike", "CONNECTION: close\r\n\r\n", "unsupported" },
    { "TLS", "\x16\x03\x01", "unsupported" },
    { "no port", "CONNECT a.b HTTP/1.1\r\n\r\n", "malformed" },
    { "an empty port", "CONNECT a.b: HTTP/1.1\r\n\r\n", "malformed" },
    { "port 0", "CONNECT a.b:0 HTTP/1.1\r\n\r\n", "malformed" },
    { "port 65535", "CONNECT a.b:65535 HTTP/1.1\r\n\r\n", "ok a.b 65535 head 30" },
    { "port 65536", "CONNECT a.b:65536 HTTP/1.1\r\n\r\n", "malformed" },
    { "a port with a letter", "CONNECT a.b:44x HTTP/1.1\r\n\r\n", "malformed" },
    { "no host", "CONNECT :443 HTTP/1.1\r\n\r\n", "malformed" },
    { "a bracket that does not close", "CONNECT [::1:443 HTTP/1.1\r\n\r\n", "malformed" },
    { "no version", "CONNECT a.b:443\r\n\r\n", "malformed" },
    { "HTTP/2 is not this protocol", "CONNECT a.b:443 HTTP/2\r\n\r\n", "malformed" },
};

static void read_answer(const uint8_t *bytes, size_t length, char *line)
{
    struct decode_http_answer a;
    enum decode_outcome outcome = decode_http_answer(cursor_make(bytes, length), &a);

    mutate_add(line, "%s", mutate_outcome(outcome));
    if (a.code)
        mutate_add(line, " %u \"%s\"", a.code, a.reason);
    if (a.head_bytes)
        mutate_add(line, " head %zu body %" PRIu64, a.head_bytes, a.body_bytes);
    mutate_add(line, "%s%s%s%s", a.chunked ? " chunked" : "", a.closes ? " closes" : "", a.scheme[0] ? " asks " : "",
               a.scheme);
    assert_true((outcome == DECODE_OK) == (a.head_bytes > 0));
    assert_true(a.head_bytes <= length);
    assert_true(a.code == 0 || (a.code >= 100 && a.code <= 999));
    assert_non_null(memchr(a.reason, 0, sizeof a.reason));
    assert_non_null(memchr(a.scheme, 0, sizeof a.scheme));
    for (const char *c = a.reason; *c; c++)
        assert_true(*c >= ' ' && *c < 0x7f);
}

static const struct text_row answers[] = {
    { "the tunnel stands", "HTTP/1.1 200 Connection established\r\n\r\n",
      "ok 200 \"Connection established\" head 39 body 0" },
    { "and its first bytes are there", "HTTP/1.0 200 OK\r\n\r\n\x16\x03\x03", "ok 200 \"OK\" head 19 body 0" },
    { "who are you?",
      "HTTP/1.1 407 Proxy Authentication Required\r\nServer: squid/5.7\r\nContent-Type: text/html;charset=utf-8\r\n"
      "Content-Length: 3883\r\nProxy-Authenticate: Negotiate\r\nProxy-Authenticate: Basic realm=\"proxy\"\r\n"
      "Connection: keep-alive\r\n\r\n<html>",
      "ok 407 \"Proxy Authentication Required\" head 222 body 3883 asks Negotiate" },
    { "not through here",
      "HTTP/1.1 403 Forbidden\r\ncontent-length:0\r\nPROXY-CONNECTION:  Close  \r\n\r\n",
      "ok 403 \"Forbidden\" head 72 body 0 closes" },
    { "a body without a length", "HTTP/1.1 502 Bad Gateway\r\nTransfer-Encoding: chunked\r\n\r\n",
      "ok 502 \"Bad Gateway\" head 56 body 0 chunked" },
    { "no reason", "HTTP/1.1 503\r\n\r\n", "ok 503 \"\" head 16 body 0" },
    { "no reason, and the space before it", "HTTP/1.1 503 \r\n\r\n", "ok 503 \"\" head 17 body 0" },
    { "lower case, line feeds alone", "http/1.1 200 ok\n\n", "ok 200 \"ok\" head 17 body 0" },
    { "a reason that would play with the terminal", "HTTP/1.1 500 a\x1b[2Jb\xff\r\n\r\n",
      "ok 500 \"a?[2Jb?\" head 24 body 0" },
    { "a reason longer than there is room for",
      "HTTP/1.1 500 0123456789012345678901234567890123456789012345678901234567890123456789\r\n\r\n",
      "ok 500 \"012345678901234567890123456789012345678901234567890123456789012\" head 87 body 0" },
    { "a length that is none", "HTTP/1.1 500 no\r\nContent-Length: -5\r\nContent-Length\r\n\r\n",
      "ok 500 \"no\" head 55 body 0" },
    { "the longest length", "HTTP/1.1 500 no\r\nContent-Length: 9223372036854775807\r\n\r\n",
      "ok 500 \"no\" head 56 body 9223372036854775807" },
    { "a length beyond that", "HTTP/1.1 500 no\r\nContent-Length: 9223372036854775808\r\n\r\n",
      "ok 500 \"no\" head 56 body 0" },
    { "header fields to come", "HTTP/1.1 407 Who\r\nProxy-Auth", "truncated 407 \"Who\"" },
    { "the line to come", "HTTP/1.1 407", "truncated" },
    { "the beginning", "HT", "truncated" },
    { "nothing", "", "truncated" },
    { "a status that is no number", "HTTP/1.1 OK\r\n\r\n", "malformed" },
    { "a status of two digits", "HTTP/1.1 99 x\r\n\r\n", "malformed" },
    { "a status of four digits", "HTTP/1.1 1000 x\r\n\r\n", "malformed" },
    { "a request", "GET / HTTP/1.1\r\n\r\n", "unsupported" },
    { "HTTP/2", "HTTP/2 200\r\n\r\n", "unsupported" },
};

static void every_request(void **state)
{
    (void)state;
    CHECK_ROWS(read_connect, requests);
}

static void every_answer(void **state)
{
    (void)state;
    CHECK_ROWS(read_answer, answers);
}

/* A head without an end is waited for, but not for ever. */
static void too_long(void **state)
{
    static uint8_t bytes[DECODE_HTTP_HEAD_BYTES_MAX + 8];
    const char request[] = "CONNECT a.b:443 HTTP/1.1\r\nX: ", answer[] = "HTTP/1.1 200 OK\r\nX: ";
    struct decode_http_connect c;
    struct decode_http_answer a;

    (void)state;
    memset(bytes, 'x', sizeof bytes);
    memcpy(bytes, request, sizeof request - 1);
    assert_int_equal(decode_http_connect(cursor_make(bytes, DECODE_HTTP_HEAD_BYTES_MAX - 1), &c), DECODE_TRUNCATED);
    assert_int_equal(decode_http_connect(cursor_make(bytes, DECODE_HTTP_HEAD_BYTES_MAX), &c), DECODE_MALFORMED);
    assert_string_equal(c.host, "a.b");
    memcpy(bytes, answer, sizeof answer - 1);
    assert_int_equal(decode_http_answer(cursor_make(bytes, DECODE_HTTP_HEAD_BYTES_MAX - 1), &a), DECODE_TRUNCATED);
    assert_int_equal(decode_http_answer(cursor_make(bytes, sizeof bytes), &a), DECODE_MALFORMED);
    memcpy(bytes + DECODE_HTTP_HEAD_BYTES_MAX - 4, "\r\n\r\n", 4);
    assert_int_equal(decode_http_answer(cursor_make(bytes, sizeof bytes), &a), DECODE_OK);
    assert_int_equal(a.head_bytes, DECODE_HTTP_HEAD_BYTES_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_request),
        cmocka_unit_test(every_answer),
        cmocka_unit_test(too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
