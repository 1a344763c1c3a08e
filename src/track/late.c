/* SPDX-License-Identifier: Apache-2.0 */
#include "track/late.h"

#include "track/rtt.h"
#include "track/session.h"

/* The flow record keeps no time of the SYN-ACK; while it is the server's only packet, it is that of its last one. */
static int64_t handshake_ns(const struct track *t, const struct flow *f)
{
    const struct flow_half *client = &f->half[FLOW_TO_SERVER], *server = &f->half[FLOW_TO_CLIENT];
    bool once = server->packets == 1 && !client->retransmissions && !server->retransmissions;
    bool in_order = !t->clock_epoch && server->last_ns > f->first_ns;
    return once && in_order ? server->last_ns - f->first_ns : 0;
}

static void tell_accepted(struct track *t, struct story *s, struct flow *f, int64_t time_ns)
{
    struct story_tcp *tcp = &s->tcp;
    tcp->accepted = true;
    tcp->rtt_server_ns = tcp->syn_ack_count ? handshake_ns(t, f) : 0;
    s->path->open_connections++;
    if (tcp->rtt_server_ns > 0)
        track_rtt_sample(t, s, &(struct model_rtt_sample){ .half = MODEL_RTT_SERVER, .method = MODEL_RTT_HANDSHAKE,
                                                           .value_ns = tcp->rtt_server_ns, .time_ns = time_ns });
    track_session_worked(s, f, time_ns);
    struct model_incident accepted = { .fact = MODEL_TCP_ACCEPTED, .first_ns = f->first_ns, .last_ns = time_ns,
                                       .rtt_server_ns = tcp->rtt_server_ns, .attempts = tcp->syn_count };
    track_judge_show_frames(&tcp->syns, MODEL_SHOWS_SYN, &accepted);
    track_session_file(t, s, f, &accepted);
}

static void begin_tcp(struct track *t, struct story *s, struct flow *f, const struct track_packet *packet)
{
    struct story_tcp *tcp = &s->tcp;
    const struct flow_half *client = &f->half[FLOW_TO_SERVER], *server = &f->half[FLOW_TO_CLIENT];
    tcp->last_frame[FLOW_TO_SERVER] = packet->frame;
    tcp->last_ns[FLOW_TO_SERVER] = packet->time_ns;
    tcp->last_ns[FLOW_TO_CLIENT] = server->last_ns;
    tcp->server_spoke = server->tcp_flags & ~DECODE_RST;
    if (server->tcp_flags & DECODE_SYN) {
        tcp->syn_ack_count = 1;
        s->path->syn_acks++;
        s->path->answered_ns = server->last_ns;
    }
    if (!(f->flags & FLOW_SYN_SEEN)) {
        if (tcp->server_spoke)
            track_session_worked(s, f, packet->time_ns);
        return;
    }
    tcp->isn = client->first_sequence;
    tcp->syn_count = 1;
    tcp->first_syn_ns = tcp->last_syn_ns = f->first_ns;
    story_frames_add(&tcp->syns, f->first_frame);
    s->path->start_seen = true;
    if (s->path->region)
        s->path->client->started_regions |= model_region_bit(t->model, s->path->region);
    if (f->flags & FLOW_ACK_AFTER_SYN && tcp->server_spoke)
        tell_accepted(t, s, f, packet->time_ns);
}

static void tell_answered(struct track *t, struct story *s, struct flow *f)
{
    struct story_udp *udp = &s->udp;
    int64_t answer_ns = f->half[FLOW_TO_CLIENT].last_ns;
    udp->first_answer_ns = udp->last_answer_ns = s->path->answered_ns = answer_ns;
    track_session_worked(s, f, answer_ns);
    struct model_incident answered = { .fact = MODEL_UDP_ANSWERED, .first_ns = f->first_ns, .last_ns = answer_ns,
                                       .attempts = udp->sent, .quic = udp->quic };
    track_judge_show_frames(&udp->datagrams, udp->quic ? MODEL_SHOWS_INITIAL : MODEL_SHOWS_DATAGRAM, &answered);
    track_session_file(t, s, f, &answered);
}

static void begin_udp(struct track *t, struct story *s, struct flow *f, const struct track_packet *packet)
{
    struct story_udp *udp = &s->udp;
    udp->quic = f->flags & FLOW_QUIC_INITIAL;
    udp->start_seen = udp->quic;
    s->path->start_seen = s->path->start_seen || udp->quic;
    udp->sent = (uint32_t)f->half[FLOW_TO_SERVER].packets;
    udp->answers = (uint32_t)f->half[FLOW_TO_CLIENT].packets;
    udp->first_ns = f->first_ns;
    udp->third_ns = udp->last_sent_ns = packet->time_ns; /* of the third: no later than this */
    story_frames_add(&udp->datagrams, f->first_frame);
    if (packet->frame != f->first_frame)
        story_frames_add(&udp->datagrams, packet->frame);
    s->path->datagrams_to_server += udp->sent;
    s->path->datagrams_to_client += udp->answers;
    if (udp->answers)
        tell_answered(t, s, f);
}

void track_late_begin(struct track *t, struct flow *f, const struct track_packet *packet, struct model_path *path)
{
    struct story *s = path ? track_session_begin_on(t, f, packet, path) : track_session_begin(t, f, packet);
    if (!s)
        return;
    struct model_path *p = s->path;
    p->first_ns = f->first_ns < p->first_ns ? f->first_ns : p->first_ns;
    p->last_ns = packet->time_ns;
    if (s->session)
        s->session->last_ns = packet->time_ns;
    if (f->key.protocol == 6)
        begin_tcp(t, s, f, packet);
    else
        begin_udp(t, s, f, packet);
    for (int side = FLOW_TO_SERVER; side <= FLOW_TO_CLIENT; side++)
        if (f->half[side].payload_bytes)
            track_session_payload(t, f, (enum flow_direction)side, packet->time_ns,
                                  (uint32_t)f->half[side].payload_bytes);
}

void track_late_name(struct track *t, struct flow *f, const struct endpoint_name_row *row)
{
    struct story *s = story_of(f);
    if (!s || s->path->row || f->role != ENDPOINT_ROLE_UNKNOWN)
        return;
    model_path_name(s->path, row);
    if (s->path->name_row && !s->path->name)
        s->path->name = f->name;
    f->role = (uint8_t)s->path->role;
    struct model_session *unnamed = s->session;
    if (!unnamed || unnamed->region)
        return;
    bool open = f->key.protocol == 6 && s->has_answer && !s->tcp.closed;
    track_session_renew(t, unnamed->client, s->path->region, unnamed->protocol, f->first_ns);
    s->session = model_session_name(t->model, unnamed, s->path->region, f->key.protocol == 6 ? MODEL_TCP : MODEL_UDP);
    unnamed->open_connections -= open;
    if (s->session)
        s->session->open_connections += open;
}

void track_late_withdraw(struct track *t, struct flow *f)
{
    struct story *s = story_of(f);
    s->path->flows--;
    s->path->open_connections -= s->tcp.accepted && !s->tcp.closed;
    track_story_free(t, f);
    f->flags |= FLOW_BACKGROUND;
    f->role = ENDPOINT_ROLE_NONE;
}
