/* SPDX-License-Identifier: Apache-2.0 */
#include "body.h"

#include <stdlib.h>
#include <string.h>

#include "../../scenario/payload.h"
#include "../../scenario/quic.h"
#include "random.h"

static const char gateway_name[] = "dcv-gateway.workspaces.eu-west-2.amazonaws.com", other_name[] = "www.example.com";

uint32_t body_sum(const uint8_t *bytes, size_t length)
{
    uint32_t sum = 0;
    for (size_t i = 0; i + 1 < length; i += 2)
        sum += (uint32_t)bytes[i] << 8 | bytes[i + 1];
    return length & 1 ? sum + ((uint32_t)bytes[length - 1] << 8) : sum;
}

static void put_dns(struct payload *p, uint16_t id, bool answer)
{
    static const uint8_t name[] = "\3www\7example\3com";
    static const uint8_t record[] = { 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 93, 184, 215, 14 };
    payload_put(p, id, 2);
    payload_put(p, answer ? 0x8180 : 0x0100, 2);
    payload_put(p, 1, 2);
    payload_put(p, answer, 2);
    payload_put(p, 0, 4);
    payload_put_bytes(p, name, sizeof name);
    payload_put(p, 0x00010001, 4);
    if (answer)
        payload_put_bytes(p, record, sizeof record);
}

static bool put_initial(struct payload *p, uint64_t n, const char *name, bool down)
{
    struct quic_ids ids = { .answered = false };
    memset(ids.original, (int)(n + 1), sizeof ids.original);
    memset(ids.client, (int)(n + 65), sizeof ids.client);
    memset(ids.server, (int)(n + 129), sizeof ids.server);
    struct quic_packet packet = { .down = down, .sni = name, .seed = n };
    return quic_put_initial(p, &ids, &packet);
}

static bool put_message(struct payload *p, enum body_kind kind, uint64_t n)
{
    switch (kind) {
    case BODY_CLIENT_HELLO_GATEWAY:
    case BODY_CLIENT_HELLO_ELSEWHERE:
        payload_client_hello(p, kind == BODY_CLIENT_HELLO_GATEWAY ? gateway_name : other_name, n);
        return true;
    case BODY_SERVER_HELLO:
        payload_server_hello(p, n);
        return true;
    case BODY_INITIAL_GATEWAY:
    case BODY_INITIAL_ELSEWHERE:
        return put_initial(p, n, kind == BODY_INITIAL_GATEWAY ? gateway_name : other_name, false);
    case BODY_INITIAL_SERVER:
        return put_initial(p, n, NULL, true);
    case BODY_DNS_QUESTION:
    case BODY_DNS_ANSWER:
        put_dns(p, (uint16_t)n, kind == BODY_DNS_ANSWER);
        return true;
    case BODY_KINDS:
        break;
    }
    return false;
}

static bool make_messages(struct body_pool *pool)
{
    static struct payload p;
    for (int kind = 0; kind < BODY_KINDS; kind++)
        for (uint64_t n = 0; n < BODY_HELLOS; n++) {
            p.length = 0;
            if (!put_message(&p, (enum body_kind)kind, n) || p.length > BODY_BYTES_MAX)
                return false;
            struct body_message *m = &pool->messages[kind][n];
            memcpy(m->bytes, p.bytes, p.length);
            m->length = (uint32_t)p.length;
            m->sum = body_sum(p.bytes, p.length);
        }
    return true;
}

struct body_pool *body_pool_new(uint64_t seed)
{
    struct body_pool *pool = calloc(1, sizeof *pool);
    if (!pool)
        return NULL;
    for (size_t i = 0; i < BODY_NOISE_BYTES; i += sizeof(uint64_t)) {
        uint64_t word = random_next(&seed);
        memcpy(pool->noise + i, &word, sizeof word);
    }
    for (size_t i = 0; i < BODY_NOISE_BYTES / 2; i++)
        pool->sums[i + 1] = pool->sums[i] + body_sum(pool->noise + 2 * i, 2);
    if (make_messages(pool))
        return pool;
    free(pool);
    return NULL;
}

struct body body_message(const struct body_pool *pool, enum body_kind kind, uint32_t n)
{
    const struct body_message *m = &pool->messages[kind][n % BODY_HELLOS];
    return (struct body){ .tail = m->bytes, .tail_bytes = m->length, .tail_sum = m->sum };
}

/* `bytes` in all, the head's included. */
static struct body with_noise(const struct body_pool *pool, uint32_t at, uint32_t bytes)
{
    struct body b = { .head_bytes = BODY_HEAD_BYTES };
    b.tail_bytes = bytes > BODY_HEAD_BYTES ? bytes - BODY_HEAD_BYTES : 0;
    uint32_t word = at % ((BODY_NOISE_BYTES - BODY_BYTES_MAX) / 2);
    b.tail = pool->noise + (size_t)2 * word;
    b.tail_sum = pool->sums[word + b.tail_bytes / 2] - pool->sums[word];
    if (b.tail_bytes & 1)
        b.tail_sum += (uint32_t)b.tail[b.tail_bytes - 1] << 8;
    return b;
}

static void put32(uint8_t *out, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        out[i] = (uint8_t)(value >> (24 - 8 * i));
}

struct body body_tls_data(const struct body_pool *pool, uint32_t at, uint32_t bytes)
{
    enum { RECORD_HEADER_BYTES = 5, APPLICATION_DATA = 23 };
    struct body b = with_noise(pool, at, bytes);
    uint32_t record_bytes = body_bytes(&b) - RECORD_HEADER_BYTES;
    put32(b.head + 4, at);
    b.head[0] = APPLICATION_DATA;
    b.head[1] = b.head[2] = 3;
    b.head[3] = (uint8_t)(record_bytes >> 8);
    b.head[4] = (uint8_t)record_bytes;
    return b;
}

struct body body_quic_short(const struct body_pool *pool, uint32_t at, uint32_t bytes, uint64_t connection)
{
    struct body b = with_noise(pool, at, bytes);
    put32(b.head, (uint32_t)(connection >> 32));
    put32(b.head + 4, (uint32_t)connection);
    b.head[0] = (uint8_t)(0x40 | (at & 0x23)); /* RFC 9000, section 17.3: the spin bit and the number are noise */
    return b;
}

struct body body_esp(const struct body_pool *pool, uint32_t at, uint32_t bytes, uint32_t spi, uint32_t sequence)
{
    struct body b = with_noise(pool, at, bytes);
    put32(b.head, spi);
    put32(b.head + 4, sequence);
    return b;
}
