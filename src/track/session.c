/* SPDX-License-Identifier: Apache-2.0 */
#include "track/session.h"

#include <stdlib.h>

#include "base/nsec.h"
#include "track/ending.h"
#include "track/load.h"

static enum model_transport transport_of(const struct flow *f)
{
    return f->key.protocol == 6 ? MODEL_TCP : MODEL_UDP;
}

static bool streams(enum endpoint_role role)
{
    return role != ENDPOINT_HEALTH_CHECK;
}

/* Nothing was heard of it for long enough: where it ended in order a pause is enough, else the client may still come
 * back to the same session. */
static bool is_over(const struct track *t, const struct model_session *session, int64_t now_ns)
{
    bool in_order = session->worked_ns > session->failed_ns && !session->open_connections;
    return session->last_ns != INT64_MIN && nsec_sub(now_ns, session->last_ns) >=
                                                (in_order ? t->session_closed_ns : t->session_resume_ns);
}

void track_session_renew(struct track *t, const struct model_client *client, const struct endpoint_region *region,
                         enum model_protocol protocol, int64_t now_ns)
{
    struct model_session *latest = model_session_find(client, region, protocol);
    if (latest && is_over(t, latest, now_ns))
        model_session_begin_anew(t->model, latest);
}

static void begin_session(struct track *t, struct story *s, const struct flow *f)
{
    struct model_path *p = s->path;
    enum model_protocol protocol = model_protocol_of(p->role, p->port);
    static const struct ipaddr nobody;
    if (!streams(p->role) || protocol == MODEL_PROTOCOL_UNKNOWN || ipaddr_equal(&p->client->address, &nobody))
        return;
    track_session_renew(t, p->client, p->region, protocol, f->first_ns);
    s->session = model_session_of(t->model, p->client, p->region, protocol);
    if (!s->session)
        return;
    struct model_session *session = s->session;
    enum model_transport transport = transport_of(f);
    if (!session->transports[transport].tried++)
        session->transports[transport].first_tried_ns = f->first_ns;
    if (!session->port) {
        session->gateway = p->server;
        session->port = p->port;
    }
    if (f->first_ns < session->first_ns)
        session->first_ns = f->first_ns;
}

struct story *track_session_begin(struct track *t, struct flow *f, const struct track_packet *packet)
{
    struct model_path *p = model_path_of(t->model, flow_client(f), flow_server(f), flow_server_port(f),
                                         f->key.protocol);
    return p ? track_session_begin_on(t, f, packet, p) : NULL;
}

struct story *track_session_begin_on(struct track *t, struct flow *f, const struct track_packet *packet,
                                     struct model_path *p)
{
    struct story *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    model_path_name(p, model_name_row(model_names(t->model), f->name));
    if (p->name_row && !p->name)
        p->name = f->name;
    s->path = p;
    track_load_inside(&t->load, flow_client(f));
    s->clock_epoch = t->clock_epoch;
    p->flows++;
    if (packet->time_ns < p->first_ns)
        p->first_ns = packet->time_ns;
    f->story = s;
    begin_session(t, s, f);
    return s;
}

/* One user has one stream at a time: a second one that runs beside it is somebody else's. */
static bool runs_beside_another(const struct model_client *client, int64_t window_ns)
{
    for (const struct model_session *session = client->sessions; session; session = session->client_next)
        for (const struct model_stream *stream = session->streams; stream; stream = stream->next)
            if (stream->last_ns >= window_ns)
                return true;
    return false;
}

/* The outside of a NAT has a public IPv4 address. */
static bool may_be_nat(const struct ipaddr *client)
{
    return ipaddr_is_v4(client) && !ipaddr_is_private(client);
}

static void note_stream(const struct track *t, struct story *s, const struct flow *f)
{
    struct model_session *session = s->session;
    if (may_be_nat(&session->client->address) && runs_beside_another(session->client, s->stream.window_ns))
        session->client->shared = true;
    s->stream.noted = model_session_add_stream(t->model, session);
    if (!s->stream.noted)
        return;
    *s->stream.noted = (struct model_stream){ .transport = transport_of(f), .role = s->path->role,
                                              .first_ns = f->first_ns, .sustained_ns = s->stream.sustained_ns,
                                              .first_frame = f->first_frame, .gateway = s->path->server,
                                              .port = s->path->port, .client_port = flow_client_port(f) };
}

/* Two full windows, not one: a page of certificates or a burst of settings is no stream. */
static void measure_stream(const struct track *t, struct story *s, const struct flow *f, int64_t now, uint32_t bytes)
{
    struct story_stream *w = &s->stream;
    if (now - w->window_ns >= t->stream_window_ns || now < w->window_ns) {
        w->window_ns = now;
        w->window_bytes = 0;
    }
    bool was_full = w->window_bytes >= t->stream_window_bytes;
    w->window_bytes += bytes;
    if (was_full || w->window_bytes < t->stream_window_bytes)
        return;
    if (!w->windows++)
        w->sustained_ns = w->window_ns;
    if (w->windows == 2 && s->session)
        note_stream(t, s, f);
}

void track_session_payload(struct track *t, struct flow *f, enum flow_direction direction, int64_t time_ns,
                           uint32_t bytes)
{
    struct story *s = story_of(f);
    struct model_session *session = s->session;
    if (direction == FLOW_TO_CLIENT) {
        s->path->bytes_to_client += bytes;
        measure_stream(t, s, f, time_ns, bytes);
    } else {
        s->path->bytes_to_server += bytes;
    }
    if (!session)
        return;
    *(direction == FLOW_TO_CLIENT ? &session->bytes_to_client : &session->bytes_to_server) += bytes;
    struct model_stream *stream = s->stream.noted;
    if (stream && direction == FLOW_TO_CLIENT)
        stream->last_ns = time_ns;
    if (stream)
        *(direction == FLOW_TO_CLIENT ? &stream->bytes_to_client : &stream->bytes_to_server) += bytes;
}

void track_session_worked(struct story *s, const struct flow *f, int64_t time_ns)
{
    if (s->has_answer)
        return;
    s->has_answer = true;
    s->path->client->answered_flows++;
    if (!s->session)
        return;
    s->session->worked_ns = f->first_ns;
    s->session->open_connections += f->key.protocol == 6;
    if (!s->session->transports[transport_of(f)].worked++)
        s->session->transports[transport_of(f)].first_worked_ns = time_ns;
}

void track_session_closed(struct story *s)
{
    if (s->session && s->has_answer)
        s->session->open_connections--;
}

static bool is_failure(enum model_fact fact)
{
    return fact != MODEL_TCP_ACCEPTED && fact != MODEL_UDP_ANSWERED && fact != MODEL_ICMP_OTHER &&
           fact != MODEL_TCP_RESET_IGNORED && fact != MODEL_PMTU_REDUCED && fact != MODEL_ZERO_WINDOW &&
           fact != MODEL_STREAM_STALL && fact != MODEL_SPEAKS_OTHER && fact != MODEL_TLS_STRANGE &&
           fact != MODEL_UNDECIDED;
}

/* A clock that stepped back within the flow puts its packets in the wrong order of time. */
static void order_times(struct model_incident *incident)
{
    int64_t first_ns = incident->first_ns, last_ns = incident->last_ns;
    if (first_ns > last_ns) {
        incident->first_ns = last_ns;
        incident->last_ns = first_ns;
    }
    incident->delay_ns = incident->delay_ns < 0 ? 0 : incident->delay_ns;
    incident->life_ns = incident->life_ns < 0 ? 0 : incident->life_ns;
    incident->idle_ns = incident->idle_ns < 0 ? 0 : incident->idle_ns;
    incident->waited_ns = incident->waited_ns < 0 ? 0 : incident->waited_ns;
}

void track_session_file(struct track *t, struct story *s, const struct flow *f, struct model_incident *incident)
{
    order_times(incident);
    incident->begin_ns = f->first_ns;
    incident->client_port = flow_client_port(f);
    model_path_add(t->model, s->path, incident);
    if (is_failure((enum model_fact)incident->fact))
        track_ending_failed(t, s, f, incident);
    if (incident->fact == MODEL_TCP_SYN_SILENT)
        *(incident->single_syn ? &s->path->client->silent_single_syns : &s->path->client->silent_repeated_syns) += 1;
    bool worked = incident->fact == MODEL_TCP_ACCEPTED || incident->fact == MODEL_UDP_ANSWERED;
    if (worked && !s->path->ipv6 && endpoint_role_is_gateway(s->path->role))
        model_note_ipv4_worked(t->model, s->path->region, f->first_ns);

    struct model_session *session = s->session;
    if (!session || !is_failure((enum model_fact)incident->fact))
        return;
    enum model_transport transport = transport_of(f);
    if (incident->last_ns > session->failed_ns)
        session->failed_ns = incident->last_ns;
    if (!session->transports[transport].failed++ || f->first_ns < session->transports[transport].first_failed_ns) {
        session->transports[transport].first_failed_ns = f->first_ns;
        session->transports[transport].first_failed_frame = f->first_frame;
    }
}

struct track_control track_session_control(const struct track *t, const struct story *s)
{
    static const uint16_t ports[] = { 443, 4172, 4195 };
    struct track_control control = { .closed_ns = INT64_MIN };
    for (size_t i = 0; i < sizeof ports / sizeof *ports; i++) {
        const struct model_path *p =
            model_path_find(t->model, &s->path->client->address, &s->path->server, ports[i], 6);
        if (!p || !p->counts[MODEL_TCP_ACCEPTED])
            continue;
        control.known = true;
        control.open = control.open || p->open_connections;
        if (p->closed_ns > control.closed_ns)
            control.closed_ns = p->closed_ns;
    }
    return control;
}

bool track_session_is_over(const struct track *t, const struct story *s)
{
    struct track_control control = track_session_control(t, s);
    return control.known && !control.open;
}

void track_session_take_back(struct story *s, const struct flow *f)
{
    if (!s->session)
        return;
    enum model_transport transport = transport_of(f);
    if (s->session->transports[transport].tried)
        s->session->transports[transport].tried--;
    if (s->has_answer && s->session->transports[transport].worked)
        s->session->transports[transport].worked--;
}
