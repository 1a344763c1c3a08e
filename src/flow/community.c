/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/community.h"

#include <openssl/evp.h>

static size_t put_address(uint8_t *out, const struct ipaddr *a, uint8_t ip_version)
{
    size_t length = ip_version == 4 ? 4 : 16;
    memcpy(out, a->bytes + 16 - length, length);
    return length;
}

const char *flow_community_id(const struct flow_key *key, char text[FLOW_COMMUNITY_SIZE])
{
    enum { SEED_BYTES = 2, SHA1_BYTES = 20 };
    uint8_t input[SEED_BYTES + 32 + 2 + 4] = { 0 }, digest[SHA1_BYTES];
    size_t at = SEED_BYTES;
    at += put_address(input + at, &key->low, key->ip_version);
    at += put_address(input + at, &key->high, key->ip_version);
    input[at++] = key->protocol;
    input[at++] = 0;
    input[at++] = (uint8_t)(key->low_port >> 8);
    input[at++] = (uint8_t)key->low_port;
    input[at++] = (uint8_t)(key->high_port >> 8);
    input[at++] = (uint8_t)key->high_port;
    unsigned length = 0;
    text[0] = '\0';
    if (!EVP_Digest(input, at, digest, &length, EVP_sha1(), NULL) || length != SHA1_BYTES)
        return text;
    memcpy(text, "1:", 2);
    EVP_EncodeBlock((unsigned char *)text + 2, digest, SHA1_BYTES);
    return text;
}
