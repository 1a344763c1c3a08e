/* SPDX-License-Identifier: Apache-2.0 */
#include "model/store.h"

static size_t region_index(const struct model *m, const struct endpoint_region *region)
{
    size_t count;
    const struct endpoint_region *regions = endpoint_regions(m->catalogue, &count);
    return region ? (size_t)(region - regions) % (REGION_BITS - 1) + 1 : 0;
}

uint64_t model_region_bit(const struct model *m, const struct endpoint_region *region)
{
    return UINT64_C(1) << region_index(m, region);
}

void model_note_ipv4_worked(struct model *m, const struct endpoint_region *region, int64_t begin_ns)
{
    struct worked_times *w = &m->ipv4_worked[region_index(m, region)];
    if (!w->begin_ns)
        w->begin_ns = arena_alloc(m->arena, WORKED_TIMES, sizeof *w->begin_ns);
    if (!w->begin_ns || w->count == WORKED_TIMES)
        return;
    size_t at = w->count++;
    for (; at > 0 && w->begin_ns[at - 1] > begin_ns; at--)
        w->begin_ns[at] = w->begin_ns[at - 1];
    w->begin_ns[at] = begin_ns;
}

bool model_ipv4_worked_between(const struct model *m, const struct endpoint_region *region, int64_t from_ns,
                               int64_t to_ns)
{
    const struct worked_times *w = &m->ipv4_worked[region_index(m, region)];
    size_t low = 0, high = w->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (w->begin_ns[middle] < from_ns)
            low = middle + 1;
        else
            high = middle;
    }
    return low < w->count && w->begin_ns[low] <= to_ns;
}

enum { STREAMS_KEPT = 256 };

void model_client_note_heard(struct model_client *client, int64_t time_ns)
{
    int64_t slot = time_ns / MODEL_HEARD_SLOT_NS, later = slot - client->heard_slot;
    if (later < 0)
        return;
    client->heard = (later < MODEL_HEARD_SLOTS ? client->heard << later : 0) | 1;
    client->heard_slot = slot;
}

struct model_stream *model_session_add_stream(struct model *m, struct model_session *session)
{
    if (session->stream_count++ >= STREAMS_KEPT)
        return NULL;
    struct model_stream *stream = arena_alloc(m->arena, 1, sizeof *stream);
    if (!stream)
        return NULL;
    *(session->last_stream ? &session->last_stream->next : &session->streams) = stream;
    session->last_stream = stream;
    return stream;
}

struct model_tls *model_path_tls(struct model *m, struct model_path *path)
{
    if (path->tls)
        return path->tls;
    path->tls = arena_alloc(m->arena, 1, sizeof *path->tls);
    if (path->tls)
        *path->tls = (struct model_tls){ .hello_ns = INT64_MAX, .worked_ns = INT64_MIN, .last_worked_ns = INT64_MIN,
                                         .failed_ns = INT64_MIN, .last_failed_ns = INT64_MIN,
                                         .answer_ns = INT64_MAX, .handshake_ns = INT64_MAX };
    return path->tls;
}

struct model_certificate *model_keep_certificate(struct model *m, const struct model_certificate *certificate)
{
    struct model_certificate *kept = arena_alloc(m->arena, 1, sizeof *kept);
    if (kept)
        *kept = *certificate;
    return kept;
}

/* The counts of one attempt. */
static void move_attempt(struct model_session *from, struct model_session *to, enum model_transport transport)
{
    int64_t tried_ns = from->transports[transport].first_tried_ns;
    if (!to->transports[transport].tried++)
        to->transports[transport].first_tried_ns = tried_ns;
    from->transports[transport].tried--;
    to->first_ns = from->first_ns < to->first_ns ? from->first_ns : to->first_ns;
    to->last_ns = from->last_ns > to->last_ns ? from->last_ns : to->last_ns;
    if (!from->transports[transport].worked)
        return;
    from->transports[transport].worked--;
    if (!to->transports[transport].worked++)
        to->transports[transport].first_worked_ns = from->transports[transport].first_worked_ns;
    to->worked_ns = from->worked_ns > to->worked_ns ? from->worked_ns : to->worked_ns;
}

struct model_session *model_session_name(struct model *m, struct model_session *session,
                                         const struct endpoint_region *region, enum model_transport transport)
{
    const struct model_session *known = session->client->sessions;
    while (known && (known->region != region || known->protocol != session->protocol))
        known = known->client_next;
    if (!known && session->transports[MODEL_UDP].tried + session->transports[MODEL_TCP].tried == 1) {
        session->region = region;
        return session;
    }
    struct model_session *to = model_session_of(m, session->client, region, session->protocol);
    if (!to || to == session)
        return to;
    if (!to->port) {
        to->gateway = session->gateway;
        to->port = session->port;
    }
    move_attempt(session, to, transport);
    return to;
}

struct model_ending *model_session_add_ending(struct model *m, struct model_session *session)
{
    if (session->ending_count++ >= STREAMS_KEPT)
        return NULL;
    struct model_ending *ending = arena_alloc(m->arena, 1, sizeof *ending);
    if (!ending)
        return NULL;
    *(session->last_ending ? &session->last_ending->next : &session->endings) = ending;
    session->last_ending = ending;
    return ending;
}

struct model_fragments *model_path_fragments(struct model *m, struct model_path *path)
{
    if (!path->fragments)
        path->fragments = arena_alloc(m->arena, 1, sizeof *path->fragments);
    return path->fragments;
}

static struct model_incident **place_of(struct model_incidents *list, uint64_t index)
{
    if (index < MODEL_INCIDENTS_FIRST)
        return &list->first[index];
    return &list->last[(index - MODEL_INCIDENTS_FIRST) % MODEL_INCIDENTS_LAST];
}

void model_path_add(struct model *m, struct model_path *path, const struct model_incident *incident)
{
    enum model_fact fact = incident->fact;
    bool worked = fact == MODEL_TCP_ACCEPTED || fact == MODEL_UDP_ANSWERED;
    path->counts[fact]++;
    if (worked && path->ipv6 && endpoint_role_is_gateway(path->role))
        path->client->ipv6_regions |= model_region_bit(m, path->region);
    if (!path->incidents[fact])
        path->incidents[fact] = arena_alloc(m->arena, 1, sizeof *path->incidents[fact]);
    struct model_incidents *list = path->incidents[fact];
    if (!list)
        return;
    struct model_incident **place = place_of(list, list->count);
    if (!*place)
        *place = arena_alloc(m->arena, 1, sizeof **place);
    if (!*place)
        return;
    **place = *incident;
    list->count++;
}

size_t model_incidents_kept(const struct model_path *path, enum model_fact fact)
{
    const struct model_incidents *list = path->incidents[fact];
    size_t most = MODEL_INCIDENTS_FIRST + MODEL_INCIDENTS_LAST;
    if (!list)
        return 0;
    return list->count < most ? (size_t)list->count : most;
}

const struct model_incident *model_incident_at(const struct model_path *path, enum model_fact fact, size_t index)
{
    struct model_incidents *list = path->incidents[fact];
    uint64_t dropped = list->count - model_incidents_kept(path, fact);
    return *place_of(list, index < MODEL_INCIDENTS_FIRST ? index : index + dropped);
}
