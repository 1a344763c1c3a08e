/* SPDX-License-Identifier: Apache-2.0 */
#include "wspscope/pcapng.h"

#include <stdlib.h>

#include "capture/writer.h"

enum { INTERFACES_MAX = 64, BUFFER_LIMIT_BYTES = 4 * 1024 * 1024 };

struct wspscope_pcapng {
    struct text buffer;
    struct {
        uint32_t interface;
        uint16_t link_type;
    } interfaces[INTERFACES_MAX]; /* of the file, by their number in it */
    uint32_t count;
};

struct wspscope_pcapng *wspscope_pcapng_new(void)
{
    struct wspscope_pcapng *p = calloc(1, sizeof *p);
    if (p)
        text_init(&p->buffer, BUFFER_LIMIT_BYTES);
    return p;
}

void wspscope_pcapng_free(struct wspscope_pcapng *p)
{
    if (p)
        text_free(&p->buffer);
    free(p);
}

void wspscope_pcapng_begin(struct wspscope_pcapng *p)
{
    p->count = 0;
    capture_writer_section(&p->buffer);
}

static uint32_t interface_of(struct wspscope_pcapng *p, const struct wspscope_packet *packet)
{
    for (uint32_t i = 0; i < p->count; i++)
        if (p->interfaces[i].interface == packet->interface && p->interfaces[i].link_type == packet->link_type)
            return i;
    if (p->count == INTERFACES_MAX)
        return INTERFACES_MAX - 1;
    p->interfaces[p->count].interface = packet->interface;
    p->interfaces[p->count].link_type = packet->link_type;
    capture_writer_interface(&p->buffer, packet->link_type, CAPTURE_PACKET_BYTES_MAX);
    return p->count++;
}

void wspscope_pcapng_add(struct wspscope_pcapng *p, const struct wspscope_packet *packet)
{
    uint32_t interface = interface_of(p, packet);
    const struct capture_packet copy = { .bytes = packet->bytes, .captured_bytes = packet->captured_bytes,
                                         .wire_bytes = packet->wire_bytes, .time_ns = packet->time_ns,
                                         .frame = packet->frame, .direction = packet->direction };
    capture_writer_packet(&p->buffer, interface, &copy);
}

const char *wspscope_pcapng_bytes(const struct wspscope_pcapng *p, size_t *length)
{
    *length = p->buffer.length;
    return text_failed(&p->buffer) ? NULL : p->buffer.bytes;
}

void wspscope_pcapng_clear(struct wspscope_pcapng *p)
{
    text_free(&p->buffer);
    text_init(&p->buffer, BUFFER_LIMIT_BYTES);
}
