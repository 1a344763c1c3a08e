/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SCENARIO_PAYLOAD_H
#define SCENARIO_PAYLOAD_H

#include "base/arena.h"
#include "craft/craft.h"
#include "scenario.h"

/* What packets carry. All of it is a function of the arguments: a retransmission carries the same bytes. */

/* A growing byte string with room for the largest datagram. */
enum { PAYLOAD_BYTES_MAX = 65535 };
struct payload {
    uint8_t bytes[PAYLOAD_BYTES_MAX];
    size_t length;
};

void payload_put(struct payload *p, uint64_t value, size_t bytes); /* big-endian; dropped when there is no room */
void payload_put_bytes(struct payload *p, const void *bytes, size_t length);
void payload_put_noise(struct payload *p, uint64_t seed, size_t length);
/* Writes `value` over the `bytes` bytes at `at`: a length known only afterwards. */
void payload_patch(struct payload *p, size_t at, uint64_t value, size_t bytes);

/* A length of so many bytes stands before what follows: payload_end() of what payload_begin() returns fills it in. */
size_t payload_begin(struct payload *p, size_t length_bytes);
void payload_end(struct payload *p, size_t start, size_t length_bytes);
/* The header of a TLS record; its length has two bytes. */
enum { PAYLOAD_TLS_CHANGE_CIPHER = 20, PAYLOAD_TLS_ALERT = 21, PAYLOAD_TLS_HANDSHAKE = 22, PAYLOAD_TLS_DATA = 23 };
size_t payload_begin_record(struct payload *p, uint8_t type, uint16_t version);

/* The text, with \r, \n, \\ and \xHH for the bytes that they stand for. */
void payload_text(struct payload *p, const char *text);

/* 64 mixed bits of a name and two numbers. */
uint64_t payload_seed(const char *name, uint64_t a, uint64_t b);

/* TLS: whole records. `sni` NULL: no name in the hello. */
void payload_client_hello(struct payload *p, const char *sni, uint64_t seed);
void payload_server_hello(struct payload *p, uint64_t seed);
void payload_tls_data(struct payload *p, size_t bytes, uint64_t seed); /* records, `bytes` in all */
void payload_close_notify(struct payload *p, uint64_t seed);           /* TLS 1.2: an encrypted alert */
/* The ClientHello message without its record, for QUIC: ALPN and transport parameters in it. */
void payload_quic_client_hello(struct payload *p, const char *sni, uint64_t seed);
void payload_server_hello_message(struct payload *p, uint64_t seed);

/* DNS, RFC 1035. An answer without address is NXDOMAIN. */
void payload_dns(struct payload *p, const struct step *step, uint16_t id, bool answer);

#endif
