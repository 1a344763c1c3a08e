/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/cooked.h"

#include "decode/ether.h"
#include "decode/ip.h"
#include "decode/wifi.h"

static void read_family(struct decode_walk *w, uint32_t family)
{
    if (!cursor_ok(&w->at)) {
        decode_walk_cut(w);
        return;
    }
    switch (family) {
    case 2:
        decode_walk_next(w, decode_ip_read4, 0);
        return;
    case 10: /* Linux; then NetBSD and OpenBSD, FreeBSD, macOS */
    case 24:
    case 28:
    case 30:
        decode_walk_next(w, decode_ip_read6, 0);
        return;
    default:
        decode_walk_unsupported(w, DECODE_UNSUPPORTED_FAMILY, (uint16_t)family);
    }
}

/* The family in the byte order of the machine that captured: the half that is zero tells which. */
void decode_cooked_null(struct decode_walk *w)
{
    struct cursor peek = w->at;
    uint32_t big = cursor_u32be(&peek);
    uint32_t little = cursor_u32le(&w->at);

    read_family(w, big <= UINT16_MAX ? big : little);
}

void decode_cooked_loop(struct decode_walk *w)
{
    read_family(w, cursor_u32be(&w->at));
}

enum hardware {
    HARDWARE_WIFI = 801,
    HARDWARE_RADIOTAP = 803,
    HARDWARE_NETLINK = 824,
};

/* What the protocol field means depends on the device. */
static void read_protocol(struct decode_walk *w, uint16_t hardware, uint16_t protocol)
{
    if (!cursor_ok(&w->at))
        decode_walk_cut(w);
    else if (hardware == HARDWARE_WIFI)
        decode_walk_next(w, decode_wifi_read, 0);
    else if (hardware == HARDWARE_RADIOTAP)
        decode_walk_next(w, decode_wifi_radiotap, 0);
    else if (hardware == HARDWARE_NETLINK || protocol == 1) /* 1: IPX without LLC */
        decode_walk_not_ip(w);
    else if (protocol == 4)
        decode_walk_next(w, decode_ether_llc, 0);
    else
        decode_walk_next(w, decode_ether_type, protocol);
}

void decode_cooked_sll(struct decode_walk *w)
{
    uint16_t packet_type = cursor_u16be(&w->at);
    uint16_t hardware = cursor_u16be(&w->at);
    cursor_skip(&w->at, 2); /* how much of the address is used */
    uint64_t address = cursor_u64be(&w->at);
    uint16_t protocol = cursor_u16be(&w->at);

    decode_walk_tag_add(w, (uint64_t)packet_type << 16 | hardware);
    decode_walk_tag_add(w, address);
    read_protocol(w, hardware, protocol);
}

void decode_cooked_sll2(struct decode_walk *w)
{
    uint16_t protocol = cursor_u16be(&w->at);
    cursor_skip(&w->at, 2);
    uint32_t interface = cursor_u32be(&w->at);
    uint16_t hardware = cursor_u16be(&w->at);
    uint8_t packet_type = cursor_u8(&w->at);
    cursor_skip(&w->at, 1);
    uint64_t address = cursor_u64be(&w->at);

    decode_walk_tag_add(w, (uint64_t)interface << 32 | (uint32_t)packet_type << 16 | hardware);
    decode_walk_tag_add(w, address);
    read_protocol(w, hardware, protocol);
}

enum nflog { NFLOG_ATTRIBUTES_MAX = 64, NFLOG_PACKET_HEADER = 1, NFLOG_IN = 4, NFLOG_OUT = 5, NFLOG_PAYLOAD = 9 };

struct attribute {
    uint16_t type;
    uint32_t length; /* of the value */
};

static bool read_attribute(struct decode_walk *w, bool big, struct attribute *a)
{
    uint32_t length = big ? cursor_u16be(&w->at) : cursor_u16le(&w->at);

    a->type = (big ? cursor_u16be(&w->at) : cursor_u16le(&w->at)) & 0x7fff;
    if (!cursor_ok(&w->at)) {
        decode_walk_cut(w);
        return false;
    }
    if (length < 4) {
        decode_walk_malformed(w);
        return false;
    }
    a->length = length - 4;
    return true;
}

/* Attributes are in the byte order of the machine that captured; the first one fits the frame in one order only. */
static bool is_big_endian(const struct decode_walk *w)
{
    struct cursor peek = w->at;
    uint16_t little = cursor_u16le(&peek);
    return little < 4 || little > decode_walk_left(w);
}

void decode_cooked_nflog(struct decode_walk *w)
{
    cursor_skip(&w->at, 4); /* family, version, resource */
    bool big = is_big_endian(w);
    struct attribute a;

    for (unsigned i = 0; i < NFLOG_ATTRIBUTES_MAX && cursor_left(&w->at); i++) {
        if (!read_attribute(w, big, &a))
            return;
        if (a.type == NFLOG_PAYLOAD) {
            decode_walk_limit(w, a.length);
            decode_walk_next(w, decode_ip_read, 0);
            return;
        }
        struct cursor value = cursor_sub(&w->at, a.length);
        if (a.type == NFLOG_PACKET_HEADER || a.type == NFLOG_IN || a.type == NFLOG_OUT)
            decode_walk_tag_add(w, (uint64_t)a.type << 32 | cursor_u32be(&value));
        size_t padding = (4 - a.length % 4) % 4;
        cursor_skip(&w->at, padding);
    }
    decode_walk_cut(w);
}
