/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/nsec.h"

enum {
    SLAB_FLOWS = 1024,
    WHEEL_SLOTS = 256, /* seconds: a deadline further off is looked at that often; one byte numbers them */
    FIRST_INDEX_SIZE = 4096,
};

#define NO_FLOW UINT32_MAX

struct index_entry {
    uint32_t hash;
    uint32_t number; /* NO_FLOW: free */
};

/* Flows in the order in which they were filed. */
struct slot {
    uint32_t head, tail;
};

struct flow_table {
    struct index_entry *index;
    uint32_t index_size; /* a power of two, at most half full */
    struct flow **slabs;
    uint32_t slab_count, slab_capacity;
    uint32_t max_flows, count, next_order;
    uint32_t free_head; /* chained through timer_next */
    struct slot wheel[WHEEL_SLOTS];
    int64_t wheel_second; /* the last second whose slot was fired */
    int64_t wheel_due_ns; /* when the next is to be */
    bool wheel_started;
};

static struct flow *flow_at(const struct flow_table *t, uint32_t number)
{
    return &t->slabs[number / SLAB_FLOWS][number % SLAB_FLOWS];
}

static struct index_entry *new_index(uint32_t size)
{
    struct index_entry *index = malloc(size * sizeof *index);
    if (index)
        memset(index, 0xff, size * sizeof *index);
    return index;
}

struct flow_table *flow_table_new(uint32_t max_flows)
{
    struct flow_table *t = calloc(1, sizeof *t);
    if (!t)
        return NULL;
    t->max_flows = max_flows;
    t->index_size = FIRST_INDEX_SIZE;
    t->index = new_index(t->index_size);
    t->free_head = NO_FLOW;
    memset(t->wheel, 0xff, sizeof t->wheel);
    if (!t->index) {
        free(t);
        return NULL;
    }
    return t;
}

void flow_table_free(struct flow_table *t)
{
    if (!t)
        return;
    for (uint32_t i = 0; i < t->slab_count; i++)
        free(t->slabs[i]);
    free(t->slabs);
    free(t->index);
    free(t);
}

struct flow *flow_table_find(const struct flow_table *t, const struct flow_key *key, uint32_t hash)
{
    uint32_t mask = t->index_size - 1;
    for (uint32_t at = hash & mask; t->index[at].number != NO_FLOW; at = (at + 1) & mask) {
        if (t->index[at].hash != hash)
            continue;
        struct flow *f = flow_at(t, t->index[at].number);
        if (flow_key_equal(&f->key, key))
            return f;
    }
    return NULL;
}

void flow_table_prefetch_index(const struct flow_table *t, uint32_t hash)
{
    __builtin_prefetch(&t->index[hash & (t->index_size - 1)]);
}

/* Of the first entry with this hash; another one's record is a line or two read in vain. */
void flow_table_prefetch_flow(const struct flow_table *t, uint32_t hash)
{
    enum { LINE_BYTES = 64 };
    uint32_t mask = t->index_size - 1, at = hash & mask;
    while (t->index[at].number != NO_FLOW && t->index[at].hash != hash)
        at = (at + 1) & mask;
    if (t->index[at].number == NO_FLOW)
        return;
    const char *record = (const char *)flow_at(t, t->index[at].number);
    for (size_t i = 0; i < sizeof(struct flow); i += LINE_BYTES)
        __builtin_prefetch(record + i, 1);
}

static void index_insert(struct index_entry *index, uint32_t size, struct index_entry entry)
{
    uint32_t at = entry.hash & (size - 1);
    while (index[at].number != NO_FLOW)
        at = (at + 1) & (size - 1);
    index[at] = entry;
}

static bool grow_index(struct flow_table *t)
{
    uint32_t size = t->index_size * 2;
    struct index_entry *index = new_index(size);
    if (!index)
        return false;
    for (uint32_t i = 0; i < t->index_size; i++)
        if (t->index[i].number != NO_FLOW)
            index_insert(index, size, t->index[i]);
    free(t->index);
    t->index = index;
    t->index_size = size;
    return true;
}

static bool grow_slabs(struct flow_table *t)
{
    if (t->slab_count == t->slab_capacity) {
        uint32_t capacity = t->slab_capacity ? t->slab_capacity * 2 : 16;
        struct flow **slabs = realloc(t->slabs, capacity * sizeof *slabs);
        if (!slabs)
            return false;
        t->slabs = slabs;
        t->slab_capacity = capacity;
    }
    struct flow *slab = calloc(SLAB_FLOWS, sizeof *slab);
    if (!slab)
        return false;
    uint32_t base = t->slab_count * SLAB_FLOWS;
    t->slabs[t->slab_count++] = slab;
    for (uint32_t i = SLAB_FLOWS; i-- > 0;) {
        slab[i].timer_next = t->free_head;
        t->free_head = base + i;
    }
    return true;
}

static void wheel_add(struct flow_table *t, struct flow *f)
{
    int64_t second = f->deadline_ns / NSEC_PER_SEC;
    if (second <= t->wheel_second)
        second = t->wheel_second + 1;
    if (second >= t->wheel_second + WHEEL_SLOTS)
        second = t->wheel_second + WHEEL_SLOTS - 1; /* looked at again then, and filed further on */
    f->timer_slot = (uint8_t)((uint64_t)second % WHEEL_SLOTS);
    struct slot *slot = &t->wheel[f->timer_slot];
    f->timer_next = NO_FLOW;
    f->timer_previous = slot->tail;
    *(slot->tail == NO_FLOW ? &slot->head : &flow_at(t, slot->tail)->timer_next) = f->number;
    slot->tail = f->number;
}

static void wheel_remove(struct flow_table *t, struct flow *f)
{
    struct slot *slot = &t->wheel[f->timer_slot];
    *(f->timer_previous == NO_FLOW ? &slot->head : &flow_at(t, f->timer_previous)->timer_next) = f->timer_next;
    *(f->timer_next == NO_FLOW ? &slot->tail : &flow_at(t, f->timer_next)->timer_previous) = f->timer_previous;
}

struct flow *flow_table_add(struct flow_table *t, const struct flow_key *key, uint32_t hash, int64_t deadline_ns)
{
    if (t->count >= t->max_flows)
        return NULL;
    if ((t->count + 1) * 2 > t->index_size && !grow_index(t))
        return NULL;
    if (t->free_head == NO_FLOW && !grow_slabs(t))
        return NULL;

    uint32_t number = t->free_head;
    struct flow *f = flow_at(t, number);
    t->free_head = f->timer_next;
    *f = (struct flow){ .key = *key, .hash = hash, .number = number, .order = t->next_order++,
                        .deadline_ns = deadline_ns, .in_use = 1 };
    index_insert(t->index, t->index_size, (struct index_entry){ .hash = hash, .number = number });
    t->count++;
    wheel_add(t, f);
    return f;
}

/* Takes the entry out and moves later ones of the same run back, so that no tombstone is needed. */
static void index_remove(struct flow_table *t, const struct flow *f)
{
    uint32_t mask = t->index_size - 1, at = f->hash & mask;
    while (t->index[at].number != f->number)
        at = (at + 1) & mask;
    for (uint32_t next = (at + 1) & mask; t->index[next].number != NO_FLOW; next = (next + 1) & mask) {
        uint32_t home = t->index[next].hash & mask;
        if (((next - home) & mask) < ((next - at) & mask))
            continue;
        t->index[at] = t->index[next];
        at = next;
    }
    t->index[at].number = NO_FLOW;
}

void flow_table_remove(struct flow_table *t, struct flow *f)
{
    wheel_remove(t, f);
    index_remove(t, f);
    f->in_use = 0;
    f->timer_next = t->free_head;
    t->free_head = f->number;
    t->count--;
}

void flow_table_set_deadline(struct flow_table *t, struct flow *f, int64_t deadline_ns)
{
    wheel_remove(t, f);
    f->deadline_ns = deadline_ns;
    wheel_add(t, f);
}

static void fire_slot(struct flow_table *t, int64_t now_ns, flow_table_expire *expire, void *context)
{
    struct slot *slot = &t->wheel[(uint64_t)t->wheel_second % WHEEL_SLOTS];
    while (slot->head != NO_FLOW) {
        struct flow *f = flow_at(t, slot->head);
        int64_t next = f->deadline_ns <= now_ns ? expire(context, f, now_ns) : f->deadline_ns;
        if (next == FLOW_TABLE_REMOVE) {
            flow_table_remove(t, f);
            continue;
        }
        wheel_remove(t, f);
        f->deadline_ns = next;
        wheel_add(t, f);
    }
}

/* What came before the clock was first set was filed without it. */
static void refile(void *context, struct flow *f)
{
    flow_table_set_deadline(context, f, f->deadline_ns);
}

/* Seconds are rounded towards zero: those before 1970 begin one nanosecond after the one they are named by. */
static int64_t begin_of_next(int64_t second)
{
    if (second < 0)
        return second * NSEC_PER_SEC + 1;
    return second < INT64_MAX / NSEC_PER_SEC ? (second + 1) * NSEC_PER_SEC : INT64_MAX;
}

void flow_table_advance(struct flow_table *t, int64_t now_ns, flow_table_expire *expire, void *context)
{
    if (t->wheel_started && now_ns < t->wheel_due_ns)
        return;
    int64_t second = now_ns / NSEC_PER_SEC;
    if (!t->wheel_started) {
        t->wheel_started = true;
        t->wheel_second = second;
        t->wheel_due_ns = INT64_MIN;
        flow_table_each(t, refile, t);
        return;
    }
    if (second > t->wheel_second + WHEEL_SLOTS)
        t->wheel_second = second - WHEEL_SLOTS; /* a long silence: every slot is fired once */
    while (t->wheel_second < second) {
        t->wheel_second++;
        fire_slot(t, now_ns, expire, context);
    }
    t->wheel_due_ns = begin_of_next(second);
}

void flow_table_each(struct flow_table *t, void (*visit)(void *context, struct flow *flow), void *context)
{
    for (uint32_t s = 0; s < t->slab_count; s++)
        for (uint32_t i = 0; i < SLAB_FLOWS; i++)
            if (t->slabs[s][i].in_use)
                visit(context, &t->slabs[s][i]);
}

uint32_t flow_table_count(const struct flow_table *t)
{
    return t->count;
}

size_t flow_table_bytes(const struct flow_table *t)
{
    return (size_t)t->index_size * sizeof *t->index + (size_t)t->slab_count * SLAB_FLOWS * sizeof(struct flow);
}
