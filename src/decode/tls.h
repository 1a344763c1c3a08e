/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DECODE_TLS_H
#define DECODE_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "decode/decode.h"
#include "decode/name.h"

/* TLS as far as it is in the clear (RFC 8446, RFC 5246): records over the bytes of one direction in their order, the
 * handshake messages in them, the two hellos, the certificates of TLS 1.2 and below, alerts.
 *
 * Bytes come as they arrive. Each reader takes what there is: DECODE_TRUNCATED says that the bytes end early, and where
 * there is a `missing_bytes`, how many more are needed at least; asking again with more bytes from the same place goes
 * on. DECODE_MALFORMED is final: no further bytes make it TLS. All that is told as a cursor is borrowed. */

enum decode_tls_content {
    DECODE_TLS_CHANGE_CIPHER_SPEC = 20, /* in TLS 1.2 and below what follows in this direction is encrypted, beginning
                                           with Finished; in 1.3 it means nothing */
    DECODE_TLS_ALERT = 21,
    DECODE_TLS_HANDSHAKE = 22,
    DECODE_TLS_APPLICATION = 23,        /* data, and in TLS 1.3 whatever is encrypted */
    DECODE_TLS_HEARTBEAT = 24,
};

enum decode_tls_message {
    DECODE_TLS_CLIENT_HELLO = 1, DECODE_TLS_SERVER_HELLO = 2, DECODE_TLS_SESSION_TICKET = 4,
    DECODE_TLS_CERTIFICATE = 11, DECODE_TLS_SERVER_KEY_EXCHANGE = 12, DECODE_TLS_CERTIFICATE_REQUEST = 13,
    DECODE_TLS_SERVER_HELLO_DONE = 14, DECODE_TLS_CERTIFICATE_VERIFY = 15, DECODE_TLS_CLIENT_KEY_EXCHANGE = 16,
    DECODE_TLS_FINISHED = 20, DECODE_TLS_CERTIFICATE_STATUS = 22,
};

enum { DECODE_TLS_RECORD_HEADER_BYTES = 5, DECODE_TLS_RECORD_BYTES_MAX = 16384 + 2048 };

struct decode_tls_record {
    uint8_t type;         /* enum decode_tls_content */
    uint16_t version;     /* 0x0301..0x0304; says little: it is frozen for the sake of middleboxes */
    uint16_t length_bytes;
    struct cursor body;   /* what there is of it */
    size_t missing_bytes; /* of the record; while its header is cut, of the header */
};

/* Takes the next record off. DECODE_TRUNCATED: the cursor has not moved, `body` is what there is (for a hello that
 * spans segments), missing_bytes tells the rest. DECODE_MALFORMED: not TLS. DECODE_UNSUPPORTED: a hello in the form of
 * SSL 2.0. */
enum decode_outcome decode_tls_record(struct cursor *stream, struct decode_tls_record *out);

/* Handshake messages that were gathered from records into a buffer of the caller's. */
struct decode_tls_gathered {
    size_t length_bytes;     /* put into the buffer */
    size_t missing_bytes;    /* of the record that was cut, when the bytes end within one; else 0 */
    uint16_t record_version; /* of the first record */
    uint16_t records;        /* of which at least a part is in the buffer */
    bool full;               /* the buffer holds no more: the rest of these records was left out */
};

/* Strips the headers of the handshake records at the cursor and puts their bodies one after the other, so that messages
 * that span records can be read. Stops at the end, or before a record of another type. The cursor moves over whole
 * records only. The outcome is that of the record where it stopped: DECODE_OK at the end of the bytes, before another
 * type, and when the buffer is full.
 * After a CHANGE_CIPHER_SPEC of TLS 1.2 a handshake record is the encrypted Finished: do not gather it. In TLS 1.3 the
 * only one that follows is the second ClientHello, when the server has asked for it by a HelloRetryRequest. */
enum decode_outcome decode_tls_gather(struct cursor *stream, uint8_t *buffer, size_t capacity,
                                      struct decode_tls_gathered *out);

struct decode_tls_handshake {
    uint8_t type;          /* enum decode_tls_message, or another number */
    uint32_t length_bytes; /* of the body, as the header says; whoever waits for it sets the limit */
    struct cursor body;    /* what there is of it */
    size_t missing_bytes;  /* of the message; while its header is cut, of the header */
};

/* Takes the next message off gathered bytes or off the CRYPTO stream of QUIC. DECODE_TRUNCATED: the cursor has not
 * moved; the message may be given to its reader nonetheless, which reads as far as it goes. DECODE_UNSUPPORTED: no
 * known type, so these bytes are probably encrypted. */
enum decode_outcome decode_tls_handshake(struct cursor *bytes, struct decode_tls_handshake *out);

enum { DECODE_TLS_ALPN_MAX = 4, DECODE_TLS_ALPN_SIZE = 32, DECODE_TLS_CERTIFICATES_MAX = 10 };

struct decode_tls_client_hello {
    uint16_t legacy_version;
    uint16_t version_max;    /* highest one offered: 0x0304 is TLS 1.3 and its drafts; GREASE (RFC 8701) skipped */
    uint16_t version_min;    /* lowest of supported_versions; equal to version_max without that extension */
    uint16_t cipher_count;   /* without GREASE */
    uint16_t alpn_count;     /* offered, without GREASE; the first DECODE_TLS_ALPN_MAX are in alpn[] */
    bool has_sni;
    bool has_supported_versions;
    bool quic;               /* has QUIC transport parameters */
    bool encrypted_hello;    /* has encrypted_client_hello, meant or as GREASE: `sni` may be a front's name */
    char sni[DECODE_NAME_SIZE]; /* as decode_name_host() cleans it */
    char alpn[DECODE_TLS_ALPN_MAX][DECODE_TLS_ALPN_SIZE]; /* printable, cut to fit: "h2", "http/1.1" */
};

struct decode_tls_server_hello {
    uint16_t legacy_version;
    uint16_t version;        /* selected: by supported_versions where it is there (drafts as 0x0304) */
    uint16_t cipher;
    bool retry;              /* a HelloRetryRequest: another ClientHello follows, and another ServerHello */
    char alpn[DECODE_TLS_ALPN_SIZE]; /* empty in TLS 1.3, where it is encrypted */
};

/* Where the DER of a certificate is: `length_bytes` from `offset_bytes` of the message's body. */
struct decode_tls_certificate {
    uint32_t offset_bytes, length_bytes;
};

struct decode_tls_certificates {
    uint8_t count;           /* that are here whole, the server's own first */
    bool more;               /* whole ones beyond DECODE_TLS_CERTIFICATES_MAX */
    struct decode_tls_certificate chain[DECODE_TLS_CERTIFICATES_MAX];
};

/* Read the body of a message of that type, also a partial one: DECODE_TRUNCATED, and *out tells what was reached (an
 * extension is told when it is there as a whole). DECODE_MALFORMED: a length leads out of what holds it; what was read
 * before stands. *out is complete whatever the outcome: what was not reached is zero. */
enum decode_outcome decode_tls_client_hello(const struct decode_tls_handshake *message,
                                            struct decode_tls_client_hello *out);
enum decode_outcome decode_tls_server_hello(const struct decode_tls_handshake *message,
                                            struct decode_tls_server_hello *out);

/* Of TLS 1.2 and below; that of 1.3 is encrypted and never seen. */
enum decode_outcome decode_tls_certificates(const struct decode_tls_handshake *message,
                                            struct decode_tls_certificates *out);

enum { DECODE_TLS_WARNING = 1, DECODE_TLS_FATAL = 2 };

struct decode_tls_alert {
    uint8_t level, description;
};

/* Reads an ALERT record. DECODE_UNSUPPORTED: it is encrypted (all that is known is that an alert was sent). */
enum decode_outcome decode_tls_alert(const struct decode_tls_record *record, struct decode_tls_alert *out);

/* The name in the standard ("unknown_ca") and what it says ("the certificate's issuer is not trusted ..."), without a
 * final dot; "unknown alert" and a general sentence for a number that is not assigned. Never NULL. */
const char *decode_tls_alert_name(uint8_t description);
const char *decode_tls_alert_meaning(uint8_t description);

/* "TLS 1.2"; NULL for a number that is none. */
const char *decode_tls_version_name(uint16_t version);

#endif
