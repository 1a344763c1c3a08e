/* SPDX-License-Identifier: Apache-2.0 */
#include "talk.h"

#include <string.h>

#include "random.h"

enum { UP, DOWN, MS = 1000000, CLIENT_TTL = 63, SERVER_TTL = 52, WINDOW = 502, REPEATED_PER_MILLE = 2 };

static void set_v4(struct frame_end *end, uint32_t network, uint32_t host)
{
    uint32_t address = network + host;
    for (int i = 0; i < 4; i++)
        end->address[i] = (uint8_t)(address >> (24 - 8 * i));
}

static void set_v6(struct frame_end *end, uint64_t network, uint32_t host)
{
    memset(end->address, 0, sizeof end->address);
    for (int i = 0; i < 8; i++)
        end->address[i] = (uint8_t)(network >> (56 - 8 * i));
    for (int i = 0; i < 4; i++)
        end->address[12 + i] = (uint8_t)(host >> (24 - 8 * i));
}

/* Networks of the roles are those that AWS publishes; hosts in them are made up. */
static void set_server(struct talk *t, uint64_t *random)
{
    static const struct {
        uint32_t v4, hosts;
        uint64_t v6; /* 0: none */
    } networks[] = {
        [TALK_DCV] = { 0x12864400, 1000, UINT64_C(0x26001f28034c0000) }, /* 18.134.68.0/22, 2600:1f28:34c::/48 */
        [TALK_PCOIP] = { 0x12841600, 500, 0 },                           /* 18.132.22.0/23 */
        [TALK_HEALTH_CHECK] = { 0x34382e66, 1, 0 },                      /* 52.56.46.102 */
        [TALK_ELSEWHERE] = { 0x5db80000, 60000, UINT64_C(0x2a00145040090000) },
        [TALK_RESOLVER] = { 0x0a000035, 1, 0 },
    };
    enum talk_server server = t->shape->server;
    uint32_t host = networks[server].hosts > 1 ? 1 + random_below(random, networks[server].hosts) : 0;
    t->ipv6 = t->ipv6 && networks[server].v6;
    if (t->ipv6)
        set_v6(&t->server, networks[server].v6, host);
    else
        set_v4(&t->server, networks[server].v4, host);
    t->server.port = t->shape->port;
}

void talk_begin(struct talk *t, const struct talk_shape *shape, const struct talk_place *place, uint64_t *random)
{
    *t = (struct talk){ .shape = shape, .ipv6 = random_percent(random, place->ipv6_percent),
                        .vlan = random_percent(random, place->vlan_percent) };
    uint32_t client = 256 + random_below(random, place->clients);
    set_server(t, random);
    if (t->ipv6)
        set_v6(&t->client, UINT64_C(0x20010db800000000), client);
    else
        set_v4(&t->client, 0x0a010000, client);
    t->client.port = (uint16_t)(32768 + random_below(random, 28232));
    t->packets = shape->packets_min + random_below(random, shape->packets_max - shape->packets_min + 1);
    for (int side = UP; side <= DOWN; side++) {
        t->sequence[side] = (uint32_t)random_next(random);
        t->ip_id[side] = (uint16_t)random_next(random);
        t->tsval[side] = (uint32_t)random_next(random);
    }
    t->acknowledged[UP] = t->sequence[DOWN];
    t->acknowledged[DOWN] = t->sequence[UP];
}

static void address(struct talk *t, int side, uint8_t protocol, struct frame *f)
{
    f->source = side == UP ? &t->client : &t->server;
    f->destination = side == UP ? &t->server : &t->client;
    f->ipv6 = t->ipv6;
    f->vlan = t->vlan;
    f->protocol = protocol;
    f->ttl = side == UP ? CLIENT_TTL : SERVER_TTL;
    f->ip_id = t->ip_id[side]++;
}

static uint32_t data_bytes(const struct talk *t, int side, uint64_t *random)
{
    const struct talk_shape *s = t->shape;
    uint32_t least = side == UP ? BODY_HEAD_BYTES : s->down_bytes_min;
    uint32_t most = side == UP ? s->up_bytes_max : s->down_bytes_max;
    return most > least ? least + random_below(random, most - least + 1) : least;
}

/* `length`: what the segment takes of the sequence space beside its body. */
static void segment(struct talk *t, int side, uint8_t flags, struct frame *f)
{
    address(t, side, FRAME_TCP, f);
    f->tcp_flags = flags;
    f->window = WINDOW;
    f->sequence = t->sequence[side];
    f->acknowledgment = flags & FRAME_ACK ? t->sequence[!side] : 0;
    f->tsval = t->tsval[side] + (uint32_t)(f->time_ns / MS);
    f->tsecr = flags & FRAME_ACK ? t->number[!side] : 0;
    t->number[side] = f->tsval;
    t->acknowledged[side] = f->acknowledgment;
    t->sequence[side] += body_bytes(&f->body) + ((flags & FRAME_SYN) != 0) + ((flags & FRAME_FIN) != 0);
}

static void tcp_data(struct talk *t, const struct body_pool *pool, uint64_t *random, struct frame *f)
{
    int side = random_percent(random, t->shape->down_percent) ? DOWN : UP;
    bool owes = t->acknowledged[UP] != t->sequence[DOWN];
    if (side == UP && owes && random_percent(random, 75)) {
        segment(t, UP, FRAME_ACK, f);
        return;
    }
    f->body = body_tls_data(pool, (uint32_t)random_next(random), data_bytes(t, side, random));
    segment(t, side, FRAME_PSH | FRAME_ACK, f);
    if (random_below(random, 1000) < REPEATED_PER_MILLE) /* lost behind the tap: the same numbers come again */
        t->sequence[side] = f->sequence;
}

static void tcp(struct talk *t, const struct body_pool *pool, uint64_t *random, struct frame *f)
{
    uint32_t left = t->packets - t->step;
    bool hello = t->shape->script == TALK_TCP;
    bool gateway = t->shape->server != TALK_ELSEWHERE;
    if (t->step == 0) {
        segment(t, UP, FRAME_SYN, f);
    } else if (t->step == 1) {
        segment(t, DOWN, FRAME_SYN | FRAME_ACK, f);
    } else if (left <= 2) {
        segment(t, left == 2 ? UP : DOWN, FRAME_FIN | FRAME_ACK, f);
    } else if (t->step == 2 && hello) {
        f->body = body_message(pool, gateway ? BODY_CLIENT_HELLO_GATEWAY : BODY_CLIENT_HELLO_ELSEWHERE,
                               (uint32_t)random_next(random));
        segment(t, UP, FRAME_PSH | FRAME_ACK, f);
    } else if (t->step == 3 && hello) {
        f->body = body_message(pool, BODY_SERVER_HELLO, (uint32_t)random_next(random));
        segment(t, DOWN, FRAME_PSH | FRAME_ACK, f);
    } else if (t->step == 2) {
        segment(t, UP, FRAME_ACK, f);
    } else {
        tcp_data(t, pool, random, f);
    }
}

static void quic(struct talk *t, const struct body_pool *pool, uint64_t *random, struct frame *f)
{
    int side = t->step < 2 ? (int)t->step : random_percent(random, t->shape->down_percent) ? DOWN : UP;
    uint32_t n = t->client.port;
    bool gateway = t->shape->server != TALK_ELSEWHERE;
    if (t->step == 0)
        f->body = body_message(pool, gateway ? BODY_INITIAL_GATEWAY : BODY_INITIAL_ELSEWHERE, n);
    else if (t->step == 1)
        f->body = body_message(pool, BODY_INITIAL_SERVER, n);
    else
        f->body = body_quic_short(pool, (uint32_t)random_next(random), data_bytes(t, side, random), n);
    address(t, side, FRAME_UDP, f);
}

static void esp(struct talk *t, const struct body_pool *pool, uint64_t *random, struct frame *f)
{
    int side = t->step < 2 ? (int)t->step : random_percent(random, t->shape->down_percent) ? DOWN : UP;
    f->body = body_esp(pool, (uint32_t)random_next(random), data_bytes(t, side, random), t->tsval[side],
                       ++t->number[side]);
    address(t, side, FRAME_UDP, f);
}

static void dns(struct talk *t, const struct body_pool *pool, struct frame *f)
{
    int side = (int)(t->step & 1);
    f->body = body_message(pool, side == UP ? BODY_DNS_QUESTION : BODY_DNS_ANSWER, t->client.port);
    address(t, side, FRAME_UDP, f);
}

/* RFC 6298: after 1 s, then twice as long each time. */
static void syn(struct talk *t, struct frame *f)
{
    t->sequence[UP] -= t->step > 0;
    segment(t, UP, FRAME_SYN, f);
    t->not_before_ns = f->time_ns + (UINT64_C(1000) * MS << t->step);
}

static void rejection(struct talk *t, struct frame *f)
{
    enum { PROHIBITED = 13, IP4_BYTES = 20 };
    static const struct frame_end router = { .address = { 10, 0, 0, 1 } };
    address(t, DOWN, FRAME_ICMP, f);
    f->source = &router;
    f->icmp_type = FRAME_ICMP_UNREACHABLE;
    f->icmp_code = PROHIBITED;
    f->body = (struct body){ .tail = t->quote, .tail_bytes = sizeof t->quote,
                             .tail_sum = body_sum(t->quote, sizeof t->quote) };
}

static void rejected_syn(struct talk *t, struct frame *f)
{
    enum { LINK_BYTES = 16 + 14 };
    uint8_t record[FRAME_RECORD_BYTES_MAX];
    if (t->step) {
        rejection(t, f);
        return;
    }
    segment(t, UP, FRAME_SYN, f);
    frame_write(f, record);
    memcpy(t->quote, record + LINK_BYTES + (t->vlan ? 4 : 0), sizeof t->quote);
}

static void ping(struct talk *t, const struct body_pool *pool, uint64_t *random, struct frame *f)
{
    enum { ECHO_BYTES = 56 };
    int side = (int)(t->step & 1);
    address(t, side, FRAME_ICMP, f);
    f->icmp_type = side == UP ? FRAME_ICMP_ECHO : FRAME_ICMP_ECHO_REPLY;
    f->body = body_esp(pool, (uint32_t)random_next(random), ECHO_BYTES, t->tsval[UP], t->step / 2);
}

bool talk_next(struct talk *t, const struct talk_place *place, uint64_t *random, uint64_t now_ns, struct frame *f)
{
    *f = (struct frame){ .time_ns = now_ns };
    switch (t->shape->script) {
    case TALK_TCP:
    case TALK_TCP_BARE:
        tcp(t, place->pool, random, f);
        break;
    case TALK_QUIC:
        quic(t, place->pool, random, f);
        break;
    case TALK_ESP:
        esp(t, place->pool, random, f);
        break;
    case TALK_DNS:
        dns(t, place->pool, f);
        break;
    case TALK_SYN_BLOCKED:
        syn(t, f);
        break;
    case TALK_SYN_REJECTED:
        rejected_syn(t, f);
        break;
    case TALK_PING:
        ping(t, place->pool, random, f);
        break;
    }
    return ++t->step < t->packets;
}
