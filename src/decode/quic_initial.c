/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/quic_initial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

enum { SECRET_BYTES = 32, KEY_BYTES = 16, IV_BYTES = 12, TAG_BYTES = 16, SALT_BYTES = 20, SAMPLE_BYTES = 16,
       NUMBER_BYTES_MAX = 4, LABEL_MAX = 32 };

struct decode_quic_keys {
    EVP_CIPHER *gcm, *ecb;
    EVP_CIPHER_CTX *aead, *mask;
    EVP_KDF *kdf;
    EVP_KDF_CTX *derive;
    uint8_t plaintext[DECODE_QUIC_INITIAL_BYTES_MAX];
};

/* What a version adds to the secret of a connection ID: RFC 9001, section 5.2; RFC 9369, section 3.3;
 * draft-ietf-quic-tls-23 and -29. Drafts 33 and 34 have the salt of version 1. */
static const struct version {
    uint32_t first, last;
    uint8_t salt[SALT_BYTES];
    const char *key, *iv, *hp;
} versions[] = {
    { DECODE_QUIC_VERSION_1, DECODE_QUIC_VERSION_1,
      { 0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
        0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a },
      "quic key", "quic iv", "quic hp" },
    { DECODE_QUIC_VERSION_2, DECODE_QUIC_VERSION_2,
      { 0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93,
        0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9 },
      "quicv2 key", "quicv2 iv", "quicv2 hp" },
    { 0xff000021, 0xff000022,
      { 0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
        0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a },
      "quic key", "quic iv", "quic hp" },
    { 0xff00001d, 0xff000020,
      { 0xaf, 0xbf, 0xec, 0x28, 0x99, 0x93, 0xd2, 0x4c, 0x9e, 0x97,
        0x86, 0xf1, 0x9c, 0x61, 0x11, 0xe0, 0x43, 0x90, 0xa8, 0x99 },
      "quic key", "quic iv", "quic hp" },
    { 0xff000017, 0xff00001c,
      { 0xc3, 0xee, 0xf7, 0x12, 0xc7, 0x2e, 0xbb, 0x5a, 0x11, 0xa7,
        0xd2, 0x43, 0x2b, 0xb4, 0x63, 0x65, 0xbe, 0xf9, 0xf5, 0x02 },
      "quic key", "quic iv", "quic hp" },
};

static const struct version *version_of(uint32_t number)
{
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++)
        if (number >= versions[i].first && number <= versions[i].last)
            return &versions[i];
    return NULL;
}

struct decode_quic_keys *decode_quic_keys_new(void)
{
    struct decode_quic_keys *keys = calloc(1, sizeof *keys);

    if (!keys)
        return NULL;
    keys->gcm = EVP_CIPHER_fetch(NULL, "AES-128-GCM", NULL);
    keys->ecb = EVP_CIPHER_fetch(NULL, "AES-128-ECB", NULL);
    keys->kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
    keys->aead = EVP_CIPHER_CTX_new();
    keys->mask = EVP_CIPHER_CTX_new();
    if (keys->kdf)
        keys->derive = EVP_KDF_CTX_new(keys->kdf);
    if (keys->gcm && keys->ecb && keys->aead && keys->mask && keys->derive)
        return keys;
    decode_quic_keys_free(keys);
    return NULL;
}

void decode_quic_keys_free(struct decode_quic_keys *keys)
{
    if (!keys)
        return;
    EVP_KDF_CTX_free(keys->derive);
    EVP_KDF_free(keys->kdf);
    EVP_CIPHER_CTX_free(keys->aead);
    EVP_CIPHER_CTX_free(keys->mask);
    EVP_CIPHER_free(keys->gcm);
    EVP_CIPHER_free(keys->ecb);
    free(keys);
}

struct output {
    uint8_t *at;
    size_t length;
};

#define OUTPUT(array) ((struct output){ .at = (array), .length = sizeof(array) })

/* libcrypto takes inputs as pointers to what it will not change. */
static OSSL_PARAM octets(const char *name, const void *bytes, size_t length)
{
    return OSSL_PARAM_construct_octet_string(name, (void *)(uintptr_t)bytes, length);
}

static bool derive(struct decode_quic_keys *keys, int mode, const OSSL_PARAM inputs[2], struct output out)
{
    char sha256[] = "SHA256";
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, sha256, 0),
        OSSL_PARAM_construct_int(OSSL_KDF_PARAM_MODE, &mode),
        inputs[0],
        inputs[1],
        OSSL_PARAM_construct_end(),
    };

    EVP_KDF_CTX_reset(keys->derive);
    return EVP_KDF_derive(keys->derive, out.at, out.length, params) == 1;
}

/* RFC 8446, section 7.1: HKDF-Expand-Label with an empty context. */
static bool expand(struct decode_quic_keys *keys, const uint8_t secret[SECRET_BYTES], const char *label,
                   struct output out)
{
    char info[LABEL_MAX];
    int length = snprintf(info, sizeof info, "%c%c%ctls13 %s", 0, (int)out.length, (int)strlen(label) + 6, label);
    const OSSL_PARAM inputs[] = {
        octets(OSSL_KDF_PARAM_KEY, secret, SECRET_BYTES),
        octets(OSSL_KDF_PARAM_INFO, info, (size_t)length + 1), /* the zero is the empty context's length */
    };

    return derive(keys, EVP_KDF_HKDF_MODE_EXPAND_ONLY, inputs, out);
}

static bool extract(const struct decode_quic_opener *opener, const struct version *version, struct output out)
{
    const OSSL_PARAM inputs[] = {
        octets(OSSL_KDF_PARAM_KEY, opener->dcid.at, opener->dcid.length),
        octets(OSSL_KDF_PARAM_SALT, version->salt, SALT_BYTES),
    };

    return derive(opener->keys, EVP_KDF_HKDF_MODE_EXTRACT_ONLY, inputs, out);
}

struct secrets {
    uint8_t key[KEY_BYTES], iv[IV_BYTES], hp[KEY_BYTES];
};

static bool make_secrets(const struct decode_quic_opener *opener, const struct version *version, struct secrets *out)
{
    uint8_t initial[SECRET_BYTES], sender[SECRET_BYTES];
    const char *label = opener->sender == DECODE_QUIC_CLIENT ? "client in" : "server in";

    return extract(opener, version, OUTPUT(initial)) && expand(opener->keys, initial, label, OUTPUT(sender)) &&
           expand(opener->keys, sender, version->key, OUTPUT(out->key)) &&
           expand(opener->keys, sender, version->iv, OUTPUT(out->iv)) &&
           expand(opener->keys, sender, version->hp, OUTPUT(out->hp));
}

/* A packet in the pieces that its protection is made of. */
struct sealed {
    uint8_t first;                    /* this and the number: without their protection after unmask() */
    struct cursor header;             /* the header after the first byte, up to the packet number */
    uint8_t number[NUMBER_BYTES_MAX];
    size_t number_bytes;
    struct cursor payload;            /* number, ciphertext and tag; ciphertext and tag after unmask() */
};

/* RFC 9001, section 5.4. */
static bool unmask(struct decode_quic_keys *keys, const struct secrets *secrets, struct sealed *s)
{
    struct cursor sample = s->payload;
    uint8_t mask[SAMPLE_BYTES];
    int length = 0;

    cursor_skip(&sample, NUMBER_BYTES_MAX);
    const uint8_t *bytes = cursor_take(&sample, SAMPLE_BYTES);
    if (!bytes || EVP_EncryptInit_ex2(keys->mask, keys->ecb, secrets->hp, NULL, NULL) != 1 ||
        EVP_CIPHER_CTX_set_padding(keys->mask, 0) != 1 ||
        EVP_EncryptUpdate(keys->mask, mask, &length, bytes, SAMPLE_BYTES) != 1 || length != SAMPLE_BYTES)
        return false;
    s->first ^= mask[0] & 0x0f;
    s->number_bytes = (s->first & 3u) + 1;
    cursor_copy(&s->payload, s->number, s->number_bytes);
    for (size_t i = 0; i < s->number_bytes; i++)
        s->number[i] ^= mask[1 + i];
    return true;
}

static bool authenticate(EVP_CIPHER_CTX *aead, const void *bytes, size_t length)
{
    int ignored = 0;

    return EVP_DecryptUpdate(aead, NULL, &ignored, bytes, (int)length) == 1;
}

/* RFC 9001, section 5.3. The number on the wire is the whole number: no connection needs so many Initials that its
 * upper bytes would be left out. */
static bool open_payload(struct decode_quic_keys *keys, const struct secrets *secrets, struct sealed *s)
{
    uint8_t nonce[IV_BYTES];
    size_t length = cursor_left(&s->payload) - TAG_BYTES;
    const uint8_t *ciphertext = cursor_take(&s->payload, length);
    const uint8_t *tag = cursor_take(&s->payload, TAG_BYTES);
    int opened = 0, rest = 0;

    memcpy(nonce, secrets->iv, sizeof nonce);
    for (size_t i = 0; i < s->number_bytes; i++)
        nonce[IV_BYTES - s->number_bytes + i] ^= s->number[i];
    return EVP_DecryptInit_ex2(keys->aead, keys->gcm, secrets->key, nonce, NULL) == 1 &&
           authenticate(keys->aead, &s->first, 1) &&
           authenticate(keys->aead, s->header.at, cursor_left(&s->header)) &&
           authenticate(keys->aead, s->number, s->number_bytes) &&
           EVP_DecryptUpdate(keys->aead, keys->plaintext, &opened, ciphertext, (int)length) == 1 &&
           EVP_CIPHER_CTX_ctrl(keys->aead, EVP_CTRL_AEAD_SET_TAG, TAG_BYTES, (void *)(uintptr_t)tag) == 1 &&
           EVP_DecryptFinal_ex(keys->aead, keys->plaintext + opened, &rest) == 1;
}

static enum decode_outcome take_apart(struct cursor packet, const struct decode_quic *header, struct sealed *out)
{
    *out = (struct sealed){ .first = cursor_u8(&packet) };
    out->header = cursor_sub(&packet, header->header_bytes - 1);
    if (header->length_bytes < NUMBER_BYTES_MAX + SAMPLE_BYTES)
        return DECODE_MALFORMED;
    if (header->length_bytes > DECODE_QUIC_INITIAL_BYTES_MAX || header->header_bytes > DECODE_QUIC_INITIAL_BYTES_MAX)
        return DECODE_UNSUPPORTED;
    out->payload = cursor_sub(&packet, (size_t)header->length_bytes);
    return cursor_ok(&packet) ? DECODE_OK : DECODE_TRUNCATED;
}

enum decode_outcome decode_quic_initial_open(const struct decode_quic_opener *opener, struct cursor packet,
                                             struct decode_quic_initial *out)
{
    struct decode_quic_keys *keys = opener->keys;
    struct decode_quic header;
    struct secrets secrets;
    struct sealed sealed;

    *out = (struct decode_quic_initial){ 0 };
    enum decode_outcome outcome = decode_quic(packet.at, cursor_left(&packet), &header);
    const struct version *version = version_of(header.version);
    if (outcome == DECODE_OK && (header.type != DECODE_QUIC_INITIAL || !version))
        outcome = DECODE_UNSUPPORTED;
    if (outcome == DECODE_OK)
        outcome = take_apart(packet, &header, &sealed);
    if (outcome != DECODE_OK)
        return outcome;
    if (!make_secrets(opener, version, &secrets) || !unmask(keys, &secrets, &sealed))
        return DECODE_MALFORMED;
    size_t opened = cursor_left(&sealed.payload) - TAG_BYTES;
    if (!open_payload(keys, &secrets, &sealed))
        return DECODE_MALFORMED;
    for (size_t i = 0; i < sealed.number_bytes; i++)
        out->number = out->number << 8 | sealed.number[i];
    out->frames = cursor_make(keys->plaintext, opened);
    return DECODE_OK;
}
