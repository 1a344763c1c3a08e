/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/name.h"

#include <string.h>

#include "base/text.h"

enum { REPLACEMENT_BYTES = 3, CUT_MARK_BYTES = 3 };

static size_t character_start(const uint8_t *bytes, size_t at)
{
    size_t start = at;
    while (start > 0 && at - start < 3 && (bytes[start] & 0xc0) == 0x80)
        start--;
    return start;
}

char *capture_name_clean(const uint8_t *bytes, size_t length, size_t limit_bytes)
{
    const uint8_t *zero = memchr(bytes, 0, length);
    if (zero)
        length = (size_t)(zero - bytes);
    bool cut = length > limit_bytes;
    if (cut)
        length = character_start(bytes, limit_bytes);

    struct text text;
    text_init(&text, limit_bytes * REPLACEMENT_BYTES + CUT_MARK_BYTES);
    text_add_utf8(&text, bytes, length);
    if (cut)
        text_add(&text, "...");
    char *copy = text_failed(&text) ? NULL : strdup(text.bytes);
    text_free(&text);
    return copy;
}
