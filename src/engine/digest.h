/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENGINE_DIGEST_H
#define ENGINE_DIGEST_H

#include <stdbool.h>

#include "base/status.h"

enum { ENGINE_DIGEST_TEXT_SIZE = 65 };

/* SHA-256 of the file named, as it lies on the disk, in lower-case hexadecimal. */
enum status engine_digest_file(const char *path, char text[ENGINE_DIGEST_TEXT_SIZE], struct error *error) MUST_USE;

#endif
