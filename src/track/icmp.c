/* SPDX-License-Identifier: Apache-2.0 */
#include "track/icmp.h"

#include "track/pmtu.h"
#include "track/session.h"

enum icmp_meaning { MEANS_NOTHING, MEANS_UNREACHABLE, MEANS_TIME_EXCEEDED, MEANS_TOO_BIG };

/* RFC 792, RFC 1191, RFC 1812 (section 5.2.7.1), RFC 4443. Redirects and quench are no errors. */
static enum icmp_meaning meaning_of(const struct decode_packet *d)
{
    uint8_t type = d->icmp.type, code = d->icmp.code;
    if (d->ip_version == 4 && type == 3)
        return code == 4 ? MEANS_TOO_BIG : MEANS_UNREACHABLE;
    if (d->ip_version == 4)
        return type == 11 && code == 0 ? MEANS_TIME_EXCEEDED : MEANS_NOTHING;
    if (type == 1)
        return MEANS_UNREACHABLE;
    if (type == 2)
        return MEANS_TOO_BIG;
    return type == 3 && code == 0 ? MEANS_TIME_EXCEEDED : MEANS_NOTHING;
}

static struct flow *quoted_flow(const struct track *t, const struct decode_quote *q, bool *source_is_low)
{
    struct flow_key key = flow_key_make(&q->source, q->source_port, &q->destination, q->destination_port,
                                        source_is_low);
    key.protocol = q->protocol;
    key.ip_version = q->ipv6 ? 6 : 4;
    uint32_t hash = decode_hash(t->options.hash_key, &q->source, q->source_port, &q->destination,
                                q->destination_port, q->protocol);
    return flow_table_find(t->flows, &key, hash);
}

/* The quoted sequence number must be in flight (RFC 5927, section 4.1): sent, and not yet acknowledged. */
static bool in_flight(const struct flow *f, enum flow_direction direction, const struct decode_quote *q)
{
    const struct flow_half *sender = &f->half[direction], *peer = &f->half[!direction];
    if (!sender->packets)
        return false;
    if (f->key.protocol != 6 || !q->has_sequence)
        return f->key.protocol != 6;
    uint32_t oldest = peer->packets && peer->acknowledged ? peer->acknowledged : sender->first_sequence;
    return (int32_t)(q->sequence - oldest) >= 0 && (int32_t)(q->sequence - sender->next_sequence) < 0;
}

static void remember(struct flow *f, enum flow_direction direction, const struct track_packet *packet,
                     const struct decode_packet *d)
{
    struct story *s = story_of(f);
    struct story_icmp *icmp = &s->icmp;
    const struct decode_quote *q = &d->icmp.quote;
    bool first = icmp->count == 0;
    if (!first && icmp->about_client && direction == FLOW_TO_SERVER) {
        *icmp = (struct story_icmp){ 0 }; /* what is said about the client's packets weighs more */
        first = true;
    }
    if (!first && (!ipaddr_equal(&icmp->reporter, &d->source) || icmp->type != d->icmp.type))
        return;
    icmp->count++;
    story_frames_add(&icmp->frames, packet->frame);
    if (!first)
        return;
    icmp->reporter = d->source;
    icmp->type = d->icmp.type;
    icmp->code = d->icmp.code;
    icmp->ttl = d->ttl;
    icmp->ns = packet->time_ns;
    icmp->delay_ns = packet->time_ns - f->half[direction].last_ns;
    icmp->about_client = direction == FLOW_TO_CLIENT;
    icmp->quotes_syn = f->key.protocol == 6 && q->has_sequence && s->tcp.syn_count && q->sequence == s->tcp.isn;
    icmp->loop = meaning_of(d) == MEANS_TIME_EXCEEDED;
}

void track_icmp(struct track *t, const struct track_packet *packet, const struct decode_packet *d)
{
    enum icmp_meaning meaning = meaning_of(d);
    if (!(d->flags & DECODE_QUOTE_PRESENT) || meaning == MEANS_NOTHING)
        return;
    bool source_is_low;
    struct flow *f = quoted_flow(t, &d->icmp.quote, &source_is_low);
    struct story *s = f ? story_of(f) : NULL;
    if (!s)
        return;
    enum flow_direction direction = flow_direction_of(f, source_is_low);
    if (direction == FLOW_TO_CLIENT && ipaddr_equal(&d->source, flow_client(f)))
        return; /* the client's own host: the program has closed its port */
    if (!in_flight(f, direction, &d->icmp.quote)) {
        t->tap->role_icmp_unmatched++;
        return;
    }
    if (meaning == MEANS_TIME_EXCEEDED && f->half[direction].ttl < t->loop_min_ttl)
        return; /* traceroute */
    if (meaning == MEANS_TOO_BIG) {
        track_pmtu_too_big(f, direction, packet, d);
        return;
    }
    remember(f, direction, packet, d);
    s->icmp.session_over = s->icmp.session_over || track_session_is_over(t, s);
}
