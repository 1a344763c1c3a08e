/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DECODE_NAME_H
#define DECODE_NAME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"

/* Host names as text, whoever sent them: lower case, no final dot, printable ASCII only. A byte that cannot be part of
 * a name that people write (a control, a space, anything beyond ASCII) becomes '?', so the text is safe to show and
 * never equals a real name. */

enum { DECODE_NAME_SIZE = 256 }; /* room for the longest name of the DNS (RFC 1035, section 2.3.4) and a zero */

static inline char decode_name_character(uint8_t byte)
{
    if (byte >= 'A' && byte <= 'Z')
        return (char)(byte - 'A' + 'a');
    return byte > ' ' && byte < 0x7f ? (char)byte : '?';
}

/* The bytes as a name. False, and an empty text, when there are none or more than fit. */
bool decode_name_host(struct cursor bytes, char text[DECODE_NAME_SIZE]);

#endif
