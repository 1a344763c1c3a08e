/* SPDX-License-Identifier: Apache-2.0 */
#include "track/fragment.h"

#include <stdlib.h>

#include "base/nsec.h"

/* A datagram is put together or given up within 60 s (RFC 8200, section 4.5). */
enum { PLACES = 1024, LIFE_SECONDS = 60, SPANS = 4, UDP_HEADER_BYTES = 8 };

struct span {
    uint32_t begin, end; /* bytes of IP payload */
};

struct fragment_entry {
    struct ipaddr source, destination;
    uint32_t id;
    uint8_t protocol;
    bool used;
    bool begun;              /* its first fragment was seen, of a followed flow */
    bool downward;
    bool settled;            /* complete, or more pieces than are kept: nothing is left to say */
    uint8_t span_count;
    uint32_t total_bytes;    /* known from the last fragment; 0 before */
    struct span spans[SPANS];
    int64_t time_ns;         /* of its earliest fragment */
    uint64_t first_frame;
    struct model_path *path; /* NULL: not streaming */
};

struct track_fragments {
    struct fragment_entry entries[PLACES];
};

struct track_fragments *track_fragment_new(void)
{
    return calloc(1, sizeof(struct track_fragments));
}

void track_fragment_free(struct track_fragments *fragments)
{
    free(fragments);
}

static struct fragment_entry *place_of(struct track_fragments *fragments, const struct decode_packet *d)
{
    uint32_t h = d->fragment_id * 2654435761u;
    for (size_t i = 8; i < sizeof d->source.bytes; i++)
        h = (h ^ d->source.bytes[i] ^ (uint32_t)d->destination.bytes[i] << 8) * 16777619u;
    return &fragments->entries[h % PLACES];
}

static bool is_of(const struct fragment_entry *e, const struct decode_packet *d, int64_t time_ns)
{
    return e->used && e->id == d->fragment_id && e->protocol == d->protocol &&
           ipaddr_equal(&e->source, &d->source) && ipaddr_equal(&e->destination, &d->destination) &&
           nsec_sub(time_ns, e->time_ns) <= LIFE_SECONDS * NSEC_PER_SEC;
}

/* Frames in order; 0 is a free place, at the end. */
static void keep_earliest(uint64_t frames[MODEL_FRAGMENT_FRAMES], uint64_t frame)
{
    for (int i = 0; i < MODEL_FRAGMENT_FRAMES && frame; i++) {
        if (frames[i] && frames[i] < frame)
            continue;
        uint64_t later = frames[i];
        frames[i] = frame;
        frame = later;
    }
}

/* Nothing more will come for this datagram. */
static void settle(const struct track *t, struct fragment_entry *e, int64_t now_ns)
{
    struct model_fragments *record = e->path ? e->path->fragments : NULL;
    if (!e->used || !e->begun || e->settled || !record || now_ns - e->time_ns < t->fragment_wait_ns)
        return;
    keep_earliest(record->incomplete_frames, e->first_frame);
    record->incomplete[e->downward]++;
    e->settled = true;
}

static void add_span(struct fragment_entry *e, uint32_t begin, uint32_t end)
{
    for (unsigned i = 0; i < e->span_count; i++) {
        struct span *s = &e->spans[i];
        if (begin > s->end || end < s->begin)
            continue;
        begin = begin < s->begin ? begin : s->begin;
        end = end > s->end ? end : s->end;
        *s = e->spans[--e->span_count]; /* joined; it may touch another one now */
        add_span(e, begin, end);
        return;
    }
    if (e->span_count < SPANS)
        e->spans[e->span_count++] = (struct span){ begin, end };
    else
        e->settled = true;
}

static void note_piece(struct fragment_entry *e, uint32_t begin, uint32_t bytes, bool more)
{
    add_span(e, begin, begin + bytes);
    if (!more)
        e->total_bytes = begin + bytes;
    if (e->total_bytes && e->span_count == 1 && e->spans[0].begin == 0 && e->spans[0].end >= e->total_bytes)
        e->settled = true;
}

static struct fragment_entry *entry_of(struct track *t, const struct decode_packet *d, int64_t time_ns)
{
    struct fragment_entry *e = place_of(t->fragments, d);
    if (is_of(e, d, time_ns))
        return e;
    settle(t, e, time_ns);
    *e = (struct fragment_entry){ .source = d->source, .destination = d->destination, .id = d->fragment_id,
                                  .protocol = d->protocol, .used = true, .time_ns = time_ns };
    return e;
}

static void count_datagram(struct track *t, struct model_path *path, enum flow_direction direction,
                           const struct track_packet *packet, const struct decode_packet *d)
{
    struct model_fragments *record = model_path_fragments(t->model, path);
    if (!record)
        return;
    if (!record->datagrams[0] && !record->datagrams[1])
        record->first_ns = packet->time_ns;
    keep_earliest(record->frames, packet->frame);
    record->last_ns = packet->time_ns;
    record->datagrams[direction]++;
    if (d->ip_bytes > record->largest_bytes)
        record->largest_bytes = d->ip_bytes;
}

void track_fragment_begin(struct track *t, const struct flow *f, enum flow_direction direction,
                          const struct track_packet *packet, const struct decode_packet *d)
{
    const struct story *s = story_of(f);
    struct fragment_entry *e = entry_of(t, d, packet->time_ns);
    if (e->begun)
        return;
    e->begun = true;
    e->downward = direction == FLOW_TO_CLIENT;
    e->first_frame = packet->frame;
    if (s && d->transport == DECODE_UDP) {
        e->path = s->path;
        count_datagram(t, s->path, direction, packet, d);
    }
    note_piece(e, 0, d->payload_bytes + UDP_HEADER_BYTES, true);
}

bool track_fragment_later(struct track *t, const struct track_packet *packet, const struct decode_packet *d)
{
    struct fragment_entry *e = place_of(t->fragments, d);
    bool own = is_of(e, d, packet->time_ns);
    bool free_place = !e->used || !e->begun || e->settled || packet->time_ns - e->time_ns >= t->fragment_wait_ns;
    if (!own && !free_place)
        return false; /* strangers drive nobody out */
    e = entry_of(t, d, packet->time_ns);
    note_piece(e, d->fragment.offset_bytes, d->payload_bytes, d->fragment.more);
    return e->begun;
}

void track_fragment_finish(struct track *t)
{
    for (size_t i = 0; i < PLACES; i++)
        settle(t, &t->fragments->entries[i], t->now_ns);
}
