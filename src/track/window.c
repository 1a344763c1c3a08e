/* SPDX-License-Identifier: Apache-2.0 */
#include "track/window.h"

#include <stdlib.h>

#include "track/session.h"

static void file(struct track *t, struct story *s, const struct flow *f, enum flow_direction direction,
                 int64_t until_ns)
{
    struct track_window_side *side = &s->window->sides[direction];
    if (until_ns - side->since_ns < t->zero_window_ns || s->clock_epoch != t->clock_epoch)
        return;
    struct model_incident shut = { .fact = MODEL_ZERO_WINDOW, .first_ns = side->since_ns, .last_ns = until_ns,
                                   .waited_ns = until_ns - side->since_ns, .attempts = ++side->times,
                                   .of_client = direction == FLOW_TO_SERVER };
    model_incident_show(&shut, MODEL_SHOWS_SHUT, side->frame, 0);
    model_incident_show(&shut, MODEL_SHOWS_STILL_SHUT, side->confirmed_frame, 0);
    track_session_file(t, s, f, &shut);
}

void track_window_watch(struct track *t, struct flow *f, enum flow_direction direction,
                        const struct track_packet *packet, const struct decode_packet *d)
{
    struct story *s = story_of(f);
    bool closing = (f->half[0].tcp_flags | f->half[1].tcp_flags | d->tcp.flags) & (DECODE_FIN | DECODE_RST);
    if (d->tcp.flags & (DECODE_SYN | DECODE_RST) || (d->tcp.window && !s->window))
        return;
    if (!s->tcp.syn_count || !s->tcp.syn_ack_count || !s->tcp.accepted)
        return; /* the scale is not agreed, or not known */
    if (!s->window)
        s->window = calloc(1, sizeof *s->window);
    if (!s->window)
        return;
    struct track_window_side *side = &s->window->sides[direction];
    if (d->tcp.window || closing) { /* a side that closes reads no more */
        if (side->shut)
            file(t, s, f, direction, d->tcp.window ? packet->time_ns : side->confirmed_ns);
        side->shut = false;
        return;
    }
    if (!side->shut) {
        side->shut = true;
        side->since_ns = packet->time_ns;
        side->frame = packet->frame;
    }
    side->confirmed_ns = packet->time_ns;
    side->confirmed_frame = packet->frame;
}

void track_window_finish(struct track *t, struct story *s, const struct flow *f)
{
    for (int side = 0; s->window && side < 2; side++)
        if (s->window->sides[side].shut)
            file(t, s, f, (enum flow_direction)side, s->window->sides[side].confirmed_ns);
}
