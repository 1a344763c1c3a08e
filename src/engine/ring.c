/* SPDX-License-Identifier: Apache-2.0 */
#include <pthread.h>
#include <stdlib.h>

#include "engine/engine.h"
#include "engine/order.h"

/* Blocks of packets on their way. Any thread does whatever can be done next: hand the oldest block on to the trackers,
 * parse one, or read one. Reading, and handing on, is done by one thread at a time and in the order of the blocks;
 * parsing is pure. So any number of threads gives what one gives. Everything in `struct ring` but what a slot holds
 * belongs to the mutex; a slot belongs to whoever works on it. One condition variable tells of every change. */

enum { RING_SLOTS = 8, HELPERS_MAX = ENGINE_THREADS_MAX - 1 };

/* Below it a second thread costs more than it saves. */
static const uint64_t bytes_before_helpers = 8 * 1024 * 1024;

struct ring {
    struct engine *engine;
    struct engine_order order;
    engine_progress *progress;
    void *progress_context;
    struct error *error;

    pthread_mutex_t mutex;
    pthread_cond_t changed;
    pthread_t helpers[HELPERS_MAX];
    unsigned helper_count;

    struct engine_slot slots[RING_SLOTS];
    struct engine_slot *free[RING_SLOTS]; /* the last to become free is the first to be used: it is in the cache */
    size_t free_count;
    struct engine_slot *line[RING_SLOTS]; /* block n is at n % RING_SLOTS */
    bool parsed[RING_SLOTS];              /* the same */
    uint64_t read, taken_to_parse, handed_on; /* blocks */
    bool reading, handing_on;
    enum status status; /* of reading; STATUS_OK: there is more */
};

static bool slot_reserve(struct engine_slot *s, size_t count)
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

static void slot_free(struct engine_slot *s)
{
    capture_block_free(s->block);
    free(s->descriptors);
    free(s->order);
}

static enum status fill(struct ring *r, struct engine_slot *s)
{
    if (!slot_reserve(s, 0))
        return error_set(r->error, STATUS_NO_MEMORY, "there is not enough memory to read packets");
    enum status status = capture_next_block(r->engine->reader, s->block, r->error);
    if (status != STATUS_OK)
        return status;
    capture_block_packets(s->block, &s->count);
    s->bytes_read = capture_reader_info(r->engine->reader)->bytes_read;
    if (!slot_reserve(s, s->count))
        return error_set(r->error, STATUS_NO_MEMORY, "there is not enough memory to read packets");
    return STATUS_OK;
}

/* Pure: depends on the bytes and on tables fixed at start alone. */
static void parse(const struct decode_context *context, struct engine_slot *s)
{
    const struct capture_packet *p = capture_block_packets(s->block, &s->count);
    s->sorted = true;
    for (size_t i = 0; i < s->count; i++) {
        decode_frame(context, p[i].link_type, p[i].bytes, p[i].captured_bytes, p[i].wire_bytes, &s->descriptors[i]);
        s->sorted = s->sorted && (i == 0 || p[i - 1].time_ns <= p[i].time_ns);
    }
}

static void *help(void *ring);

/* Whoever cannot be started is done without. */
static void start_helpers(struct ring *r, uint64_t bytes_read)
{
    const struct wspscope_analyzer *a = r->engine->analyzer;
    if (r->engine->one_thread || (!a->threads_asked && bytes_read < bytes_before_helpers))
        return;
    while (r->helper_count + 1 < a->threads && pthread_create(&r->helpers[r->helper_count], NULL, help, r) == 0)
        r->helper_count++;
}

/* The three steps are called, and return, with the mutex held. */
static void read_next(struct ring *r)
{
    struct engine_slot *s = r->free[--r->free_count];
    r->reading = true;
    pthread_mutex_unlock(&r->mutex);
    enum status status = fill(r, s);
    pthread_mutex_lock(&r->mutex);
    r->reading = false;
    r->status = status;
    if (status != STATUS_OK) {
        r->free[r->free_count++] = s;
        return;
    }
    r->parsed[r->read % RING_SLOTS] = false;
    r->line[r->read++ % RING_SLOTS] = s;
    start_helpers(r, s->bytes_read);
}

static void parse_next(struct ring *r)
{
    uint64_t number = r->taken_to_parse++;
    struct engine_slot *s = r->line[number % RING_SLOTS];
    pthread_mutex_unlock(&r->mutex);
    parse(&r->engine->analyzer->decode, s);
    pthread_mutex_lock(&r->mutex);
    r->parsed[number % RING_SLOTS] = true;
}

static void hand_on_next(struct ring *r)
{
    struct engine_slot *s = r->line[r->handed_on % RING_SLOTS];
    r->handing_on = true;
    pthread_mutex_unlock(&r->mutex);
    struct engine_slot *done = engine_order_take(&r->order, s);
    if (r->progress)
        r->progress(r->progress_context, r->engine->counts.read, s->bytes_read);
    pthread_mutex_lock(&r->mutex);
    r->handing_on = false;
    r->handed_on++;
    if (done)
        r->free[r->free_count++] = done;
}

/* False: there is nothing to do now. The oldest work goes first, so that few blocks are on their way. */
static bool work_once(struct ring *r)
{
    if (!r->handing_on && r->handed_on < r->taken_to_parse && r->parsed[r->handed_on % RING_SLOTS])
        hand_on_next(r);
    else if (r->taken_to_parse < r->read)
        parse_next(r);
    else if (!r->reading && r->status == STATUS_OK && r->free_count)
        read_next(r);
    else
        return false;
    pthread_cond_broadcast(&r->changed);
    return true;
}

static bool is_finished(const struct ring *r)
{
    return r->status != STATUS_OK && r->handed_on == r->read;
}

static void work(struct ring *r)
{
    pthread_mutex_lock(&r->mutex);
    while (!is_finished(r))
        if (!work_once(r))
            pthread_cond_wait(&r->changed, &r->mutex);
    pthread_mutex_unlock(&r->mutex);
}

static void *help(void *ring)
{
    work(ring);
    return NULL;
}

static struct ring *ring_new(struct engine *engine, struct error *error)
{
    struct ring *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->engine = engine;
    r->order = engine_order_make(engine);
    r->error = error;
    pthread_mutex_init(&r->mutex, NULL);
    pthread_cond_init(&r->changed, NULL);
    for (size_t i = 0; i < RING_SLOTS; i++)
        r->free[r->free_count++] = &r->slots[i];
    return r;
}

static void ring_free(struct ring *r)
{
    for (size_t i = 0; i < RING_SLOTS; i++)
        slot_free(&r->slots[i]);
    pthread_cond_destroy(&r->changed);
    pthread_mutex_destroy(&r->mutex);
    free(r);
}

enum status engine_ring_run(struct engine *engine, engine_progress *progress, void *context, struct error *error)
{
    struct ring *r = ring_new(engine, error);
    if (!r)
        return error_set(error, STATUS_NO_MEMORY, "there is not enough memory to read packets");
    r->progress = progress;
    r->progress_context = context;
    work(r);
    for (unsigned i = 0; i < r->helper_count; i++)
        pthread_join(r->helpers[i], NULL);
    engine_order_finish(&r->order);
    enum status status = r->status;
    if (status == STATUS_END || engine->counts.read)
        track_finish(engine->track);
    ring_free(r);
    return status == STATUS_END ? STATUS_OK : status;
}
