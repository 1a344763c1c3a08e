/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/ppp.h"

#include "decode/ether.h"
#include "decode/ip.h"
#include "decode/mpls.h"

/* RFC 1661, section 2: numbers from 0x8000 up negotiate the link; those below 0x4000 carry a network layer. */
enum { FIRST_CONTROL_PROTOCOL = 0x4000 };

static void read_protocol(struct decode_walk *w, uint16_t protocol)
{
    switch (protocol) {
    case 0x0021:
        decode_walk_next(w, decode_ip_read4, 0);
        return;
    case 0x0057:
        decode_walk_next(w, decode_ip_read6, 0);
        return;
    case 0x0281:
    case 0x0283:
        decode_walk_next(w, decode_mpls_read, 0);
        return;
    default:
        break;
    }
    if (protocol >= FIRST_CONTROL_PROTOCOL)
        decode_walk_not_ip(w);
    else
        decode_walk_unsupported(w, DECODE_UNSUPPORTED_PPP_PROTOCOL, protocol);
}

void decode_ppp_read(struct decode_walk *w)
{
    struct cursor peek = w->at;
    if (cursor_u16be(&peek) == 0xff03)
        w->at = peek;

    uint16_t protocol = cursor_u8(&w->at);
    if (!(protocol & 1)) /* the last byte of a protocol number is odd: one odd byte is a compressed number */
        protocol = (uint16_t)(protocol << 8 | cursor_u8(&w->at));
    if (!cursor_ok(&w->at)) {
        decode_walk_cut(w);
        return;
    }
    read_protocol(w, protocol);
}

void decode_ppp_hdlc(struct decode_walk *w)
{
    struct cursor peek = w->at;
    uint8_t address = cursor_u8(&peek);

    if (address != 0x0f && address != 0x8f) {
        decode_walk_next(w, decode_ppp_read, 0);
        return;
    }
    cursor_skip(&w->at, 2);
    uint16_t type = cursor_u16be(&w->at);
    if (!cursor_ok(&w->at))
        decode_walk_cut(w);
    else if (type == 0x8035 || type == 0x2000) /* Cisco's keepalives; CDP */
        decode_walk_not_ip(w);
    else
        decode_walk_next(w, decode_ether_type, type);
}

void decode_ppp_over_ethernet(struct decode_walk *w)
{
    uint8_t version_and_type = cursor_u8(&w->at);
    uint8_t code = cursor_u8(&w->at);
    uint16_t session = cursor_u16be(&w->at);
    uint16_t length = cursor_u16be(&w->at);

    if (!cursor_ok(&w->at)) {
        decode_walk_cut(w);
        return;
    }
    if (version_and_type != 0x11) {
        decode_walk_malformed(w);
        return;
    }
    if (code != 0) {
        decode_walk_not_ip(w);
        return;
    }
    decode_walk_tag_add(w, session);
    decode_walk_limit(w, length);
    decode_walk_next(w, decode_ppp_read, 0);
}
