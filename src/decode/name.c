/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/name.h"

bool decode_name_host(struct cursor bytes, char text[DECODE_NAME_SIZE])
{
    size_t length = cursor_left(&bytes);

    text[0] = 0;
    if (length == 0 || length >= DECODE_NAME_SIZE)
        return false;
    for (size_t i = 0; i < length; i++)
        text[i] = decode_name_character(cursor_u8(&bytes));
    if (length > 1 && text[length - 1] == '.')
        length--;
    text[length] = 0;
    return true;
}
