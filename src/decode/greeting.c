/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/greeting.h"

#include <stdbool.h>
#include <string.h>

/* Beginnings that are enough in themselves. */
struct beginning {
    const char *bytes;
    uint8_t length;
    uint8_t greeting; /* enum decode_greeting */
};

#define BEGINNING(bytes, greeting) { bytes, sizeof bytes - 1, greeting }

static const struct beginning stream_beginnings[] = {
    BEGINNING("SSH-2.0-", DECODE_GREETING_SSH),
    BEGINNING("SSH-1.", DECODE_GREETING_SSH),
    BEGINNING("HTTP/1.0 400", DECODE_GREETING_HTTP_REFUSED),
    BEGINNING("HTTP/1.1 400", DECODE_GREETING_HTTP_REFUSED),
    BEGINNING("HTTP/1.0 ", DECODE_GREETING_HTTP),
    BEGINNING("HTTP/1.1 ", DECODE_GREETING_HTTP),
    BEGINNING("\023BitTorrent protocol", DECODE_GREETING_BITTORRENT),
    BEGINNING("RFB 003.", DECODE_GREETING_VNC),
};

static const struct beginning datagram_beginnings[] = {
    BEGINNING("d1:ad2:id20:", DECODE_GREETING_BITTORRENT),
    BEGINNING("d1:rd2:id20:", DECODE_GREETING_BITTORRENT),
    BEGINNING("d2:ip", DECODE_GREETING_BITTORRENT),
};

static bool begins(struct cursor payload, const char *bytes, size_t length)
{
    const uint8_t *at = cursor_take(&payload, length);
    return at && memcmp(at, bytes, length) == 0;
}

static enum decode_greeting find(struct cursor payload, const struct beginning *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (begins(payload, list[i].bytes, list[i].length))
            return (enum decode_greeting)list[i].greeting;
    return DECODE_GREETING_NONE;
}

/* 20 to 24 are the types of records, 3.0 to 3.4 the versions. SSL 2.0's hello: a length with the highest bit set, type
 * 1, and the version that is offered. */
static bool is_tls(struct cursor payload)
{
    struct cursor old = payload;
    uint8_t type = cursor_u8(&payload);
    uint16_t version = cursor_u16be(&payload);
    uint16_t old_length = cursor_u16be(&old);
    uint8_t old_type = cursor_u8(&old);
    uint8_t old_major = cursor_u8(&old);
    if (cursor_ok(&payload) && type >= 20 && type <= 24 && version >= 0x0300 && version <= 0x0304)
        return true;
    return cursor_ok(&old) && old_length & 0x8000 && old_type == 1 && (old_major == 0 || old_major == 3);
}

/* A method and, at the end of the first line, the version. */
static bool is_http_request(struct cursor payload)
{
    static const struct beginning methods[] = {
        BEGINNING("GET ", 1),     BEGINNING("POST ", 1),   BEGINNING("HEAD ", 1),    BEGINNING("PUT ", 1),
        BEGINNING("OPTIONS ", 1), BEGINNING("DELETE ", 1), BEGINNING("CONNECT ", 1), BEGINNING("PATCH ", 1),
    };
    static const char version[] = " HTTP/1.";
    const uint8_t *line = payload.at;
    if (!find(payload, methods, sizeof methods / sizeof *methods))
        return false;
    const uint8_t *end = memchr(line, '\n', cursor_left(&payload));
    return memmem(line, end ? (size_t)(end - line) : cursor_left(&payload), version, sizeof version - 1) != NULL;
}

/* TPKT version 3 whose length is that of a short X.224 request (0xe0) or confirm (0xd0). */
static bool is_rdp(struct cursor payload)
{
    size_t captured = cursor_left(&payload);
    uint16_t version = cursor_u16be(&payload);
    uint16_t length = cursor_u16be(&payload);
    uint8_t header = cursor_u8(&payload);
    uint8_t type = cursor_u8(&payload);
    return cursor_ok(&payload) && version == 0x0300 && length == captured && header == length - 5 &&
           (type == 0xe0 || type == 0xd0);
}

enum decode_greeting decode_greeting_stream(struct cursor payload)
{
    enum decode_greeting known =
        find(payload, stream_beginnings, sizeof stream_beginnings / sizeof *stream_beginnings);
    if (known)
        return known;
    if (is_tls(payload))
        return DECODE_GREETING_TLS;
    if (is_http_request(payload))
        return DECODE_GREETING_HTTP;
    return is_rdp(payload) ? DECODE_GREETING_RDP : DECODE_GREETING_NONE;
}

enum decode_greeting decode_greeting_datagram(struct cursor payload)
{
    return find(payload, datagram_beginnings, sizeof datagram_beginnings / sizeof *datagram_beginnings);
}

const char *decode_greeting_name(enum decode_greeting greeting)
{
    static const char *const names[DECODE_GREETINGS] = {
        [DECODE_GREETING_TLS] = "TLS",   [DECODE_GREETING_SSH] = "SSH",  [DECODE_GREETING_HTTP] = "HTTP",
        [DECODE_GREETING_HTTP_REFUSED] = "HTTP", [DECODE_GREETING_BITTORRENT] = "BitTorrent",
        [DECODE_GREETING_VNC] = "VNC",   [DECODE_GREETING_RDP] = "RDP",
    };
    return greeting < DECODE_GREETINGS ? names[greeting] : NULL;
}
