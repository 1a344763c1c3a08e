/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/flow_log.h"

#include <stdlib.h>
#include <string.h>

#include "classify/classify.h"
#include "flow/community.h"

struct engine_flow_log {
    struct flow *flows;
    size_t count, capacity, most;
    uint64_t dropped;
};

struct engine_flow_log *engine_flow_log_new(size_t max_flows)
{
    struct engine_flow_log *log = calloc(1, sizeof *log);
    if (log)
        log->most = max_flows;
    return log;
}

void engine_flow_log_free(struct engine_flow_log *log)
{
    if (log)
        free(log->flows);
    free(log);
}

static bool reserve(struct engine_flow_log *log)
{
    if (log->count == log->most)
        return false;
    if (log->count < log->capacity)
        return true;
    size_t capacity = log->capacity ? log->capacity * 2 : 256;
    struct flow *flows = realloc(log->flows, capacity * sizeof *flows);
    if (!flows)
        return false;
    log->flows = flows;
    log->capacity = capacity;
    return true;
}

void engine_flow_log_add(void *context, const struct flow *flow)
{
    struct engine_flow_log *log = context;
    if (!reserve(log)) {
        log->dropped++;
        return;
    }
    log->flows[log->count] = *flow;
    log->flows[log->count++].story = NULL;
}

static int by_first_packet(const void *left, const void *right)
{
    const struct flow *a = left, *b = right;
    if (a->first_frame != b->first_frame)
        return a->first_frame < b->first_frame ? -1 : 1;
    return memcmp(&a->key, &b->key, sizeof a->key);
}

static const char *address_text(const struct ipaddr *address, struct arena *arena)
{
    char text[IPADDR_TEXT_SIZE];
    return arena_copy(arena, ipaddr_format(address, text));
}

struct tables {
    const struct endpoint_catalogue *catalogue;
    const struct model_names *names;
};

static const struct endpoint_region *region_of(const struct flow *f, const struct tables *tables)
{
    const struct endpoint_row *row = endpoint_lookup(tables->catalogue, flow_server(f));
    const struct endpoint_name_row *name_row = model_name_row(tables->names, f->name);
    if (f->flags & FLOW_BACKGROUND)
        return NULL;
    if (row)
        return row->region;
    return name_row && name_row->role == (enum endpoint_role)f->role ? name_row->region : NULL;
}

static const char *name_source(const struct flow *f)
{
    if (!f->name)
        return NULL;
    if (f->flags & FLOW_NAME_BY_SNI)
        return "sni";
    return f->flags & FLOW_NAME_BY_CONNECT ? "connect" : "dns";
}

static struct wspscope_flow row_of(const struct flow *f, const struct tables *tables, struct arena *arena)
{
    char community[FLOW_COMMUNITY_SIZE], history[FLOW_HISTORY_SIZE + 1] = { 0 };
    bool background = f->flags & FLOW_BACKGROUND;
    const struct endpoint_region *region = region_of(f, tables);
    const struct flow_half *up = &f->half[FLOW_TO_SERVER], *down = &f->half[FLOW_TO_CLIENT];
    memcpy(history, f->history, FLOW_HISTORY_SIZE);
    return (struct wspscope_flow){
        .proto = f->key.protocol == 6 ? "tcp" : "udp",
        .client = address_text(flow_client(f), arena),
        .client_port = flow_client_port(f),
        .server = address_text(flow_server(f), arena),
        .port = flow_server_port(f),
        .role = background ? NULL : endpoint_role_name((enum endpoint_role)f->role),
        .region = region ? arena_copy(arena, region->code) : NULL,
        .name = f->name ? arena_copy(arena, model_name_text(tables->names, f->name)) : NULL,
        .name_source = name_source(f),
        .app = classify_name(f->app),
        .packets_to_server = up->packets,
        .packets_to_client = down->packets,
        .bytes_to_server = up->ip_bytes,
        .bytes_to_client = down->ip_bytes,
        .first_ns = f->first_ns,
        .last_ns = f->last_ns,
        .state = flow_conn_state(f),
        .history = arena_copy(arena, history),
        .community_id = arena_copy(arena, flow_community_id(&f->key, community)),
        .retransmissions_to_server = up->retransmissions,
        .retransmissions_to_client = down->retransmissions,
    };
}

const struct wspscope_flow *engine_flow_log_rows(struct engine_flow_log *log,
                                                 const struct endpoint_catalogue *catalogue,
                                                 const struct model_names *names, struct arena *arena,
                                                 size_t *count)
{
    struct tables tables = { catalogue, names };
    *count = log->count;
    if (log->count)
        qsort(log->flows, log->count, sizeof *log->flows, by_first_packet);
    struct wspscope_flow *rows = arena_alloc(arena, log->count + 1, sizeof *rows);
    for (size_t i = 0; rows && i < log->count; i++)
        rows[i] = row_of(&log->flows[i], &tables, arena);
    return rows;
}

uint64_t engine_flow_log_dropped(const struct engine_flow_log *log)
{
    return log->dropped;
}
