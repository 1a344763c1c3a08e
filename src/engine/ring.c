/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/nsec.h"
#include "engine/engine.h"

/* Blocks of packets on their way: read and walked by the reader, parsed (pure), ordered, and handed on one by one.
 * A block is held until the next is ordered, so that packets on both sides of the border come in order of time. A
 * step back beyond a second, or beyond the held block, is reported and not sorted; so is a jump ahead of a day. */

enum { RING_SLOTS = 8 };
static const int64_t jump_ns = 24 * 3600 * NSEC_PER_SEC; /* a pause of a day in one capture: its clock was set */

struct slot {
    struct capture_block *block;
    struct decode_packet *descriptors;
    uint32_t *order; /* packets of the block in the order in which they are handed on */
    size_t capacity, count;
    size_t next;     /* of `order`: the first not yet handed on */
};

struct ring {
    struct engine *engine;
    struct slot slots[RING_SLOTS];
    int64_t sortable_step_ns;
    int64_t run_max_ns;     /* latest time since the last step */
    int64_t handed_max_ns;  /* of what the trackers have */
    bool any;
};

static bool slot_reserve(struct slot *s, size_t count)
{
    if (!s->block)
        s->block = capture_block_new();
    if (count <= s->capacity)
        return s->block != NULL;
    struct decode_packet *descriptors = realloc(s->descriptors, count * sizeof *descriptors);
    if (descriptors)
        s->descriptors = descriptors;
    uint32_t *order = realloc(s->order, count * sizeof *order);
    if (order)
        s->order = order;
    if (!descriptors || !order)
        return false;
    s->capacity = count;
    return true;
}

static void ring_free(struct ring *r)
{
    for (int i = 0; i < RING_SLOTS; i++) {
        capture_block_free(r->slots[i].block);
        free(r->slots[i].descriptors);
        free(r->slots[i].order);
    }
    free(r);
}

/* Pure: depends on the bytes and on tables fixed at start alone. */
static void parse(const struct decode_context *context, struct slot *s)
{
    const struct capture_packet *p = capture_block_packets(s->block, &s->count);
    for (size_t i = 0; i < s->count; i++)
        decode_frame(context, p[i].link_type, p[i].bytes, p[i].captured_bytes, p[i].wire_bytes, &s->descriptors[i]);
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

static void hand_on(struct ring *r, struct slot *s)
{
    const struct capture_packet *packets = capture_block_packets(s->block, &s->count);
    uint32_t i = s->order[s->next++];
    if (packets[i].time_ns >= r->handed_max_ns || !r->any)
        r->handed_max_ns = packets[i].time_ns;
    else
        model_tap_of(r->engine->model)->late_packets++;
    r->any = true;
    engine_serial_packet(r->engine, &packets[i], &s->descriptors[i]);
}

static void drain(struct ring *r, struct slot *s, size_t end)
{
    while (s->next < end)
        hand_on(r, s);
}

static const struct capture_packet *head(const struct slot *s)
{
    size_t count;
    return &capture_block_packets(s->block, &count)[s->order[s->next]];
}

/* Hands on the whole held block, and of the new run what belongs before its last packet. */
static void merge(struct ring *r, struct slot *held, struct slot *s, size_t run_end)
{
    while (held->next < held->count) {
        bool new_first = s->next < run_end && head(s)->time_ns < head(held)->time_ns;
        hand_on(r, new_first ? s : held);
    }
}

/* The end of the run that begins at `from`: up to the packet before the next step back. */
static size_t run_end(struct ring *r, const struct slot *s, size_t from)
{
    size_t count;
    const struct capture_packet *packets = capture_block_packets(s->block, &count);
    size_t i = from;
    for (; i < count; i++) {
        int64_t ahead_ns = r->run_max_ns == INT64_MIN ? 0 : nsec_sub(packets[i].time_ns, r->run_max_ns);
        if (ahead_ns < -r->sortable_step_ns || ahead_ns > jump_ns)
            break;
        if (packets[i].time_ns > r->run_max_ns)
            r->run_max_ns = packets[i].time_ns;
    }
    return i;
}

/* Orders the new block and hands on the held one, and what lies before a step of the clock. */
static void order_and_hand_on(struct ring *r, struct slot *held, struct slot *s)
{
    size_t count;
    const struct capture_packet *packets = capture_block_packets(s->block, &count);
    for (uint32_t i = 0; i < count; i++)
        s->order[i] = i;
    s->next = 0;
    for (size_t from = 0; from < count;) {
        size_t end = run_end(r, s, from);
        sort_run(packets, s->order + from, end - from);
        if (held)
            merge(r, held, s, end);
        held = NULL;
        if (end == count)
            return;
        drain(r, s, end);
        engine_serial_step(r->engine, packets[end].frame, r->run_max_ns, packets[end].time_ns);
        r->run_max_ns = packets[end].time_ns;
        r->any = false;
        from = end;
    }
}

static enum status fill(struct ring *r, struct slot *s, struct error *error)
{
    if (!slot_reserve(s, 0))
        return error_set(error, STATUS_NO_MEMORY, "there is not enough memory to read packets");
    enum status status = capture_next_block(r->engine->reader, s->block, error);
    if (status != STATUS_OK)
        return status;
    capture_block_packets(s->block, &s->count);
    if (!slot_reserve(s, s->count))
        return error_set(error, STATUS_NO_MEMORY, "there is not enough memory to read packets");
    return STATUS_OK;
}

enum status engine_ring_run(struct engine *engine, engine_progress *progress, void *context, struct error *error)
{
    struct ring *r = calloc(1, sizeof *r);
    if (!r)
        return error_set(error, STATUS_NO_MEMORY, "there is not enough memory to read packets");
    r->engine = engine;
    r->run_max_ns = INT64_MIN;
    r->sortable_step_ns = endpoint_threshold_ns(engine->analyzer->catalogue, "clock-step-ms");
    struct slot *held = NULL;
    enum status status;
    for (unsigned turn = 0;; turn++) {
        struct slot *s = &r->slots[turn % RING_SLOTS];
        status = fill(r, s, error);
        if (status != STATUS_OK)
            break;
        parse(&engine->analyzer->decode, s);
        order_and_hand_on(r, held, s);
        held = s;
        if (progress)
            progress(context, engine->counts.read, capture_reader_info(engine->reader)->bytes_read);
    }
    if (held)
        drain(r, held, held->count);
    if (status == STATUS_END || engine->counts.read)
        track_finish(engine->track);
    ring_free(r);
    return status == STATUS_END ? STATUS_OK : status;
}
