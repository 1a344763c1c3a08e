/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/decode.h"

#include <assert.h>

#include "decode/brief.h"
#include "decode/link.h"
#include "decode/walk.h"

bool decode_reads_link_type(uint16_t link_type)
{
    return decode_link_known(link_type);
}

/* In pieces that compilers turn into plain stores: as one they choose `rep stos`, which takes longer than all the rest
 * of decoding a packet of background. */
static inline void clear(struct decode_packet *out)
{
    enum { PIECE = 64 };
    static_assert(sizeof *out > 2 * PIECE && sizeof *out <= 3 * PIECE, "clear() works in three pieces");
    unsigned char *bytes = (unsigned char *)out;

    memset(bytes, 0, PIECE);
    memset(bytes + PIECE, 0, PIECE);
    memset(bytes + 2 * PIECE, 0, sizeof *out - 2 * PIECE);
}

/* lint: long because a struct of arguments would be filled and read again for every packet */
void decode_frame(const struct decode_context *context, uint16_t link_type, const uint8_t *bytes,
                  uint32_t captured_bytes, uint32_t wire_bytes, struct decode_packet *out)
{
    if (wire_bytes < captured_bytes)
        wire_bytes = captured_bytes;
    clear(out);
    if (link_type == DECODE_LINK_ETHERNET && decode_brief_read(context, bytes, captured_bytes, wire_bytes, out))
        return;
    decode_walk_frame(context, link_type, cursor_make(bytes, captured_bytes), wire_bytes, out);
}
