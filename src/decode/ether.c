/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/ether.h"

#include "decode/ip.h"
#include "decode/mpls.h"
#include "decode/ppp.h"

enum {
    LENGTH_MAX = 1500, /* an EtherType this small is a length */
    CISCO_METADATA_OPTIONS_MAX = 8,
};

/* Known, and never IP: background of every office network. */
static const uint16_t not_ip[] = {
    0x0600, /* XNS */
    0x0806, /* ARP */
    0x0842, /* Wake-on-LAN */
    0x22ea, /* stream reservation */
    0x22f0, /* audio video transport */
    0x6001, 0x6002, 0x6003, 0x6004, 0x6007, /* DECnet */
    0x8035, /* RARP */
    0x809b, /* AppleTalk */
    0x80f3, /* AppleTalk ARP */
    0x8137, 0x8138, /* IPX */
    0x8808, /* flow control */
    0x8809, /* slow protocols: LACP */
    0x8819, /* CobraNet */
    0x8863, /* PPPoE discovery */
    0x886d, /* Intel adapter teaming */
    0x887b, /* HomePlug */
    0x888e, /* EAPOL */
    0x8892, /* PROFINET */
    0x8899, /* Realtek loop detection */
    0x88a2, /* ATA over Ethernet */
    0x88a4, /* EtherCAT */
    0x88b5, 0x88b6, /* local experiments */
    0x88b7, /* OUI extended */
    0x88b8, 0x88b9, 0x88ba, /* GOOSE, GSE, sampled values */
    0x88c7, /* 802.11i preauthentication */
    0x88cc, /* LLDP */
    0x88cd, /* SERCOS */
    0x88d9, /* LLTD */
    0x88e1, /* HomePlug AV */
    0x88e3, /* media redundancy */
    0x88f5, 0x88f6, /* MVRP, MMRP */
    0x88f7, /* PTP */
    0x8902, /* connectivity fault management */
    0x8906, 0x8914, /* FCoE */
    0x890d, /* 802.11 management over Ethernet */
    0x8912, /* MediaXtreme */
    0x8915, /* RoCE */
    0x892f, /* HSR */
    0x893a, /* IEEE 1905 */
    0x8940, /* edge control */
    0x8999, /* AVM powerline */
    0x9000, /* loopback test */
    0xffff, /* IPX without LLC */
};

/* Tags: bytes before the EtherType of what they tag. */
static const struct {
    uint16_t type;
    uint8_t bytes;
} tags[] = {
    { 0x8100, 2 }, { 0x88a8, 2 }, { 0x9100, 2 }, { 0x9200, 2 }, { 0x9300, 2 }, /* VLAN, 802.1ad, older QinQ */
    { 0x8926, 4 }, /* Cisco VN-tag */
    { 0x893f, 6 }, /* IEEE 802.1BR */
};

static void length_or_type(struct decode_walk *w, uint16_t type)
{
    if (type <= LENGTH_MAX) {
        /* Longer than the frame is common in truncated re-recordings, and harmless: LLC is rarely IP. */
        decode_walk_limit(w, type);
        decode_walk_next(w, decode_ether_llc, 0);
        return;
    }
    decode_walk_next(w, decode_ether_type, type);
}

void decode_ether_read(struct decode_walk *w)
{
    uint64_t addresses = cursor_u64be(&w->at);
    uint32_t source_end = cursor_u32be(&w->at);
    uint16_t type = cursor_u16be(&w->at);

    if (!cursor_ok(&w->at)) {
        decode_walk_cut(w);
        return;
    }
    decode_walk_tag_add(w, addresses);
    decode_walk_tag_add(w, source_end);
    length_or_type(w, type);
}

static void read_tag(struct decode_walk *w, size_t bytes)
{
    struct cursor tag = cursor_sub(&w->at, bytes);
    uint16_t type = cursor_u16be(&w->at);

    if (!cursor_ok(&w->at)) {
        decode_walk_cut(w);
        return;
    }
    uint64_t word = w->number;
    while (cursor_left(&tag))
        word = word << 16 | cursor_u16be(&tag);
    decode_walk_tag_add(w, word);
    length_or_type(w, type);
}

/* Cisco MetaData: version, number of options, options of four bytes (the security group tag), EtherType. */
static void read_security_group(struct decode_walk *w)
{
    uint8_t version = cursor_u8(&w->at);
    uint8_t options = cursor_u8(&w->at);

    if (!cursor_ok(&w->at)) {
        decode_walk_cut(w);
        return;
    }
    if (version != 1 || options == 0 || options > CISCO_METADATA_OPTIONS_MAX) {
        decode_walk_unsupported(w, DECODE_UNSUPPORTED_ETHERTYPE, w->number);
        return;
    }
    for (uint8_t i = 0; i < options; i++)
        decode_walk_tag_add(w, cursor_u32be(&w->at));
    uint16_t type = cursor_u16be(&w->at);
    if (cursor_ok(&w->at))
        length_or_type(w, type);
    else
        decode_walk_cut(w);
}

/* IEEE 802.1ah: the service instance, then the customer's frame. */
static void read_backbone(struct decode_walk *w)
{
    decode_walk_tag_add(w, cursor_u32be(&w->at));
    decode_walk_next(w, decode_ether_read, 0);
}

static bool is_not_ip(uint16_t type)
{
    for (size_t i = 0; i < sizeof not_ip / sizeof not_ip[0]; i++)
        if (not_ip[i] == type)
            return true;
    return false;
}

static size_t tag_bytes(uint16_t type)
{
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++)
        if (tags[i].type == type)
            return tags[i].bytes;
    return 0;
}

static decode_reader *reader_of(uint16_t type)
{
    switch (type) {
    case 0x0800: return decode_ip_read4;
    case 0x86dd: return decode_ip_read6;
    case 0x6558: return decode_ether_read;
    case 0x8847:
    case 0x8848: return decode_mpls_read;
    case 0x8864: return decode_ppp_over_ethernet;
    case 0x880b: return decode_ppp_read;
    case 0x8870: return decode_ether_llc;
    case 0x88e7: return read_backbone;
    case 0x8909: return read_security_group;
    default: return NULL;
    }
}

void decode_ether_type(struct decode_walk *w)
{
    uint16_t type = w->number;
    decode_reader *read = reader_of(type);

    if (read) {
        decode_walk_next(w, read, type);
        return;
    }
    size_t bytes = tag_bytes(type);
    if (bytes)
        read_tag(w, bytes);
    else if (is_not_ip(type))
        decode_walk_not_ip(w);
    else
        decode_walk_unsupported(w, DECODE_UNSUPPORTED_ETHERTYPE, type);
}

static void read_snap(struct decode_walk *w)
{
    uint8_t control = cursor_u8(&w->at);
    uint32_t organization = cursor_u24be(&w->at);
    uint16_t type = cursor_u16be(&w->at);

    if (!cursor_ok(&w->at))
        decode_walk_cut(w);
    else if (control == 0x03 && (organization == 0 || organization == 0x0000f8) && type > LENGTH_MAX)
        decode_walk_next(w, decode_ether_type, type);
    else
        decode_walk_not_ip(w); /* CDP, VTP, per-VLAN spanning tree: other organizations' protocols */
}

void decode_ether_llc(struct decode_walk *w)
{
    uint16_t access_points = cursor_u16be(&w->at);

    if (!cursor_ok(&w->at)) {
        decode_walk_cut(w);
        return;
    }
    switch (access_points) {
    case 0xaaaa:
        read_snap(w);
        return;
    case 0x0606: /* IP over 802.2, RFC 948 */
        cursor_skip(&w->at, 1);
        decode_walk_next(w, decode_ip_read4, 0);
        return;
    default:
        decode_walk_not_ip(w);
    }
}
