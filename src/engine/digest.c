/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/digest.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { READ_BYTES = 256 * 1024, SHA256_BYTES = 32 };

static bool digest_stream(FILE *file, EVP_MD_CTX *context, unsigned char digest[SHA256_BYTES])
{
    unsigned char *buffer = malloc(READ_BYTES);
    bool good = buffer && EVP_DigestInit_ex(context, EVP_sha256(), NULL);
    size_t length;
    while (good && (length = fread(buffer, 1, READ_BYTES, file)) > 0)
        good = EVP_DigestUpdate(context, buffer, length);
    good = good && !ferror(file) && EVP_DigestFinal_ex(context, digest, NULL);
    free(buffer);
    return good;
}

bool engine_digest_prepare(void)
{
    unsigned char digest[SHA256_BYTES];
    return OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG, NULL) == 1 &&
           EVP_Digest("", 0, digest, NULL, EVP_sha256(), NULL) == 1;
}

FILE *engine_digest_open(const char *path, struct error *error)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        (void)error_set(error, STATUS_IO, "%s cannot be opened for its SHA-256: %s", path, strerror(errno));
    return file;
}

enum status engine_digest_file(FILE *file, const char *path, char text[ENGINE_DIGEST_TEXT_SIZE], struct error *error)
{
    unsigned char digest[SHA256_BYTES];
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    rewind(file);
    bool good = context && digest_stream(file, context, digest);
    EVP_MD_CTX_free(context);
    if (!good)
        return error_set(error, STATUS_IO, "%s cannot be read for its SHA-256", path);
    for (int i = 0; i < SHA256_BYTES; i++)
        snprintf(text + 2 * i, 3, "%02x", digest[i]);
    return STATUS_OK;
}
