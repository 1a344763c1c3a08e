/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/writer.h"

enum block { SECTION = 0x0a0d0d0a, INTERFACE = 1, PACKET = 6 };
enum option { END = 0, PACKET_FLAGS = 2, PACKET_ID = 5, TIME_RESOLUTION = 9 };
enum { NANOSECONDS = 9, BYTE_ORDER_MARK = 0x1a2b3c4d, VERSION_MAJOR = 1, VERSION_MINOR = 0, FRAME_BYTES = 12 };

static void put_u8(struct text *out, uint8_t value)
{
    text_add_bytes(out, (const char *)&value, 1);
}

static void put_u16(struct text *out, uint16_t value)
{
    put_u8(out, (uint8_t)value);
    put_u8(out, (uint8_t)(value >> 8));
}

static void put_u32(struct text *out, uint32_t value)
{
    put_u16(out, (uint16_t)value);
    put_u16(out, (uint16_t)(value >> 16));
}

static void put_u64(struct text *out, uint64_t value)
{
    put_u32(out, (uint32_t)value);
    put_u32(out, (uint32_t)(value >> 32));
}

static uint32_t padded(uint32_t length)
{
    return (length + 3) & ~UINT32_C(3);
}

static void put_padding(struct text *out, uint32_t length)
{
    for (uint32_t i = length; i < padded(length); i++)
        put_u8(out, 0);
}

static void put_option(struct text *out, enum option code, uint16_t length)
{
    put_u16(out, (uint16_t)code);
    put_u16(out, length);
}

/* A block's length stands on both its ends; the body is what lies between. */
static uint32_t open_block(struct text *out, enum block type, uint32_t body_bytes)
{
    uint32_t length = body_bytes + FRAME_BYTES;
    put_u32(out, (uint32_t)type);
    put_u32(out, length);
    return length;
}

void capture_writer_section(struct text *out)
{
    uint32_t length = open_block(out, SECTION, 16);
    put_u32(out, BYTE_ORDER_MARK);
    put_u16(out, VERSION_MAJOR);
    put_u16(out, VERSION_MINOR);
    put_u64(out, UINT64_MAX); /* the section's length is not known */
    put_u32(out, length);
}

void capture_writer_interface(struct text *out, uint16_t link_type, uint32_t snap_bytes)
{
    uint32_t length = open_block(out, INTERFACE, 8 + 8 + 4);
    put_u16(out, link_type);
    put_u16(out, 0);
    put_u32(out, snap_bytes);
    put_option(out, TIME_RESOLUTION, 1);
    put_u8(out, NANOSECONDS);
    put_padding(out, 1);
    put_option(out, END, 0);
    put_u32(out, length);
}

void capture_writer_packet(struct text *out, uint32_t interface, const struct capture_packet *p)
{
    uint32_t length = open_block(out, PACKET, 20 + padded(p->captured_bytes) + 8 + 12 + 4);
    uint64_t time = (uint64_t)p->time_ns;
    put_u32(out, interface);
    put_u32(out, (uint32_t)(time >> 32));
    put_u32(out, (uint32_t)time);
    put_u32(out, p->captured_bytes);
    put_u32(out, p->wire_bytes);
    text_add_bytes(out, (const char *)p->bytes, p->captured_bytes);
    put_padding(out, p->captured_bytes);
    put_option(out, PACKET_FLAGS, 4);
    put_u32(out, p->direction);
    put_option(out, PACKET_ID, 8);
    put_u64(out, p->frame);
    put_option(out, END, 0);
    put_u32(out, length);
}
