/* SPDX-License-Identifier: Apache-2.0 */
#include "track/duplicate.h"

#include <stdlib.h>
#include <string.h>

#include "base/nsec.h"
#include "decode/checksum.h"

/* Two milliseconds of packets: enough for 8 million a second. A lost entry costs one copy not noticed. The hash has
 * no key, so that what is noticed is the same in every run; whoever makes entries collide spoils only that. */
enum { SETS = 4096, WAYS = 4, PAYLOAD_THAT_TELLS = 16 };

struct copy_entry {
    uint64_t signature;
    int64_t time_ns;
    uint32_t link_tag;
    uint8_t ttl, direction;
};

struct track_copies {
    int64_t window_ns;
    uint8_t next_way[SETS];
    struct copy_entry sets[SETS][WAYS];
};

struct track_copies *track_duplicate_new(int64_t window_ns)
{
    struct track_copies *copies = calloc(1, sizeof *copies);
    if (copies) {
        copies->window_ns = window_ns;
        for (size_t i = 0; i < SETS * WAYS; i++)
            copies->sets[i / WAYS][i % WAYS].time_ns = INT64_MIN / 2;
    }
    return copies;
}

void track_duplicate_free(struct track_copies *copies)
{
    free(copies);
}

static inline uint64_t mix(uint64_t a, uint64_t b)
{
    __uint128_t product = (__uint128_t)(a ^ 0x9e3779b97f4a7c15u) * (b ^ 0xd6e8feb86659fd93u);
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t address_word(const struct ipaddr *a, unsigned half)
{
    uint64_t word;
    memcpy(&word, a->bytes + 8 * half, sizeof word);
    return word;
}

static uint64_t signature_of(const struct decode_packet *d)
{
    uint64_t h = mix(address_word(&d->source, 0) ^ address_word(&d->destination, 1),
                     address_word(&d->source, 1) ^ address_word(&d->destination, 0));
    h = mix(h, (uint64_t)d->source_port << 48 | (uint64_t)d->destination_port << 32 | (uint64_t)d->ip_id << 16 |
                   d->checksum);
    h = mix(h, (uint64_t)d->ip_bytes << 32 | (uint64_t)d->protocol << 8 | d->transport);
    if (d->transport == DECODE_TCP)
        return mix(h, (uint64_t)d->tcp.sequence << 32 | d->tcp.acknowledgment) ^
               mix(h, (uint64_t)d->tcp.window << 8 | d->tcp.flags);
    if (d->transport == DECODE_ICMP) {
        const struct decode_quote *q = &d->icmp.quote;
        h = mix(h, (uint64_t)d->icmp.type << 8 | d->icmp.code | (uint64_t)q->sequence << 16);
        return mix(h, (uint64_t)q->ip_id << 32 | (uint64_t)q->source_port << 16 | q->destination_port);
    }
    return h;
}

/* A packet that no stack sends twice within two milliseconds: it carries payload, or opens a connection. A checksum
 * that the network card has yet to fill in digests no payload: neighbours of one length carry the same. */
static bool tells(const struct track_packet *packet, const struct decode_packet *d)
{
    if (d->transport == DECODE_TCP)
        return !(d->tcp.flags & DECODE_RST) && (d->payload_bytes || d->tcp.flags & DECODE_SYN);
    if (d->transport == DECODE_UDP)
        return d->ip_id ||
               (d->payload_bytes >= PAYLOAD_THAT_TELLS && d->checksum &&
                !(d->flags & DECODE_CHECKSUM_KNOWN && decode_checksum_is_wrong(d, packet->bytes)));
    return d->ip_id != 0;
}

static struct copy_entry *find(struct track_copies *copies, uint64_t signature, int64_t time_ns, int64_t window_ns)
{
    struct copy_entry *set = copies->sets[signature % SETS];
    for (int way = 0; way < WAYS; way++)
        if (set[way].signature == signature && time_ns >= set[way].time_ns &&
            nsec_sub(time_ns, set[way].time_ns) <= window_ns)
            return &set[way];
    return NULL;
}

enum track_duplicate_answer track_duplicate_check(struct track_copies *copies, struct flow *f, int64_t least_rtt_ns,
                                                  const struct track_packet *packet, const struct decode_packet *d)
{
    uint64_t signature = signature_of(d);
    int64_t window_ns = least_rtt_ns / 2 < copies->window_ns ? least_rtt_ns / 2 : copies->window_ns;
    struct copy_entry *earlier = find(copies, signature, packet->time_ns, window_ns);
    if (!earlier) {
        unsigned set = signature % SETS;
        copies->sets[set][copies->next_way[set]++ % WAYS] =
            (struct copy_entry){ .signature = signature, .time_ns = packet->time_ns, .link_tag = d->link_tag,
                                 .ttl = d->ttl, .direction = packet->direction };
        return TRACK_NEW;
    }
    bool elsewhere = earlier->link_tag != d->link_tag || earlier->ttl != d->ttl ||
                     earlier->direction != packet->direction;
    if (!tells(packet, d))
        return elsewhere || (f && f->flags & FLOW_DOUBLED) ? (earlier->ttl != d->ttl ? TRACK_COPY_ROUTED : TRACK_COPY)
                                                           : TRACK_NEW;
    if (f)
        f->flags |= FLOW_DOUBLED;
    return earlier->ttl != d->ttl ? TRACK_COPY_ROUTED : TRACK_COPY;
}
