/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/overlay.h"

#include "decode/ether.h"
#include "decode/ip.h"
#include "decode/ppp.h"

/* A port proves nothing, and ephemeral ports collide with these: each header must look right in all its fixed bits. */

static bool enter_vxlan(struct decode_walk *w)
{
    uint8_t flags = cursor_u8(&w->at);
    cursor_skip(&w->at, 3); /* reserved, or a group policy */
    uint32_t network = cursor_u32be(&w->at);

    if (!cursor_ok(&w->at) || (flags & 0x7f) != 0x08 || network & 0xff)
        return false;
    decode_walk_tag_add(w, network);
    decode_walk_next(w, decode_ether_read, 0);
    return true;
}

static bool enter_geneve(struct decode_walk *w)
{
    uint8_t version_and_length = cursor_u8(&w->at);
    uint8_t flags = cursor_u8(&w->at);
    uint16_t type = cursor_u16be(&w->at);
    uint32_t network = cursor_u32be(&w->at);

    cursor_skip(&w->at, (version_and_length & 0x3fu) * 4);
    if (!cursor_ok(&w->at) || version_and_length >> 6 || flags & 0x3f || network & 0xff)
        return false;
    if (type != 0x6558 && type != 0x0800 && type != 0x86dd)
        return false;
    decode_walk_tag_add(w, network);
    decode_walk_next(w, decode_ether_type, type);
    return true;
}

static bool starts_ip(struct cursor c)
{
    uint8_t first = cursor_u8(&c);
    return first >> 4 == 6 || (first >> 4 == 4 && (first & 15) >= 5);
}

/* Extension headers: a length in units of four bytes, which counts itself and the type of the next. */
static bool skip_gtp_extensions(struct cursor *c)
{
    enum { EXTENSIONS_MAX = 8 };

    cursor_skip(c, 3); /* sequence number, N-PDU number */
    uint8_t next = cursor_u8(c);
    for (unsigned i = 0; next && i < EXTENSIONS_MAX; i++) {
        size_t length = cursor_u8(c) * (size_t)4;
        if (length == 0)
            return false;
        cursor_skip(c, length - 2);
        next = cursor_u8(c);
    }
    return next == 0;
}

static bool enter_gtp(struct decode_walk *w)
{
    enum { VERSION_1_OF_GTP = 0x30, FIXED_BITS = 0xf8, OPTIONAL_FIELDS = 0x07, USER_DATA = 0xff };
    uint8_t flags = cursor_u8(&w->at);
    uint8_t type = cursor_u8(&w->at);
    uint16_t length = cursor_u16be(&w->at);
    uint32_t tunnel = cursor_u32be(&w->at);

    if (!cursor_ok(&w->at) || (flags & FIXED_BITS) != VERSION_1_OF_GTP || type != USER_DATA)
        return false;
    if (length > (uint64_t)decode_walk_left(w) + w->excess)
        return false;
    if (flags & OPTIONAL_FIELDS && !skip_gtp_extensions(&w->at))
        return false;
    if (!cursor_ok(&w->at) || !starts_ip(w->at))
        return false;
    decode_walk_tag_add(w, tunnel);
    decode_walk_next(w, decode_ip_read, 0);
    return true;
}

/* RFC 4380, section 5.1.1: authentication and origin may come first. */
static bool enter_teredo(struct decode_walk *w)
{
    enum { ORIGIN = 0x0000, AUTHENTICATION = 0x0001 };
    struct cursor peek = w->at;
    uint16_t kind = cursor_u16be(&peek);

    if (cursor_ok(&peek) && kind == AUTHENTICATION) {
        size_t client = cursor_u8(&peek);
        size_t value = cursor_u8(&peek);
        cursor_skip(&peek, client + value + 9);
        w->at = peek;
        kind = cursor_u16be(&peek);
    }
    if (cursor_ok(&peek) && kind == ORIGIN)
        cursor_skip(&w->at, 8);

    peek = w->at;
    uint32_t first = cursor_u32be(&peek);
    uint16_t length = cursor_u16be(&peek);
    if (!cursor_ok(&peek) || first >> 28 != 6 || length + 40u > (uint64_t)decode_walk_left(w) + w->excess)
        return false;
    decode_walk_next(w, decode_ip_read6, 0);
    return true;
}

enum l2tp_flags { L2TP_RESERVED = 0x34f0, L2TP_CONTROL = 0x8000, L2TP_LENGTH = 0x4000, L2TP_SEQUENCE = 0x0800,
                  L2TP_OFFSET = 0x0200, L2TP_VERSION = 0x000f };

static bool starts_ppp(struct cursor c)
{
    uint16_t first = cursor_u16be(&c);

    if (first == 0xff03)
        first = cursor_u16be(&c);
    return cursor_ok(&c) && (first == 0x0021 || first == 0x0057 || first >> 8 == 0x21 || first >> 8 == 0x57 ||
                             (first >= 0x8001 && first <= 0xc4ff && first & 1));
}

static bool enter_l2tp(struct decode_walk *w)
{
    uint16_t flags = cursor_u16be(&w->at);

    if (flags & (L2TP_RESERVED | L2TP_CONTROL) || (flags & L2TP_VERSION) != 2)
        return false;
    if (flags & L2TP_LENGTH)
        cursor_skip(&w->at, 2);
    uint32_t tunnel_and_session = cursor_u32be(&w->at);
    if (flags & L2TP_SEQUENCE)
        cursor_skip(&w->at, 4);
    if (flags & L2TP_OFFSET)
        cursor_skip(&w->at, cursor_u16be(&w->at));
    if (!cursor_ok(&w->at) || !starts_ppp(w->at))
        return false;
    decode_walk_tag_add(w, tunnel_and_session);
    decode_walk_next(w, decode_ppp_read, 0);
    return true;
}

static bool enter(struct decode_walk *w, uint16_t port)
{
    switch (port) {
    case DECODE_OVERLAY_VXLAN:
    case DECODE_OVERLAY_VXLAN_LINUX: return enter_vxlan(w);
    case DECODE_OVERLAY_GENEVE: return enter_geneve(w);
    case DECODE_OVERLAY_GTP: return enter_gtp(w);
    case DECODE_OVERLAY_TEREDO: return enter_teredo(w);
    case DECODE_OVERLAY_L2TP: return enter_l2tp(w);
    default: return false;
    }
}

bool decode_overlay_enter(struct decode_walk *w, uint16_t source_port, uint16_t destination_port)
{
    struct cursor payload = w->at;

    if (enter(w, destination_port))
        return true;
    w->at = payload;
    return enter(w, source_port);
}
