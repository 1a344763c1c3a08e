/* SPDX-License-Identifier: Apache-2.0 */
#include "track/udp.h"

#include "track/pcoip.h"
#include "track/quic.h"
#include "track/session.h"
#include "track/stall.h"

/* A TCP connection of this client to the same server, or to the same Region, began inside the capture: so this flow
 * would have been seen to begin as well. */
static bool sibling_began(const struct track *t, const struct story *s)
{
    static const uint16_t ports[] = { 443, 4172, 4195 };
    const struct model_path *own = s->path;
    if (own->region)
        return own->client->started_regions & model_region_bit(t->model, own->region);
    for (size_t i = 0; i < sizeof ports / sizeof *ports; i++) {
        const struct model_path *p = model_path_find(t->model, &own->client->address, &own->server, ports[i], 6);
        if (p && p->start_seen)
            return true;
    }
    return false;
}

/* The client was told the server's address inside the capture: it began to use it after that. */
static bool was_looked_up(const struct track *t, const struct flow *f)
{
    return model_name_find(model_names(t->model), flow_client(f), flow_server(f), f->first_ns) != 0;
}

/* Looked at once, when enough went unanswered: a connection that is opened later says nothing about this session. */
static void look_at_control(const struct track *t, struct story *s)
{
    struct story_udp *udp = &s->udp;
    if (udp->control_looked_at || udp->unanswered < t->return_lost_datagrams ||
        udp->last_sent_ns - udp->unanswered_first_ns < t->return_lost_span_ns)
        return;
    struct track_control control = track_session_control(t, s);
    udp->control_looked_at = true;
    udp->control_known = control.known;
    udp->control_open = control.open;
}

static void on_sent(const struct track *t, struct story *s, const struct flow *f, const struct track_packet *packet,
                    const struct decode_packet *d)
{
    struct story_udp *udp = &s->udp;
    if (!udp->sent++) {
        udp->first_ns = packet->time_ns;
        udp->start_seen = udp->start_seen || sibling_began(t, s) || was_looked_up(t, f);
    }
    if (udp->sent == 3)
        udp->third_ns = packet->time_ns;
    udp->last_sent_ns = packet->time_ns;
    if (d->ip_bytes > udp->size_bytes)
        udp->size_bytes = d->ip_bytes;
    s->path->datagrams_to_server++;
    story_frames_add(&udp->datagrams, packet->frame);
    if (!udp->answers)
        return;
    if (!udp->unanswered++) {
        udp->unanswered_first_ns = packet->time_ns;
        udp->idle_ns = packet->time_ns - f->last_ns;
        udp->unanswered_frames = (struct story_frames){ 0 };
        udp->control_looked_at = false;
    }
    story_frames_add(&udp->unanswered_frames, packet->frame);
    look_at_control(t, s);
}

static void on_answer(struct track *t, struct flow *f, const struct track_packet *packet)
{
    struct story *s = story_of(f);
    struct story_udp *udp = &s->udp;
    s->path->datagrams_to_client++;
    s->path->answered_ns = packet->time_ns;
    udp->last_answer_ns = packet->time_ns;
    udp->last_answer_frame = packet->frame;
    udp->unanswered = 0;
    if (udp->answers++)
        return;
    udp->first_answer_ns = packet->time_ns;
    udp->first_answer_frame = packet->frame;
    track_session_worked(s, f, packet->time_ns);
    if (!udp->sent)
        return;
    if (!track_quic_answered(t, f) && udp->begins_short && !(f->flags & FLOW_QUIC_INITIAL))
        s->path->moved_ns = packet->time_ns;
    struct model_incident answered = { .fact = MODEL_UDP_ANSWERED, .first_ns = udp->first_ns,
                                       .last_ns = packet->time_ns, .attempts = udp->sent, .quic = udp->quic,
                                       .delay_ns = packet->time_ns - udp->first_ns };
    track_judge_show_frames(&udp->datagrams, udp->quic ? MODEL_SHOWS_INITIAL : MODEL_SHOWS_DATAGRAM, &answered);
    model_incident_show(&answered, MODEL_SHOWS_ANSWER, packet->frame, 0);
    track_session_file(t, s, f, &answered);
}

void track_udp(struct track *t, struct flow *f, enum flow_direction direction, const struct track_packet *packet,
               const struct decode_packet *d)
{
    struct flow_half *half = &f->half[direction];
    half->packets++;
    half->ip_bytes += d->ip_bytes;
    half->payload_bytes += d->payload_bytes;
    half->ttl = d->ttl;
    flow_add_history(f, direction, 'D');
    struct story *s = story_of(f);
    bool probe = direction == FLOW_TO_SERVER && d->ttl < t->loop_min_ttl; /* traceroute */
    if (s && !probe) {
        if (direction == FLOW_TO_SERVER)
            on_sent(t, s, f, packet, d);
        else
            on_answer(t, f, packet);
        track_session_payload(t, f, direction, packet->time_ns, d->payload_bytes);
        track_stall_watch(t, f, direction, packet, &(struct track_stall_seen){ .new_bytes = d->payload_bytes });
        track_pcoip_packet(t, s, direction, packet, d);
    }
    half->last_ns = packet->time_ns;
    f->last_ns = packet->time_ns;
    track_quic_packet(t, f, direction, packet, d);
}

void track_udp_release(struct track *t, struct flow *f)
{
    if (f->key.protocol != 17)
        return;
    track_quic_drop(t, f);
    if (story_of(f))
        track_pcoip_end(story_of(f));
}
