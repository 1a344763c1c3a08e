/* SPDX-License-Identifier: Apache-2.0 */
#include "scenario.h"

#include <string.h>

#include "payload.h"
#include "quic.h"
#include "tcp.h"

/* Steps -> frames: what each end of each flow would send, as bytes. */

enum { PROTOCOL_TCP = 6, ICMP_TIME_EXCEEDED = 11, ICMPV6_TIME_EXCEEDED = 3, TCP_SEQUENCE_OFFSET = 4 };

/* What is remembered of one member of a flow. */
struct member {
    struct tcp_connection tcp;
    struct quic_ids quic;
    uint32_t quic_number[2];
    unsigned quic_attempts;
    uint32_t datagrams[2];
    uint16_t ip_id[2];
    struct craft_bytes last[2]; /* the packet sent last, from its IP header on: for ICMP */
    bool known;
};

struct player {
    struct arena *arena;
    const struct scenario *scenario;
    struct craft *craft;
    struct frames *frames;
    struct error *error;
    struct member *members[SCENARIO_FLOWS_MAX];
    int64_t clock_shift_ns;
};

static struct ipaddr host_address(const struct host *host, unsigned member)
{
    struct ipaddr address = host->address;
    unsigned add = member % host->count;
    for (int i = 15; add && i >= 12; i--) {
        add += address.bytes[i];
        address.bytes[i] = (uint8_t)add;
        add >>= 8;
    }
    return address;
}

/* A flow whose members are not hosts has one client port for each. */
static struct flow member_flow(const struct scenario *scenario, const struct step *step)
{
    struct flow flow = scenario->flows[step->flow];
    if (scenario->hosts[flow.client].count == 1)
        flow.client_port = (uint16_t)(flow.client_port + step->member);
    return flow;
}

static void set_mac(struct craft_link *link, bool down)
{
    static const uint8_t client[CRAFT_MAC_BYTES] = { 0x02, 0, 0, 0, 0, 0x0c },
                         router[CRAFT_MAC_BYTES] = { 0x02, 0, 0, 0, 0, 0x01 };
    memcpy(link->source, down ? router : client, CRAFT_MAC_BYTES);
    memcpy(link->destination, down ? client : router, CRAFT_MAC_BYTES);
}

static void start_frame(struct player *player, bool down)
{
    struct craft_link link = player->scenario->capture.link;
    set_mac(&link, down);
    craft_set_link(player->craft, &link);
}

static enum status no_memory(struct player *player)
{
    return error_set(player->error, STATUS_NO_MEMORY, "There is no memory for the capture.");
}

/* Keeps the frame that was built, unless the tap does not see it. `last` gets the packet. */
static enum status keep(struct player *player, const struct step *step, const struct craft_frame *built,
                        struct craft_bytes *last)
{
    struct frames *frames = player->frames;
    uint8_t *copy = arena_alloc(player->arena, 1, built->length);
    if (!copy)
        return no_memory(player);
    memcpy(copy, built->bytes, built->length);
    if (last)
        *last = (struct craft_bytes){ copy + built->ip_offset, built->length - built->ip_offset };
    if (step->unseen)
        return STATUS_OK;
    frames->rows = rows_grow(player->arena, frames->rows, frames->count, &frames->capacity, sizeof *frames->rows);
    if (!frames->rows)
        return no_memory(player);
    frames->rows[frames->count++] = (struct frame){
        .at_ns = step->at_ns, .written_ns = step->at_ns + player->clock_shift_ns,
        .bytes = { copy, built->length }, .label = step->label, .down = step->down,
        .always = step->action == ACTION_BACKGROUND,
    };
    return STATUS_OK;
}

static struct member *member_of(struct player *player, const struct step *step)
{
    const struct flow *flow = &player->scenario->flows[step->flow];
    struct member **members = &player->members[step->flow];
    if (!*members)
        *members = arena_alloc(player->arena, flow->count, sizeof **members);
    if (!*members)
        return NULL;
    struct member *member = &(*members)[step->member];
    if (!member->known) {
        member->known = true;
        for (unsigned side = 0; side < 2; side++)
            member->ip_id[side] = (uint16_t)payload_seed(flow->name, step->member, 5000 + side);
    }
    return member;
}

static struct craft_ip ip_of(struct player *player, const struct flow *flow, const struct step *step,
                             struct member *member)
{
    const struct host *hosts = player->scenario->hosts;
    const struct host *from = &hosts[step->down ? flow->server : flow->client];
    const struct host *to = &hosts[step->down ? flow->client : flow->server];
    struct craft_ip ip = { .source = host_address(from, step->member), .destination = host_address(to, step->member),
                           .ttl = step->ttl == NOT_GIVEN ? from->ttl : (uint8_t)step->ttl, .dont_fragment = true };
    ip.id = from->id_zero ? 0 : member->ip_id[step->down]++;
    if (step->ip_id != NOT_GIVEN)
        ip.id = (uint16_t)step->ip_id;
    return ip;
}

static void choose_quic_ids(struct member *member, const struct flow *flow, const struct step *step)
{
    struct payload noise;
    noise.length = 0;
    payload_put_noise(&noise, payload_seed(flow->name, step->member, 7000 + member->quic_attempts++),
                      3 * QUIC_ID_BYTES);
    memcpy(member->quic.original, noise.bytes, QUIC_ID_BYTES);
    memcpy(member->quic.client, noise.bytes + QUIC_ID_BYTES, QUIC_ID_BYTES);
    memcpy(member->quic.server, noise.bytes + 2 * QUIC_ID_BYTES, QUIC_ID_BYTES);
    member->quic.answered = false;
    member->quic_number[0] = member->quic_number[1] = 0;
}

/* "again" keeps the connection ids; the packet number counts on. A connection that goes on from another port keeps
 * them too (RFC 9000, section 9). */
static bool put_quic(struct player *player, struct member *member, const struct step *step, struct payload *p)
{
    const struct flow *flow = &player->scenario->flows[step->flow];
    bool fresh = step->action == ACTION_INITIAL && !step->down && !step->again;
    if (flow->continues != NOT_GIVEN && !member->quic_attempts) {
        const struct member *earlier = player->members[flow->continues];
        member->quic = earlier ? earlier[step->member].quic : member->quic;
        member->quic_number[0] = member->quic_number[1] = 1000;
        member->quic_attempts = 1;
    } else if (fresh || !member->quic_attempts) {
        choose_quic_ids(member, flow, step);
    }
    struct quic_packet packet = { .down = step->down, .number = member->quic_number[step->down]++,
                                  .sni = step->name };
    packet.seed = payload_seed(flow->name, step->member, packet.number);
    /* A client that hears nothing repeats its Initial towards the id it made up itself. */
    member->quic.answered = step->action != ACTION_INITIAL;
    if (step->action == ACTION_INITIAL)
        return quic_put_initial(p, &member->quic, &packet);
    if (step->action == ACTION_QUIC_HANDSHAKE)
        quic_put_handshake(p, &member->quic, &packet, step->bytes);
    else
        quic_put_short(p, &member->quic, &packet, step->bytes);
    return true;
}

/* Bytes of no protocol we read: as UDP-encapsulated ESP, SPI and sequence number, as PCoIP sends. */
static void put_datagram(struct member *member, const struct flow *flow, const struct step *step, struct payload *p)
{
    uint32_t number = member->datagrams[step->down]++ + (uint32_t)step->sequence_shift;
    payload_put(p, payload_seed(flow->name, step->member, 9000 + step->down) & 0xffffffff, 4);
    payload_put(p, number, 4);
    payload_put_noise(p, payload_seed(flow->name, step->member, number), step->bytes > 8 ? step->bytes - 8 : 0);
}

static bool put_udp(struct player *player, struct member *member, const struct step *step, struct payload *p)
{
    const struct flow *flow = &player->scenario->flows[step->flow];
    bool dns = step->action == ACTION_QUERY || step->action == ACTION_ANSWER;
    if (dns)
        payload_dns(p, step, (uint16_t)payload_seed(flow->name, step->member, 1), step->action == ACTION_ANSWER);
    else if (step->action == ACTION_SAY)
        payload_text(p, step->name);
    else if (step->action == ACTION_DATAGRAM)
        put_datagram(member, flow, step, p);
    else
        return put_quic(player, member, step, p);
    return true;
}

static enum status not_built(struct player *player, const struct step *step)
{
    return place_error(&step->place, player->error, "this packet cannot be built");
}

static struct craft_bytes bytes_of(const struct payload *payload)
{
    return (struct craft_bytes){ payload->bytes, payload->length };
}

static enum status play_transport(struct player *player, const struct step *step)
{
    struct flow flow = member_flow(player->scenario, step);
    struct member *member = member_of(player, step);
    struct payload payload;
    struct craft_frame built;
    struct craft_tcp tcp;
    enum status status;
    if (!member)
        return no_memory(player);
    payload.length = 0;
    struct craft_ip ip = ip_of(player, &flow, step, member);
    start_frame(player, step->down);
    if (flow.protocol == PROTOCOL_TCP) {
        tcp_segment(&member->tcp, &flow, step, &tcp, &payload);
        status = craft_build_tcp(player->craft, &ip, &tcp, bytes_of(&payload), &built);
    } else {
        struct craft_udp udp = { step->down ? flow.server_port : flow.client_port,
                                 step->down ? flow.client_port : flow.server_port };
        if (!put_udp(player, member, step, &payload))
            return not_built(player, step);
        status = craft_build_udp(player->craft, &ip, &udp, bytes_of(&payload), &built);
    }
    return status == STATUS_OK ? keep(player, step, &built, &member->last[step->down]) : not_built(player, step);
}

/* The quoted packet as it was where it met its end: the TTL spent on the way; the sequence number as told. */
static struct craft_bytes quote(struct player *player, const struct step *step, struct craft_bytes packet)
{
    uint8_t *copy = arena_alloc(player->arena, 1, packet.length);
    if (!copy)
        return (struct craft_bytes){ NULL, 0 };
    memcpy(copy, packet.bytes, packet.length);
    bool v6 = copy[0] >> 4 == 6;
    uint8_t ttl = copy[v6 ? 7 : 8];
    bool expired = step->icmp_type == (v6 ? ICMPV6_TIME_EXCEEDED : ICMP_TIME_EXCEEDED);
    craft_set_ttl(copy, packet.length, step->quote_ttl != NOT_GIVEN ? (uint8_t)step->quote_ttl
                                       : expired                    ? 1
                                                                    : (uint8_t)(ttl - (ttl > 1)));
    size_t sequence_at = (v6 ? 40U : 20U) + TCP_SEQUENCE_OFFSET;
    if (step->quote_shift && packet.length >= sequence_at + 4) {
        uint32_t sequence = (uint32_t)copy[sequence_at] << 24 | (uint32_t)copy[sequence_at + 1] << 16 |
                            (uint32_t)copy[sequence_at + 2] << 8 | copy[sequence_at + 3];
        sequence += (uint32_t)step->quote_shift;
        for (size_t i = 0; i < 4; i++)
            copy[sequence_at + i] = (uint8_t)(sequence >> (24 - 8 * i));
    }
    return craft_quote((struct craft_bytes){ copy, packet.length }, (size_t)step->quote_bytes);
}

static enum status play_icmp(struct player *player, const struct step *step)
{
    const struct flow *flow = &player->scenario->flows[step->flow];
    const struct host *hosts = player->scenario->hosts, *router = &hosts[step->router];
    struct member *member = member_of(player, step);
    if (!member)
        return no_memory(player);
    struct craft_bytes packet = member->last[!step->down];
    if (!packet.length)
        return place_error(&step->place, player->error, "there is no packet yet that this error could quote");
    struct craft_ip ip = { .source = host_address(router, step->member),
                           .destination = host_address(&hosts[step->down ? flow->client : flow->server], step->member),
                           .ttl = step->ttl == NOT_GIVEN ? router->ttl : (uint8_t)step->ttl, .traffic_class = 0xc0 };
    ip.id = step->ip_id == NOT_GIVEN ? (uint16_t)(step->order + 1) : (uint16_t)step->ip_id;
    struct craft_icmp icmp = { .type = (uint8_t)step->icmp_type, .code = (uint8_t)step->icmp_code,
                               .rest = (uint32_t)step->mtu };
    struct craft_frame built;
    start_frame(player, step->down);
    if (craft_build_icmp(player->craft, &ip, &icmp, quote(player, step, packet), &built) != STATUS_OK)
        return not_built(player, step);
    return keep(player, step, &built, NULL);
}

/* A packet that is nobody's business: the capture was still running. */
static enum status play_background(struct player *player, const struct step *step)
{
    static const uint8_t ntp[48] = { 0x23 };
    struct craft_ip ip = { .ttl = 64 };
    struct craft_udp udp = { 123, 123 };
    struct craft_frame built;
    if (!ipaddr_parse("192.0.2.1", &ip.source) || !ipaddr_parse("192.0.2.2", &ip.destination))
        return not_built(player, step);
    start_frame(player, false);
    if (craft_build_udp(player->craft, &ip, &udp, (struct craft_bytes){ ntp, sizeof ntp }, &built) != STATUS_OK)
        return not_built(player, step);
    return keep(player, step, &built, NULL);
}

static enum status play_step(struct player *player, const struct step *step)
{
    switch ((int)step->action) {
    case ACTION_CLOCK:
        player->clock_shift_ns += step->clock_shift_ns;
        return STATUS_OK;
    case ACTION_ICMP:
        return play_icmp(player, step);
    case ACTION_BACKGROUND:
        return play_background(player, step);
    default:
        return play_transport(player, step);
    }
}

enum status play_steps(struct arena *arena, const struct scenario *scenario, const struct steps *steps,
                       struct frames *out, struct error *error)
{
    struct player player = { .arena = arena, .scenario = scenario, .frames = out, .error = error };
    enum status status = STATUS_OK;
    player.craft = craft_new(&scenario->capture.link, error);
    if (!player.craft)
        return STATUS_NO_MEMORY;
    for (size_t i = 0; i < steps->count && status == STATUS_OK; i++)
        status = play_step(&player, &steps->rows[i]);
    craft_free(player.craft);
    return status;
}
