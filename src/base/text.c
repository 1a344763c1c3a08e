/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 256 };

static const char replacement[] = "\xEF\xBF\xBD"; /* U+FFFD */

/* What `bytes` points to until memory is first needed: capacity 0 says that it must not be written. */
static const char empty[1];

void text_init(struct text *t, size_t limit_bytes)
{
    *t = (struct text){ .bytes = (char *)empty, .limit = limit_bytes };
}

void text_free(struct text *t)
{
    if (t->capacity > 0)
        free(t->bytes);
    text_init(t, t->limit);
}

/* Makes room for `more` bytes and the final zero. */
static bool reserve(struct text *t, size_t more)
{
    if (t->failed || more > t->limit || t->length > t->limit - more) {
        t->failed = true;
        return false;
    }
    size_t needed = t->length + more;
    if (needed < t->capacity)
        return true;
    size_t capacity = t->capacity > 0 ? t->capacity : FIRST_CAPACITY;
    while (capacity <= needed)
        capacity = capacity > SIZE_MAX / 2 ? SIZE_MAX : capacity * 2;
    if (capacity - 1 > t->limit)
        capacity = t->limit + 1;
    char *bytes = realloc(t->capacity > 0 ? t->bytes : NULL, capacity);
    if (!bytes) {
        t->failed = true;
        return false;
    }
    t->bytes = bytes;
    t->capacity = capacity;
    return true;
}

void text_add_bytes(struct text *t, const char *bytes, size_t length)
{
    if (length == 0 || !reserve(t, length))
        return;
    memcpy(t->bytes + t->length, bytes, length);
    t->length += length;
    t->bytes[t->length] = '\0';
}

void text_add(struct text *t, const char *string)
{
    text_add_bytes(t, string, strlen(string));
}

void text_addf(struct text *t, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0)
        t->failed = true;
    else if (reserve(t, (size_t)length)) {
        vsnprintf(t->bytes + t->length, (size_t)length + 1, format, again);
        t->length += (size_t)length;
    }
    va_end(again);
}

bool text_failed(const struct text *t)
{
    return t->failed;
}

/* RFC 3629, section 4, "Syntax of UTF-8 Byte Sequences": the second byte's range shuts out overlong forms,
 * surrogates and what lies above U+10FFFF. */
struct utf8_form {
    uint8_t first_low, first_high, second_low, second_high, length;
};

static const struct utf8_form forms[] = {
    { 0x00, 0x7F, 0, 0, 1 },       { 0xC2, 0xDF, 0x80, 0xBF, 2 }, { 0xE0, 0xE0, 0xA0, 0xBF, 3 },
    { 0xE1, 0xEC, 0x80, 0xBF, 3 }, { 0xED, 0xED, 0x80, 0x9F, 3 }, { 0xEE, 0xEF, 0x80, 0xBF, 3 },
    { 0xF0, 0xF0, 0x90, 0xBF, 4 }, { 0xF1, 0xF3, 0x80, 0xBF, 4 }, { 0xF4, 0xF4, 0x80, 0x8F, 4 },
};

static const struct utf8_form *form_of(uint8_t first)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (first >= forms[i].first_low && first <= forms[i].first_high)
            return &forms[i];
    return NULL;
}

/* The length of the valid sequence at `bytes`, 0 when there is none; its code point in *out. */
static size_t sequence_length(const uint8_t *bytes, size_t left, uint32_t *out)
{
    const struct utf8_form *form = form_of(bytes[0]);
    if (!form || form->length > left)
        return 0;
    if (form->length > 1 && (bytes[1] < form->second_low || bytes[1] > form->second_high))
        return 0;
    uint32_t point = form->length == 1 ? bytes[0] : bytes[0] & (0x7Fu >> form->length);
    for (size_t i = 1; i < form->length; i++) {
        if ((bytes[i] & 0xC0) != 0x80)
            return 0;
        point = point << 6 | (bytes[i] & 0x3Fu);
    }
    *out = point;
    return form->length;
}

void text_add_utf8(struct text *t, const uint8_t *bytes, size_t length)
{
    size_t valid_from = 0;
    for (size_t i = 0; i < length;) {
        uint32_t point;
        size_t step = sequence_length(bytes + i, length - i, &point);
        if (step > 0) {
            i += step;
            continue;
        }
        text_add_bytes(t, (const char *)bytes + valid_from, i - valid_from);
        text_add(t, replacement);
        valid_from = ++i;
    }
    text_add_bytes(t, (const char *)bytes + valid_from, length - valid_from);
}

/* Controls of either set, and what changes the direction of the text or cannot be seen. */
static bool is_harmful(uint32_t point)
{
    static const struct { uint32_t low, high; } ranges[] = {
        { 0x0000, 0x001F }, { 0x007F, 0x009F }, { 0x200B, 0x200F }, { 0x2028, 0x202E }, { 0x2060, 0x2069 },
        { 0xFEFF, 0xFEFF },
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (point >= ranges[i].low && point <= ranges[i].high)
            return true;
    return false;
}

void text_add_escaped(struct text *t, const char *string)
{
    const uint8_t *bytes = (const uint8_t *)string;
    for (size_t left = strlen(string); left > 0;) {
        uint32_t point = 0;
        size_t step = sequence_length(bytes, left, &point);
        if (step == 0)
            text_addf(t, "\\x%02X", bytes[0]);
        else if (!is_harmful(point))
            text_add_bytes(t, (const char *)bytes, step);
        else
            text_addf(t, point < 0x100 ? "\\x%02X" : "\\u{%04X}", (unsigned)point);
        step = step > 0 ? step : 1;
        bytes += step;
        left -= step;
    }
}

size_t text_columns(const char *string)
{
    size_t columns = 0;
    for (; *string; string++)
        if (((unsigned char)*string & 0xC0) != 0x80)
            columns++;
    return columns;
}

bool text_is_utf8(const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length;) {
        uint32_t point;
        size_t step = sequence_length(bytes + i, length - i, &point);
        if (step == 0)
            return false;
        i += step;
    }
    return true;
}
