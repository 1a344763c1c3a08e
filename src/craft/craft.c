/* SPDX-License-Identifier: Apache-2.0 */
#include "craft/craft.h"

#include <libnet.h>
#include <stdlib.h>

enum {
    IPV4_HEADER_BYTES = 20,
    IPV6_HEADER_BYTES = 40,
    TCP_HEADER_BYTES = 20,
    UDP_HEADER_BYTES = 8,
    ICMP_HEADER_BYTES = 8,
    ETHERNET_HEADER_BYTES = 14,
    VLAN_TAG_BYTES = 4,
    TCP_OPTIONS_BYTES_MAX = 40,
    IP_LENGTH_MAX = 65535,
    TYPE_IPV4 = 0x0800,
    TYPE_IPV6 = 0x86dd,
    TYPE_VLAN = 0x8100,
    PROTOCOL_ICMP = 1,
    PROTOCOL_TCP = 6,
    PROTOCOL_UDP = 17,
    PROTOCOL_ICMPV6 = 58,
    FLAG_DONT_FRAGMENT = 0x4000,
    UDP_CHECKSUM_OFFSET = 6,
};

struct craft {
    libnet_t *libnet;
    struct craft_link link;
    uint8_t *frame; /* what libnet allocated for the last frame */
};

struct craft *craft_new(const struct craft_link *link, struct error *error)
{
    char reason[LIBNET_ERRBUF_SIZE] = "";
    struct craft *craft = calloc(1, sizeof *craft);
    if (!craft) {
        error_set(error, STATUS_NO_MEMORY, "There is no memory for a packet builder.");
        return NULL;
    }
    /* LIBNET_NONE opens no socket: the other modes need root even when nothing is ever sent. */
    craft->libnet = libnet_init(LIBNET_NONE, NULL, reason);
    if (!craft->libnet) {
        error_set(error, STATUS_NO_MEMORY, "The packet builder cannot start: %s", reason);
        free(craft);
        return NULL;
    }
    craft->link = *link;
    return craft;
}

void craft_free(struct craft *craft)
{
    if (!craft)
        return;
    free(craft->frame);
    libnet_destroy(craft->libnet);
    free(craft);
}

void craft_set_link(struct craft *craft, const struct craft_link *link)
{
    craft->link = *link;
}

static bool is_v4(const struct craft_ip *ip)
{
    return ipaddr_is_v4(&ip->source);
}

/* The address as libnet wants it: the bytes of the wire in a word of this machine. */
static uint32_t v4_word(const struct ipaddr *address)
{
    uint32_t word;
    memcpy(&word, address->bytes + 12, sizeof word);
    return word;
}

static struct libnet_in6_addr v6_bytes(const struct ipaddr *address)
{
    struct libnet_in6_addr out;
    memcpy(&out, address->bytes, sizeof address->bytes);
    return out;
}

static bool build_ip(struct craft *craft, const struct craft_ip *ip, uint8_t protocol, size_t payload_bytes)
{
    if (is_v4(ip))
        return libnet_build_ipv4((uint16_t)(IPV4_HEADER_BYTES + payload_bytes), ip->traffic_class, ip->id,
                                 ip->dont_fragment ? FLAG_DONT_FRAGMENT : 0, ip->ttl, protocol, 0,
                                 v4_word(&ip->source), v4_word(&ip->destination), NULL, 0, craft->libnet, 0) >= 0;
    return libnet_build_ipv6(ip->traffic_class, 0, (uint16_t)payload_bytes, protocol, ip->ttl, v6_bytes(&ip->source),
                             v6_bytes(&ip->destination), NULL, 0, craft->libnet, 0) >= 0;
}

static bool build_link(struct craft *craft, uint16_t type)
{
    const struct craft_link *link = &craft->link;
    if (link->none)
        return true;
    if (link->vlan)
        return libnet_build_802_1q(link->destination, link->source, TYPE_VLAN, 0, 0, link->vlan, type, NULL, 0,
                                   craft->libnet, 0) >= 0;
    return libnet_build_ethernet(link->destination, link->source, type, NULL, 0, craft->libnet, 0) >= 0;
}

/* A sum of 0 is sent as 0xffff: 0 would say "no checksum" (RFC 768; RFC 8200, section 8.1). libnet leaves it 0. */
static void mend_udp_checksum(uint8_t *udp)
{
    uint8_t *sum = udp + UDP_CHECKSUM_OFFSET;
    if (sum[0] == 0 && sum[1] == 0)
        sum[0] = sum[1] = 0xff;
}

/* IP and link around the transport that the caller has given to libnet, then all of it as bytes. */
static enum status finish(struct craft *craft, const struct craft_ip *ip, uint8_t protocol, size_t payload_bytes,
                          struct craft_frame *out)
{
    uint8_t *bytes = NULL;
    uint32_t length = 0;
    bool built = build_ip(craft, ip, protocol, payload_bytes) && build_link(craft, is_v4(ip) ? TYPE_IPV4 : TYPE_IPV6) &&
                 libnet_pblock_coalesce(craft->libnet, &bytes, &length) >= 0;
    libnet_clear_packet(craft->libnet);
    if (!built)
        return STATUS_NO_MEMORY;
    free(craft->frame);
    craft->frame = bytes;
    size_t ip_offset = craft->link.none ? 0 : ETHERNET_HEADER_BYTES + (craft->link.vlan ? VLAN_TAG_BYTES : 0);
    if (protocol == PROTOCOL_UDP)
        mend_udp_checksum(bytes + length - payload_bytes);
    *out = (struct craft_frame){ .bytes = bytes, .length = length, .ip_offset = ip_offset };
    return STATUS_OK;
}

/* What libnet does not look at: the lengths and whether source and destination are of one family. */
static enum status check(const struct craft_ip *ip, size_t payload_bytes)
{
    if (ipaddr_is_v4(&ip->source) != ipaddr_is_v4(&ip->destination))
        return STATUS_BAD_USAGE;
    size_t limit = is_v4(ip) ? IP_LENGTH_MAX - IPV4_HEADER_BYTES : IP_LENGTH_MAX;
    return payload_bytes > limit ? STATUS_BAD_USAGE : STATUS_OK;
}

static enum status transport_failed(struct craft *craft)
{
    libnet_clear_packet(craft->libnet);
    return STATUS_NO_MEMORY;
}

struct option_writer {
    uint8_t bytes[TCP_OPTIONS_BYTES_MAX];
    size_t length;
};

static void put(struct option_writer *w, uint32_t value, size_t bytes)
{
    for (size_t i = bytes; i > 0; i--)
        w->bytes[w->length++] = (uint8_t)(value >> 8 * (i - 1));
}

static void put_kind(struct option_writer *w, uint8_t kind, uint8_t length)
{
    put(w, kind, 1);
    put(w, length, 1);
}

enum { OPTION_NOP = 1, OPTION_MSS = 2, OPTION_SCALE = 3, OPTION_SACK_OK = 4, OPTION_SACK = 5, OPTION_TIME = 8 };

/* The longest list is time stamps and three SACK blocks, 36 of the 40 bytes there are: the options of a SYN and SACK
 * blocks do not meet in one segment, which check_options() holds the caller to. */
static void write_options(const struct craft_tcp_options *o, struct option_writer *w)
{
    if (o->mss) {
        put_kind(w, OPTION_MSS, 4);
        put(w, o->mss, 2);
    }
    if (o->sack_permitted)
        put_kind(w, OPTION_SACK_OK, 2);
    if (o->has_timestamps) {
        put_kind(w, OPTION_TIME, 10);
        put(w, o->tsval, 4);
        put(w, o->tsecr, 4);
    }
    if (o->has_window_scale) {
        put_kind(w, OPTION_SCALE, 3);
        put(w, o->window_scale, 1);
    }
    if (o->sack_count) {
        put_kind(w, OPTION_SACK, (uint8_t)(2 + 8 * o->sack_count));
        for (unsigned i = 0; i < o->sack_count; i++) {
            put(w, o->sack[i].left, 4);
            put(w, o->sack[i].right, 4);
        }
    }
    while (w->length % 4)
        put(w, OPTION_NOP, 1);
}

static enum status check_options(const struct craft_tcp_options *o)
{
    bool of_syn = o->mss || o->sack_permitted || o->has_window_scale;
    return o->sack_count > CRAFT_SACK_BLOCKS_MAX || (of_syn && o->sack_count) ? STATUS_BAD_USAGE : STATUS_OK;
}

enum status craft_build_tcp(struct craft *craft, const struct craft_ip *ip, const struct craft_tcp *tcp,
                            struct craft_bytes payload, struct craft_frame *out)
{
    struct option_writer options = { .length = 0 };
    if (check_options(&tcp->options) != STATUS_OK)
        return STATUS_BAD_USAGE;
    write_options(&tcp->options, &options);
    size_t length = TCP_HEADER_BYTES + options.length + payload.length;
    if (check(ip, length) != STATUS_OK)
        return STATUS_BAD_USAGE;
    if (options.length &&
        libnet_build_tcp_options(options.bytes, (uint32_t)options.length, craft->libnet, 0) < 0)
        return transport_failed(craft);
    if (libnet_build_tcp(tcp->source_port, tcp->destination_port, tcp->sequence, tcp->acknowledgment, tcp->flags,
                         tcp->window, 0, 0, (uint16_t)length, payload.bytes, (uint32_t)payload.length, craft->libnet,
                         0) < 0)
        return transport_failed(craft);
    return finish(craft, ip, PROTOCOL_TCP, length, out);
}

enum status craft_build_udp(struct craft *craft, const struct craft_ip *ip, const struct craft_udp *udp,
                            struct craft_bytes payload, struct craft_frame *out)
{
    size_t length = UDP_HEADER_BYTES + payload.length;
    if (check(ip, length) != STATUS_OK)
        return STATUS_BAD_USAGE;
    if (libnet_build_udp(udp->source_port, udp->destination_port, (uint16_t)length, 0, payload.bytes,
                         (uint32_t)payload.length, craft->libnet, 0) < 0)
        return transport_failed(craft);
    return finish(craft, ip, PROTOCOL_UDP, length, out);
}

/* The echo builders serve for every type: they are libnet's only ones that set both halves of the header's second
 * word (id, sequence), which libnet_build_icmpv4_unreach() leaves zero; "too big" needs it for the MTU. */
enum status craft_build_icmp(struct craft *craft, const struct craft_ip *ip, const struct craft_icmp *icmp,
                             struct craft_bytes payload, struct craft_frame *out)
{
    size_t length = ICMP_HEADER_BYTES + payload.length;
    if (check(ip, length) != STATUS_OK)
        return STATUS_BAD_USAGE;
    uint16_t high = (uint16_t)(icmp->rest >> 16), low = (uint16_t)icmp->rest;
    bool v4 = is_v4(ip);
    libnet_ptag_t tag;
    if (v4)
        tag = libnet_build_icmpv4_echo(icmp->type, icmp->code, 0, high, low, payload.bytes, (uint32_t)payload.length,
                                       craft->libnet, 0);
    else
        tag = libnet_build_icmpv6_echo(icmp->type, icmp->code, 0, high, low, (uint8_t *)(uintptr_t)payload.bytes,
                                       (uint32_t)payload.length, craft->libnet, 0);
    if (tag < 0)
        return transport_failed(craft);
    return finish(craft, ip, v4 ? PROTOCOL_ICMP : PROTOCOL_ICMPV6, length, out);
}
