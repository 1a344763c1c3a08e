/* SPDX-License-Identifier: Apache-2.0 */
#include "craft/pcap.h"

#include <stdlib.h>
#include <string.h>

#include "base/nsec.h"

enum {
    FILE_LIMIT_BYTES = 256 * 1024 * 1024,
    FIRST_CAPACITY_BYTES = 64 * 1024,
    SNAP_NONE = 262144,
    OPTION_END = 0,
    OPTION_IF_FILTER = 11,
    OPTION_IF_TSRESOL = 9,
    RESOLUTION_NANOSECONDS = 9,
    EPB_FIXED_BYTES = 32,
};

#define MAGIC_NANOSECONDS UINT32_C(0xa1b23c4d)
#define MAGIC_BYTE_ORDER UINT32_C(0x1a2b3c4d)
#define BLOCK_SECTION UINT32_C(0x0a0d0d0a)
#define BLOCK_INTERFACE UINT32_C(1)
#define BLOCK_PACKET UINT32_C(6)

struct craft_pcap {
    struct craft_pcap_options options;
    uint8_t *bytes;
    size_t length, capacity, limit;
    uint64_t packets;
    bool failed;
};

/* Room for `more` bytes; false, for good, when there is none. */
static bool reserve(struct craft_pcap *pcap, size_t more)
{
    if (pcap->failed || more > pcap->limit - pcap->length) {
        pcap->failed = true;
        return false;
    }
    if (more <= pcap->capacity - pcap->length)
        return true;
    size_t wanted = pcap->capacity ? pcap->capacity : FIRST_CAPACITY_BYTES;
    while (wanted - pcap->length < more)
        wanted *= 2;
    uint8_t *bytes = realloc(pcap->bytes, wanted);
    if (!bytes) {
        pcap->failed = true;
        return false;
    }
    pcap->bytes = bytes;
    pcap->capacity = wanted;
    return true;
}

static void put_bytes(struct craft_pcap *pcap, const void *bytes, size_t length)
{
    if (!length || !reserve(pcap, length))
        return;
    memcpy(pcap->bytes + pcap->length, bytes, length);
    pcap->length += length;
}

static void put_little(struct craft_pcap *pcap, uint64_t value, size_t length)
{
    uint8_t bytes[8];
    for (size_t i = 0; i < length; i++)
        bytes[i] = (uint8_t)(value >> 8 * i);
    put_bytes(pcap, bytes, length);
}

static void put16(struct craft_pcap *pcap, uint32_t value)
{
    put_little(pcap, value, 2);
}

static void put32(struct craft_pcap *pcap, uint32_t value)
{
    put_little(pcap, value, 4);
}

static size_t padding(size_t length)
{
    return (4 - length % 4) % 4;
}

static void put_padded(struct craft_pcap *pcap, const void *bytes, size_t length)
{
    static const uint8_t zeros[4] = { 0 };
    put_bytes(pcap, bytes, length);
    put_bytes(pcap, zeros, padding(length));
}

static void put_classic_header(struct craft_pcap *pcap)
{
    const struct craft_pcap_options *o = &pcap->options;
    put32(pcap, MAGIC_NANOSECONDS);
    put16(pcap, 2);
    put16(pcap, 4);
    put32(pcap, 0);
    put32(pcap, 0);
    put32(pcap, o->snap_bytes ? o->snap_bytes : SNAP_NONE);
    put32(pcap, o->link_type);
}

static void put_section(struct craft_pcap *pcap)
{
    const uint32_t length = 28;
    put32(pcap, BLOCK_SECTION);
    put32(pcap, length);
    put32(pcap, MAGIC_BYTE_ORDER);
    put16(pcap, 1);
    put16(pcap, 0);
    put_little(pcap, UINT64_MAX, 8); /* section length not given */
    put32(pcap, length);
}

static void put_interface(struct craft_pcap *pcap)
{
    const struct craft_pcap_options *o = &pcap->options;
    size_t filter_bytes = o->filter ? 1 + strlen(o->filter) : 0;
    size_t filter_option = filter_bytes ? 4 + filter_bytes + padding(filter_bytes) : 0;
    uint32_t length = (uint32_t)(20 + 8 + filter_option + 4);
    put32(pcap, BLOCK_INTERFACE);
    put32(pcap, length);
    put16(pcap, o->link_type);
    put16(pcap, 0);
    put32(pcap, o->snap_bytes);
    put16(pcap, OPTION_IF_TSRESOL);
    put16(pcap, 1);
    put_padded(pcap, (const uint8_t[]){ RESOLUTION_NANOSECONDS }, 1);
    if (filter_bytes) {
        char value[512] = { 0 }; /* first byte 0: what follows is the filter's text */
        memcpy(value + 1, o->filter, filter_bytes - 1);
        put16(pcap, OPTION_IF_FILTER);
        put16(pcap, (uint32_t)filter_bytes);
        put_padded(pcap, value, filter_bytes);
    }
    put16(pcap, OPTION_END);
    put16(pcap, 0);
    put32(pcap, length);
}

struct craft_pcap *craft_pcap_new(const struct craft_pcap_options *options)
{
    if (options->filter && strlen(options->filter) > 500)
        return NULL;
    struct craft_pcap *pcap = calloc(1, sizeof *pcap);
    if (!pcap)
        return NULL;
    pcap->options = *options;
    pcap->limit = options->limit_bytes ? options->limit_bytes : FILE_LIMIT_BYTES;
    if (!pcap->options.link_type)
        pcap->options.link_type = CRAFT_LINKTYPE_ETHERNET;
    if (options->format == CRAFT_PCAP_NG) {
        put_section(pcap);
        put_interface(pcap);
    } else {
        put_classic_header(pcap);
    }
    pcap->options.filter = NULL; /* written; the caller's string need not live longer */
    if (!pcap->failed)
        return pcap;
    craft_pcap_free(pcap);
    return NULL;
}

void craft_pcap_free(struct craft_pcap *pcap)
{
    if (!pcap)
        return;
    free(pcap->bytes);
    free(pcap);
}

static void put_record(struct craft_pcap *pcap, int64_t time_ns, const uint8_t *bytes, uint32_t kept, uint32_t wire)
{
    put32(pcap, (uint32_t)(time_ns / NSEC_PER_SEC));
    put32(pcap, (uint32_t)(time_ns % NSEC_PER_SEC));
    put32(pcap, kept);
    put32(pcap, wire);
    put_bytes(pcap, bytes, kept);
}

static void put_block(struct craft_pcap *pcap, int64_t time_ns, const uint8_t *bytes, uint32_t kept, uint32_t wire)
{
    uint32_t length = (uint32_t)(EPB_FIXED_BYTES + kept + padding(kept));
    put32(pcap, BLOCK_PACKET);
    put32(pcap, length);
    put32(pcap, 0);
    put32(pcap, (uint32_t)((uint64_t)time_ns >> 32));
    put32(pcap, (uint32_t)time_ns);
    put32(pcap, kept);
    put32(pcap, wire);
    put_padded(pcap, bytes, kept);
    put32(pcap, length);
}

enum status craft_pcap_add(struct craft_pcap *pcap, int64_t time_ns, struct craft_bytes frame)
{
    if (time_ns < 0 || frame.length > SNAP_NONE)
        return STATUS_BAD_USAGE;
    size_t before = pcap->length;
    uint32_t snap = pcap->options.snap_bytes, wire = (uint32_t)frame.length;
    uint32_t kept = snap && snap < wire ? snap : wire;
    if (pcap->options.format == CRAFT_PCAP_NG)
        put_block(pcap, time_ns, frame.bytes, kept, wire);
    else
        put_record(pcap, time_ns, frame.bytes, kept, wire);
    if (pcap->failed) {
        pcap->length = before; /* what was written stays a whole file */
        return STATUS_BAD_USAGE;
    }
    pcap->packets++;
    return STATUS_OK;
}

struct craft_bytes craft_pcap_bytes(const struct craft_pcap *pcap)
{
    return (struct craft_bytes){ pcap->bytes, pcap->length };
}

uint64_t craft_pcap_packets(const struct craft_pcap *pcap)
{
    return pcap->packets;
}
