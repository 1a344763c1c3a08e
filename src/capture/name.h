/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAPTURE_NAME_H
#define CAPTURE_NAME_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/* A copy of a stranger's text as valid UTF-8 (what is not becomes U+FFFD), up to its first zero byte, cut with "..."
 * beyond `limit_bytes`. The caller frees; NULL when there is no memory. */
char *capture_name_clean(const uint8_t *bytes, size_t length, size_t limit_bytes) MUST_USE;

#endif
