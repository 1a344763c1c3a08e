/* SPDX-License-Identifier: Apache-2.0 */
#include "track/tap.h"

#include "decode/checksum.h"
#include "track/quic.h"

enum {
    SERVER_PACKETS_THAT_PROVE = 3, /* fewer may be the last words of a connection that ended before the capture */
    CHECKSUMS_THAT_PROVE = 10,
    CHECKSUMS_LOOKED_AT = 16, /* of one side of a flow: a sender that leaves them to its network card always does */
};

void track_tap_note_packet(struct track *t, struct flow *f, enum flow_direction direction,
                           const struct track_packet *packet, const struct decode_packet *d)
{
    struct flow_half *half = &f->half[direction];
    t->tap->followed_packets++;
    if (d->payload_bytes) {
        t->tap->followed_with_payload++;
        t->tap->followed_cut += (d->flags & DECODE_PAYLOAD_CUT) != 0;
    }
    if (d->flags & DECODE_CHECKSUM_KNOWN && half->checksums < CHECKSUMS_LOOKED_AT) {
        half->checksums++;
        half->bad_checksums = (uint16_t)(half->bad_checksums + decode_checksum_is_wrong(d, packet->bytes));
    }
}

static bool client_alone_proves(const struct flow *f)
{
    const struct flow_half *client = &f->half[FLOW_TO_SERVER];
    if (f->key.protocol != 6)
        return f->flags & FLOW_QUIC_BEYOND;
    if (f->flags & FLOW_ACK_AFTER_SYN)
        return true;
    return client->acknowledged != client->first_acknowledged;
}

static bool server_alone_proves(const struct flow *f)
{
    const struct flow_half *server = &f->half[FLOW_TO_CLIENT];
    if (f->key.protocol != 6)
        return server->packets >= SERVER_PACKETS_THAT_PROVE && !(f->flags & FLOW_BACKGROUND);
    if (server->tcp_flags & DECODE_SYN)
        return true;
    return server->packets >= SERVER_PACKETS_THAT_PROVE && server->payload_bytes;
}

static void count_direction(struct model_tap *tap, const struct flow *f)
{
    bool role = !(f->flags & FLOW_BACKGROUND);
    bool client = f->half[FLOW_TO_SERVER].packets, server = f->half[FLOW_TO_CLIENT].packets;
    if (client && server) {
        tap->flows_two_way++;
        tap->role_flows_two_way += role;
    } else if (client && client_alone_proves(f)) {
        tap->flows_client_only_proved++;
        tap->role_flows_one_way += role;
    } else if (server && server_alone_proves(f)) {
        tap->flows_server_only_proved++;
        tap->role_flows_one_way += role;
    }
}

static bool begins_in_the_middle(const struct story *s)
{
    return s && s->path->role != ENDPOINT_HEALTH_CHECK && s->udp.begins_short && !s->udp.start_seen &&
           !(s->udp.connection && s->udp.connection->moved_here) &&
           s->path->moved_ns == INT64_MIN;
}

static void count_start(struct model_tap *tap, const struct flow *f)
{
    if (f->flags & FLOW_BACKGROUND)
        return;
    tap->role_flows++;
    bool syn = (f->half[0].tcp_flags | f->half[1].tcp_flags) & DECODE_SYN;
    if (f->key.protocol == 6 && !syn)
        tap->role_flows_without_start++;
    else if (f->key.protocol == 6 || f->flags & FLOW_QUIC_INITIAL)
        tap->role_flows_with_start++;
    else if (begins_in_the_middle(story_of(f)))
        tap->role_flows_without_start++;
}

/* A connection whose numbers say that data passed, none of which is in the file: a filter kept only the handshakes. */
static void count_hidden_data(struct model_tap *tap, const struct flow *f)
{
    const struct flow_half *client = &f->half[FLOW_TO_SERVER];
    if (f->key.protocol != 6 || !(f->flags & FLOW_SYN_SEEN) || !(client->tcp_flags & DECODE_FIN))
        return;
    tap->handshake_closed_flows++;
    uint32_t bytes = client->next_sequence - client->first_sequence - 2;
    tap->data_hidden_flows += bytes > 0 && !(f->flags & FLOW_DATA_SEEN);
}

/* Acknowledged bytes that were never seen, on flows seen in both directions. */
static void count_unseen(struct model_tap *tap, const struct flow *f)
{
    if (f->key.protocol != 6 || !f->half[0].packets || !f->half[1].packets)
        return;
    tap->segments += f->half[0].packets + f->half[1].packets;
    for (int side = 0; side < 2; side++)
        tap->unseen_holes += f->half[side].unseen_holes + (uint64_t)f->half[side].hole_acknowledged;
}

static void count_checksums(struct track *t, const struct flow *f)
{
    for (int side = 0; side < 2; side++) {
        const struct flow_half *half = &f->half[side];
        struct model_host *host =
            half->bad_checksums ? model_host_of(t->model, side == FLOW_TO_SERVER ? flow_client(f) : flow_server(f))
                                : NULL;
        if (!host)
            continue;
        bool was_bad = host->checksums >= CHECKSUMS_THAT_PROVE && host->bad_checksums * 2 > host->checksums;
        host->checksums += half->checksums;
        host->bad_checksums += half->bad_checksums;
        bool is_bad = host->checksums >= CHECKSUMS_THAT_PROVE && host->bad_checksums * 2 > host->checksums;
        t->tap->checksum_bad_senders += (uint64_t)is_bad - (uint64_t)was_bad;
    }
}

void track_tap_count_flow(struct track *t, const struct flow *f)
{
    count_direction(t->tap, f);
    count_start(t->tap, f);
    count_hidden_data(t->tap, f);
    count_unseen(t->tap, f);
    count_checksums(t, f);
}
