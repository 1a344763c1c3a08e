/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENGINE_DIGEST_H
#define ENGINE_DIGEST_H

#include <stdbool.h>
#include <stdio.h>

#include "base/status.h"

enum { ENGINE_DIGEST_TEXT_SIZE = 65 };

/* Loads what libcrypto would load at its first use: configuration and algorithms. Later there may be no files. */
bool engine_digest_prepare(void) MUST_USE;

/* NULL: `error` says why it cannot be opened. */
FILE *engine_digest_open(const char *path, struct error *error) MUST_USE;

/* SHA-256 of the whole file, in lower-case hexadecimal. `path` is what an error calls it. */
enum status engine_digest_file(FILE *file, const char *path, char text[ENGINE_DIGEST_TEXT_SIZE],
                               struct error *error) MUST_USE;

#endif
