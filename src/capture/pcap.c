/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/pcap.h"

#include "base/nsec.h"
#include "capture/link.h"
#include "capture/reader.h"

enum {
    FILE_HEADER_BYTES = 24,
    PACKET_OUTGOING = 4, /* linux/if_packet.h, in the modified records */
    PACKET_MULTICAST = 2,
};

static const struct {
    uint32_t value;
    bool nanoseconds, modified;
} magics[] = {
    { 0xa1b2c3d4, false, false },
    { 0xa1b23c4d, true, false },
    { 0xa1b2cd34, false, true },
};

bool capture_pcap_magic(const uint8_t magic[4], struct capture_pcap *out)
{
    struct cursor big = cursor_make(magic, 4), little = cursor_make(magic, 4);
    uint32_t value_be = cursor_u32be(&big), value_le = cursor_u32le(&little);
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++) {
        if (magics[i].value != value_be && magics[i].value != value_le)
            continue;
        *out = (struct capture_pcap){
            .big_endian = magics[i].value == value_be,
            .nanoseconds = magics[i].nanoseconds,
            .modified = magics[i].modified,
        };
        return true;
    }
    return false;
}

static inline uint32_t u32(struct cursor *c, bool big_endian)
{
    return big_endian ? cursor_u32be(c) : cursor_u32le(c);
}

static inline uint16_t u16(struct cursor *c, bool big_endian)
{
    return big_endian ? cursor_u16be(c) : cursor_u16le(c);
}

static enum capture_pcap_lengths lengths_of_version(unsigned major, unsigned minor)
{
    if (major == 543 || (major == 2 && minor < 3))
        return CAPTURE_PCAP_LENGTHS_SWAPPED;
    if (major == 2 && minor == 3)
        return CAPTURE_PCAP_LENGTHS_EITHER;
    return CAPTURE_PCAP_LENGTHS_NORMAL;
}

static enum status start(struct capture_reader *reader, struct cursor *c, struct error *error)
{
    struct capture_pcap *pcap = &reader->pcap;
    const uint8_t *magic = cursor_take(c, 4);
    if (!magic || !capture_pcap_magic(magic, pcap))
        return error_set(error, STATUS_BAD_INPUT, "%.255s is no pcap file.", reader->info.name);
    unsigned major = u16(c, pcap->big_endian);
    unsigned minor = u16(c, pcap->big_endian);
    cursor_skip(c, 8); /* time zone and accuracy: nobody ever set them */
    uint32_t snap_length = u32(c, pcap->big_endian);
    uint32_t network = u32(c, pcap->big_endian); /* the upper half says whether frames end with a check sequence */
    if (!cursor_ok(c))
        return error_set(error, STATUS_BAD_INPUT,
                         "%.255s ends inside the file header of %d bytes, before any packet: record it again.",
                         reader->info.name, FILE_HEADER_BYTES);
    if (major < 2)
        return error_set(error, STATUS_BAD_INPUT,
                         "%.255s is pcap of version %u.%u, which is older than any documented format: record it again.",
                         reader->info.name, major, minor);
    pcap->lengths = (uint8_t)lengths_of_version(major, minor);
    pcap->link_type = capture_link_from_file((uint16_t)(network & 0xffff));
    capture_reader_add_snap_length(reader, snap_length);
    return STATUS_OK;
}

static uint8_t direction_of(uint8_t packet_type)
{
    if (packet_type == PACKET_OUTGOING)
        return CAPTURE_DIRECTION_OUTBOUND;
    return packet_type <= PACKET_MULTICAST ? CAPTURE_DIRECTION_INBOUND : CAPTURE_DIRECTION_UNKNOWN;
}

static void set_lengths(struct capture_packet *packet, uint8_t lengths, uint32_t first, uint32_t second)
{
    bool swap = lengths == CAPTURE_PCAP_LENGTHS_SWAPPED || (lengths == CAPTURE_PCAP_LENGTHS_EITHER && first > second);
    packet->captured_bytes = swap ? second : first;
    packet->wire_bytes = swap ? first : second;
}

/* The record header at the cursor; false when it is not there as a whole. */
static bool record_header(const struct capture_pcap *pcap, struct cursor *c, struct capture_packet *packet)
{
    uint32_t seconds = u32(c, pcap->big_endian);
    uint32_t fraction = u32(c, pcap->big_endian);
    uint32_t first = u32(c, pcap->big_endian);
    uint32_t second = u32(c, pcap->big_endian);
    set_lengths(packet, pcap->lengths, first, second);
    packet->time_ns = seconds * NSEC_PER_SEC + (pcap->nanoseconds ? fraction : fraction * INT64_C(1000));
    if (pcap->modified) {
        cursor_skip(c, 6); /* interface index and protocol */
        packet->direction = direction_of(cursor_u8(c));
        cursor_skip(c, 1);
    }
    return cursor_ok(c);
}

static enum capture_walk walk(struct capture_reader *reader, struct cursor *c, struct capture_block *block)
{
    const struct capture_pcap pcap = reader->pcap;
    struct capture_packet packet = { .link_type = pcap.link_type };

    while (block->packet_count < CAPTURE_BLOCK_PACKETS) {
        struct cursor record = *c;
        if (!record_header(&pcap, &record, &packet))
            return CAPTURE_WALK_ALL;
        if (packet.captured_bytes > CAPTURE_PACKET_BYTES_MAX)
            return capture_reader_damage(reader, "A packet record that claims %u bytes begins", packet.captured_bytes);
        packet.bytes = cursor_take(&record, packet.captured_bytes);
        if (!packet.bytes)
            return CAPTURE_WALK_ALL;
        capture_reader_add_packet(reader, block, &packet);
        *c = record;
    }
    return CAPTURE_WALK_FULL;
}

const struct capture_walker capture_pcap_walker = { .format = "pcap", .start = start, .walk = walk };
