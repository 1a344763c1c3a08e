/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UNIT_DECODE_ROWS_H
#define UNIT_DECODE_ROWS_H

/* Tables of frames and what decoding them must say, in one line each. Every row is then cut at every length and has
 * every bit flipped: no crash, the promises of decode.h, and the same answer by the shortcut and by the cursors. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "decode/brief.h"
#include "decode/checksum.h"
#include "decode/decode.h"
#include "decode/walk.h"

enum { ROWS_FRAME_MAX = 4096, ROWS_LINE_MAX = 512,
       ROWS_BAD_CHECKSUM = 1 << 4 /* a bit that flags have free: shown as "bad-checksum" */ };

struct row {
    const char *name;
    uint16_t link_type;
    const char *hex;
    uint32_t missing; /* bytes on the wire that were not captured */
    const char *expect;
};

/* A SYN to 443 as captured (40 bytes), an ACK from 80 over IPv6 (72 bytes), and headers to wrap them. */
#define ROWS_SYN4 "45000028000100004006f97bc0a80002c0a800013ad101bb0000000a0000000050022000d1f80000"
#define ROWS_ACK6                                                                                                      \
    "60000000002006402001061804000000000000005199cc702001061800018000000000000000000"                                  \
    "58c9b00506ae70737b8ef17438010058ccb8600000101080a00dd1a599c0c30e9"
#define ROWS_ETHER4 "0200000000020200000000010800"
#define ROWS_ETHER6 "02000000000202000000000186dd"
#define ROWS_IP4(length, protocol) "4500" length "0001000040" protocol "00000a0000010a000002"
#define ROWS_IP6(length, next)                                                                                         \
    "60000000" length next "40fd000000000000000000000000000001fd000000000000000000000000000002"

static inline size_t rows_bytes(const char *hex, uint8_t out[ROWS_FRAME_MAX])
{
    size_t length = 0;
    for (; hex[0] && hex[1]; hex += 2) {
        unsigned byte = 0;
        assert_int_equal(sscanf(hex, "%2x", &byte), 1);
        assert_true(length < ROWS_FRAME_MAX);
        out[length++] = (uint8_t)byte;
    }
    assert_int_equal(hex[0], 0);
    return length;
}

/* Follows the ports of the mission: 53, 80, 443, 4172, 4195. */
static inline void rows_context(struct decode_context *context)
{
    static const uint16_t ports[] = { 53, 80, 443, 4172, 4195 };
    memset(context, 0, sizeof *context);
    for (size_t i = 0; i < sizeof ports / sizeof ports[0]; i++)
        decode_ports_add(&context->ports, ports[i]);
    context->hash_key[0] = UINT64_C(0x0123456789abcdef);
    context->hash_key[1] = UINT64_C(0xfedcba9876543210);
}

static inline void rows_render(const struct decode_packet *p, char line[ROWS_LINE_MAX])
{
    static const char *const outcomes[] = { "ok", "truncated", "malformed", "unsupported" };
    static const char *const transports[] = { "not-ip", "tcp", "udp", "icmp", "fragment", "other" };
    static const char *const flags[] = { "followed", "first-fragment", "df", "length-from-capture", "bad-checksum",
                                         "checksum", "quote", "tunnel", "cut", "timestamps", "sack-permitted",
                                         "sack", "mss", "wscale", "error", "reserved" };
    char source[IPADDR_TEXT_SIZE], destination[IPADDR_TEXT_SIZE], unsupported[DECODE_UNSUPPORTED_TEXT_SIZE] = "";
    int n;

    if (p->outcome == DECODE_UNSUPPORTED) {
        n = snprintf(line, ROWS_LINE_MAX, "unsupported %s",
                     decode_unsupported_format(p->unsupported_kind, p->unsupported, unsupported));
    } else {
        n = snprintf(line, ROWS_LINE_MAX, "%s %s", outcomes[p->outcome], transports[p->transport]);
    }
    if (p->ip_version)
        n += snprintf(line + n, ROWS_LINE_MAX - (size_t)n, " %s %u %s %u proto %u ip %u payload %u+%u/%u",
                      ipaddr_format(&p->source, source), p->source_port, ipaddr_format(&p->destination, destination),
                      p->destination_port, p->protocol, p->ip_bytes, p->payload_offset, p->payload_captured,
                      p->payload_bytes);
    for (size_t i = 0; i < 16; i++)
        if (p->flags >> i & 1)
            n += snprintf(line + n, ROWS_LINE_MAX - (size_t)n, " %s", flags[i]);
}

static inline void rows_promises(const struct decode_packet *p, uint32_t captured, uint32_t wire)
{
    assert_true(p->outcome <= DECODE_UNSUPPORTED);
    assert_true(p->transport <= DECODE_OTHER);
    assert_true(p->unsupported_kind < DECODE_UNSUPPORTED_KINDS);
    assert_true(p->depth <= DECODE_DEPTH_MAX);
    assert_true(p->payload_offset <= captured);
    assert_true(p->payload_captured <= captured - p->payload_offset);
    assert_true(p->payload_captured <= p->payload_bytes);
    assert_true(p->payload_bytes <= wire);
    if (p->outcome == DECODE_TRUNCATED)
        assert_true(captured < wire);
    if (p->flags & DECODE_FOLLOWED)
        assert_true(p->transport == DECODE_TCP || p->transport == DECODE_UDP || p->transport == DECODE_ICMP);
    if (p->flags & DECODE_FOLLOWED && p->transport == DECODE_TCP)
        assert_true(p->tcp.sack_count <= DECODE_SACK_BLOCKS_MAX);
    if (p->payload_captured < p->payload_bytes)
        assert_true(p->flags & DECODE_PAYLOAD_CUT);
}

/* By the shortcut and by the cursors alone, from memory that ends where the frame does. */
static inline void rows_decode(const struct decode_context *context, uint16_t link_type, const uint8_t *bytes,
                               uint32_t captured, uint32_t wire, struct decode_packet *out)
{
    uint8_t *exact = malloc(captured + 1u);
    assert_non_null(exact);
    uint8_t *frame = exact + 1;
    memcpy(frame, bytes, captured);

    struct decode_packet walked;
    memset(&walked, 0, sizeof walked);
    memset(out, 0xa5, sizeof *out);
    decode_frame(context, link_type, frame, captured, wire, out);
    decode_walk_frame(context, link_type, cursor_make(frame, captured), wire, &walked);
    assert_memory_equal(out, &walked, sizeof walked);
    rows_promises(out, captured, wire);
    if (out->flags & DECODE_CHECKSUM_KNOWN && decode_checksum_is_wrong(out, frame))
        out->flags |= ROWS_BAD_CHECKSUM;
    free(exact);
}

static inline void rows_mutate(const struct decode_context *context, const struct row *row, uint8_t *bytes,
                               uint32_t length)
{
    struct decode_packet p;

    for (uint32_t cut = 0; cut <= length; cut++) {
        rows_decode(context, row->link_type, bytes, cut, length + row->missing, &p);
        rows_decode(context, row->link_type, bytes, cut, cut, &p);
    }
    for (uint32_t bit = 0; bit < length * 8; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        rows_decode(context, row->link_type, bytes, length, length + row->missing, &p);
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
}

static inline void rows_check(const struct row *rows, size_t count)
{
    static struct decode_context context;
    unsigned failed = 0;

    rows_context(&context);
    for (size_t i = 0; i < count; i++) {
        uint8_t bytes[ROWS_FRAME_MAX];
        char line[ROWS_LINE_MAX];
        struct decode_packet p;
        uint32_t length = (uint32_t)rows_bytes(rows[i].hex, bytes);

        rows_decode(&context, rows[i].link_type, bytes, length, length + rows[i].missing, &p);
        rows_render(&p, line);
        if (strcmp(line, rows[i].expect) != 0) {
            print_error("row \"%s\"\n  expected %s\n  got      %s\n", rows[i].name, rows[i].expect, line);
            failed++;
        }
        rows_mutate(&context, &rows[i], bytes, length);
    }
    assert_int_equal(failed, 0);
}

#define ROWS_CHECK(rows) rows_check(rows, sizeof(rows) / sizeof(rows)[0])

#endif
