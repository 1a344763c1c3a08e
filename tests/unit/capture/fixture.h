/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_CAPTURE_FIXTURE_H
#define TESTS_CAPTURE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "capture/capture.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* A file that is put together in memory, in either byte order. */
struct file {
    uint8_t *bytes;
    size_t length, capacity;
    bool big_endian;
    size_t block_at; /* of the pcapng block that is open */
};

static inline void put(struct file *f, const void *bytes, size_t length)
{
    if (f->length + length > f->capacity) {
        f->capacity = (f->length + length) * 2 + 64;
        f->bytes = realloc(f->bytes, f->capacity);
        assert_non_null(f->bytes);
    }
    if (length > 0)
        memcpy(f->bytes + f->length, bytes, length);
    f->length += length;
}

static inline void put_number(struct file *f, uint64_t value, size_t width)
{
    for (size_t i = 0; i < width; i++) {
        size_t shift = 8 * (f->big_endian ? width - 1 - i : i);
        uint8_t byte = (uint8_t)(value >> shift);
        put(f, &byte, 1);
    }
}

static inline void put16(struct file *f, unsigned value)
{
    put_number(f, value, 2);
}

static inline void put32(struct file *f, uint64_t value)
{
    put_number(f, value, 4);
}

static inline void put_fill(struct file *f, uint8_t value, size_t length)
{
    for (size_t i = 0; i < length; i++)
        put(f, &value, 1);
}

static inline void set32(struct file *f, size_t at, uint32_t value)
{
    struct file number = { .big_endian = f->big_endian };
    put32(&number, value);
    memcpy(f->bytes + at, number.bytes, 4);
    free(number.bytes);
}

static inline void put_pcap_header(struct file *f, uint32_t magic, unsigned minor, uint32_t network)
{
    put32(f, magic);
    put16(f, 2);
    put16(f, minor);
    put_fill(f, 0, 8);
    put32(f, 65535);
    put32(f, network);
}

static inline void put_record(struct file *f, uint32_t seconds, uint32_t fraction, uint32_t captured, uint32_t wire)
{
    put32(f, seconds);
    put32(f, fraction);
    put32(f, captured);
    put32(f, wire);
    put_fill(f, (uint8_t)seconds, captured);
}

/* A pcap file of `count` packets of `size` bytes. */
static inline struct file simple_pcap(uint32_t count, uint32_t size)
{
    struct file f = { 0 };
    put_pcap_header(&f, 0xa1b2c3d4, 4, 1);
    for (uint32_t i = 0; i < count; i++)
        put_record(&f, i + 1, 0, size, size);
    return f;
}

static inline void block_begin(struct file *f, uint32_t type)
{
    f->block_at = f->length;
    put32(f, type);
    put32(f, 0);
}

static inline void block_end(struct file *f)
{
    while ((f->length - f->block_at) % 4)
        put_fill(f, 0, 1);
    uint32_t length = (uint32_t)(f->length - f->block_at) + 4;
    put32(f, length);
    set32(f, f->block_at + 4, length);
}

static inline void put_option(struct file *f, unsigned code, const void *bytes, size_t length)
{
    put16(f, code);
    put16(f, (unsigned)length);
    put(f, bytes, length);
    while (f->length % 4)
        put_fill(f, 0, 1);
}

static inline void put_option_number(struct file *f, unsigned code, uint64_t value, size_t width)
{
    put16(f, code);
    put16(f, (unsigned)width);
    put_number(f, value, width);
    while (f->length % 4)
        put_fill(f, 0, 1);
}

static inline void put_section(struct file *f)
{
    block_begin(f, 0x0a0d0d0a);
    put32(f, 0x1a2b3c4d);
    put16(f, 1);
    put16(f, 0);
    put_fill(f, 0xff, 8);
    block_end(f);
}

/* Leaves the block open for options. */
static inline void interface_begin(struct file *f, unsigned link_type, uint32_t snap_length)
{
    block_begin(f, 1);
    put16(f, link_type);
    put16(f, 0);
    put32(f, snap_length);
}

static inline void put_interface(struct file *f, unsigned link_type, uint32_t snap_length)
{
    interface_begin(f, link_type, snap_length);
    block_end(f);
}

/* An enhanced packet block of `length` bytes of payload; open for options. */
static inline void packet_begin(struct file *f, uint32_t interface, uint64_t stamp, uint32_t length)
{
    block_begin(f, 6);
    put32(f, interface);
    put32(f, stamp >> 32);
    put32(f, stamp & 0xffffffff);
    put32(f, length);
    put32(f, length);
    put_fill(f, 0x5a, length);
    while (f->length % 4)
        put_fill(f, 0, 1);
}

static inline void put_packet(struct file *f, uint32_t interface, uint64_t stamp, uint32_t length)
{
    packet_begin(f, interface, stamp, length);
    block_end(f);
}

static inline struct file simple_pcapng(bool big_endian)
{
    struct file f = { .big_endian = big_endian };
    put_section(&f);
    put_interface(&f, 1, 65535);
    return f;
}

enum { KEPT_PACKETS = 16 };

/* All that a capture gave. The texts are copies. */
struct reading {
    enum status status; /* of the source, or of the first block; STATUS_OK when it was read to its end */
    struct error error;
    struct capture_packet packets[KEPT_PACKETS]; /* the first ones; `bytes` has gone */
    uint8_t first_bytes[KEPT_PACKETS];           /* of each packet; 0 where it is empty */
    struct capture_info info;                    /* numbers only */
    char format[16], compression[64], damaged[512], filter[128], name[128];
    char comments[4][64];
    uint64_t in_order; /* packets whose frame number was the one expected */
};

static inline void copy_text(char *out, size_t room, const char *text)
{
    snprintf(out, room, "%s", text ? text : "");
}

static inline void keep_info(struct reading *r, const struct capture_info *info)
{
    r->info = *info;
    copy_text(r->format, sizeof r->format, info->format);
    copy_text(r->compression, sizeof r->compression, info->compression);
    copy_text(r->damaged, sizeof r->damaged, info->damaged);
    copy_text(r->filter, sizeof r->filter, info->filter);
    copy_text(r->name, sizeof r->name, info->name);
    for (size_t i = 0; i < COUNT(r->comments) && i < info->comment_count; i++)
        copy_text(r->comments[i], sizeof r->comments[i], info->comments[i].text);
}

/* Reads one capture to its end and frees the reader. */
static inline void read_reader(struct capture_reader *reader, struct reading *r)
{
    struct capture_block *block = capture_block_new();
    assert_non_null(block);
    uint64_t seen = 0;
    while ((r->status = capture_next_block(reader, block, &r->error)) == STATUS_OK) {
        size_t count;
        const struct capture_packet *packets = capture_block_packets(block, &count);
        assert_true(count > 0 && count <= CAPTURE_BLOCK_PACKETS);
        for (size_t i = 0; i < count; i++, seen++) {
            assert_true(packets[i].wire_bytes >= packets[i].captured_bytes);
            r->in_order += packets[i].frame == seen + 1;
            if (seen >= KEPT_PACKETS)
                continue;
            r->packets[seen] = packets[i];
            r->packets[seen].bytes = NULL;
            r->first_bytes[seen] = packets[i].captured_bytes > 0 ? packets[i].bytes[0] : 0;
        }
    }
    if (r->status == STATUS_END)
        r->status = STATUS_OK;
    keep_info(r, capture_reader_info(reader));
    capture_block_free(block);
    capture_reader_free(reader);
}

/* The first capture of the file. */
static inline struct reading read_file(const struct file *f)
{
    struct reading r = { 0 };
    struct capture_source *source;
    struct capture_reader *reader;
    assert_int_equal(capture_source_memory("a.pcap", f->bytes, f->length, &source, &r.error), STATUS_OK);
    r.status = capture_source_next(source, &reader, &r.error);
    if (r.status == STATUS_OK)
        read_reader(reader, &r);
    capture_source_free(source);
    return r;
}

#endif
