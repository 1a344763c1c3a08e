/* SPDX-License-Identifier: Apache-2.0 */
#include "payload.h"

#include <stdio.h>
#include <string.h>

enum {
    TLS_RECORD_HEADER_BYTES = 5, TLS_RECORD_MAX = 16384,
    EXTENSION_SNI = 0, EXTENSION_GROUPS = 10, EXTENSION_SIGNATURES = 13, EXTENSION_ALPN = 16,
    EXTENSION_VERSIONS = 43, EXTENSION_KEY_SHARE = 51, EXTENSION_QUIC = 57,
    GROUP_X25519 = 0x001d, KEY_BYTES = 32, RANDOM_BYTES = 32,
    DNS_A = 1, DNS_AAAA = 28, DNS_NXDOMAIN = 3,
};

void payload_put_bytes(struct payload *p, const void *bytes, size_t length)
{
    if (length > PAYLOAD_BYTES_MAX - p->length)
        return;
    memcpy(p->bytes + p->length, bytes, length);
    p->length += length;
}

void payload_put(struct payload *p, uint64_t value, size_t bytes)
{
    for (size_t i = bytes; i > 0; i--) {
        uint8_t byte = (uint8_t)(value >> 8 * (i - 1));
        payload_put_bytes(p, &byte, 1);
    }
}

void payload_patch(struct payload *p, size_t at, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        p->bytes[at + i] = (uint8_t)(value >> 8 * (bytes - 1 - i));
}

/* splitmix64 */
static uint64_t mix(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

void payload_put_noise(struct payload *p, uint64_t seed, size_t length)
{
    for (size_t i = 0; i < length; i += 8)
        payload_put(p, mix(&seed), length - i < 8 ? length - i : 8);
}

uint64_t payload_seed(const char *name, uint64_t a, uint64_t b)
{
    uint64_t state = UINT64_C(0xcbf29ce484222325); /* FNV-1a */
    for (; *name; name++)
        state = (state ^ (uint8_t)*name) * UINT64_C(0x100000001b3);
    state ^= a * UINT64_C(0x9e3779b97f4a7c15);
    (void)mix(&state);
    state ^= b;
    return mix(&state);
}

size_t payload_begin(struct payload *p, size_t length_bytes)
{
    payload_put(p, 0, length_bytes);
    return p->length;
}

void payload_end(struct payload *p, size_t start, size_t length_bytes)
{
    payload_patch(p, start - length_bytes, p->length - start, length_bytes);
}

size_t payload_begin_record(struct payload *p, uint8_t type, uint16_t version)
{
    payload_put(p, type, 1);
    payload_put(p, version, 2);
    return payload_begin(p, 2);
}

static void put_sni(struct payload *p, const char *sni)
{
    payload_put(p, EXTENSION_SNI, 2);
    size_t extension = payload_begin(p, 2), list = payload_begin(p, 2);
    payload_put(p, 0, 1);
    size_t name = payload_begin(p, 2);
    payload_put_bytes(p, sni, strlen(sni));
    payload_end(p, name, 2);
    payload_end(p, list, 2);
    payload_end(p, extension, 2);
}

/* RFC 9000, section 18.2: max_idle_timeout, initial_max_data, initial_source_connection_id. */
static void put_quic_parameters(struct payload *p, uint64_t seed)
{
    static const uint8_t parameters[] = { 0x01, 0x04, 0x80, 0x00, 0x75, 0x30, 0x04, 0x04, 0x80, 0x10, 0x00, 0x00 };
    payload_put(p, EXTENSION_QUIC, 2);
    size_t extension = payload_begin(p, 2);
    payload_put_bytes(p, parameters, sizeof parameters);
    payload_put(p, 0x0f08, 2);
    payload_put_noise(p, seed, 8);
    payload_end(p, extension, 2);
}

static void put_hello_extensions(struct payload *p, const char *sni, uint64_t seed, bool quic)
{
    static const uint8_t fixed[] = {
        0, EXTENSION_GROUPS, 0, 4, 0, 2, 0, GROUP_X25519,
        0, EXTENSION_SIGNATURES, 0, 6, 0, 4, 0x04, 0x03, 0x08, 0x04,
        0, EXTENSION_VERSIONS, 0, 3, 2, 0x03, 0x04,
    };
    static const uint8_t alpn[] = { 0, EXTENSION_ALPN, 0, 5, 0, 3, 2, 'h', '3' };
    if (sni)
        put_sni(p, sni);
    payload_put_bytes(p, fixed, sizeof fixed);
    payload_put(p, EXTENSION_KEY_SHARE, 2);
    size_t share = payload_begin(p, 2), list = payload_begin(p, 2);
    payload_put(p, GROUP_X25519, 2);
    payload_put(p, KEY_BYTES, 2);
    payload_put_noise(p, seed + 1, KEY_BYTES);
    payload_end(p, list, 2);
    payload_end(p, share, 2);
    if (!quic)
        return;
    payload_put_bytes(p, alpn, sizeof alpn);
    put_quic_parameters(p, seed + 2);
}

/* RFC 8446, section 4.1.2. */
static void put_client_hello(struct payload *p, const char *sni, uint64_t seed, bool quic)
{
    payload_put(p, 1, 1);
    size_t message = payload_begin(p, 3);
    payload_put(p, 0x0303, 2);
    payload_put_noise(p, seed, RANDOM_BYTES);
    payload_put(p, quic ? 0 : 32, 1); /* RFC 9001, section 8.4: no session id in QUIC */
    payload_put_noise(p, seed + 3, quic ? 0 : 32);
    payload_put(p, 0x000413011302, 6);
    payload_put(p, 0x0100, 2);
    size_t extensions = payload_begin(p, 2);
    put_hello_extensions(p, sni, seed, quic);
    payload_end(p, extensions, 2);
    payload_end(p, message, 3);
}

void payload_client_hello(struct payload *p, const char *sni, uint64_t seed)
{
    size_t record = payload_begin_record(p, PAYLOAD_TLS_HANDSHAKE, 0x0301);
    put_client_hello(p, sni, seed, false);
    payload_end(p, record, 2);
}

void payload_quic_client_hello(struct payload *p, const char *sni, uint64_t seed)
{
    put_client_hello(p, sni, seed, true);
}

void payload_server_hello_message(struct payload *p, uint64_t seed)
{
    payload_put(p, 2, 1);
    size_t message = payload_begin(p, 3);
    payload_put(p, 0x0303, 2);
    payload_put_noise(p, seed, RANDOM_BYTES);
    payload_put(p, 0, 1);
    payload_put(p, 0x130100, 3);
    size_t extensions = payload_begin(p, 2);
    payload_put(p, EXTENSION_VERSIONS, 2);
    payload_put(p, 0x00020304, 4);
    payload_put(p, EXTENSION_KEY_SHARE, 2);
    size_t share = payload_begin(p, 2);
    payload_put(p, GROUP_X25519, 2);
    payload_put(p, KEY_BYTES, 2);
    payload_put_noise(p, seed + 1, KEY_BYTES);
    payload_end(p, share, 2);
    payload_end(p, extensions, 2);
    payload_end(p, message, 3);
}

void payload_server_hello(struct payload *p, uint64_t seed)
{
    size_t record = payload_begin_record(p, PAYLOAD_TLS_HANDSHAKE, 0x0303);
    payload_server_hello_message(p, seed);
    payload_end(p, record, 2);
    record = payload_begin_record(p, PAYLOAD_TLS_CHANGE_CIPHER, 0x0303);
    payload_put(p, 1, 1);
    payload_end(p, record, 2);
    payload_tls_data(p, 1000, seed + 2);
}

void payload_tls_data(struct payload *p, size_t bytes, uint64_t seed)
{
    while (bytes) {
        size_t piece = bytes < TLS_RECORD_MAX ? bytes : TLS_RECORD_MAX;
        size_t body = piece > TLS_RECORD_HEADER_BYTES ? piece - TLS_RECORD_HEADER_BYTES : 0;
        if (!body) { /* too short for a record's header */
            payload_put_noise(p, seed, piece);
            return;
        }
        size_t record = payload_begin_record(p, PAYLOAD_TLS_DATA, 0x0303);
        payload_put_noise(p, seed + bytes, body);
        payload_end(p, record, 2);
        bytes -= piece;
    }
}

void payload_close_notify(struct payload *p, uint64_t seed)
{
    size_t record = payload_begin_record(p, PAYLOAD_TLS_ALERT, 0x0303);
    payload_put_noise(p, seed, 26);
    payload_end(p, record, 2);
}

static void put_dns_name(struct payload *p, const char *name)
{
    while (*name) {
        size_t length = strcspn(name, ".");
        payload_put(p, length, 1);
        payload_put_bytes(p, name, length);
        name += length + (name[length] == '.');
    }
    payload_put(p, 0, 1);
}

static uint64_t escaped(const char **at)
{
    char letter = **at ? *(*at)++ : '\\';
    if (letter == 'r')
        return '\r';
    if (letter == 'n')
        return '\n';
    unsigned byte = 0;
    int taken = 0;
    if (letter != 'x' || sscanf(*at, "%2x%n", &byte, &taken) != 1)
        return (uint8_t)letter;
    *at += taken;
    return byte;
}

void payload_text(struct payload *p, const char *text)
{
    while (*text) {
        char letter = *text++;
        payload_put(p, letter == '\\' ? escaped(&text) : (uint8_t)letter, 1);
    }
}

void payload_dns(struct payload *p, const struct step *step, uint16_t id, bool answer)
{
    bool v6 = step->ipv6_record || (step->has_address && !ipaddr_is_v4(&step->address));
    int rcode = step->rcode != NOT_GIVEN ? step->rcode : step->has_address ? 0 : DNS_NXDOMAIN;
    uint16_t type = v6 ? DNS_AAAA : DNS_A;
    uint16_t flags = (uint16_t)(answer ? 0x8180 | rcode : 0x0100);
    payload_put(p, id, 2);
    payload_put(p, flags, 2);
    payload_put(p, 1, 2);
    payload_put(p, answer && step->has_address, 2);
    payload_put(p, 0, 4);
    put_dns_name(p, step->name);
    payload_put(p, type, 2);
    payload_put(p, 1, 2);
    if (!answer || !step->has_address)
        return;
    payload_put(p, 0xc00c, 2);
    payload_put(p, type, 2);
    payload_put(p, 1, 2);
    payload_put(p, 60, 4);
    payload_put(p, v6 ? 16 : 4, 2);
    payload_put_bytes(p, step->address.bytes + (v6 ? 0 : 12), v6 ? 16 : 4);
}
