/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/pcoip.h"

enum { KEEP_ALIVE = 0xff, NON_ESP_MARKER = 0 };

enum decode_outcome decode_pcoip(struct cursor payload, struct decode_pcoip *out)
{
    struct cursor peek = payload;
    bool keep_alive = cursor_left(&peek) == 1 && cursor_u8(&peek) == KEEP_ALIVE;
    uint32_t spi = cursor_u32be(&payload);
    uint32_t sequence = cursor_u32be(&payload);

    *out = (struct decode_pcoip){ 0 };
    if (keep_alive)
        return DECODE_UNSUPPORTED;
    if (!cursor_ok(&payload))
        return DECODE_TRUNCATED;
    if (spi == NON_ESP_MARKER)
        return DECODE_UNSUPPORTED;
    *out = (struct decode_pcoip){ .spi = spi, .sequence = sequence };
    return DECODE_OK;
}
