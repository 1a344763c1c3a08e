/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/number.h"

#include <stddef.h>
#include <string.h>

/* The digits at the start of `text`; NULL when there is none or they exceed 64 bits, else what follows them. */
static const char *leading_digits(const char *text, uint64_t *out)
{
    const char *at = text;
    *out = 0;
    for (; *at >= '0' && *at <= '9'; at++)
        if (__builtin_mul_overflow(*out, 10, out) || __builtin_add_overflow(*out, (uint64_t)(*at - '0'), out))
            return NULL;
    return at > text ? at : NULL;
}

bool cli_number_parse(const char *text, uint64_t low, uint64_t high, uint64_t *out)
{
    uint64_t value;
    const char *rest = leading_digits(text, &value);
    if (!rest || *rest != '\0' || value < low || value > high)
        return false;
    *out = value;
    return true;
}

static unsigned suffix_shift(char letter)
{
    switch (letter) {
    case 'k':
    case 'K':
        return 10;
    case 'm':
    case 'M':
        return 20;
    case 'g':
    case 'G':
        return 30;
    default:
        return 0;
    }
}

bool cli_number_parse_size(const char *text, uint64_t *out)
{
    uint64_t value;
    const char *rest = leading_digits(text, &value);
    if (!rest || value == 0)
        return false;
    unsigned shift = suffix_shift(*rest);
    if (rest[shift > 0] != '\0' || value > UINT64_MAX >> shift)
        return false;
    *out = value << shift;
    return true;
}

bool cli_number_parse_hex128(const char *text, uint64_t out[2])
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    size_t length = strlen(text);
    if (length == 0 || length > 32)
        return false;
    out[0] = out[1] = 0;
    for (; *text; text++) {
        const char *digit = strchr(digits, *text);
        if (!digit)
            return false;
        out[0] = out[0] << 4 | out[1] >> 60;
        out[1] = out[1] << 4 | (uint64_t)((digit - digits) & 15);
    }
    return true;
}
