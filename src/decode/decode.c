/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/decode.h"

#include "decode/brief.h"
#include "decode/link.h"
#include "decode/walk.h"

bool decode_reads_link_type(uint16_t link_type)
{
    return decode_link_known(link_type);
}

void decode_frame(const struct decode_context *context, uint16_t link_type, const uint8_t *bytes,
                  uint32_t captured_bytes, uint32_t wire_bytes, struct decode_packet *out)
{
    if (wire_bytes < captured_bytes)
        wire_bytes = captured_bytes;
    memset(out, 0, sizeof *out);
    if (link_type == DECODE_LINK_ETHERNET && decode_brief_read(context, bytes, captured_bytes, wire_bytes, out))
        return;
    decode_walk_frame(context, link_type, cursor_make(bytes, captured_bytes), wire_bytes, out);
}
