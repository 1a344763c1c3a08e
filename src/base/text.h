/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A growable string, born with its limit. After an allocation failed or the limit was met, further additions do
 * nothing and text_failed() is true. Zero-initialise, then text_init(). */
struct text {
    char *bytes; /* zero-terminated; never NULL after text_init() */
    size_t length, capacity, limit;
    bool failed;
};

void text_init(struct text *t, size_t limit_bytes);
void text_free(struct text *t);
void text_add(struct text *t, const char *string);
void text_add_bytes(struct text *t, const char *bytes, size_t length);
void text_addf(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool text_failed(const struct text *t);

/* Appends `length` bytes of a stranger as valid UTF-8: each byte that is not becomes U+FFFD (RFC 3629; no
 * surrogates, no overlong forms, nothing above U+10FFFF). */
void text_add_utf8(struct text *t, const uint8_t *bytes, size_t length);

/* Appends a string made harmless for a terminal or a log: C0 and C1 controls, DEL, and characters that change the
 * direction or are invisible (U+200B..U+200F, U+2028..U+202E, U+2060..U+2069, U+FEFF) appear as \xNN or \u{NNNN}. */
void text_add_escaped(struct text *t, const char *string);

/* How many columns of a terminal the UTF-8 string takes, one for each code point (the reports hold no wide ones). */
size_t text_columns(const char *string);

/* True when the whole string is valid UTF-8. */
bool text_is_utf8(const uint8_t *bytes, size_t length);

#endif
