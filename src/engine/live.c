/* SPDX-License-Identifier: Apache-2.0 */
#include "wspscope/live.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/nsec.h"
#include "capture/feed.h"
#include "capture/live.h"
#include "engine/engine.h"
#include "engine/registry.h"

/* A tick may take this share of the time between ticks: a model that has grown large is looked at less often. */
enum { TICK_SHARE = 20, PORTS_MOST = 65536 };

/* Packets of an interface come a moment after their time: until then no time has passed without them. */
static const int64_t late_ns = NSEC_PER_SEC;

struct wspscope_live {
    struct engine engine;
    struct capture_live *capture; /* NULL: fed by the caller */
    struct wspscope_feed feed;
    struct wspscope_packet held;  /* of the feed: belongs to a later block */
    bool has_held;
    atomic_bool stopped;

    const struct wspscope_watch *watch;
    struct engine_registry *registry;
    int64_t idle_ns;              /* the time at which a turn brought no packet; INT64_MIN: it brought some */
    int64_t next_tick_ns;
    uint64_t read_before;
};

static void tell(struct wspscope_error *out, const struct error *error)
{
    size_t size = sizeof out->text < sizeof error->text ? sizeof out->text : sizeof error->text;
    memcpy(out->text, error->text, size);
    out->text[sizeof out->text - 1] = '\0';
}

static struct wspscope_live *live_new(struct wspscope_analyzer *analyzer)
{
    struct wspscope_live *live = calloc(1, sizeof *live);
    if (!live)
        return NULL;
    live->engine.analyzer = analyzer;
    live->engine.one_thread = true;
    live->next_tick_ns = live->idle_ns = INT64_MIN;
    live->registry = engine_registry_new(endpoint_threshold_ns(analyzer->catalogue, "finding-quiet-ms"));
    if (live->registry)
        return live;
    free(live);
    return NULL;
}

/* Everything that is allocated or opened for the run, so that a sandbox can be closed afterwards. */
static enum status prepare(struct wspscope_live *live, const struct capture_feed *feed, struct error *error)
{
    live->engine.reader = capture_feed_new(feed);
    if (!live->engine.reader)
        return error_set(error, STATUS_NO_MEMORY, "There is not enough memory to capture.");
    return engine_open(&live->engine, error);
}

static enum status open_interfaces(struct wspscope_live *live, const struct wspscope_interfaces *interfaces,
                                   struct error *error)
{
    const struct wspscope_analyzer *a = live->engine.analyzer;
    uint16_t *ports = calloc(PORTS_MOST, sizeof *ports);
    if (!ports)
        return error_set(error, STATUS_NO_MEMORY, "There is not enough memory to capture.");
    struct capture_live_filter filter = { .ports = ports, .expression = a->filter_text };
    for (uint32_t port = 0; port < PORTS_MOST; port++)
        if (decode_ports_has(&a->decode.ports, (uint16_t)port))
            ports[filter.port_count++] = (uint16_t)port;
    const struct capture_live_options options = { .names = interfaces->names, .count = interfaces->count,
                                                  .snap_bytes = interfaces->snap_bytes,
                                                  .buffer_bytes = interfaces->buffer_bytes,
                                                  .packets_max = interfaces->packets_max,
                                                  .promiscuous = !interfaces->not_promiscuous,
                                                  .filter = interfaces->whole ? NULL : &filter };
    enum status status = capture_live_open(&options, &live->capture, error);
    free(ports);
    return status;
}

struct wspscope_live *wspscope_live_open(struct wspscope_analyzer *analyzer,
                                         const struct wspscope_interfaces *interfaces, struct wspscope_error *error)
{
    struct error e = { "There is not enough memory to capture." };
    struct wspscope_live *live = live_new(analyzer);
    enum status status = live ? open_interfaces(live, interfaces, &e) : STATUS_NO_MEMORY;
    if (status == STATUS_OK) {
        struct capture_feed feed = capture_live_feed(live->capture);
        feed.filter = analyzer->filter_text;
        status = prepare(live, &feed, &e);
    }
    if (status == STATUS_OK)
        return live;
    tell(error, &e);
    wspscope_live_free(live);
    return NULL;
}

static struct capture_packet packet_of(const struct wspscope_packet *p)
{
    return (struct capture_packet){ .bytes = p->bytes, .captured_bytes = p->captured_bytes,
                                    .wire_bytes = p->wire_bytes, .time_ns = p->time_ns, .link_type = p->link_type,
                                    .direction = p->direction, .interface = p->interface };
}

/* The next packet of the caller's feed into live->held. False: there is none for now, or no more at all. */
static bool fetch(struct wspscope_live *live, bool *ended)
{
    if (live->has_held)
        return true;
    enum wspscope_fed fed = atomic_load(&live->stopped) ? WSPSCOPE_FED_END
                                                        : live->feed.next(live->feed.context, &live->held);
    *ended = fed == WSPSCOPE_FED_END;
    if (fed == WSPSCOPE_FED_NOTHING)
        live->idle_ns = live->held.time_ns;
    live->has_held = fed == WSPSCOPE_FED_PACKET;
    return live->has_held;
}

/* A block of the caller's packets covers at most a second, so that there is a tick for each. */
static enum status fill_from_caller(void *context, struct capture_reader *reader, struct capture_block *block)
{
    struct wspscope_live *live = context;
    int64_t first_ns = INT64_MIN;
    bool ended = false;
    live->idle_ns = INT64_MIN;
    while (capture_feed_has_room(block) && fetch(live, &ended)) {
        if (first_ns == INT64_MIN)
            first_ns = live->held.time_ns;
        if (nsec_sub(live->held.time_ns, first_ns) >= NSEC_PER_SEC)
            return STATUS_OK;
        const struct capture_packet packet = packet_of(&live->held);
        capture_feed_add(reader, block, &packet);
        live->has_held = false;
    }
    return ended && first_ns == INT64_MIN ? STATUS_END : STATUS_OK;
}

struct wspscope_live *wspscope_live_feed(struct wspscope_analyzer *analyzer, const struct wspscope_feed *from,
                                         struct wspscope_error *error)
{
    struct error e = { "There is not enough memory to start." };
    struct wspscope_live *live = live_new(analyzer);
    if (live) {
        live->feed = *from;
        const struct capture_feed feed = { .fill = fill_from_caller, .context = live, .name = from->name,
                                           .format = "live" };
        if (prepare(live, &feed, &e) == STATUS_OK)
            return live;
    }
    tell(error, &e);
    wspscope_live_free(live);
    return NULL;
}

const char *const *wspscope_live_notes(const struct wspscope_live *live, size_t *count)
{
    *count = 0;
    return live->capture ? capture_live_notes(live->capture, count) : NULL;
}

void wspscope_live_stop(struct wspscope_live *live)
{
    atomic_store(&live->stopped, true);
    if (live->capture)
        capture_live_stop(live->capture);
}

static void tick(struct wspscope_live *live, int64_t now_ns)
{
    const struct wspscope_report *report = engine_snapshot_tick(&live->engine, live->registry);
    const struct capture_info *info = capture_reader_info(live->engine.reader);
    if (!report)
        return; /* short of memory for a moment: the next tick tries again */
    struct wspscope_tick shown = { .now_ns = now_ns, .report = report, .kernel_drops = info->os_drops,
                                   .interface_drops = info->interface_drops };
    engine_registry_show(live->registry, &shown);
    live->watch->tick(live->watch->context, &shown);
    wspscope_report_free(report);
}

/* Packet time; when no packet comes, the clock's, a little behind. */
static int64_t time_of(struct wspscope_live *live)
{
    uint64_t read = live->engine.counts.read;
    bool idle = read == live->read_before;
    live->read_before = read;
    if (idle && live->capture)
        live->idle_ns = capture_live_now_ns();
    if (idle && live->idle_ns != INT64_MIN)
        track_advance(live->engine.track, nsec_sub(live->idle_ns, late_ns));
    const struct model_tap *tap = model_tap(live->engine.model);
    return read ? tap->now_ns : live->idle_ns;
}

/* After every block, an empty one too. */
static void turn(void *context, uint64_t packets, uint64_t bytes)
{
    struct wspscope_live *live = context;
    (void)packets;
    (void)bytes;
    int64_t now_ns = time_of(live);
    bool stepped_back = now_ns < nsec_sub(live->next_tick_ns, (TICK_SHARE + 1) * 60 * NSEC_PER_SEC);
    if (live->watch->tick && now_ns != INT64_MIN && (now_ns >= live->next_tick_ns || stepped_back)) {
        int64_t begin_ns = live->capture ? capture_live_now_ns() : 0;
        tick(live, now_ns);
        int64_t took_ns = live->capture ? nsec_sub(capture_live_now_ns(), begin_ns) : 0;
        int64_t pause_ns = took_ns * TICK_SHARE;
        live->next_tick_ns = nsec_add(now_ns, pause_ns > NSEC_PER_SEC ? pause_ns : NSEC_PER_SEC);
    }
    if (live->watch->turn)
        live->watch->turn(live->watch->context);
}

static void on_followed(void *context, const struct capture_packet *p)
{
    struct wspscope_live *live = context;
    const struct wspscope_packet packet = { .bytes = p->bytes, .captured_bytes = p->captured_bytes,
                                            .wire_bytes = p->wire_bytes, .time_ns = p->time_ns, .frame = p->frame,
                                            .link_type = p->link_type, .direction = p->direction,
                                            .interface = p->interface };
    live->watch->followed(live->watch->context, &packet);
}

enum wspscope_result wspscope_live_run(struct wspscope_live *live, const struct wspscope_watch *watch,
                                       const struct wspscope_report **report, struct wspscope_error *error)
{
    struct error e = { "" };
    live->watch = watch;
    live->engine.on_followed = watch->followed ? on_followed : NULL;
    live->engine.on_followed_context = live;
    enum status status = engine_ring_run(&live->engine, turn, live, &e);
    if (status == STATUS_OK && watch->tick)
        tick(live, model_tap(live->engine.model)->now_ns);
    *report = status == STATUS_OK ? engine_snapshot(&live->engine, NULL) : NULL;
    if (status == STATUS_OK && !*report)
        (void)error_set(&e, STATUS_NO_MEMORY, "There is not enough memory for the report.");
    if (*report)
        return WSPSCOPE_REPORTED;
    tell(error, &e);
    return WSPSCOPE_UNREADABLE;
}

void wspscope_live_free(struct wspscope_live *live)
{
    if (!live)
        return;
    engine_close(&live->engine);
    capture_live_free(live->capture);
    engine_registry_free(live->registry);
    free(live);
}

struct wspscope_interface *wspscope_live_list(struct wspscope_error *error)
{
    struct error e = { "" };
    struct capture_live_interface *found = capture_live_list(&e);
    size_t count = 0;
    while (found && found[count].name)
        count++;
    struct wspscope_interface *list = found ? calloc(count + 1, sizeof *list) : NULL;
    for (size_t i = 0; list && i < count; i++)
        list[i] = (struct wspscope_interface){ found[i].name, found[i].text };
    if (list)
        free(found);
    else
        capture_live_list_free(found);
    if (!list)
        tell(error, &e);
    return list;
}

void wspscope_live_list_free(struct wspscope_interface *list)
{
    for (size_t i = 0; list && list[i].name; i++) {
        free(list[i].name);
        free(list[i].text);
    }
    free(list);
}
