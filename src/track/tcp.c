/* SPDX-License-Identifier: Apache-2.0 */
#include "track/tcp.h"

#include <stdlib.h>

#include "base/cursor.h"
#include "track/offload.h"
#include "track/pmtu.h"
#include "track/resend.h"
#include "track/reset.h"
#include "track/rtt.h"
#include "track/sequence.h"
#include "track/session.h"
#include "track/stall.h"
#include "track/timing.h"
#include "track/window.h"

static inline uint32_t segment_length(const struct decode_packet *d)
{
    return d->payload_bytes + ((d->tcp.flags & DECODE_SYN) != 0) + ((d->tcp.flags & DECODE_FIN) != 0);
}

bool track_tcp_begins_anew(const struct flow *f, const struct decode_packet *d)
{
    if ((d->tcp.flags & (DECODE_SYN | DECODE_ACK | DECODE_RST)) != DECODE_SYN)
        return false;
    if (!(f->flags & FLOW_SYN_SEEN)) /* a SYN just behind its SYN-ACK was captured in the wrong order */
        return (f->flags & (FLOW_ENDED | FLOW_DATA_SEEN)) != 0;
    return f->half[FLOW_TO_SERVER].first_sequence != d->tcp.sequence;
}

static void add_history(struct flow *f, enum flow_direction direction, const struct decode_packet *d, bool repeated)
{
    uint8_t flags = d->tcp.flags;
    if (flags & DECODE_SYN)
        flow_add_history(f, direction, flags & DECODE_ACK ? 'H' : 'S');
    if (repeated)
        flow_add_history(f, direction, 'T');
    if ((flags & (DECODE_SYN | DECODE_RST | DECODE_ACK)) == DECODE_ACK && !d->payload_bytes)
        flow_add_history(f, direction, 'A');
    if (d->payload_bytes)
        flow_add_history(f, direction, 'D');
    if (d->tcp.window == 0 && !(flags & (DECODE_SYN | DECODE_FIN | DECODE_RST)))
        flow_add_history(f, direction, 'W');
    if (flags & DECODE_FIN)
        flow_add_history(f, direction, 'F');
    if (flags & DECODE_RST)
        flow_add_history(f, direction, 'R');
}

static void close_hole(struct flow_half *half)
{
    if (half->hole_acknowledged && half->unseen_holes < UINT16_MAX)
        half->unseen_holes++;
    half->hole_acknowledged = false;
    half->hole_start = half->hole_end = 0;
}

/* Bytes between what was seen and what comes now: lost on the way to the tap, or by the capture. Which of the two,
 * their acknowledgment tells. */
static void note_hole(struct flow_half *half, uint32_t sequence)
{
    if (!sequence_before(half->next_sequence, sequence))
        return;
    close_hole(half);
    half->hole_start = half->next_sequence;
    half->hole_end = sequence;
}

static void fill_hole(struct flow_half *half, uint32_t sequence, uint32_t end)
{
    if (half->hole_start == half->hole_end || sequence_before(half->hole_start, sequence) ||
        !sequence_before(half->hole_start, end))
        return;
    half->hole_start = half->hole_end = 0;
    half->hole_acknowledged = false;
}

/* One byte beyond what was seen may be a FIN that was not captured. */
static void acknowledge_hole(struct flow_half *sender, uint32_t acknowledgment)
{
    if (!sender->packets || !(sender->tcp_flags & ~DECODE_RST))
        return;
    if (sequence_before(sender->next_sequence + 1, acknowledgment)) {
        note_hole(sender, acknowledgment);
        sender->next_sequence = acknowledgment;
    }
    if (sender->hole_start != sender->hole_end && !sequence_before(acknowledgment, sender->hole_end))
        sender->hole_acknowledged = true;
}

/* Updates what the flow record keeps of one side; true when the segment repeats data sent before. */
static bool update_half(struct flow *f, enum flow_direction direction, const struct decode_packet *d)
{
    struct flow_half *half = &f->half[direction];
    const struct decode_tcp *tcp = &d->tcp;
    if (tcp->flags & DECODE_RST)
        return false;
    bool first = half->packets == 1 || (tcp->flags & DECODE_SYN && !(half->tcp_flags & DECODE_SYN));
    uint32_t end = tcp->sequence + segment_length(d);
    bool repeated = !first && segment_length(d) && sequence_before(tcp->sequence, half->next_sequence) &&
                    !sequence_is_keepalive(half, d);
    if (first)
        half->first_sequence = tcp->sequence;
    if (!first && segment_length(d)) {
        fill_hole(half, tcp->sequence, end);
        note_hole(half, tcp->sequence);
    }
    if (first || sequence_before(half->next_sequence, end))
        half->next_sequence = end;
    if (tcp->flags & DECODE_ACK) {
        acknowledge_hole(&f->half[!direction], tcp->acknowledgment);
        if (!half->acknowledged && !half->first_acknowledged)
            half->acknowledged = half->first_acknowledged = tcp->acknowledgment;
        else if (sequence_before(half->acknowledged, tcp->acknowledgment))
            half->acknowledged = tcp->acknowledgment;
    }
    if (d->flags & DECODE_TCP_MSS && tcp->flags & DECODE_SYN)
        half->mss = tcp->mss;
    if (repeated)
        half->retransmissions++;
    return repeated;
}

/* TLS closing alert as the last record of a segment: an alert record, or in TLS 1.3 the shortest application record
 * (RFC 8446, section 6.1: two bytes, a type and a tag of sixteen). */
static bool ends_with_close_notify(const struct track_packet *packet, const struct decode_packet *d)
{
    if (!d->payload_bytes || d->payload_captured < d->payload_bytes)
        return false;
    struct cursor c = cursor_make(packet->bytes + d->payload_offset, d->payload_captured);
    uint8_t type = cursor_u8(&c);
    uint8_t version = cursor_u8(&c);
    if (cursor_ok(&c) && type == 21 && version == 3)
        return true;
    if (d->payload_captured < 24)
        return false;
    struct cursor tail = cursor_make(packet->bytes + d->payload_offset + d->payload_captured - 24, 24);
    return cursor_u24be(&tail) == 0x170303 && cursor_u16be(&tail) == 19;
}

static void note_syn_ttl(struct model_client *client, uint8_t ttl)
{
    for (uint8_t i = 0; i < client->syn_ttl_count; i++)
        if (client->syn_ttls[i] == ttl)
            return;
    if (client->syn_ttl_count < sizeof client->syn_ttls)
        client->syn_ttls[client->syn_ttl_count++] = ttl;
    client->shared = client->shared || client->syn_ttl_count > 1;
}

static void on_syn(const struct track *t, struct story *s, const struct track_packet *packet,
                   const struct decode_packet *d)
{
    struct story_tcp *tcp = &s->tcp;
    if (!tcp->syn_count) {
        tcp->isn = d->tcp.sequence;
        tcp->first_syn_ns = packet->time_ns;
        s->path->start_seen = true;
        if (s->path->region)
            s->path->client->started_regions |= model_region_bit(t->model, s->path->region);
        note_syn_ttl(s->path->client, d->ttl);
        tcp->probe = d->ttl < t->loop_min_ttl;
    }
    tcp->syn_count++;
    tcp->last_syn_ns = packet->time_ns;
    if (tcp->syn_ack_count)
        tcp->syn_after_syn_ack++;
    story_frames_add(&tcp->syns, packet->frame);
}

static void on_syn_ack(struct story *s, const struct track_packet *packet)
{
    s->path->syn_acks += s->tcp.syn_ack_count == 0;
    s->path->answered_ns = packet->time_ns;
    if (!s->tcp.syn_ack_count++)
        s->tcp.syn_ack_ns = packet->time_ns;
    story_frames_add(&s->tcp.syn_acks, packet->frame);
}

static void time_handshake(struct track *t, struct story *s, const struct track_packet *packet)
{
    struct model_rtt_sample sample = { .half = MODEL_RTT_SERVER, .method = MODEL_RTT_HANDSHAKE,
                                       .value_ns = s->tcp.rtt_server_ns, .time_ns = packet->time_ns,
                                       .frame = packet->frame };
    track_rtt_sample(t, s, &sample);
    sample.half = MODEL_RTT_CLIENT;
    sample.value_ns = s->tcp.rtt_client_ns;
    track_rtt_sample(t, s, &sample);
}

/* The client's first packet after the SYN-ACK, or after a server's packet where the tap missed it: the handshake is
 * complete. A repeated SYN or SYN-ACK gives no round
 * trip (Karn): nobody knows which one was answered. */
static void on_accepted(struct track *t, struct flow *f, const struct track_packet *packet)
{
    struct story *s = story_of(f);
    struct story_tcp *tcp = &s->tcp;
    tcp->accepted = true;
    s->path->open_connections++;
    if (tcp->syn_count == 1 && tcp->syn_ack_count == 1) {
        tcp->rtt_server_ns = tcp->syn_ack_ns - tcp->first_syn_ns;
        tcp->rtt_client_ns = packet->time_ns - tcp->syn_ack_ns;
        time_handshake(t, s, packet);
    }
    track_session_worked(s, f, packet->time_ns);
    struct model_incident accepted = { .fact = MODEL_TCP_ACCEPTED, .first_ns = tcp->first_syn_ns,
                                       .last_ns = packet->time_ns, .rtt_client_ns = tcp->rtt_client_ns,
                                       .rtt_server_ns = tcp->rtt_server_ns, .attempts = tcp->syn_count };
    track_judge_show_frames(&tcp->syns, MODEL_SHOWS_SYN, &accepted);
    track_judge_show_frames(&tcp->syn_acks, MODEL_SHOWS_SYN_ACK, &accepted);
    track_session_file(t, s, f, &accepted);
}

static void close_connection(struct story *s, int64_t time_ns)
{
    if (!s->tcp.accepted || s->tcp.closed)
        return;
    s->tcp.closed = true;
    track_session_closed(s);
    s->path->open_connections--;
    s->path->closed_ns = time_ns;
}

/* All that one side sent is acknowledged: segments of that size pass. */
static void note_passed(struct story_tcp *tcp, const struct flow *f, enum flow_direction acknowledger, uint32_t ack)
{
    enum flow_direction sender = !acknowledger;
    if (ack != f->half[sender].next_sequence)
        return;
    if (tcp->sent_bytes[sender] > tcp->passed_bytes[sender])
        tcp->passed_bytes[sender] = tcp->sent_bytes[sender];
    tcp->sent_bytes[sender] = 0;
}

/* Data of one side that waits for an answer; whatever the other side says ends the wait. */
static void update_runs(struct story_tcp *tcp, const struct flow *f, enum flow_direction direction,
                        const struct track_packet *packet, const struct decode_packet *d)
{
    struct story_run *own = &tcp->run[direction];
    tcp->run[!direction] = (struct story_run){ 0 };
    note_passed(tcp, f, direction, d->tcp.acknowledgment);
    if (!d->payload_bytes || sequence_is_keepalive(&f->half[direction], d))
        return;
    if (d->ip_bytes > tcp->sent_bytes[direction])
        tcp->sent_bytes[direction] = d->ip_bytes;
    const struct flow_half *peer = &f->half[!direction];
    if (peer->packets && !sequence_before(peer->acknowledged, d->tcp.sequence + d->payload_bytes))
        return; /* sent again although it arrived: spurious */
    if (!own->active) {
        int64_t previous_ns = f->last_ns;
        *own = (struct story_run){ .active = true, .sequence = d->tcp.sequence, .first_ns = packet->time_ns,
                                   .first_frame = packet->frame, .size_bytes = d->ip_bytes,
                                   .idle_ns = packet->time_ns - previous_ns };
        return;
    }
    if (sequence_before(own->sequence, d->tcp.sequence))
        return;
    own->sequence = d->tcp.sequence;
    own->size_bytes = d->ip_bytes;
    own->repeats++;
    own->last_ns = packet->time_ns;
    story_frames_add(&own->frames, packet->frame);
}

static void update_story(struct track *t, struct flow *f, enum flow_direction direction,
                         const struct track_packet *packet, const struct decode_packet *d)
{
    struct story *s = story_of(f);
    struct story_tcp *tcp = &s->tcp;
    uint8_t flags = d->tcp.flags;
    if (flags & DECODE_RST) {
        tcp->run[!direction] = (struct story_run){ 0 };
        close_connection(s, packet->time_ns);
        return;
    }
    if (flags & DECODE_SYN) {
        if (direction == FLOW_TO_SERVER && !(flags & DECODE_ACK))
            on_syn(t, s, packet, d);
        else if (direction == FLOW_TO_CLIENT)
            on_syn_ack(s, packet);
        return;
    }
    if (direction == FLOW_TO_CLIENT)
        tcp->server_spoke = true;
    else if ((tcp->syn_ack_count || tcp->server_spoke) && tcp->syn_count && !tcp->accepted)
        on_accepted(t, f, packet);
    if (direction == FLOW_TO_CLIENT && !tcp->syn_count)
        track_session_worked(s, f, packet->time_ns);
    if (d->payload_bytes) {
        tcp->end_unreadable = d->payload_captured < d->payload_bytes;
        tcp->close_notify = ends_with_close_notify(packet, d);
        if (flags & DECODE_ACK)
            track_session_payload(t, f, direction, packet->time_ns, d->payload_bytes);
    }
    if (flags & DECODE_FIN)
        close_connection(s, packet->time_ns);
}

void track_tcp_release(struct story *s)
{
    track_reset_free(s);
    free(s->tcp.timing);
    track_resend_free(s->tcp.resend);
}

void track_tcp(struct track *t, struct flow *f, enum flow_direction direction, const struct track_packet *packet,
               const struct decode_packet *d)
{
    struct flow_half *half = &f->half[direction];
    half->packets++;
    half->ip_bytes += d->ip_bytes;
    half->payload_bytes += d->payload_bytes;
    if (!(d->tcp.flags & DECODE_RST))
        half->ttl = d->ttl;

    struct story *s = story_of(f);
    bool plain = !(d->tcp.flags & (DECODE_SYN | DECODE_RST));
    if (s)
        track_reset_watch(t, f, direction, packet, d);
    if (s && !(d->tcp.flags & DECODE_RST))
        track_pmtu_watch(t, f, direction, packet, d);
    if (s)
        track_window_watch(t, f, direction, packet, d);
    if (s && plain)
        track_stall_watch_tcp(t, f, direction, packet, d);
    if (s && plain)
        update_runs(&s->tcp, f, direction, packet, d);
    if (s) {
        track_timing_segment(t, f, direction, packet, d);
        track_resend_segment(t, f, direction, packet, d);
    }
    bool repeated = update_half(f, direction, d);
    add_history(f, direction, d, repeated);
    track_offload_note(t, f, direction, packet, d);
    if ((d->tcp.flags & (DECODE_SYN | DECODE_ACK)) == DECODE_SYN && direction == FLOW_TO_SERVER)
        f->flags |= FLOW_SYN_SEEN;
    if (plain && direction == FLOW_TO_SERVER && f->flags & FLOW_SYN_SEEN && d->tcp.flags & DECODE_ACK)
        f->flags |= FLOW_ACK_AFTER_SYN;
    if (d->payload_bytes)
        f->flags |= FLOW_DATA_SEEN;
    if (s) {
        update_story(t, f, direction, packet, d);
        s->tcp.last_frame[direction == FLOW_TO_CLIENT] = packet->frame;
        s->tcp.last_ns[direction == FLOW_TO_CLIENT] = packet->time_ns;
    }
    half->tcp_flags |= d->tcp.flags;
    half->last_ns = packet->time_ns;
    f->last_ns = packet->time_ns;
    if (d->tcp.flags & DECODE_RST || (d->tcp.flags & DECODE_FIN && f->half[!direction].tcp_flags & DECODE_FIN))
        f->flags |= FLOW_ENDED;
}
