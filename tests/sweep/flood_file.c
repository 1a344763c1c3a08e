/* SPDX-License-Identifier: Apache-2.0 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "flood.h"

/* Files whose blocks and records are the matter, written by hand: little-endian. */

struct out {
    uint8_t *bytes;
    size_t length, capacity;
    bool failed;
};

static void put(struct out *o, const void *bytes, size_t length)
{
    if (o->length + length > o->capacity && !o->failed) {
        size_t capacity = (o->length + length) * 2;
        uint8_t *larger = realloc(o->bytes, capacity);
        o->failed = !larger;
        o->bytes = larger ? larger : o->bytes;
        o->capacity = larger ? capacity : o->capacity;
    }
    if (o->failed)
        return;
    memcpy(o->bytes + o->length, bytes, length);
    o->length += length;
}

static void put_u(struct out *o, uint64_t value, size_t length)
{
    uint8_t bytes[8];
    for (size_t i = 0; i < length; i++)
        bytes[i] = (uint8_t)(value >> 8 * i);
    put(o, bytes, length);
}

static uint8_t *finish(struct out *o, size_t *length)
{
    *length = o->length;
    if (!o->failed)
        return o->bytes;
    free(o->bytes);
    return NULL;
}

static void put_section(struct out *o)
{
    put_u(o, 0x0a0d0d0a, 4);
    put_u(o, 28, 4);
    put_u(o, 0x1a2b3c4d, 4);
    put_u(o, 1, 2);
    put_u(o, 0, 2);
    put_u(o, UINT64_MAX, 8);
    put_u(o, 28, 4);
}

/* With the options if_tsresol and if_tsoffset. */
static void put_interface(struct out *o, uint16_t link_type, uint8_t resolution, uint64_t offset_seconds)
{
    enum { BYTES = 20 + 8 + 12 + 4 };
    put_u(o, 1, 4);
    put_u(o, BYTES, 4);
    put_u(o, link_type, 2);
    put_u(o, 0, 2);
    put_u(o, 0, 4);
    put_u(o, 9 | 1 << 16, 4);
    put_u(o, resolution, 4);
    put_u(o, 14 | 8 << 16, 4);
    put_u(o, offset_seconds, 8);
    put_u(o, 0, 4);
    put_u(o, BYTES, 4);
}

/* A SYN to a gateway from the client of that number, without checksums. */
static void make_syn(uint8_t frame[54], uint32_t number)
{
    static const uint8_t template[54] = { 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 1, 8, 0, 0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6,
                                          0, 0, 10, 0, 0, 0, 18, 134, 68, 9, 8, 0, 0x10, 0x63, 0, 0, 0, 1, 0, 0, 0, 0,
                                          0x50, 2, 0xfa, 0, 0, 0, 0, 0 };
    memcpy(frame, template, sizeof template);
    frame[27] = (uint8_t)(number >> 16);
    frame[28] = (uint8_t)(number >> 8);
    frame[29] = (uint8_t)number;
}

static void put_packet(struct out *o, uint32_t interface, uint64_t stamp, uint32_t number)
{
    enum { BYTES = 32 + 56 };
    uint8_t frame[56] = { 0 };
    make_syn(frame, number);
    put_u(o, 6, 4);
    put_u(o, BYTES, 4);
    put_u(o, interface, 4);
    put_u(o, stamp >> 32, 4);
    put_u(o, stamp, 4);
    put_u(o, 54, 4);
    put_u(o, 54, 4);
    put(o, frame, sizeof frame);
    put_u(o, BYTES, 4);
}

/* An Interface Statistics Block with the counters of what the interface and the system dropped. */
static void put_statistics(struct out *o, uint32_t interface, uint64_t drops)
{
    enum { BYTES = 20 + 12 + 12 + 4 + 4 };
    put_u(o, 5, 4);
    put_u(o, BYTES, 4);
    put_u(o, interface, 4);
    put_u(o, 0, 8);
    put_u(o, 5 | 8 << 16, 4);
    put_u(o, drops, 8);
    put_u(o, 7 | 8 << 16, 4);
    put_u(o, drops, 8);
    put_u(o, 0, 4);
    put_u(o, BYTES, 4);
}

static uint32_t share(uint64_t scale, uint32_t full)
{
    uint32_t count = (uint32_t)(full / scale);
    return count ? count : 1;
}

static uint8_t *make_interfaces(uint32_t interfaces, uint32_t packets, size_t *length)
{
    struct out o = { .length = 0 };
    put_section(&o);
    for (uint32_t i = 0; i < interfaces; i++)
        put_interface(&o, i % 8 == 7 ? (uint16_t)i : 1, (uint8_t)(i % 3 ? 9 : i), 0);
    for (uint32_t i = 0; i < packets; i++)
        put_packet(&o, i % interfaces, UINT64_C(1795341600000000) + i, i);
    for (uint32_t i = 0; i < interfaces; i++)
        put_statistics(&o, i, UINT64_MAX - 1 - i);
    return finish(&o, length);
}

uint8_t *flood_interfaces(uint64_t scale, size_t *length)
{
    return make_interfaces(4096, share(scale, 102400), length);
}

uint8_t *flood_many_interfaces(uint64_t scale, size_t *length)
{
    return make_interfaces(share(scale, 100000), share(scale, 100000), length);
}

/* Stamps and offsets at both ends of what the format can say, in turn. */
uint8_t *flood_extreme_times(uint64_t scale, size_t *length)
{
    static const uint8_t resolutions[] = { 0, 6, 9, 127, 128, 255, 3, 192 };
    static const uint64_t offsets[] = { 0, INT64_MAX, UINT64_C(1) << 63, UINT64_MAX, 9223372036,
                                        UINT64_MAX - 9223372036 };
    static const uint64_t stamps[] = { 0, UINT64_MAX, INT64_MAX, UINT64_C(1) << 63, 1, 1795341600000000 };
    enum { RESOLUTIONS = sizeof resolutions, OFFSETS = sizeof offsets / sizeof *offsets,
           STAMPS = sizeof stamps / sizeof *stamps };
    struct out o = { .length = 0 };
    put_section(&o);
    for (uint32_t i = 0; i < RESOLUTIONS * OFFSETS; i++)
        put_interface(&o, 1, resolutions[i / OFFSETS], offsets[i % OFFSETS]);
    for (uint32_t i = 0, n = share(scale, 100000); i < n; i++)
        put_packet(&o, i * 7 % (RESOLUTIONS * OFFSETS), stamps[i % STAMPS] + i / STAMPS, i % 5000);
    return finish(&o, length);
}

/* Forward by ten seconds and back by five, again and again, and now and then by days. */
uint8_t *flood_clock_steps(uint64_t scale, size_t *length)
{
    struct out o = { .length = 0 };
    uint64_t now_us = UINT64_C(1795341600000000);
    put_section(&o);
    put_interface(&o, 1, 6, 0);
    for (uint32_t i = 0, n = share(scale, 100000); i < n; i++) {
        now_us = i % 2 ? now_us - 5000000 : now_us + 10000000;
        if (i % 1000 == 999)
            now_us = i % 2000 == 999 ? now_us + UINT64_C(200000000000) : now_us - UINT64_C(200000000000);
        put_packet(&o, 0, now_us, i);
    }
    return finish(&o, length);
}

/* Records without a byte of packet: the most packets that a file of a size can hold. */
uint8_t *flood_empty_records(uint64_t scale, size_t *length)
{
    struct out o = { .length = 0 };
    put_u(&o, 0xa1b2c3d4, 4);
    put_u(&o, 2 | 4 << 16, 4);
    put_u(&o, 0, 8);
    put_u(&o, 65535, 4);
    put_u(&o, 1, 4);
    for (uint32_t i = 0, n = share(scale, 2000000); i < n; i++)
        for (int field = 0; field < 4; field++)
            put_u(&o, 0, 4);
    return finish(&o, length);
}

uint8_t *flood_sections(uint64_t scale, size_t *length)
{
    struct out o = { .length = 0 };
    for (uint32_t i = 0, n = share(scale, 100000); i < n; i++) {
        put_section(&o);
        put_interface(&o, 1, 6, 0);
        put_packet(&o, 0, UINT64_C(1795341600000000) + i, i);
    }
    return finish(&o, length);
}
