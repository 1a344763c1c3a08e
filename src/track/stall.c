/* SPDX-License-Identifier: Apache-2.0 */
#include "track/stall.h"

#include <stdlib.h>

#include "base/nsec.h"
#include "track/sequence.h"
#include "track/session.h"

static const int64_t burst_pause_ns = 200 * NSEC_PER_MSEC; /* packets further apart belong to different exchanges */
static const int64_t back_again_ns = NSEC_PER_SEC;  /* a path that comes back carries other flows first */

static uint32_t bytes_before(const struct track_stall *st)
{
    uint32_t sum = 0;
    for (int i = 0; i < TRACK_STALL_SLOTS; i++)
        sum += st->bytes[i];
    return sum;
}

static void count_new(const struct track *t, struct track_stall *st, int64_t now_ns, uint32_t bytes)
{
    int64_t slot = now_ns / (t->stream_window_ns / TRACK_STALL_SLOTS);
    for (int64_t i = st->slot + 1; i <= slot && i <= st->slot + TRACK_STALL_SLOTS; i++)
        st->bytes[(uint64_t)i % TRACK_STALL_SLOTS] = 0;
    if (slot > st->slot)
        st->slot = slot;
    st->bytes[(uint64_t)slot % TRACK_STALL_SLOTS] += bytes;
}

/* Whether anything arrived for the client, on any flow to its gateways, in the middle of the gap. */
static bool was_answered(const struct model_client *client, const struct track_stall_gap *gap)
{
    int64_t first = gap->begin_ns / MODEL_HEARD_SLOT_NS + 1;
    int64_t last = (gap->end_ns - back_again_ns) / MODEL_HEARD_SLOT_NS - 1;
    for (int64_t slot = first; slot <= last; slot++) {
        int64_t age = client->heard_slot - slot;
        if (age >= 0 && age < MODEL_HEARD_SLOTS && client->heard >> age & 1)
            return true;
    }
    return false;
}

static enum model_stall cause_of(const struct flow *f, const struct track_stall_gap *gap)
{
    if (gap->shut)
        return MODEL_STALL_RECEIVER;
    if (gap->repeats[0] || gap->repeats[1])
        return MODEL_STALL_TIMEOUT;
    /* TCP that asks in vain repeats itself: where nobody did, nobody had anything to say */
    if (gap->answered || (f->key.protocol == 6 && !gap->asked_ns))
        return MODEL_STALL_IDLE;
    return MODEL_STALL_DEAD;
}

static void file(struct track *t, struct flow *f, const struct track_stall *st)
{
    struct story *s = story_of(f);
    const struct track_stall_gap *gap = &st->gap;
    struct model_incident stall = { .fact = MODEL_STREAM_STALL, .first_ns = gap->begin_ns, .last_ns = gap->end_ns,
                                    .waited_ns = gap->end_ns - gap->begin_ns, .stall = (uint8_t)cause_of(f, gap),
                                    .attempts = gap->repeats[0] + gap->repeats[1],
                                    .of_client = gap->repeats[FLOW_TO_SERVER] > 0,
                                    .life_ns = gap->begin_ns - f->first_ns };
    if (s->clock_epoch != t->clock_epoch)
        return;
    model_incident_show(&stall, MODEL_SHOWS_BEFORE_STALL, gap->begin_frame, 0);
    if (gap->first_repeat_frame)
        model_incident_show(&stall, MODEL_SHOWS_STALL_REPEAT, gap->first_repeat_frame, 0);
    model_incident_show(&stall, MODEL_SHOWS_AFTER_STALL, gap->end_frame, 0);
    track_session_file(t, s, f, &stall);
}

/* The stream has gone on for long enough, or it has not. */
static void decide(struct track *t, struct flow *f, struct track_stall *st, int64_t now_ns)
{
    bool over = now_ns - st->gap.end_ns > t->stream_window_ns;
    bool full = st->after_bytes >= t->stream_window_bytes;
    if (!over && !full)
        return;
    st->waiting = false;
    if (full)
        file(t, f, st);
}

static void note_burst(struct track_stall *st, enum flow_direction direction, int64_t now_ns, uint32_t bytes)
{
    if (now_ns - st->burst_ns > burst_pause_ns)
        st->burst_down = st->burst_up = 0;
    st->burst_ns = now_ns;
    *(direction == FLOW_TO_CLIENT ? &st->burst_down : &st->burst_up) += bytes;
}

static void begin_gap(struct track_stall *st, const struct track_packet *packet)
{
    st->now = (struct track_stall_gap){ .begin_ns = packet->time_ns, .begin_frame = packet->frame,
                                        .before_down = st->burst_down, .before_up = st->burst_up };
}

/* A gap between keep-alives, or one that ends with one, is an idle user's; so is one that TCP's keep-alives filled
 * until the client asked, if it was served soon then. */
static bool is_idle(const struct track *t, const struct track_stall *st, int64_t now_ns, uint32_t bytes)
{
    const struct track_stall_gap *gap = &st->now;
    const uint32_t most = t->stall_keepalive_bytes;
    if (gap->repeats[0] || gap->repeats[1])
        return false;
    if (gap->alive && !gap->shut && (!gap->asked_ns || now_ns - gap->asked_ns < t->stall_ns))
        return true;
    return (gap->before_down <= most && gap->before_up <= most) || (bytes <= most && st->burst_up <= most);
}

/* The server's first new bytes after a gap. */
static void end_gap(struct track *t, const struct story *s, struct track_stall *st, const struct track_packet *packet,
                    uint32_t bytes)
{
    if (packet->time_ns - st->last_new_ns < t->stall_ns || bytes_before(st) < t->stream_window_bytes ||
        is_idle(t, st, packet->time_ns, bytes))
        return;
    st->gap = st->now;
    st->gap.end_ns = packet->time_ns;
    st->gap.end_frame = packet->frame;
    st->gap.answered = was_answered(s->path->client, &st->gap);
    st->waiting = true;
    st->after_bytes = 0;
}

static void on_new_bytes(struct track *t, struct flow *f, const struct track_packet *packet, uint32_t bytes)
{
    const struct story *s = story_of(f);
    struct track_stall *st = s->stall;
    if (st->waiting)
        decide(t, f, st, packet->time_ns);
    if (!st->waiting && st->last_new_ns)
        end_gap(t, s, st, packet, bytes);
    note_burst(st, FLOW_TO_CLIENT, packet->time_ns, bytes);
    if (st->waiting) {
        st->after_bytes += bytes;
        decide(t, f, st, packet->time_ns);
    }
    count_new(t, st, packet->time_ns, bytes);
    st->last_new_ns = packet->time_ns;
    st->last_new_frame = packet->frame;
    begin_gap(st, packet);
}

void track_stall_watch(struct track *t, struct flow *f, enum flow_direction direction,
                       const struct track_packet *packet, const struct track_stall_seen *seen)
{
    struct story *s = story_of(f);
    if (!s->stall && s->session && s->stream.window_bytes * 2 >= t->stream_window_bytes)
        s->stall = calloc(1, sizeof *s->stall);
    struct track_stall *st = s->stall;
    if (!st)
        return;
    if (seen->repeated) {
        if (!st->now.first_repeat_frame)
            st->now.first_repeat_frame = packet->frame;
        st->now.repeats[direction]++;
    }
    if (direction == FLOW_TO_CLIENT) {
        if (seen->new_bytes)
            on_new_bytes(t, f, packet, seen->new_bytes);
        return;
    }
    st->now.shut = st->now.shut || seen->shut;
    if (seen->new_bytes) {
        note_burst(st, FLOW_TO_SERVER, packet->time_ns, seen->new_bytes);
        if (!st->now.asked_ns && packet->time_ns - st->last_new_ns > burst_pause_ns)
            st->now.asked_ns = packet->time_ns;
    }
}

static void note_keepalive(struct track_stall *st, const struct flow_half *half, enum flow_direction direction,
                           const struct decode_packet *d)
{
    if (sequence_is_keepalive(half, d))
        st->now.keepalive[direction] = true;
    else if (!d->payload_bytes && st->now.keepalive[!direction])
        st->now.alive = true;
}

void track_stall_watch_tcp(struct track *t, struct flow *f, enum flow_direction direction,
                           const struct track_packet *packet, const struct decode_packet *d)
{
    const struct flow_half *half = &f->half[direction], *peer = &f->half[!direction];
    uint32_t end = d->tcp.sequence + d->payload_bytes;
    int32_t fresh = (int32_t)(end - half->next_sequence);
    struct track_stall_seen seen = { .shut = !d->tcp.window };
    if (story_of(f)->stall)
        note_keepalive(story_of(f)->stall, half, direction, d);
    if (!d->payload_bytes && !seen.shut)
        return;
    if (half->packets == 1)
        seen.new_bytes = d->payload_bytes;
    else if (fresh > 0)
        seen.new_bytes = (uint32_t)fresh < d->payload_bytes ? (uint32_t)fresh : d->payload_bytes;
    else if (d->payload_bytes && !sequence_is_keepalive(half, d))
        seen.repeated = peer->packets && (int32_t)(d->tcp.sequence - peer->acknowledged) >= 0;
    track_stall_watch(t, f, direction, packet, &seen);
}
