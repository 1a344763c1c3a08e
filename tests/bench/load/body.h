/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LOAD_BODY_H
#define LOAD_BODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What packets carry: a few bytes of their own, then bytes that were made once, whose ones' complement sum is known.
 * So a packet costs little more than copying it. */

enum { BODY_HEAD_BYTES = 8, BODY_BYTES_MAX = 1460, BODY_HELLOS = 16 };

struct body {
    uint8_t head[BODY_HEAD_BYTES];
    uint32_t head_bytes; /* even */
    const uint8_t *tail; /* borrowed */
    uint32_t tail_bytes;
    uint32_t tail_sum;   /* of its 16-bit words, big-endian */
};

/* Bytes made in advance. */
struct body_message {
    uint8_t bytes[BODY_BYTES_MAX];
    uint32_t length, sum;
};

enum body_kind {
    BODY_CLIENT_HELLO_GATEWAY, BODY_CLIENT_HELLO_ELSEWHERE, BODY_SERVER_HELLO,
    BODY_INITIAL_GATEWAY, BODY_INITIAL_ELSEWHERE, BODY_INITIAL_SERVER, BODY_DNS_QUESTION, BODY_DNS_ANSWER,
    BODY_KINDS,
};

enum { BODY_NOISE_BYTES = 64 * 1024 };

struct body_pool {
    struct body_message messages[BODY_KINDS][BODY_HELLOS];
    uint8_t noise[BODY_NOISE_BYTES];
    uint32_t sums[BODY_NOISE_BYTES / 2 + 1]; /* of the words before each */
};

/* NULL without memory or libcrypto; free() releases it. */
struct body_pool *body_pool_new(uint64_t seed);

/* The n-th (modulo BODY_HELLOS) message of a kind. */
struct body body_message(const struct body_pool *pool, enum body_kind kind, uint32_t n);

/* `bytes` of noise, which `at` chooses, behind a head. */
struct body body_tls_data(const struct body_pool *pool, uint32_t at, uint32_t bytes);
struct body body_quic_short(const struct body_pool *pool, uint32_t at, uint32_t bytes, uint64_t connection);
struct body body_esp(const struct body_pool *pool, uint32_t at, uint32_t bytes, uint32_t spi, uint32_t sequence);

static inline uint32_t body_bytes(const struct body *b)
{
    return b->head_bytes + b->tail_bytes;
}

/* The sum of big-endian 16-bit words, not folded; an odd last byte is the first of a pair. */
uint32_t body_sum(const uint8_t *bytes, size_t length);

#endif
