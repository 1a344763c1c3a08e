/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/wifi.h"

#include "decode/ether.h"
#include "decode/link.h"

/* Frame control, little endian as on the air (IEEE 802.11-2020, section 9.2.4.1). */
enum frame_control {
    TYPE_DATA = 2,
    SUBTYPE_NO_DATA = 0x4,
    SUBTYPE_QOS = 0x8,
    TO_DS_AND_FROM_DS = 0x0300,
    PROTECTED = 0x4000,
    ORDER = 0x8000,
};

enum {
    SEQUENCE_FRAGMENT = 0x000f,
    QOS_AGGREGATE = 0x0080,
    RADIOTAP_TIME = 1u << 0,
    RADIOTAP_FLAGS = 1u << 1,
    RADIOTAP_PADDED = 0x20,
    RADIOTAP_WORDS_MAX = 32,
    PPI_LINK_TYPE = 192,
};

/* From `number`: whether a radio driver padded the header to four bytes. */
enum { HEADER_PADDED = 1 };

static void read_subframe(struct decode_walk *w)
{
    decode_walk_tag_add(w, cursor_u64be(&w->at));
    decode_walk_tag_add(w, cursor_u32be(&w->at));
    uint16_t length = cursor_u16be(&w->at);

    if (!cursor_ok(&w->at)) {
        decode_walk_cut(w);
        return;
    }
    decode_walk_limit(w, length);
    decode_walk_next(w, decode_ether_llc, 0);
}

struct header {
    uint16_t control, sequence, qos;
    size_t bytes;
};

static void read_header(struct decode_walk *w, struct header *h)
{
    size_t before = cursor_left(&w->at);

    h->control = cursor_u16le(&w->at);
    cursor_skip(&w->at, 2); /* duration */
    for (unsigned i = 0; i < 3; i++) {
        decode_walk_tag_add(w, cursor_u32be(&w->at));
        decode_walk_tag_add(w, cursor_u16be(&w->at));
    }
    h->sequence = cursor_u16le(&w->at);
    if ((h->control & TO_DS_AND_FROM_DS) == TO_DS_AND_FROM_DS)
        cursor_skip(&w->at, 6);
    h->qos = 0;
    if (h->control >> 4 & SUBTYPE_QOS) {
        h->qos = cursor_u16le(&w->at);
        if (h->control & ORDER)
            cursor_skip(&w->at, 4);
    }
    h->bytes = before - cursor_left(&w->at);
}

void decode_wifi_read(struct decode_walk *w)
{
    bool padded = w->number == HEADER_PADDED;
    struct cursor peek = w->at;
    uint16_t control = cursor_u16le(&peek);
    unsigned type = control >> 2 & 3, subtype = control >> 4 & 15;

    if (cursor_ok(&peek) && (type != TYPE_DATA || subtype & SUBTYPE_NO_DATA)) {
        decode_walk_not_ip(w);
        return;
    }
    struct header h;
    read_header(w, &h);
    if (!cursor_ok(&w->at)) {
        decode_walk_cut(w);
        return;
    }
    if (control & PROTECTED || h.sequence & SEQUENCE_FRAGMENT) {
        decode_walk_unsupported(w, DECODE_UNSUPPORTED_WIFI, (uint16_t)(type << 4 | subtype));
        return;
    }
    if (padded)
        cursor_skip(&w->at, (4 - h.bytes % 4) % 4);
    decode_walk_next(w, h.qos & QOS_AGGREGATE ? read_subframe : decode_ether_llc, 0);
}

/* The flags are the second field: behind the words that say what is present and, aligned to eight bytes of the whole
 * header, the time. */
static uint8_t radiotap_flags(struct cursor header)
{
    size_t words = 1;

    cursor_skip(&header, 4);
    uint32_t present = cursor_u32le(&header);
    for (uint32_t more = present; more >> 31 && words < RADIOTAP_WORDS_MAX; words++)
        more = cursor_u32le(&header);
    if (present & RADIOTAP_TIME)
        cursor_skip(&header, (1 + words) % 2 * 4 + 8);
    return present & RADIOTAP_FLAGS ? cursor_u8(&header) : 0;
}

void decode_wifi_radiotap(struct decode_walk *w)
{
    struct cursor start = w->at;

    cursor_skip(&start, 2); /* version, padding */
    uint16_t length = cursor_u16le(&start);
    cursor_skip(&start, 4);
    struct cursor header = cursor_sub(&w->at, length);
    if (!cursor_ok(&w->at) || !cursor_ok(&start)) {
        decode_walk_cut(w);
        return;
    }
    if (length < 8) {
        decode_walk_malformed(w);
        return;
    }
    uint8_t flags = radiotap_flags(header);
    decode_walk_next(w, decode_wifi_read, flags & RADIOTAP_PADDED ? HEADER_PADDED : 0);
}

void decode_wifi_ppi(struct decode_walk *w)
{
    struct cursor start = w->at;

    cursor_skip(&start, 2); /* version, flags */
    uint16_t length = cursor_u16le(&start);
    uint32_t link_type = cursor_u32le(&start);
    cursor_skip(&w->at, length);
    if (!cursor_ok(&w->at) || !cursor_ok(&start)) {
        decode_walk_cut(w);
        return;
    }
    if (length < 8)
        decode_walk_malformed(w);
    else if (link_type > UINT16_MAX || link_type == PPI_LINK_TYPE)
        decode_walk_unsupported(w, DECODE_UNSUPPORTED_LINK_TYPE, (uint16_t)link_type);
    else
        decode_link_start(w, (uint16_t)link_type);
}
