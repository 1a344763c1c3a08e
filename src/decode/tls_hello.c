/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/tls.h"

enum extension { SERVER_NAME = 0, ALPN = 16, SUPPORTED_VERSIONS = 43, QUIC_PARAMETERS = 57, ENCRYPTED_HELLO = 0xfe0d,
                 QUIC_PARAMETERS_DRAFT = 0xffa5 };

enum { SSL_3_0 = 0x0300, TLS_1_3 = 0x0304, DRAFT = 0x7f, DRAFT_OF_FIZZ = 0xfb, HOST_NAME = 0, RANDOM_BYTES = 32 };

/* Bytes that are here, and how many more of the same vector have not arrived. */
struct part {
    struct cursor at;
    size_t missing;
};

static bool is_over(const struct part *p)
{
    return cursor_left(&p->at) == 0 && p->missing == 0;
}

/* Whether what was read was there. When not, either it has not arrived or the message lies about its lengths. */
static enum decode_outcome outcome_of(const struct part *p)
{
    if (cursor_ok(&p->at))
        return DECODE_OK;
    return p->missing ? DECODE_TRUNCATED : DECODE_MALFORMED;
}

/* The next `length` bytes as a part of their own, whole or not. More than the parent can hold: it is overrun. */
static struct part sub(struct part *p, size_t length)
{
    struct part inner = { .at = p->at };
    size_t left = cursor_left(&p->at);

    cursor_limit(&inner.at, length);
    if (length <= left) {
        cursor_skip(&p->at, length);
        return inner;
    }
    inner.missing = length - left <= p->missing ? length - left : 0;
    cursor_skip(&p->at, inner.missing ? left : length);
    p->missing = inner.missing ? p->missing - inner.missing : 0;
    return inner;
}

static bool is_grease(uint16_t number)
{
    return (number & 0x0f0f) == 0x0a0a && number >> 8 == (number & 0xff);
}

/* A draft of TLS 1.3 counts as TLS 1.3; 0 for what is no version. */
static uint16_t version_of(uint16_t number)
{
    if (number >> 8 == DRAFT || number >> 8 == DRAFT_OF_FIZZ)
        return TLS_1_3;
    return number >= SSL_3_0 && number <= TLS_1_3 ? number : 0;
}

/* RFC 6066, section 3: a list of names by type, of which only host names were ever defined. */
static enum decode_outcome read_sni(struct cursor c, struct decode_tls_client_hello *out)
{
    struct cursor list = cursor_sub(&c, cursor_u16be(&c));

    while (cursor_ok(&list) && cursor_left(&list) && !out->has_sni) {
        uint8_t type = cursor_u8(&list);
        struct cursor name = cursor_sub(&list, cursor_u16be(&list));
        if (type == HOST_NAME && cursor_ok(&list))
            out->has_sni = decode_name_host(name, out->sni);
    }
    return cursor_ok(&list) ? DECODE_OK : DECODE_MALFORMED;
}

static void copy_protocol(struct cursor name, char text[DECODE_TLS_ALPN_SIZE])
{
    size_t length = cursor_left(&name);

    if (length >= DECODE_TLS_ALPN_SIZE)
        length = DECODE_TLS_ALPN_SIZE - 1;
    for (size_t i = 0; i < length; i++) {
        uint8_t byte = cursor_u8(&name);
        text[i] = byte > ' ' && byte < 0x7f ? (char)byte : '?';
    }
    text[length] = 0;
}

static bool is_grease_protocol(struct cursor name)
{
    return cursor_left(&name) == 2 && is_grease(cursor_u16be(&name));
}

/* RFC 7301. */
static enum decode_outcome read_alpn(struct cursor c, struct decode_tls_client_hello *out)
{
    struct cursor list = cursor_sub(&c, cursor_u16be(&c));

    while (cursor_ok(&list) && cursor_left(&list)) {
        struct cursor name = cursor_sub(&list, cursor_u8(&list));
        if (!cursor_ok(&list) || is_grease_protocol(name))
            continue;
        if (out->alpn_count < DECODE_TLS_ALPN_MAX)
            copy_protocol(name, out->alpn[out->alpn_count]);
        out->alpn_count++;
    }
    return cursor_ok(&list) ? DECODE_OK : DECODE_MALFORMED;
}

static enum decode_outcome read_versions(struct cursor c, struct decode_tls_client_hello *out)
{
    struct cursor list = cursor_sub(&c, cursor_u8(&c));
    uint16_t max = 0, min = UINT16_MAX;

    while (cursor_ok(&list) && cursor_left(&list)) {
        uint16_t version = version_of(cursor_u16be(&list));
        if (!cursor_ok(&list) || version == 0)
            continue;
        max = version > max ? version : max;
        min = version < min ? version : min;
    }
    if (!cursor_ok(&list))
        return DECODE_MALFORMED;
    if (max) {
        out->version_max = max;
        out->version_min = min;
        out->has_supported_versions = true;
    }
    return DECODE_OK;
}

static enum decode_outcome read_client_extension(uint16_t type, struct cursor data,
                                                 struct decode_tls_client_hello *out)
{
    switch (type) {
    case SERVER_NAME:
        return out->has_sni ? DECODE_OK : read_sni(data, out);
    case ALPN:
        return out->alpn_count ? DECODE_OK : read_alpn(data, out);
    case SUPPORTED_VERSIONS:
        return read_versions(data, out);
    case QUIC_PARAMETERS:
    case QUIC_PARAMETERS_DRAFT:
        out->quic = true;
        return DECODE_OK;
    case ENCRYPTED_HELLO:
        out->encrypted_hello = true;
        return DECODE_OK;
    default:
        return DECODE_OK;
    }
}

/* Takes the next extension off. DECODE_OK: its data is here whole. */
static enum decode_outcome next_extension(struct part *list, uint16_t *type, struct cursor *data)
{
    *type = cursor_u16be(&list->at);
    uint16_t length = cursor_u16be(&list->at);
    enum decode_outcome outcome = outcome_of(list);

    if (outcome != DECODE_OK)
        return outcome;
    struct part part = sub(list, length);
    *data = part.at;
    return part.missing ? DECODE_TRUNCATED : outcome_of(list);
}

static enum decode_outcome read_client_extensions(struct part *list, struct decode_tls_client_hello *out)
{
    enum decode_outcome outcome = DECODE_OK;

    while (outcome == DECODE_OK && !is_over(list)) {
        struct cursor data;
        uint16_t type;
        outcome = next_extension(list, &type, &data);
        if (outcome == DECODE_OK)
            outcome = read_client_extension(type, data, out);
    }
    return outcome;
}

static enum decode_outcome read_ciphers(struct part *p, struct decode_tls_client_hello *out)
{
    struct part ciphers = sub(p, cursor_u16be(&p->at));

    while (cursor_left(&ciphers.at) >= 2)
        if (!is_grease(cursor_u16be(&ciphers.at)))
            out->cipher_count++;
    if (ciphers.missing)
        return DECODE_TRUNCATED;
    return cursor_left(&ciphers.at) ? DECODE_MALFORMED : outcome_of(p);
}

/* The extensions, and whether they fill what is left: no extensions at all is legal in TLS 1.2. */
static struct part extensions_of(struct part *p, enum decode_outcome *outcome)
{
    struct part list = { .at = p->at };

    *outcome = outcome_of(p);
    if (*outcome != DECODE_OK || is_over(p))
        return list;
    uint16_t length = cursor_u16be(&p->at);
    *outcome = outcome_of(p);
    if (*outcome != DECODE_OK)
        return list;
    list = sub(p, length);
    *outcome = outcome_of(p);
    return list;
}

enum decode_outcome decode_tls_client_hello(const struct decode_tls_handshake *message,
                                            struct decode_tls_client_hello *out)
{
    struct part p = { .at = message->body, .missing = message->missing_bytes };
    enum decode_outcome outcome;

    *out = (struct decode_tls_client_hello){ 0 };
    uint16_t version = cursor_u16be(&p.at);
    if (cursor_ok(&p.at))
        out->legacy_version = out->version_max = out->version_min = version;
    cursor_skip(&p.at, RANDOM_BYTES);
    cursor_skip(&p.at, cursor_u8(&p.at)); /* session */
    outcome = outcome_of(&p);
    if (outcome == DECODE_OK)
        outcome = read_ciphers(&p, out);
    if (outcome != DECODE_OK)
        return outcome;
    cursor_skip(&p.at, cursor_u8(&p.at)); /* compression */
    struct part extensions = extensions_of(&p, &outcome);
    if (outcome == DECODE_OK)
        outcome = read_client_extensions(&extensions, out);
    return outcome == DECODE_OK && !is_over(&p) ? DECODE_MALFORMED : outcome;
}

/* RFC 8446, section 4.1.3: the random number that makes a ServerHello a HelloRetryRequest. */
static bool is_retry(const uint8_t *random)
{
    static const uint8_t retry[RANDOM_BYTES] = { 0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c,
                                                 0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb,
                                                 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c };

    return random && memcmp(random, retry, sizeof retry) == 0;
}

static enum decode_outcome read_server_extension(uint16_t type, struct cursor data,
                                                 struct decode_tls_server_hello *out)
{
    if (type == SUPPORTED_VERSIONS) {
        uint16_t version = version_of(cursor_u16be(&data));
        if (version)
            out->version = version;
    }
    if (type == ALPN) {
        struct cursor list = cursor_sub(&data, cursor_u16be(&data));
        struct cursor name = cursor_sub(&list, cursor_u8(&list));
        if (!cursor_ok(&list))
            return DECODE_MALFORMED;
        copy_protocol(name, out->alpn);
    }
    return cursor_ok(&data) ? DECODE_OK : DECODE_MALFORMED;
}

enum decode_outcome decode_tls_server_hello(const struct decode_tls_handshake *message,
                                            struct decode_tls_server_hello *out)
{
    struct part p = { .at = message->body, .missing = message->missing_bytes };
    enum decode_outcome outcome;

    *out = (struct decode_tls_server_hello){ 0 };
    uint16_t version = cursor_u16be(&p.at);
    if (cursor_ok(&p.at))
        out->legacy_version = out->version = version;
    out->retry = is_retry(cursor_take(&p.at, RANDOM_BYTES));
    cursor_skip(&p.at, cursor_u8(&p.at)); /* session */
    uint16_t cipher = cursor_u16be(&p.at);
    if (cursor_ok(&p.at))
        out->cipher = cipher;
    cursor_skip(&p.at, 1); /* compression */
    struct part extensions = extensions_of(&p, &outcome);
    while (outcome == DECODE_OK && !is_over(&extensions)) {
        struct cursor data;
        uint16_t type;
        outcome = next_extension(&extensions, &type, &data);
        if (outcome == DECODE_OK)
            outcome = read_server_extension(type, data, out);
    }
    return outcome == DECODE_OK && !is_over(&p) ? DECODE_MALFORMED : outcome;
}
