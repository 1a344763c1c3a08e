/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/digest.h"

#include <errno.h>
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

enum status engine_digest_file(const char *path, char text[ENGINE_DIGEST_TEXT_SIZE], struct error *error)
{
    unsigned char digest[SHA256_BYTES];
    FILE *file = fopen(path, "rb");
    if (!file)
        return error_set(error, STATUS_IO, "%s cannot be opened for its SHA-256: %s", path, strerror(errno));
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good = context && digest_stream(file, context, digest);
    EVP_MD_CTX_free(context);
    fclose(file);
    if (!good)
        return error_set(error, STATUS_IO, "%s cannot be read for its SHA-256", path);
    for (int i = 0; i < SHA256_BYTES; i++)
        snprintf(text + 2 * i, 3, "%02x", digest[i]);
    return STATUS_OK;
}
