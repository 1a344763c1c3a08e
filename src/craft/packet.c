/* SPDX-License-Identifier: Apache-2.0 */
#include "craft/craft.h"

#include "base/cursor.h"

/* What can be asked of, or done to, an IP packet that is already bytes. */

enum {
    IPV4_HEADER_BYTES = 20,
    IPV6_HEADER_BYTES = 40,
    TTL_OFFSET_V4 = 8,
    CHECKSUM_OFFSET_V4 = 10,
    HOP_LIMIT_OFFSET_V6 = 7,
    PROTOCOL_ICMP = 1,
    ALL_ONES = 0xffff,
};

uint16_t craft_checksum(struct craft_bytes bytes, uint16_t start)
{
    uint32_t sum = start;
    for (size_t i = 0; i < bytes.length; i++) {
        sum += i % 2 ? bytes.bytes[i] : (uint32_t)bytes.bytes[i] << 8;
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return (uint16_t)sum;
}

static unsigned ip_version(struct craft_bytes packet)
{
    return packet.length ? packet.bytes[0] >> 4 : 0;
}

struct craft_bytes craft_quote(struct craft_bytes packet, size_t after_header_bytes)
{
    size_t keep = (ip_version(packet) == 6 ? IPV6_HEADER_BYTES : IPV4_HEADER_BYTES) + after_header_bytes;
    return (struct craft_bytes){ packet.bytes, keep < packet.length ? keep : packet.length };
}

/* RFC 9293, section 3.1 and RFC 8200, section 8.1: addresses, length and protocol count before the segment. */
static uint16_t pseudo_header(struct craft_bytes addresses, size_t length, uint8_t protocol)
{
    const uint8_t tail[] = { (uint8_t)(length >> 24), (uint8_t)(length >> 16), (uint8_t)(length >> 8),
                             (uint8_t)length, 0, protocol };
    return craft_checksum((struct craft_bytes){ tail, sizeof tail }, craft_checksum(addresses, 0));
}

static bool v4_right(struct cursor packet)
{
    struct cursor header = packet;
    uint8_t header_bytes = (uint8_t)((cursor_u8(&header) & 0x0f) * 4);
    cursor_skip(&header, 1);
    uint16_t total_bytes = cursor_u16be(&header);
    cursor_skip(&header, 5);
    uint8_t protocol = cursor_u8(&header);
    cursor_skip(&header, 2);
    const uint8_t *addresses = cursor_take(&header, 8);
    const uint8_t *whole = cursor_take(&packet, header_bytes);
    if (!addresses || !whole || header_bytes < IPV4_HEADER_BYTES || total_bytes < header_bytes)
        return false;
    size_t length = (size_t)(total_bytes - header_bytes);
    const uint8_t *body = cursor_take(&packet, length);
    if (!body || craft_checksum((struct craft_bytes){ whole, header_bytes }, 0) != ALL_ONES)
        return false;
    uint16_t start = 0;
    if (protocol != PROTOCOL_ICMP)
        start = pseudo_header((struct craft_bytes){ addresses, 8 }, length, protocol);
    return craft_checksum((struct craft_bytes){ body, length }, start) == ALL_ONES;
}

static bool v6_right(struct cursor packet)
{
    cursor_skip(&packet, 4);
    uint16_t length = cursor_u16be(&packet);
    uint8_t protocol = cursor_u8(&packet);
    cursor_skip(&packet, 1);
    const uint8_t *addresses = cursor_take(&packet, 32);
    const uint8_t *body = cursor_take(&packet, length);
    if (!addresses || !body)
        return false;
    uint16_t start = pseudo_header((struct craft_bytes){ addresses, 32 }, length, protocol);
    return craft_checksum((struct craft_bytes){ body, length }, start) == ALL_ONES;
}

bool craft_checksums_right(struct craft_bytes packet)
{
    struct cursor cursor = cursor_make(packet.bytes, packet.length);
    return ip_version(packet) == 6 ? v6_right(cursor) : ip_version(packet) == 4 && v4_right(cursor);
}

static void renew_v4_checksum(uint8_t *packet)
{
    packet[CHECKSUM_OFFSET_V4] = packet[CHECKSUM_OFFSET_V4 + 1] = 0;
    uint16_t sum = (uint16_t)~craft_checksum((struct craft_bytes){ packet, IPV4_HEADER_BYTES }, 0);
    packet[CHECKSUM_OFFSET_V4] = (uint8_t)(sum >> 8);
    packet[CHECKSUM_OFFSET_V4 + 1] = (uint8_t)sum;
}

void craft_set_ttl(uint8_t *packet, size_t length, uint8_t ttl)
{
    unsigned version = ip_version((struct craft_bytes){ packet, length });
    if (version == 4 && length >= IPV4_HEADER_BYTES) {
        packet[TTL_OFFSET_V4] = ttl;
        renew_v4_checksum(packet);
    } else if (version == 6 && length >= IPV6_HEADER_BYTES) {
        packet[HOP_LIMIT_OFFSET_V6] = ttl;
    }
}
