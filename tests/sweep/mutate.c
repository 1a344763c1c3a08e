/* SPDX-License-Identifier: Apache-2.0 */
#include "mutate.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum {
    EVERY_CUT_BELOW = 64,        /* bytes at the beginning of a file, each of which is an end once */
    SMALL_FILE = 512,            /* of these every byte is */
    CUTS_MORE = 40, FLIPS = 80, SNAPS = 40,
    FILE_HEADER_BYTES = 24, RECORD_HEADER_BYTES = 16,
    PREFIX_BYTES = 32 * 1024,    /* most cases look at the beginning alone: so more of them can be tried */
    WHOLE_ONE_IN = 8,
    TURNED_MOST = 6,
};

uint64_t mutate_mix(uint64_t a, uint64_t b)
{
    uint64_t h = a * UINT64_C(0x9e3779b97f4a7c15) + b;
    h = (h ^ (h >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    h = (h ^ (h >> 27)) * UINT64_C(0x94d049bb133111eb);
    return h ^ (h >> 31);
}

uint64_t mutate_digest(const char *text)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (; *text; text++)
        h = (h ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return h;
}

const char *mutate_name(enum mutate_kind kind)
{
    static const char *const names[MUTATE_KINDS] = { "whole", "cut", "flip", "snap" };
    return names[kind];
}

uint32_t mutate_count(enum mutate_kind kind, size_t length)
{
    switch (kind) {
    case MUTATE_NOTHING:
        return 1;
    case MUTATE_CUT:
        return length <= SMALL_FILE ? (uint32_t)length : EVERY_CUT_BELOW + CUTS_MORE;
    case MUTATE_FLIP:
        return length ? FLIPS : 0;
    case MUTATE_SNAP:
        return length > FILE_HEADER_BYTES ? SNAPS : 0;
    case MUTATE_KINDS:
        break;
    }
    return 0;
}

static uint8_t *copy(const uint8_t *bytes, size_t length, size_t *made)
{
    uint8_t *out = malloc(length ? length : 1);
    if (out && length)
        memcpy(out, bytes, length);
    *made = length;
    return out;
}

static size_t cut_at(uint32_t number, uint64_t random, size_t length)
{
    if (length <= SMALL_FILE || number < EVERY_CUT_BELOW)
        return number;
    size_t beginning = length < PREFIX_BYTES ? length : PREFIX_BYTES;
    return (size_t)(random % (number % WHOLE_ONE_IN ? beginning : length));
}

static uint32_t read_u32(const uint8_t *at, bool big_endian)
{
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return big_endian ? __builtin_bswap32(value) : value;
}

static void write_u32(uint8_t *at, bool big_endian, uint32_t value)
{
    value = big_endian ? __builtin_bswap32(value) : value;
    memcpy(at, &value, sizeof value);
}

/* Classic pcap, on a little-endian machine: as it is, or swapped. */
static bool is_pcap(const uint8_t *bytes, size_t length, bool *big_endian)
{
    static const uint32_t magics[] = { 0xa1b2c3d4, 0xa1b23c4d };
    for (size_t i = 0; length > FILE_HEADER_BYTES && i < sizeof magics / sizeof *magics; i++)
        for (int swapped = 0; swapped < 2; swapped++)
            if (read_u32(bytes, swapped) == magics[i]) {
                *big_endian = swapped;
                return true;
            }
    return false;
}

/* The length of the record at `at`, its header included; 0 when there is none. */
static size_t record_bytes(const uint8_t *bytes, size_t length, size_t at, bool big_endian)
{
    if (length - at < RECORD_HEADER_BYTES)
        return 0;
    size_t captured = read_u32(bytes + at + 8, big_endian);
    return captured <= length - at - RECORD_HEADER_BYTES ? captured + RECORD_HEADER_BYTES : 0;
}

/* Where a turned bit does most: in the file header, in a record's header, in the first bytes of a packet. */
static size_t turned_at(const uint8_t *bytes, size_t length, uint64_t random)
{
    enum { HEADERS_OF_A_PACKET = 96 };
    bool big_endian = false;
    size_t skip = (size_t)(random >> 32) % 64, at = FILE_HEADER_BYTES;
    if (random % 16 == 0)
        return (size_t)(random >> 8) % (length < FILE_HEADER_BYTES ? length : FILE_HEADER_BYTES);
    if (random % 4 == 0 || !is_pcap(bytes, length, &big_endian))
        return (size_t)(random >> 8) % length;
    for (size_t n; skip > 0 && (n = record_bytes(bytes, length, at, big_endian)) > 0; skip--)
        at += n;
    at += (size_t)(random >> 8) % (random % 4 == 1 ? RECORD_HEADER_BYTES : HEADERS_OF_A_PACKET);
    return at < length ? at : length - 1;
}

static uint8_t *flip(uint32_t number, uint64_t seed, const uint8_t *bytes, size_t length, size_t *made)
{
    size_t kept = number % WHOLE_ONE_IN && length > PREFIX_BYTES ? PREFIX_BYTES : length;
    uint8_t *out = copy(bytes, kept, made);
    unsigned turned = 1 + number % TURNED_MOST;
    for (unsigned i = 0; out && i < turned; i++) {
        uint64_t random = mutate_mix(seed, (uint64_t)number << 8 | i);
        size_t at = turned_at(out, kept, random);
        bool whole_byte = random >> 60 == 0;
        out[at] = whole_byte ? (uint8_t)(random >> 50) : (uint8_t)(out[at] ^ 1U << (random >> 57 & 7));
    }
    return out;
}

/* 0 to 95 in steps that hit every header's end, then larger. */
static uint32_t snap_bytes(uint32_t number, uint64_t random)
{
    return number < SNAPS - 8 ? number * 3 + (uint32_t)(random % 3) : 96 + (uint32_t)(random % 400);
}

static uint8_t *snap(uint32_t number, uint64_t seed, const uint8_t *bytes, size_t length, size_t *made)
{
    bool big_endian = false;
    if (!is_pcap(bytes, length, &big_endian))
        return flip(number + FLIPS, seed, bytes, length, made); /* other formats: more flips */
    uint32_t most = snap_bytes(number, mutate_mix(seed, number));
    size_t end = number % WHOLE_ONE_IN && length > PREFIX_BYTES ? PREFIX_BYTES : length;
    uint8_t *out = malloc(length);
    if (!out)
        return NULL;
    memcpy(out, bytes, FILE_HEADER_BYTES);
    write_u32(out + 16, big_endian, most);
    size_t to = FILE_HEADER_BYTES;
    for (size_t at = FILE_HEADER_BYTES, n; at < end && (n = record_bytes(bytes, end, at, big_endian)) > 0; at += n) {
        uint32_t captured = (uint32_t)(n - RECORD_HEADER_BYTES);
        captured = captured < most ? captured : most;
        memcpy(out + to, bytes + at, RECORD_HEADER_BYTES + captured);
        write_u32(out + to + 8, big_endian, captured);
        to += RECORD_HEADER_BYTES + captured;
    }
    uint8_t *exact = realloc(out, to);
    *made = to;
    return exact ? exact : out;
}

uint8_t *mutate_make(const struct mutate_case *c, uint64_t seed, const uint8_t *bytes, size_t length, size_t *made)
{
    switch (c->kind) {
    case MUTATE_CUT:
        return copy(bytes, cut_at(c->number, mutate_mix(seed, c->number), length), made);
    case MUTATE_FLIP:
        return flip(c->number, seed, bytes, length, made);
    case MUTATE_SNAP:
        return snap(c->number, seed, bytes, length, made);
    case MUTATE_NOTHING:
    case MUTATE_KINDS:
        break;
    }
    return copy(bytes, length, made);
}
