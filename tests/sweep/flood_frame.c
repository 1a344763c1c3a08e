/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "flood.h"

/* Frames whose headers are the matter: fragments, tunnels in tunnels, types that nobody reads. */

enum { ETHERNET_BYTES = 14, IPV4_BYTES = 20, FRAME_BYTES = 1514 };

static size_t put_ethernet(uint8_t *out, uint16_t type)
{
    memset(out, 0, ETHERNET_BYTES);
    out[5] = 2;
    out[11] = 1;
    out[12] = (uint8_t)(type >> 8);
    out[13] = (uint8_t)type;
    return ETHERNET_BYTES;
}

static size_t put_ipv4(uint8_t *out, uint8_t protocol, size_t total, uint32_t number, uint16_t fragment)
{
    const uint8_t head[IPV4_BYTES] = { 0x45, 0, (uint8_t)(total >> 8), (uint8_t)total, (uint8_t)(number >> 8),
                                       (uint8_t)number, (uint8_t)(fragment >> 8), (uint8_t)fragment, 64, protocol, 0,
                                       0, 10, (uint8_t)(number >> 16), (uint8_t)(number >> 8), (uint8_t)number, 18,
                                       134, 68, 9 };
    memcpy(out, head, sizeof head);
    uint16_t sum = (uint16_t)~craft_checksum((struct craft_bytes){ out, sizeof head }, 0);
    out[10] = (uint8_t)(sum >> 8);
    out[11] = (uint8_t)sum;
    return sizeof head;
}

static size_t put_udp(uint8_t *out, size_t payload_bytes)
{
    const uint8_t head[8] = { 0x10, 0x00, 0x10, 0x63, (uint8_t)((payload_bytes + 8) >> 8),
                              (uint8_t)(payload_bytes + 8), 0, 0 };
    memcpy(out, head, sizeof head);
    memset(out + sizeof head, 0, payload_bytes);
    return sizeof head + payload_bytes;
}

/* First fragments, middle ones of nothing, and last ones of something else. */
void flood_fragments(struct flood_file *f)
{
    enum { PAYLOAD = 64, MORE = 0x2000 };
    static const uint16_t forms[4] = { MORE, MORE | 185, 370, MORE | 1 };
    uint8_t frame[FRAME_BYTES];
    for (uint32_t i = 0, n = flood_count(f, 200000); i < n; i++) {
        size_t length = put_ethernet(frame, 0x0800);
        length += put_ipv4(frame + length, 17, IPV4_BYTES + 8 + PAYLOAD, i / 2, forms[i % 4]);
        length += put_udp(frame + length, PAYLOAD);
        flood_raw(f, frame, length);
    }
}

/* IPv4 in IPv4 as often as fits. */
static size_t nest_ipv4(uint8_t *frame, uint32_t i)
{
    size_t length = put_ethernet(frame, 0x0800), end = FRAME_BYTES - 8;
    for (; length + IPV4_BYTES + 8 <= end; length += IPV4_BYTES)
        put_ipv4(frame + length, length + 2 * IPV4_BYTES + 8 <= end ? 4 : 17, FRAME_BYTES - length, i, 0);
    return length + put_udp(frame + length, FRAME_BYTES - length - 8);
}

/* Labels or tags to the end of the frame; the last one may say that it is the last. */
static size_t nest_labels(uint8_t *frame, uint32_t i)
{
    static const uint16_t types[3] = { 0x8847, 0x8100, 0x88a8 };
    size_t length = put_ethernet(frame, types[i % 3]);
    for (; length + 4 <= FRAME_BYTES; length += 4) {
        const uint8_t label[4] = { 0, (uint8_t)(i % 3 ? 1 : 16), i % 3 == 0 ? 0x00 : 0x81, i % 3 == 0 ? 64 : 0x00 };
        memcpy(frame + length, label, sizeof label);
    }
    return length;
}

/* IPv6 with options headers to the end: hop-by-hop, destination, routing in turn, each of eight bytes. */
static size_t nest_options(uint8_t *frame, uint32_t i)
{
    static const uint8_t kinds[3] = { 60, 43, 60 };
    size_t length = put_ethernet(frame, 0x86dd), payload = FRAME_BYTES - ETHERNET_BYTES - 40;
    memset(frame + length, 0, FRAME_BYTES - length);
    frame[length] = 0x60;
    frame[length + 4] = (uint8_t)(payload >> 8);
    frame[length + 5] = (uint8_t)payload;
    frame[length + 6] = 0;
    frame[length + 7] = 64;
    memcpy(frame + length + 8, &i, sizeof i);
    frame[length + 39] = 1;
    for (length += 40; length + 8 <= FRAME_BYTES; length += 8)
        frame[length] = kinds[length / 8 % 3];
    return FRAME_BYTES;
}

/* GRE in IPv4 in GRE ... */
static size_t nest_gre(uint8_t *frame, uint32_t i)
{
    size_t length = put_ethernet(frame, 0x0800);
    while (length + IPV4_BYTES + 4 <= FRAME_BYTES) {
        length += put_ipv4(frame + length, 47, FRAME_BYTES - length, i, 0);
        memcpy(frame + length, (const uint8_t[]){ 0, 0, 8, 0 }, 4);
        length += 4;
    }
    return length;
}

/* VXLAN in VXLAN: Ethernet, IPv4, UDP 4789, and again. */
static size_t nest_vxlan(uint8_t *frame, uint32_t i)
{
    enum { LAYER = ETHERNET_BYTES + IPV4_BYTES + 16 };
    size_t length = 0;
    while (length + LAYER <= FRAME_BYTES) {
        length += put_ethernet(frame + length, 0x0800);
        size_t left = FRAME_BYTES - length;
        length += put_ipv4(frame + length, 17, left, i, 0);
        const uint8_t heads[16] = { 0x12, 0xb5, 0x12, 0xb5, (uint8_t)((left - IPV4_BYTES) >> 8),
                                    (uint8_t)(left - IPV4_BYTES), 0, 0, 8, 0, 0, 0, 0, 0, 1, 0 };
        memcpy(frame + length, heads, sizeof heads);
        length += sizeof heads;
    }
    return length;
}

void flood_tunnels(struct flood_file *f)
{
    static size_t (*const nests[])(uint8_t *, uint32_t) = { nest_ipv4, nest_labels, nest_options, nest_gre,
                                                            nest_vxlan };
    uint8_t frame[FRAME_BYTES + 64];
    for (uint32_t i = 0, n = flood_count(f, 60000); i < n; i++) {
        memset(frame, 0, sizeof frame);
        flood_raw(f, frame, nests[i % (sizeof nests / sizeof *nests)](frame, i));
    }
}

void flood_unsupported(struct flood_file *f)
{
    uint8_t frame[64] = { 0 };
    for (uint32_t i = 0, n = flood_count(f, 131072); i < n; i++) {
        size_t length = put_ethernet(frame, (uint16_t)(i >> 1));
        if (i & 1) {
            put_ethernet(frame, 0x0800);
            length += put_ipv4(frame + length, (uint8_t)(i >> 1), IPV4_BYTES + 8, i, 0);
            length += 8;
        }
        flood_raw(f, frame, length < 60 ? 60 : length);
    }
}
