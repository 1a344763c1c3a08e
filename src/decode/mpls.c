/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/mpls.h"

#include "decode/ether.h"
#include "decode/ip.h"

enum { CONTROL_WORD_BYTES = 4, ETHERTYPE_MPLS = 0x8847 };

static bool plausible_ip4(struct cursor c)
{
    uint8_t first = cursor_u8(&c);
    cursor_skip(&c, 1);
    uint16_t total = cursor_u16be(&c);
    unsigned header = (first & 15u) * 4;

    return header >= 20 && (total == 0 || total >= header);
}

static bool plausible_ethernet(struct cursor c)
{
    cursor_skip(&c, 12);
    switch (cursor_u16be(&c)) {
    case 0x0800:
    case 0x0806:
    case 0x8100:
    case 0x86dd:
    case 0x8847:
    case 0x8863:
    case 0x8864:
    case 0x88a8:
    case 0x88cc:
        return true;
    default:
        return false;
    }
}

static void read_payload(struct decode_walk *w)
{
    struct cursor peek = w->at;
    uint8_t nibble = cursor_u8(&peek) >> 4;
    struct cursor behind_control = w->at;
    cursor_skip(&behind_control, CONTROL_WORD_BYTES);

    if (!cursor_ok(&peek)) {
        decode_walk_cut(w);
    } else if (nibble == 4 && plausible_ip4(w->at)) {
        decode_walk_next(w, decode_ip_read4, 0);
    } else if (plausible_ethernet(w->at)) {
        decode_walk_next(w, decode_ether_read, 0);
    } else if (nibble == 6) {
        decode_walk_next(w, decode_ip_read6, 0);
    } else if (nibble == 0 && plausible_ethernet(behind_control)) {
        cursor_skip(&w->at, CONTROL_WORD_BYTES);
        decode_walk_next(w, decode_ether_read, 0);
    } else {
        decode_walk_unsupported(w, DECODE_UNSUPPORTED_ETHERTYPE, ETHERTYPE_MPLS);
    }
}

void decode_mpls_read(struct decode_walk *w)
{
    uint32_t entry = cursor_u32be(&w->at);

    if (!cursor_ok(&w->at)) {
        decode_walk_cut(w);
        return;
    }
    decode_walk_tag_add(w, entry >> 8); /* without the TTL: it says how far, not which way */
    decode_walk_next(w, entry & 0x100 ? read_payload : decode_mpls_read, 0);
}
