/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/tls.h"

enum { SSL_3_0 = 0x0300, TLS_1_3 = 0x0304, HANDSHAKE_HEADER_BYTES = 4, ALERT_BYTES = 2 };

/* RFC 8446, section 5.1: only application data may be empty. */
static bool plausible(const struct decode_tls_record *record)
{
    return record->type >= DECODE_TLS_CHANGE_CIPHER_SPEC && record->type <= DECODE_TLS_HEARTBEAT &&
           record->version >= SSL_3_0 && record->version <= TLS_1_3 &&
           record->length_bytes <= DECODE_TLS_RECORD_BYTES_MAX &&
           (record->length_bytes > 0 || record->type == DECODE_TLS_APPLICATION);
}

/* RFC 5246, appendix E.2: two bytes of length with the highest bit set, message type 1, the version. */
static bool is_ssl2_hello(struct cursor c)
{
    uint16_t length = cursor_u16be(&c);
    uint8_t type = cursor_u8(&c);
    uint16_t version = cursor_u16be(&c);

    return cursor_ok(&c) && length & 0x8000 && type == DECODE_TLS_CLIENT_HELLO &&
           (version == 0x0002 || (version >= SSL_3_0 && version <= TLS_1_3));
}

/* Of a header that is cut, what is there must fit: the first bytes tell TLS from another protocol. */
static bool may_begin(struct cursor c)
{
    uint8_t type = cursor_u8(&c);
    bool nothing = !cursor_ok(&c);
    bool ssl2 = type & 0x80;
    bool known = type >= DECODE_TLS_CHANGE_CIPHER_SPEC && type <= DECODE_TLS_HEARTBEAT;
    uint8_t major = cursor_u8(&c);

    return nothing || ssl2 || (known && (!cursor_ok(&c) || major == SSL_3_0 >> 8));
}

enum decode_outcome decode_tls_record(struct cursor *stream, struct decode_tls_record *out)
{
    struct cursor at = *stream;
    struct decode_tls_record record = { 0 };

    record.type = cursor_u8(&at);
    record.version = cursor_u16be(&at);
    record.length_bytes = cursor_u16be(&at);
    *out = (struct decode_tls_record){ .body = { .at = stream->end, .end = stream->end } };
    if (is_ssl2_hello(*stream))
        return DECODE_UNSUPPORTED;
    if (!cursor_ok(&at)) {
        if (!may_begin(*stream))
            return DECODE_MALFORMED;
        out->missing_bytes = DECODE_TLS_RECORD_HEADER_BYTES - cursor_left(stream);
        return DECODE_TRUNCATED;
    }
    if (!plausible(&record))
        return DECODE_MALFORMED;
    record.body = at;
    cursor_limit(&record.body, record.length_bytes);
    record.missing_bytes = record.length_bytes - cursor_left(&record.body);
    *out = record;
    if (record.missing_bytes)
        return DECODE_TRUNCATED;
    cursor_skip(&at, record.length_bytes);
    *stream = at;
    return DECODE_OK;
}

static void gather(struct cursor body, uint8_t *buffer, size_t capacity, struct decode_tls_gathered *out)
{
    size_t room = capacity - out->length_bytes;
    size_t length = cursor_left(&body);

    if (length > room) {
        length = room;
        out->full = true;
    }
    cursor_copy(&body, buffer + out->length_bytes, length);
    out->length_bytes += length;
    out->records++;
}

enum decode_outcome decode_tls_gather(struct cursor *stream, uint8_t *buffer, size_t capacity,
                                      struct decode_tls_gathered *out)
{
    *out = (struct decode_tls_gathered){ 0 };
    while (cursor_left(stream) && !out->full && out->records < UINT16_MAX) {
        struct cursor before = *stream;
        struct decode_tls_record record;
        enum decode_outcome outcome = decode_tls_record(stream, &record);
        bool handshake = record.type == DECODE_TLS_HANDSHAKE;
        if (record.type && !handshake) {
            *stream = before;
            return DECODE_OK;
        }
        out->missing_bytes = record.missing_bytes;
        if (!out->records)
            out->record_version = record.version;
        if (handshake)
            gather(record.body, buffer, capacity, out);
        if (outcome != DECODE_OK)
            return outcome;
    }
    return DECODE_OK;
}

static bool is_known_message(uint8_t type)
{
    static const uint8_t known[] = { 0,  1,  2,  3,  4,  5,  6,  8,  11, 12,  13, 14,
                                     15, 16, 20, 21, 22, 23, 24, 25, 67, 203, 254 };

    for (size_t i = 0; i < sizeof known; i++)
        if (known[i] == type)
            return true;
    return false;
}

enum decode_outcome decode_tls_handshake(struct cursor *bytes, struct decode_tls_handshake *out)
{
    struct cursor at = *bytes;
    uint8_t type = cursor_u8(&at);
    uint32_t length_bytes = cursor_u24be(&at);

    *out = (struct decode_tls_handshake){ .body = { .at = bytes->end, .end = bytes->end } };
    if (!cursor_ok(&at)) {
        out->missing_bytes = HANDSHAKE_HEADER_BYTES - cursor_left(bytes);
        return DECODE_TRUNCATED;
    }
    if (!is_known_message(type))
        return DECODE_UNSUPPORTED;
    out->type = type;
    out->length_bytes = length_bytes;
    out->body = at;
    cursor_limit(&out->body, length_bytes);
    out->missing_bytes = length_bytes - cursor_left(&out->body);
    if (out->missing_bytes)
        return DECODE_TRUNCATED;
    cursor_skip(&at, length_bytes);
    *bytes = at;
    return DECODE_OK;
}

enum decode_outcome decode_tls_certificates(const struct decode_tls_handshake *message,
                                            struct decode_tls_certificates *out)
{
    struct cursor list = message->body;
    uint32_t list_bytes = cursor_u24be(&list);
    uint32_t left_bytes = list_bytes;

    *out = (struct decode_tls_certificates){ 0 };
    if (cursor_ok(&list) && list_bytes + 3 > message->length_bytes)
        return DECODE_MALFORMED;
    while (cursor_ok(&list) && left_bytes) {
        uint32_t length_bytes = cursor_u24be(&list);
        uint32_t offset_bytes = (uint32_t)(list.at - message->body.at);
        cursor_skip(&list, length_bytes);
        if (!cursor_ok(&list))
            break;
        if (length_bytes == 0 || length_bytes + 3 > left_bytes)
            return DECODE_MALFORMED;
        left_bytes -= length_bytes + 3;
        out->more = out->count == DECODE_TLS_CERTIFICATES_MAX;
        if (!out->more)
            out->chain[out->count++] = (struct decode_tls_certificate){ offset_bytes, length_bytes };
    }
    if (cursor_ok(&list))
        return DECODE_OK;
    return message->missing_bytes ? DECODE_TRUNCATED : DECODE_MALFORMED;
}

enum decode_outcome decode_tls_alert(const struct decode_tls_record *record, struct decode_tls_alert *out)
{
    struct cursor body = record->body;
    uint8_t level = cursor_u8(&body);
    uint8_t description = cursor_u8(&body);

    *out = (struct decode_tls_alert){ 0 };
    if (record->length_bytes != ALERT_BYTES)
        return DECODE_UNSUPPORTED;
    if (!cursor_ok(&body))
        return DECODE_TRUNCATED;
    if (level != DECODE_TLS_WARNING && level != DECODE_TLS_FATAL)
        return DECODE_MALFORMED;
    *out = (struct decode_tls_alert){ .level = level, .description = description };
    return DECODE_OK;
}

const char *decode_tls_version_name(uint16_t version)
{
    static const char *const names[] = { "SSL 3.0", "TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3" };

    return version >= SSL_3_0 && version <= TLS_1_3 ? names[version - SSL_3_0] : NULL;
}
