/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/order.h"

#include <stdlib.h>

#include "base/nsec.h"

static const int64_t jump_ns = 24 * 3600 * NSEC_PER_SEC; /* a pause of a day in one capture: its clock was set */

struct engine_order engine_order_make(struct engine *engine)
{
    return (struct engine_order){ .engine = engine, .run_max_ns = INT64_MIN,
                                  .sortable_step_ns =
                                      endpoint_threshold_ns(engine->analyzer->catalogue, "clock-step-ms") };
}

static const struct capture_packet *packets_of(const struct engine_slot *s)
{
    size_t count;
    return capture_block_packets(s->block, &count);
}

static int compare_times(const void *left, const void *right, void *context)
{
    const struct capture_packet *packets = context;
    const struct capture_packet *a = &packets[*(const uint32_t *)left], *b = &packets[*(const uint32_t *)right];
    if (a->time_ns != b->time_ns)
        return a->time_ns < b->time_ns ? -1 : 1;
    return (a->frame > b->frame) - (a->frame < b->frame);
}

static void sort_run(const struct capture_packet *packets, uint32_t *order, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (packets[order[i]].time_ns < packets[order[i - 1]].time_ns) {
            qsort_r(order, count, sizeof *order, compare_times, (void *)(uintptr_t)packets);
            return;
        }
}

/* What the packets behind `at` will need is fetched while those before them are looked at. */
static inline void prefetch(const struct engine_order *o, const struct engine_slot *s, size_t at)
{
    enum { NEAR = 4, FAR = 10 };
    if (at + FAR < s->count)
        track_prefetch(o->engine->track, &s->descriptors[s->order[at + FAR]], false);
    if (at + NEAR < s->count)
        track_prefetch(o->engine->track, &s->descriptors[s->order[at + NEAR]], true);
}

/* Packets `next` to `end` of the slot. */
static void hand_on(struct engine_order *o, struct engine_slot *s, size_t end)
{
    const struct capture_packet *packets = packets_of(s);
    for (; s->next < end; s->next++) {
        uint32_t i = s->order[s->next];
        prefetch(o, s, s->next);
        if (packets[i].time_ns >= o->handed_max_ns || !o->any)
            o->handed_max_ns = packets[i].time_ns;
        else
            model_tap_of(o->engine->model)->late_packets++;
        o->any = true;
        engine_serial_packet(o->engine, &packets[i], &s->descriptors[i]);
    }
}

static const struct capture_packet *head(const struct engine_slot *s)
{
    return &packets_of(s)[s->order[s->next]];
}

/* Hands on the whole held block, and of the new run what belongs before its last packet. */
static void merge(struct engine_order *o, struct engine_slot *held, struct engine_slot *s, size_t run_end)
{
    while (held->next < held->count) {
        bool new_first = s->next < run_end && head(s)->time_ns < head(held)->time_ns;
        struct engine_slot *first = new_first ? s : held;
        hand_on(o, first, first->next + 1);
    }
}

/* As merge(); most blocks of most captures do not overlap. */
static void hand_on_held(struct engine_order *o, struct engine_slot *s, size_t run_end)
{
    struct engine_slot *held = o->held;
    if (!held || held->next == held->count)
        return;
    bool apart = s->next == run_end || head(s)->time_ns >= packets_of(held)[held->order[held->count - 1]].time_ns;
    if (apart)
        hand_on(o, held, held->count);
    else
        merge(o, held, s, run_end);
}

/* The end of the run that begins at `from`: up to the packet before the next step back. */
static size_t run_end(struct engine_order *o, const struct engine_slot *s, size_t from)
{
    const struct capture_packet *packets = packets_of(s);
    size_t i = from;
    for (; i < s->count; i++) {
        int64_t ahead_ns = o->run_max_ns == INT64_MIN ? 0 : nsec_sub(packets[i].time_ns, o->run_max_ns);
        if (ahead_ns < -o->sortable_step_ns || ahead_ns > jump_ns)
            break;
        if (packets[i].time_ns > o->run_max_ns)
            o->run_max_ns = packets[i].time_ns;
    }
    return i;
}

struct engine_slot *engine_order_take(struct engine_order *o, struct engine_slot *s)
{
    const struct capture_packet *packets = packets_of(s);
    for (uint32_t i = 0; i < s->count; i++)
        s->order[i] = i;
    s->next = 0;
    if (s->count == 0 && o->held) /* live, and nothing came for a while */
        hand_on(o, o->held, o->held->count);
    for (size_t from = 0; from < s->count;) {
        size_t end = run_end(o, s, from);
        if (!s->sorted)
            sort_run(packets, s->order + from, end - from);
        hand_on_held(o, s, end);
        if (end == s->count)
            break;
        hand_on(o, s, end);
        engine_serial_step(o->engine, packets[end].frame, o->run_max_ns, packets[end].time_ns);
        o->run_max_ns = packets[end].time_ns;
        o->any = false;
        from = end;
    }
    struct engine_slot *done = o->held;
    o->held = s;
    return done;
}

void engine_order_finish(struct engine_order *o)
{
    if (o->held)
        hand_on(o, o->held, o->held->count);
    o->held = NULL;
}
