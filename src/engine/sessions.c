/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/sessions.h"

#include <stdlib.h>
#include <string.h>

#include "engine/round_trip.h"
#include "engine/story.h"
#include "rule/lookup.h"

const struct model_stream *engine_sessions_stream(const struct model_session *s)
{
    const struct model_stream *most = NULL;
    for (const struct model_stream *stream = s->streams; stream; stream = stream->next)
        if (!most || stream->bytes_to_client > most->bytes_to_client)
            most = stream;
    return most;
}

static const char *address_text(struct arena *a, const struct ipaddr *address)
{
    char text[IPADDR_TEXT_SIZE];
    return arena_copy(a, ipaddr_format(address, text));
}

/* Look-ups side by side for each client, in the order in which they were first asked. */
struct asked {
    const struct model_lookup **items;
    size_t count;
};

struct asked_row {
    const struct model_lookup *lookup;
    size_t order;
};

static int by_client(const void *left, const void *right)
{
    const struct asked_row *a = left, *b = right;
    int order = ipaddr_compare(&a->lookup->client, &b->lookup->client);
    return order ? order : (a->order > b->order) - (a->order < b->order);
}

static struct asked asked_by_client(const struct model *model, struct arena *a)
{
    struct asked asked = { .count = 0 };
    size_t n = 0;
    for (const struct model_lookup *l = model_name_lookups(model_names(model)); l; l = l->next)
        n++;
    struct asked_row *rows = arena_alloc(a, n + 1, sizeof *rows);
    asked.items = arena_alloc(a, n + 1, sizeof *asked.items);
    if (!rows || !asked.items)
        return asked;
    for (const struct model_lookup *l = model_name_lookups(model_names(model)); l; l = l->next) {
        rows[asked.count] = (struct asked_row){ .lookup = l, .order = asked.count };
        asked.count++;
    }
    qsort(rows, n, sizeof *rows, by_client);
    for (size_t i = 0; i < n; i++)
        asked.items[i] = rows[i].lookup;
    return asked;
}

/* The part that one client asked. */
static struct asked asked_of(const struct asked *all, const struct ipaddr *client)
{
    size_t low = 0, high = all->count, end;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (ipaddr_compare(&all->items[middle]->client, client) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (end = low; end < all->count && ipaddr_equal(&all->items[end]->client, client); end++)
        continue;
    return (struct asked){ .items = all->items + low, .count = end - low };
}

struct rows {
    const struct model *model;
    struct arena *arena;
    struct asked asked;
    struct wspscope_session *items;
    size_t count, room;
};

bool engine_sessions_is_empty(const struct model_session *s)
{
    return !s->transports[MODEL_UDP].tried && !s->transports[MODEL_TCP].tried;
}

static void add_session(struct rows *rows, const struct model_session *s)
{
    const struct model_stream *stream = engine_sessions_stream(s);
    struct asked asked = asked_of(&rows->asked, &s->client->address);
    struct wspscope_session *out = &rows->items[rows->count++];
    *out = (struct wspscope_session){
        .client = address_text(rows->arena, &s->client->address),
        .region = s->region ? arena_copy(rows->arena, s->region->code) : NULL,
        .protocol = s->protocol == MODEL_DCV ? "dcv" : "pcoip",
        .transport = !stream ? "none" : stream->transport == MODEL_UDP ? "udp" : "tcp",
        .gateway = address_text(rows->arena, stream ? &stream->gateway : &s->gateway),
        .port = stream ? stream->port : s->port,
        .first_ns = s->first_ns,
        .last_ns = s->last_ns,
        .round_trip = engine_round_trip(rows->model, s),
        .bytes_to_client = s->bytes_to_client,
        .bytes_to_server = s->bytes_to_server,
        .loss_ratio = engine_loss_ratio(rows->model, s, stream),
    };
    const struct engine_story story = { .model = rows->model, .arena = rows->arena, .client = s->client,
                                        .session = s, .region = s->region,
                                        .from_ns = s->earlier ? s->earlier->last_ns : INT64_MIN,
                                        .to_ns = s->later ? s->last_ns : INT64_MAX, .lookups = asked.items,
                                        .lookup_count = asked.count };
    if (!engine_story_tell(&story, out))
        rows->count--;
}

/* The Region that its look-ups, else its paths, speak of first. */
static const struct endpoint_region *region_of(const struct engine_story *story)
{
    for (size_t i = 0; i < story->lookup_count; i++) {
        const struct endpoint_name_row *row = model_name_row(model_names(story->model), story->lookups[i]->name);
        if (row && row->region)
            return row->region;
    }
    unsigned left = ENGINE_STORY_PATHS;
    for (const struct model_path *p = story->client ? story->client->paths : NULL; p && left--; p = p->client_next)
        if (p->region)
            return p->region;
    return NULL;
}

static void span_of(const struct engine_story *story, struct wspscope_session *out)
{
    unsigned left = ENGINE_STORY_PATHS;
    out->first_ns = INT64_MAX;
    out->last_ns = INT64_MIN;
    for (size_t i = 0; i < out->step_count; i++) {
        int64_t at_ns = out->steps[i].at_ns;
        if (at_ns == WSPSCOPE_UNKNOWN_TIME)
            continue;
        out->first_ns = at_ns < out->first_ns ? at_ns : out->first_ns;
        out->last_ns = at_ns > out->last_ns ? at_ns : out->last_ns;
    }
    for (const struct model_path *p = story->client ? story->client->paths : NULL; p && left--; p = p->client_next)
        out->last_ns = p->last_ns > out->last_ns ? p->last_ns : out->last_ns;
}

/* A client that asked, logged in or probed, and never tried to stream. */
static void add_attempt(struct rows *rows, const struct ipaddr *address, const struct model_client *client)
{
    struct asked asked = asked_of(&rows->asked, address);
    struct engine_story story = { .model = rows->model, .arena = rows->arena, .client = client, .from_ns = INT64_MIN,
                                  .to_ns = INT64_MAX, .lookups = asked.items, .lookup_count = asked.count };
    struct wspscope_session *out = &rows->items[rows->count];
    story.region = region_of(&story);
    *out = (struct wspscope_session){ .client = address_text(rows->arena, address), .transport = "none",
                                      .region = story.region ? arena_copy(rows->arena, story.region->code) : NULL,
                                      .round_trip = { -1, -1, -1, -1, -1, 0, NULL }, .loss_ratio = -1 };
    if (!engine_story_tell(&story, out))
        return;
    span_of(&story, out);
    rows->count += out->first_ns != INT64_MAX;
}

static void add_attempts(struct rows *rows)
{
    static const struct ipaddr nobody;
    for (const struct model_client *c = model_clients(rows->model); c; c = c->next)
        if (!c->sessions && !ipaddr_equal(&c->address, &nobody))
            add_attempt(rows, &c->address, c);
    for (size_t i = 0; i < rows->asked.count; i++) {
        const struct model_lookup *l = rows->asked.items[i];
        bool first = !i || !ipaddr_equal(&rows->asked.items[i - 1]->client, &l->client);
        if (first && !model_client_find(rows->model, &l->client))
            add_attempt(rows, &l->client, NULL);
    }
}

static size_t most_rows(const struct model *model, const struct asked *asked)
{
    size_t n = asked->count;
    for (const struct model_session *s = model_sessions(model); s; s = s->next)
        n++;
    for (const struct model_client *c = model_clients(model); c; c = c->next)
        n++;
    return n;
}

static int by_beginning(const void *left, const void *right)
{
    const struct wspscope_session *a = left, *b = right;
    if (a->first_ns != b->first_ns)
        return a->first_ns < b->first_ns ? -1 : 1;
    int client = strcmp(a->client, b->client);
    if (client)
        return client;
    int gateway = strcmp(a->gateway ? a->gateway : "", b->gateway ? b->gateway : "");
    return gateway ? gateway : (a->port > b->port) - (a->port < b->port);
}

const struct wspscope_session *engine_sessions(const struct model *model, struct arena *a, size_t *count)
{
    struct rows rows = { .model = model, .arena = a, .asked = asked_by_client(model, a) };
    rows.items = arena_alloc(a, most_rows(model, &rows.asked) + 1, sizeof *rows.items);
    *count = 0;
    if (!rows.items || !rows.asked.items)
        return NULL;
    for (const struct model_session *s = model_sessions(model); s; s = s->next)
        if (!engine_sessions_is_empty(s))
            add_session(&rows, s);
    add_attempts(&rows);
    if (rows.count)
        qsort(rows.items, rows.count, sizeof *rows.items, by_beginning);
    *count = rows.count;
    return rows.items;
}
