/* SPDX-License-Identifier: Apache-2.0 */
#include "track/timing.h"

#include <stdlib.h>

#include "base/nsec.h"
#include "track/rtt.h"
#include "track/sequence.h"

enum { OUTSTANDING = 8, DEFAULT_MSS = 536 };

static const int64_t longest_ns = 10 * NSEC_PER_SEC; /* pping's: what answers later answers something else */
static const int64_t transit_window_ns = 2 * NSEC_PER_SEC;
static const int64_t transit_trial_ns = 5 * NSEC_PER_SEC; /* by then a clock of another pace has shown itself */

/* How much later than the least round trip acknowledgments come that were held back: 40 ms (Linux, Windows since
 * 2019), 100 ms and 200 ms (others), and what timers add. */
static const struct {
    int64_t from_ns, to_ns;
} delayed[] = {
    { 35 * NSEC_PER_MSEC, 60 * NSEC_PER_MSEC },
    { 95 * NSEC_PER_MSEC, 115 * NSEC_PER_MSEC },
    { 190 * NSEC_PER_MSEC, 225 * NSEC_PER_MSEC },
};

/* The way of one side's packets to the tap, by a clock of its own that ticks each millisecond. */
struct transit {
    bool begun, unusable;
    uint32_t first_tsval;
    int64_t first_ns, window_ns, previous_ns; /* where it, this window and the one before began */
    int64_t first_least_ns;                   /* of the first window */
    int64_t least_ns, previous_least_ns;      /* of this window and the one before */
};

struct timing_half {
    struct {
        uint32_t end, tsval;
        int64_t time_ns;
    } sent[OUTSTANDING];    /* data of this side, oldest first; what does not fit gives no sample */
    uint8_t count;
    bool has_timestamps;
    bool ambiguous;         /* something was sent again: */
    uint32_t ambiguous_end; /* nothing below this gives a sample */
    uint32_t largest_bytes;
    int64_t least_ns;       /* round trip to the other side; 0: none yet */
    struct transit transit;
};

struct track_timing {
    uint32_t clock_epoch;
    struct timing_half half[2];
};

/* Of the side that acknowledges. */
static enum model_rtt_half half_of(enum flow_direction sender)
{
    return sender == FLOW_TO_SERVER ? MODEL_RTT_SERVER : MODEL_RTT_CLIENT;
}

static struct track_timing *timing_of(const struct track *t, struct story *s, bool make)
{
    struct track_timing *timing = s->tcp.timing;
    if (!timing && make) {
        timing = s->tcp.timing = calloc(1, sizeof *timing);
        if (!timing)
            return NULL;
        timing->clock_epoch = t->clock_epoch;
        timing->half[FLOW_TO_SERVER].least_ns = s->tcp.rtt_server_ns;
        timing->half[FLOW_TO_CLIENT].least_ns = s->tcp.rtt_client_ns;
    }
    if (timing && timing->clock_epoch != t->clock_epoch)
        *timing = (struct track_timing){ .clock_epoch = t->clock_epoch };
    return timing;
}

int64_t track_timing_least_ns(const struct story *s)
{
    const struct track_timing *timing = s->tcp.timing;
    int64_t client_ns = timing ? timing->half[FLOW_TO_CLIENT].least_ns : s->tcp.rtt_client_ns;
    int64_t server_ns = timing ? timing->half[FLOW_TO_SERVER].least_ns : s->tcp.rtt_server_ns;
    return client_ns && server_ns ? client_ns + server_ns : 0;
}

static void note_sent(struct timing_half *own, const struct flow_half *half, const struct track_packet *packet,
                      const struct decode_packet *d)
{
    bool seen_before = half->tcp_flags & ~DECODE_RST;
    if (seen_before && sequence_is_keepalive(half, d))
        return;
    if (seen_before && sequence_before(d->tcp.sequence, half->next_sequence)) {
        own->ambiguous = true;
        own->ambiguous_end = half->next_sequence;
        own->count = 0;
        return;
    }
    if (d->payload_bytes > own->largest_bytes)
        own->largest_bytes = d->payload_bytes;
    own->has_timestamps = d->flags & DECODE_TCP_TIMESTAMPS;
    if (own->count == OUTSTANDING)
        return;
    own->sent[own->count].end = d->tcp.sequence + d->payload_bytes;
    own->sent[own->count].tsval = d->tcp.tsval;
    own->sent[own->count++].time_ns = packet->time_ns;
}

/* A receiver holds back the acknowledgment of one full segment at most (RFC 9293, section 3.8.6.3). */
static bool is_prompt(const struct timing_half *sender, const struct flow_half *receiver, uint32_t acknowledged_bytes)
{
    uint32_t full = receiver->mss && receiver->mss < sender->largest_bytes ? receiver->mss : sender->largest_bytes;
    return acknowledged_bytes > (full > DEFAULT_MSS ? full : DEFAULT_MSS);
}

static bool looks_delayed(const struct timing_half *sender, int64_t value_ns)
{
    int64_t excess_ns = value_ns - sender->least_ns;
    for (size_t i = 0; i < sizeof delayed / sizeof *delayed; i++)
        if (excess_ns >= delayed[i].from_ns && excess_ns <= delayed[i].to_ns)
            return true;
    return false;
}

struct answered {
    bool exact;  /* the last of what it acknowledges was noted, */
    bool echoed; /* and one of it carried the time stamp that comes back */
    int64_t sent_ns;
};

/* Takes out what is acknowledged. */
static struct answered take(struct timing_half *sender, const struct decode_packet *d)
{
    struct answered a = { 0 };
    uint8_t taken = 0;
    while (taken < sender->count && !sequence_before(d->tcp.acknowledgment, sender->sent[taken].end)) {
        a.exact = sender->sent[taken].end == d->tcp.acknowledgment;
        a.echoed = a.echoed || sender->sent[taken].tsval == d->tcp.tsecr;
        a.sent_ns = sender->sent[taken].time_ns;
        taken++;
    }
    for (uint8_t i = taken; i < sender->count; i++)
        sender->sent[i - taken] = sender->sent[i];
    sender->count = (uint8_t)(sender->count - taken);
    return a;
}

static bool still_ambiguous(struct timing_half *sender, uint32_t acknowledgment)
{
    bool ambiguous = sender->ambiguous;
    if (ambiguous && !sequence_before(acknowledgment, sender->ambiguous_end))
        sender->ambiguous = false;
    return ambiguous;
}

static void note_acknowledged(struct track *t, struct flow *f, enum flow_direction sender,
                              const struct track_packet *packet, const struct decode_packet *d)
{
    struct timing_half *half = &story_of(f)->tcp.timing->half[sender];
    const struct flow_half *receiver = &f->half[!sender];
    if (!receiver->tcp_flags || !sequence_before(receiver->acknowledged, d->tcp.acknowledgment))
        return;
    struct answered a = take(half, d);
    if (still_ambiguous(half, d->tcp.acknowledgment) || d->payload_bytes || !a.exact)
        return;
    bool stamped = half->has_timestamps && d->flags & DECODE_TCP_TIMESTAMPS;
    bool prompt = is_prompt(half, receiver, d->tcp.acknowledgment - receiver->acknowledged);
    struct model_rtt_sample sample = { .half = half_of(sender), .value_ns = packet->time_ns - a.sent_ns,
                                       .method = stamped ? MODEL_RTT_TIMESTAMPS : MODEL_RTT_SEQUENCE,
                                       .time_ns = packet->time_ns, .frame = packet->frame, .prompt = prompt };
    if (sample.value_ns < 0 || sample.value_ns > longest_ns || (stamped && !a.echoed) ||
        (!prompt && looks_delayed(half, sample.value_ns)))
        return;
    if (!half->least_ns || sample.value_ns < half->least_ns)
        half->least_ns = sample.value_ns;
    track_rtt_sample(t, story_of(f), &sample);
}

/* A clock of another pace, or one that something on the way rewrites. */
static bool ticks_differ(int64_t own_ns, int64_t passed_ns)
{
    int64_t difference_ns = own_ns > passed_ns ? own_ns - passed_ns : passed_ns - own_ns;
    return difference_ns > passed_ns / 1000 + NSEC_PER_SEC / 2;
}

static void next_window(struct transit *w, int64_t now_ns)
{
    if (w->previous_least_ns == INT64_MAX)
        w->first_least_ns = w->least_ns;
    w->previous_ns = w->window_ns;
    w->previous_least_ns = w->least_ns;
    w->window_ns = now_ns;
    w->least_ns = INT64_MAX;
}

/* How much later than the least of the two windows a packet may be because the side's clock is slower than the tap's:
 * a stack that calls its ticks milliseconds may be some per cent off. */
static int64_t drift_ns(const struct transit *w, int64_t now_ns)
{
    int64_t rise_ns = w->previous_least_ns - w->first_least_ns;
    double windows = (double)(now_ns - w->previous_ns) / (double)(w->previous_ns - w->first_ns);
    return rise_ns > 0 ? (int64_t)((double)rise_ns * windows) : 0;
}

static void note_transit(struct track *t, struct story *s, enum flow_direction direction,
                         const struct track_packet *packet, const struct decode_packet *d)
{
    struct transit *w = &s->tcp.timing->half[direction].transit;
    if (!w->begun)
        *w = (struct transit){ .begun = true, .first_tsval = d->tcp.tsval, .first_ns = packet->time_ns,
                               .window_ns = packet->time_ns, .previous_ns = packet->time_ns, .least_ns = INT64_MAX,
                               .previous_least_ns = INT64_MAX };
    int64_t passed_ns = packet->time_ns - w->first_ns;
    int64_t own_ns = (int32_t)(d->tcp.tsval - w->first_tsval) * NSEC_PER_MSEC;
    w->unusable = w->unusable || ticks_differ(own_ns, passed_ns);
    if (w->unusable)
        return;
    if (packet->time_ns - w->window_ns > transit_window_ns)
        next_window(w, packet->time_ns);
    int64_t way_ns = passed_ns - own_ns;
    w->least_ns = way_ns < w->least_ns ? way_ns : w->least_ns;
    int64_t least_ns = w->previous_least_ns < w->least_ns ? w->previous_least_ns : w->least_ns;
    if (passed_ns > transit_trial_ns && w->previous_ns > w->first_ns)
        track_rtt_transit(t, s, half_of(!direction), way_ns - least_ns - drift_ns(w, packet->time_ns));
}

void track_timing_segment(struct track *t, struct flow *f, enum flow_direction direction,
                          const struct track_packet *packet, const struct decode_packet *d)
{
    struct story *s = story_of(f);
    bool plain = (d->tcp.flags & (DECODE_SYN | DECODE_FIN | DECODE_RST | DECODE_ACK)) == DECODE_ACK;
    if (!plain || !timing_of(t, s, d->payload_bytes != 0))
        return;
    note_acknowledged(t, f, !direction, packet, d);
    if (d->payload_bytes)
        note_sent(&s->tcp.timing->half[direction], &f->half[direction], packet, d);
    if (d->flags & DECODE_TCP_TIMESTAMPS)
        note_transit(t, s, direction, packet, d);
}
