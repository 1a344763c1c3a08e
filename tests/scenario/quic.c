/* SPDX-License-Identifier: Apache-2.0 */
#include "quic.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

enum {
    HASH_BYTES = 32, KEY_BYTES = 16, IV_BYTES = 12, TAG_BYTES = 16, SAMPLE_BYTES = 16, NUMBER_BYTES = 4,
    VERSION_1 = 1, HANDSHAKE_LEAST_BYTES = 40, SHORT_LEAST_BYTES = 25,
    FRAME_ACK = 0x02, FRAME_CRYPTO = 0x06,
};

struct keys {
    uint8_t key[KEY_BYTES], iv[IV_BYTES], header[KEY_BYTES];
};

static bool hmac(const uint8_t *key, size_t key_bytes, const struct payload *data, uint8_t out[HASH_BYTES])
{
    unsigned length = HASH_BYTES;
    return HMAC(EVP_sha256(), key, (int)key_bytes, data->bytes, data->length, out, &length) != NULL;
}

/* HKDF-Expand-Label of RFC 8446, section 7.1, for at most one block. */
static bool expand_label(const uint8_t secret[HASH_BYTES], const char *label, uint8_t *out, size_t length)
{
    static const char prefix[] = "tls13 ";
    struct payload info;
    uint8_t block[HASH_BYTES];
    info.length = 0;
    payload_put(&info, length, 2);
    payload_put(&info, strlen(prefix) + strlen(label), 1);
    payload_put_bytes(&info, prefix, strlen(prefix));
    payload_put_bytes(&info, label, strlen(label));
    payload_put(&info, 0, 1);
    payload_put(&info, 1, 1);
    if (!hmac(secret, HASH_BYTES, &info, block))
        return false;
    memcpy(out, block, length);
    return true;
}

/* RFC 9001, section 5.2. */
static bool initial_keys(const struct quic_ids *ids, bool server, struct keys *out)
{
    static const uint8_t salt[] = { 0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
                                    0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a };
    struct payload id;
    uint8_t initial[HASH_BYTES], secret[HASH_BYTES];
    id.length = 0;
    payload_put_bytes(&id, ids->original, QUIC_ID_BYTES);
    return hmac(salt, sizeof salt, &id, initial) &&
           expand_label(initial, server ? "server in" : "client in", secret, HASH_BYTES) &&
           expand_label(secret, "quic key", out->key, KEY_BYTES) &&
           expand_label(secret, "quic iv", out->iv, IV_BYTES) &&
           expand_label(secret, "quic hp", out->header, KEY_BYTES);
}

/* Encrypts the payload that stands from `body` to the end of `p`, in place, and appends the tag. */
static bool seal(struct payload *p, size_t start, size_t body, const struct keys *keys, uint32_t number)
{
    uint8_t nonce[IV_BYTES], tag[TAG_BYTES];
    int length = 0;
    memcpy(nonce, keys->iv, IV_BYTES);
    for (size_t i = 0; i < 4; i++)
        nonce[IV_BYTES - 1 - i] ^= (uint8_t)(number >> 8 * i);
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    bool done = c && EVP_EncryptInit_ex(c, EVP_aes_128_gcm(), NULL, keys->key, nonce) == 1 &&
                EVP_EncryptUpdate(c, NULL, &length, p->bytes + start, (int)(body - start)) == 1 &&
                EVP_EncryptUpdate(c, p->bytes + body, &length, p->bytes + body, (int)(p->length - body)) == 1 &&
                EVP_EncryptFinal_ex(c, tag, &length) == 1 &&
                EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, TAG_BYTES, tag) == 1;
    EVP_CIPHER_CTX_free(c);
    payload_put_bytes(p, tag, TAG_BYTES);
    return done;
}

/* RFC 9001, section 5.4.1. `at` is where the packet number stands. */
static bool protect_header(struct payload *p, size_t start, size_t at, const struct keys *keys)
{
    uint8_t mask[32];
    int length = 0;
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    bool done = c && EVP_EncryptInit_ex(c, EVP_aes_128_ecb(), NULL, keys->header, NULL) == 1 &&
                EVP_EncryptUpdate(c, mask, &length, p->bytes + at + 4, SAMPLE_BYTES) == 1;
    EVP_CIPHER_CTX_free(c);
    if (!done)
        return false;
    p->bytes[start] ^= mask[0] & 0x0f;
    for (size_t i = 0; i < NUMBER_BYTES; i++)
        p->bytes[at + i] ^= mask[1 + i];
    return true;
}

static void put_long_header(struct payload *p, uint8_t first, const struct quic_ids *ids, bool down)
{
    const uint8_t *to_server = ids->answered ? ids->server : ids->original;
    payload_put(p, first, 1);
    payload_put(p, VERSION_1, 4);
    payload_put(p, QUIC_ID_BYTES, 1);
    payload_put_bytes(p, down ? ids->client : to_server, QUIC_ID_BYTES);
    payload_put(p, QUIC_ID_BYTES, 1);
    payload_put_bytes(p, down ? ids->server : ids->client, QUIC_ID_BYTES);
}

static void put_frames(struct payload *p, const struct quic_packet *packet)
{
    struct payload message;
    message.length = 0;
    if (packet->down) {
        payload_put(p, FRAME_ACK, 1);
        payload_put(p, 0, 4); /* largest 0, no delay, no further range */
        payload_server_hello_message(&message, packet->seed);
    } else {
        payload_quic_client_hello(&message, packet->sni, packet->seed);
    }
    payload_put(p, FRAME_CRYPTO, 1);
    payload_put(p, 0, 1);
    payload_put(p, 0x4000 | message.length, 2);
    payload_put_bytes(p, message.bytes, message.length);
}

bool quic_put_initial(struct payload *p, const struct quic_ids *ids, const struct quic_packet *packet)
{
    size_t start = p->length;
    struct keys keys;
    put_long_header(p, 0xc0 | (NUMBER_BYTES - 1), ids, packet->down);
    payload_put(p, 0, 1); /* no token */
    payload_put(p, 0, 2);
    size_t number_at = p->length;
    payload_put(p, packet->number, NUMBER_BYTES);
    size_t body = p->length;
    put_frames(p, packet);
    while (p->length < start + QUIC_INITIAL_BYTES - TAG_BYTES)
        payload_put(p, 0, 1); /* PADDING */
    payload_patch(p, number_at - 2, 0x4000 | (p->length + TAG_BYTES - number_at), 2);
    return initial_keys(ids, packet->down, &keys) && seal(p, start, body, &keys, packet->number) &&
           protect_header(p, start, number_at, &keys);
}

void quic_put_handshake(struct payload *p, const struct quic_ids *ids, const struct quic_packet *packet, size_t bytes)
{
    size_t body = bytes > HANDSHAKE_LEAST_BYTES ? bytes : HANDSHAKE_LEAST_BYTES;
    put_long_header(p, (uint8_t)(0xe0 | (packet->seed & 0x0f)), ids, packet->down);
    payload_put(p, 0x4000 | body, 2);
    payload_put_noise(p, packet->seed, body);
}

void quic_put_short(struct payload *p, const struct quic_ids *ids, const struct quic_packet *packet, size_t bytes)
{
    size_t whole = bytes > SHORT_LEAST_BYTES ? bytes : SHORT_LEAST_BYTES;
    payload_put(p, 0x40 | (packet->seed & 0x3f), 1);
    payload_put_bytes(p, packet->down ? ids->client : ids->server, QUIC_ID_BYTES);
    payload_put_noise(p, packet->seed, whole - 1 - QUIC_ID_BYTES);
}
