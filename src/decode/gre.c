/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/gre.h"

#include "decode/ether.h"
#include "decode/ip.h"
#include "decode/ppp.h"
#include "decode/wifi.h"

enum gre_flags { CHECKSUM = 0x8000, ROUTING = 0x4000, KEY = 0x2000, SEQUENCE = 0x1000, ACKNOWLEDGMENT = 0x0080,
                 VERSION = 0x0007 };

enum gre_type { TYPE_KEEPALIVE = 0, TYPE_NHRP = 0x2001, TYPE_ERSPAN = 0x88be, TYPE_ERSPAN_3 = 0x22eb,
                TYPE_WCCP = 0x883e, TYPE_PPP = 0x880b, TYPE_ARUBA = 0x8200, TYPE_ARUBA_MASK = 0xfe0f };

enum { PROTOCOL_GRE = 47 };

static void read_erspan2(struct decode_walk *w)
{
    uint32_t first = cursor_u32be(&w->at);
    cursor_skip(&w->at, 4);

    decode_walk_tag_add(w, first & 0x3ff); /* the session; the VLAN is in the frame, too */
    decode_walk_next(w, decode_ether_read, 0);
}

static void read_erspan3(struct decode_walk *w)
{
    enum { FRAME_ETHERNET = 0, FRAME_IP = 2 };
    uint32_t first = cursor_u32be(&w->at);
    cursor_skip(&w->at, 6); /* time stamp, security group */
    uint16_t last = cursor_u16be(&w->at);

    if (last & 1)
        cursor_skip(&w->at, 8); /* a header of the platform's own */
    if (!cursor_ok(&w->at)) {
        decode_walk_cut(w);
        return;
    }
    decode_walk_tag_add(w, first & 0x3ff);
    unsigned frame_type = last >> 10 & 31;
    if (frame_type == FRAME_ETHERNET)
        decode_walk_next(w, decode_ether_read, 0);
    else if (frame_type == FRAME_IP)
        decode_walk_next(w, decode_ip_read, 0);
    else
        decode_walk_unsupported(w, DECODE_UNSUPPORTED_ETHERTYPE, TYPE_ERSPAN_3);
}

/* Version 2 puts a redirect header before the packet, version 1 does not; it cannot begin with a 4 or a 6. */
static void read_wccp(struct decode_walk *w)
{
    struct cursor peek = w->at;
    uint8_t nibble = cursor_u8(&peek) >> 4;

    if (nibble != 4 && nibble != 6)
        cursor_skip(&w->at, 4);
    decode_walk_next(w, decode_ip_read, 0);
}

static void read_nothing(struct decode_walk *w)
{
    decode_walk_payload(w);
    decode_walk_end(w, DECODE_OTHER);
}

static decode_reader *reader_of(uint16_t type, uint16_t flags)
{
    if ((type & TYPE_ARUBA_MASK) == TYPE_ARUBA)
        return decode_wifi_read;
    switch (type) {
    case TYPE_KEEPALIVE:
    case TYPE_NHRP: return read_nothing;
    case TYPE_WCCP: return read_wccp;
    case TYPE_ERSPAN_3: return read_erspan3;
    case TYPE_ERSPAN: return flags & SEQUENCE ? read_erspan2 : decode_ether_read; /* type I has no header */
    default: return NULL;
    }
}

static void read_version0(struct decode_walk *w, uint16_t flags, uint16_t type)
{
    if (flags & CHECKSUM)
        cursor_skip(&w->at, 4);
    if (flags & KEY)
        decode_walk_tag_add(w, cursor_u32be(&w->at));
    if (flags & SEQUENCE)
        cursor_skip(&w->at, 4);
    if (!cursor_ok(&w->at)) {
        decode_walk_cut(w);
        return;
    }
    decode_reader *read = reader_of(type, flags);
    decode_walk_next(w, read ? read : decode_ether_type, read ? 0 : type);
}

static void read_version1(struct decode_walk *w, uint16_t flags)
{
    uint16_t payload_bytes = cursor_u16be(&w->at);
    uint16_t call = cursor_u16be(&w->at);

    if (flags & SEQUENCE)
        cursor_skip(&w->at, 4);
    if (flags & ACKNOWLEDGMENT)
        cursor_skip(&w->at, 4);
    if (!cursor_ok(&w->at)) {
        decode_walk_cut(w);
        return;
    }
    decode_walk_tag_add(w, call);
    decode_walk_limit(w, payload_bytes);
    decode_walk_next(w, payload_bytes ? decode_ppp_read : read_nothing, 0);
}

void decode_gre_read(struct decode_walk *w)
{
    uint16_t flags = cursor_u16be(&w->at);
    uint16_t type = cursor_u16be(&w->at);

    if (!cursor_ok(&w->at))
        decode_walk_cut(w);
    else if ((flags & VERSION) == 0 && !(flags & ROUTING))
        read_version0(w, flags, type);
    else if ((flags & VERSION) == 1 && type == TYPE_PPP)
        read_version1(w, flags);
    else
        decode_walk_unsupported(w, DECODE_UNSUPPORTED_IP_PROTOCOL, PROTOCOL_GRE);
}
