/* SPDX-License-Identifier: Apache-2.0 */
#include "frame.h"

#include <string.h>

enum {
    RECORD_HEADER_BYTES = 16, LEAST_FRAME_BYTES = 60, IP4_BYTES = 20, IP6_BYTES = 40, TCP_BYTES = 20, UDP_BYTES = 8,
    ICMP_BYTES = 8, MSS = 1460, VLAN_ID = 42,
};

static uint8_t *put8(uint8_t *out, uint8_t value)
{
    *out = value;
    return out + 1;
}

static uint8_t *put16(uint8_t *out, uint16_t value)
{
    return put8(put8(out, (uint8_t)(value >> 8)), (uint8_t)value);
}

static uint8_t *put32(uint8_t *out, uint32_t value)
{
    return put16(put16(out, (uint16_t)(value >> 16)), (uint16_t)value);
}

static uint8_t *put32_little(uint8_t *out, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        out = put8(out, (uint8_t)(value >> 8 * i));
    return out;
}

static uint8_t *put_bytes(uint8_t *out, const void *bytes, size_t length)
{
    memcpy(out, bytes, length);
    return out + length;
}

static uint16_t fold(uint32_t sum)
{
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)~sum;
}

void frame_write_file_header(uint8_t out[FRAME_FILE_HEADER_BYTES])
{
    static const uint32_t words[] = { 0xa1b23c4d, 2 | 4 << 16, 0, 0, 262144, 1 };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        out = put32_little(out, words[i]);
}

static uint8_t *put_ethernet(uint8_t *out, const struct frame *f)
{
    static const uint8_t router[6] = { 2, 0, 0, 0, 0, 1 }, host[6] = { 2, 0, 0, 0, 0, 2 };
    bool up = f->source->port > f->destination->port;
    out = put_bytes(put_bytes(out, up ? router : host, 6), up ? host : router, 6);
    if (f->vlan)
        out = put16(put16(out, 0x8100), VLAN_ID);
    return put16(out, f->ipv6 ? 0x86dd : 0x0800);
}

static uint8_t *put_ip(uint8_t *out, const struct frame *f, size_t payload_bytes)
{
    uint8_t *start = out;
    if (f->ipv6) {
        out = put16(put32(out, 0x60000000), (uint16_t)payload_bytes);
        out = put8(put8(out, f->protocol), f->ttl);
        return put_bytes(put_bytes(out, f->source->address, 16), f->destination->address, 16);
    }
    out = put16(put16(out, 0x4500), (uint16_t)(IP4_BYTES + payload_bytes));
    out = put16(put16(out, f->ip_id), 0x4000);
    out = put16(put8(put8(out, f->ttl), f->protocol), 0);
    out = put_bytes(put_bytes(out, f->source->address, 4), f->destination->address, 4);
    put16(start + 10, fold(body_sum(start, IP4_BYTES)));
    return out;
}

/* A SYN offers what Linux offers; other segments carry time stamps. */
static uint8_t *put_tcp_options(uint8_t *out, const struct frame *f)
{
    if (f->tcp_flags & FRAME_SYN)
        out = put16(put32(put16(put16(out, 0x0204), MSS), 0x01030307), 0x0402);
    else
        out = put16(out, 0x0101);
    return put32(put32(put16(out, 0x080a), f->tsval), f->tsecr);
}

static uint8_t *put_tcp(uint8_t *out, const struct frame *f)
{
    uint8_t *start = out;
    out = put16(put16(out, f->source->port), f->destination->port);
    out = put32(put32(out, f->sequence), f->acknowledgment);
    out = put16(put8(put8(out, 0), f->tcp_flags), f->window);
    out = put_tcp_options(put32(out, 0), f);
    start[12] = (uint8_t)((out - start) / 4 << 4);
    return out;
}

static uint8_t *put_udp(uint8_t *out, const struct frame *f)
{
    out = put16(put16(out, f->source->port), f->destination->port);
    return put16(put16(out, (uint16_t)(UDP_BYTES + body_bytes(&f->body))), 0);
}

static uint8_t *put_transport(uint8_t *out, const struct frame *f)
{
    if (f->protocol == FRAME_TCP)
        return put_tcp(out, f);
    if (f->protocol == FRAME_UDP)
        return put_udp(out, f);
    return put32(put16(put8(put8(out, f->icmp_type), f->icmp_code), 0), 0);
}

static void set_checksum(const struct frame *f, uint8_t *transport, size_t header_bytes)
{
    size_t address_bytes = f->ipv6 ? 16 : 4;
    uint32_t sum = body_sum(transport, header_bytes) + body_sum(f->body.head, f->body.head_bytes) + f->body.tail_sum;
    if (f->protocol != FRAME_ICMP)
        sum += body_sum(f->source->address, address_bytes) + body_sum(f->destination->address, address_bytes) +
               f->protocol + (uint32_t)header_bytes + body_bytes(&f->body);
    uint16_t checksum = fold(sum);
    size_t at = f->protocol == FRAME_TCP ? 16 : f->protocol == FRAME_UDP ? 6 : 2;
    put16(transport + at, checksum || f->protocol != FRAME_UDP ? checksum : 0xffff);
}

static size_t transport_bytes(const struct frame *f)
{
    enum { SYN_OPTIONS_BYTES = 20, OPTIONS_BYTES = 12 };
    if (f->protocol == FRAME_TCP)
        return TCP_BYTES + (f->tcp_flags & FRAME_SYN ? SYN_OPTIONS_BYTES : OPTIONS_BYTES);
    return f->protocol == FRAME_UDP ? UDP_BYTES : ICMP_BYTES;
}

size_t frame_write(const struct frame *f, uint8_t out[FRAME_RECORD_BYTES_MAX])
{
    uint8_t *start = out + RECORD_HEADER_BYTES;
    uint8_t *transport = put_ip(put_ethernet(start, f), f, transport_bytes(f) + body_bytes(&f->body));
    uint8_t *at = put_transport(transport, f);
    set_checksum(f, transport, (size_t)(at - transport));
    at = put_bytes(at, f->body.head, f->body.head_bytes);
    at = put_bytes(at, f->body.tail, f->body.tail_bytes);
    while (at < start + LEAST_FRAME_BYTES)
        at = put8(at, 0);
    uint32_t length = (uint32_t)(at - start);
    out = put32_little(out, (uint32_t)(f->time_ns / 1000000000));
    out = put32_little(out, (uint32_t)(f->time_ns % 1000000000));
    put32_little(put32_little(out, length), length);
    return RECORD_HEADER_BYTES + length;
}
