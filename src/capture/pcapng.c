/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/pcapng.h"

#include <inttypes.h>
#include <string.h>

#include "capture/reader.h"
#include "capture/section.h"

enum {
    BLOCK_HEADER_BYTES = 8,
    BLOCK_TRAILER_BYTES = 4,
    BLOCK_BYTES_MIN = 12,
    KNOWN_BLOCK_BYTES_MAX = 16 * 1024 * 1024, /* of a block we look into; Wireshark draws the line there too */
};

enum block_type {
    BLOCK_INTERFACE = 1,
    BLOCK_PACKET = 2, /* obsolete */
    BLOCK_SIMPLE_PACKET = 3,
    BLOCK_STATISTICS = 5,
    BLOCK_ENHANCED_PACKET = 6,
    BLOCK_SECTION = 0x0a0d0d0a,
};

enum option_code {
    OPTION_PACKET_FLAGS = 2,
    OPTION_PACKET_DROPS = 4,
};

bool capture_pcapng_magic(const uint8_t magic[4])
{
    return memcmp(magic, "\x0a\x0d\x0d\x0a", 4) == 0;
}

static enum status start(struct capture_reader *reader, struct cursor *c, struct error *error)
{
    struct cursor header = *c;
    cursor_skip(&header, BLOCK_HEADER_BYTES);
    enum capture_walk walk = capture_section_start(reader, &header);
    if (!cursor_ok(&header))
        return error_set(error, STATUS_BAD_INPUT,
                         "%.255s ends inside the first pcapng block, before any packet: record it again.",
                         reader->info.name);
    if (walk == CAPTURE_WALK_DAMAGED)
        return error_set(error, STATUS_BAD_INPUT,
                         "%.255s begins like pcapng, but cannot be read (%s at byte 0): record it again.",
                         reader->info.name, reader->damage);
    return STATUS_OK;
}

static void set_flags(struct capture_packet *packet, uint32_t flags)
{
    enum { DIRECTION_MASK = 3, INBOUND = 1, OUTBOUND = 2, NOT_READY = 1 << 9, VALID = 1 << 10, SEGMENTED = 1 << 11 };
    uint32_t direction = flags & DIRECTION_MASK;
    if (direction == INBOUND)
        packet->direction = CAPTURE_DIRECTION_INBOUND;
    else if (direction == OUTBOUND)
        packet->direction = CAPTURE_DIRECTION_OUTBOUND;
    if (flags & NOT_READY)
        packet->flags |= CAPTURE_CHECKSUM_NOT_READY;
    if (flags & VALID)
        packet->flags |= CAPTURE_CHECKSUM_VALID;
    if (flags & SEGMENTED)
        packet->flags |= CAPTURE_SEGMENTED_LATER;
}

/* Of an enhanced or an obsolete packet block. */
static void packet_options(struct capture_reader *reader, struct cursor *c, struct capture_packet *packet,
                           struct capture_interface *interface)
{
    const struct capture_section *s = reader->section;
    struct capture_section_option option;
    while (capture_section_option(s, c, &option)) {
        size_t length = cursor_left(&option.value);
        if (option.code == CAPTURE_SECTION_COMMENT)
            capture_reader_add_comment(reader, reader->info.packets + 1, option.value.at, length);
        else if (option.code == OPTION_PACKET_FLAGS && length == 4)
            set_flags(packet, capture_section_u32(s, &option.value));
        else if (option.code == OPTION_PACKET_DROPS && length == 8)
            capture_section_add_drops(reader, interface, capture_section_u64(s, &option.value));
    }
}

static void set_interface(struct capture_reader *reader, struct capture_packet *packet, uint32_t id)
{
    const struct capture_interface *interface = capture_section_interface(reader->section, id);
    uint32_t base = reader->section->interface_base;
    packet->interface = id < UINT32_MAX - base ? base + id : UINT32_MAX;
    packet->link_type = interface ? interface->link_type : CAPTURE_NO_LINK_TYPE;
    if (!interface)
        reader->info.bad_interface_packets++;
}

/* From the time stamp on, enhanced and obsolete packet blocks are the same. */
static enum capture_walk timed_packet(struct capture_reader *reader, struct cursor *c, struct capture_block *block,
                                      uint32_t id)
{
    static const struct capture_interface usual = { .resolution = CAPTURE_INTERFACE_RESOLUTION_DEFAULT };
    struct capture_section *s = reader->section;
    struct capture_interface *interface = capture_section_interface(s, id);
    uint64_t stamp = (uint64_t)capture_section_u32(s, c) << 32;
    stamp |= capture_section_u32(s, c);
    struct capture_packet packet = { .captured_bytes = capture_section_u32(s, c) };
    packet.wire_bytes = capture_section_u32(s, c);
    packet.bytes = cursor_take(c, packet.captured_bytes);
    if (!packet.bytes || packet.captured_bytes > CAPTURE_PACKET_BYTES_MAX)
        return capture_reader_damage(reader, "A block that claims a packet of %u bytes begins", packet.captured_bytes);
    cursor_skip(c, capture_section_padding(packet.captured_bytes));
    packet.time_ns = capture_interface_time_ns(interface ? interface : &usual, stamp);
    set_interface(reader, &packet, id);
    packet_options(reader, c, &packet, interface);
    capture_reader_add_packet(reader, block, &packet);
    return CAPTURE_WALK_ALL;
}

static enum capture_walk on_enhanced(struct capture_reader *reader, struct cursor *c, struct capture_block *block)
{
    uint32_t id = capture_section_u32(reader->section, c);
    return timed_packet(reader, c, block, id);
}

static enum capture_walk on_obsolete(struct capture_reader *reader, struct cursor *c, struct capture_block *block)
{
    enum { DROPS_UNKNOWN = 0xffff };
    uint16_t id = capture_section_u16(reader->section, c);
    uint16_t drops = capture_section_u16(reader->section, c);
    if (cursor_ok(c) && drops != DROPS_UNKNOWN)
        capture_section_add_drops(reader, capture_section_interface(reader->section, id), drops);
    return timed_packet(reader, c, block, id);
}

/* Has neither a time nor an interface (it is the first) nor a captured length (the snap length says it). */
static enum capture_walk on_simple(struct capture_reader *reader, struct cursor *c, struct capture_block *block)
{
    struct capture_packet packet = { .wire_bytes = capture_section_u32(reader->section, c), .flags = CAPTURE_NO_TIME };
    if (!cursor_ok(c))
        return capture_reader_damage(reader, "A block too short for a packet begins");
    const struct capture_interface *interface = capture_section_interface(reader->section, 0);
    if (interface && interface->snap_length > 0)
        cursor_limit(c, interface->snap_length);
    cursor_limit(c, packet.wire_bytes);
    if (cursor_left(c) > CAPTURE_PACKET_BYTES_MAX)
        return capture_reader_damage(reader, "A block that claims a packet of %u bytes begins", packet.wire_bytes);
    packet.captured_bytes = (uint32_t)cursor_left(c);
    packet.bytes = c->at;
    packet.time_ns = reader->last_time_ns;
    set_interface(reader, &packet, 0);
    capture_reader_add_packet(reader, block, &packet);
    return CAPTURE_WALK_ALL;
}

typedef enum capture_walk block_handler(struct capture_reader *reader, struct cursor *c, struct capture_block *block);

/* NULL for the blocks that are passed over: names, secrets, custom and everything not known. */
static block_handler *handler_of(uint32_t type)
{
    switch (type) {
    case BLOCK_SECTION: return capture_section_on_header;
    case BLOCK_INTERFACE: return capture_section_on_interface;
    case BLOCK_PACKET: return on_obsolete;
    case BLOCK_SIMPLE_PACKET: return on_simple;
    case BLOCK_STATISTICS: return capture_section_on_statistics;
    case BLOCK_ENHANCED_PACKET: return on_enhanced;
    default: return NULL;
    }
}

struct frame {
    uint32_t type;
    uint64_t length; /* with header and trailer, padded */
};

static uint64_t padded(uint32_t length)
{
    return (uint64_t)length + capture_section_padding(length);
}

/* The type and length of the block at the cursor; false when they are not there as a whole. */
static bool frame_of(const struct capture_section *s, struct cursor c, struct frame *out)
{
    bool big_endian = s->big_endian;
    struct cursor ahead = c;
    if (cursor_u32be(&ahead) == BLOCK_SECTION) { /* reads the same both ways; its byte order follows the length */
        cursor_skip(&ahead, 4);
        big_endian = cursor_u32be(&ahead) == CAPTURE_SECTION_BYTE_ORDER_MARK;
    }
    out->type = big_endian ? cursor_u32be(&c) : cursor_u32le(&c);
    out->length = padded(big_endian ? cursor_u32be(&c) : cursor_u32le(&c));
    return cursor_ok(&ahead) && cursor_ok(&c);
}

/* A block too long to lie in one piece: what is there of it was looked at, the rest is passed over. */
static void pass_over(struct capture_reader *reader, struct cursor *c, uint64_t length)
{
    size_t here = cursor_left(c) < length ? cursor_left(c) : (size_t)length;
    cursor_skip(c, here);
    reader->skip_bytes = length - here;
    reader->skip_behind = here;
}

/* `body` is the block after its header, as far as it lies in one piece. */
static enum capture_walk take_block(struct capture_reader *reader, const struct frame *frame, struct cursor body,
                                    struct capture_block *block)
{
    struct cursor inner = body;
    block_handler *handler = handler_of(frame->type);
    if (frame->length <= CAPTURE_RECORD_BYTES_MAX) {
        /* The trailer is in the byte order of the block, which a section header is about to change. */
        inner = cursor_sub(&body, cursor_left(&body) - BLOCK_TRAILER_BYTES);
        struct cursor little = body;
        if (padded(cursor_u32be(&body)) != frame->length && padded(cursor_u32le(&little)) != frame->length)
            return capture_reader_damage(reader, "A block whose two lengths differ begins");
    }
    return handler ? handler(reader, &inner, block) : CAPTURE_WALK_ALL;
}

static enum capture_walk walk(struct capture_reader *reader, struct cursor *c, struct capture_block *block)
{
    struct frame frame;
    while (block->packet_count < CAPTURE_BLOCK_PACKETS) {
        if (!frame_of(reader->section, *c, &frame))
            return CAPTURE_WALK_ALL;
        bool too_long = frame.length > KNOWN_BLOCK_BYTES_MAX && handler_of(frame.type);
        if (frame.length < BLOCK_BYTES_MIN || too_long)
            return capture_reader_damage(reader, "A block that claims a length of %" PRIu64 " bytes begins",
                                         frame.length);
        uint64_t piece = frame.length < CAPTURE_RECORD_BYTES_MAX ? frame.length : CAPTURE_RECORD_BYTES_MAX;
        if (cursor_left(c) < piece)
            return CAPTURE_WALK_ALL;
        struct cursor body = *c;
        cursor_limit(&body, (size_t)piece);
        cursor_skip(&body, BLOCK_HEADER_BYTES);
        if (take_block(reader, &frame, body, block) == CAPTURE_WALK_DAMAGED)
            return CAPTURE_WALK_DAMAGED;
        pass_over(reader, c, frame.length);
    }
    return CAPTURE_WALK_FULL;
}

const struct capture_walker capture_pcapng_walker = { .format = "pcapng", .start = start, .walk = walk };
