/* SPDX-License-Identifier: Apache-2.0 */
#include "track/fragment.h"

#include <stdlib.h>

#include "base/nsec.h"

/* A datagram is put together or given up within 60 s (RFC 8200, section 4.5). */
enum { PLACES = 1024, LIFE_SECONDS = 60 };

struct fragment_entry {
    struct ipaddr source, destination;
    uint32_t id;
    uint8_t protocol;
    bool used;
    int64_t time_ns;
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

static size_t place_of(const struct decode_packet *d)
{
    uint32_t h = d->fragment_id * 2654435761u;
    for (size_t i = 8; i < sizeof d->source.bytes; i++)
        h = (h ^ d->source.bytes[i] ^ (uint32_t)d->destination.bytes[i] << 8) * 16777619u;
    return h % PLACES;
}

void track_fragment_begin(struct track_fragments *fragments, const struct decode_packet *d, int64_t time_ns)
{
    fragments->entries[place_of(d)] = (struct fragment_entry){ .source = d->source, .destination = d->destination,
                                                               .id = d->fragment_id, .protocol = d->protocol,
                                                               .used = true, .time_ns = time_ns };
}

bool track_fragment_known(const struct track_fragments *fragments, const struct decode_packet *d, int64_t time_ns)
{
    const struct fragment_entry *e = &fragments->entries[place_of(d)];
    return e->used && e->id == d->fragment_id && e->protocol == d->protocol &&
           ipaddr_equal(&e->source, &d->source) && ipaddr_equal(&e->destination, &d->destination) &&
           nsec_sub(time_ns, e->time_ns) <= LIFE_SECONDS * NSEC_PER_SEC;
}
