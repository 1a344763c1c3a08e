/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/wellness.h"

#include <inttypes.h>

#include "engine/round_trip.h"
#include "engine/sessions.h"
#include "rule/context.h"

/* Looked at: of a crowd, in which many may have done nothing that can be judged. */
enum { CLIENTS_TOLD = 3, CLIENTS_LOOKED_AT = 64 };

/* What one client did that was judged. */
struct checked {
    uint64_t connections, udp_flows, logins, probes, names;
};

static const char *title_of(enum model_protocol protocol)
{
    return protocol == MODEL_DCV ? "DCV (WSP)" : "PCoIP";
}

/* "London"; without a Region the gateway itself, and whether its address may be a VPC endpoint's. */
static const char *place_of(const struct model_session *s, const struct model_stream *stream, struct arena *a)
{
    char gateway[IPADDR_TEXT_SIZE];
    const struct ipaddr *address = stream ? &stream->gateway : &s->gateway;
    if (s->region)
        return s->region->city;
    ipaddr_format(address, gateway);
    return arena_format(a, "%s (%s)", gateway,
                        ipaddr_is_private(address) ? "a private address, such as a VPC endpoint's"
                                                   : "not in the published ranges");
}

static const char *quality_of(const struct model *model, const struct model_session *s,
                              const struct model_stream *stream, struct arena *a)
{
    struct wspscope_round_trip round_trip = engine_round_trip(model, s);
    double loss_ratio = engine_loss_ratio(model, s, stream);
    const char *loss = loss_ratio >= 0 ? arena_format(a, "loss %.1f %%", loss_ratio * 100) : NULL;
    if (round_trip.p50_ms < 0)
        return loss ? arena_format(a, " (%s)", loss) : "";
    return arena_format(a, " (round trip %.0f ms%s%s)", round_trip.p50_ms, loss ? ", " : "", loss ? loss : "");
}

static const char *one_session(const struct model *model, const struct model_session *s, struct arena *a)
{
    char client[IPADDR_TEXT_SIZE];
    const struct model_stream *stream = engine_sessions_stream(s);
    const char *quality = quality_of(model, s, stream, a);
    const char *where = place_of(s, stream, a);
    ipaddr_format(&s->client->address, client);
    if (!stream)
        return arena_format(a, "%s connections from %s to %s are answered%s", title_of(s->protocol), client, where,
                            quality);
    return arena_format(a, "%s streaming from %s to %s runs over %s %u%s", title_of(s->protocol), client, where,
                        stream->transport == MODEL_UDP ? "UDP" : "TCP", stream->port, quality);
}

static bool any_path(const struct model *model, enum endpoint_role role)
{
    for (const struct model_path *p = model_paths(model); p; p = p->next)
        if (p->role == role)
            return true;
    return false;
}

/* What works, in a clause. */
static const char *what_works(const struct engine *e, struct arena *a)
{
    const struct model_session *first = NULL;
    uint64_t sessions = 0, clients = 0;
    for (const struct model_session *s = model_sessions(e->model); s; s = s->next)
        if (!engine_sessions_is_empty(s)) {
            first = first ? first : s;
            sessions++;
        }
    for (const struct model_client *c = model_clients(e->model); c; c = c->next)
        clients += c->answered_flows > 0;
    if (sessions == 1)
        return one_session(e->model, first, a);
    if (sessions)
        return arena_format(a, "%" PRIu64 " %s to WorkSpaces gateways", clients,
                            clients == 1 ? "client connects" : "clients connect");
    if (any_path(e->model, ENDPOINT_HEALTH_CHECK))
        return "the WorkSpaces health checks in this capture are answered";
    if (any_path(e->model, ENDPOINT_WORKSPACES_SERVICE))
        return "the WorkSpaces login and service hosts in this capture answer, no streaming session is in it";
    return "no streaming session, login or health check is in this capture, only other traffic on ports of WorkSpaces";
}

static bool streams_over(const struct model_client *client, const struct model_path *p)
{
    for (const struct model_session *s = client->sessions; s; s = s->client_next)
        if (s->region == p->region && s->protocol == model_protocol_of(p->role, p->port))
            return !engine_sessions_is_empty(s);
    return false;
}

static struct checked checked_of(const struct model *model, const struct model_client *client)
{
    struct checked checked = { 0 };
    for (const struct model_path *p = client->paths; p; p = p->client_next) {
        uint64_t *count = p->role == ENDPOINT_HEALTH_CHECK         ? &checked.probes
                          : p->role == ENDPOINT_WORKSPACES_SERVICE ? &checked.logins
                          : !streams_over(client, p)               ? NULL
                          : p->protocol == 17                      ? &checked.udp_flows
                                                                   : &checked.connections;
        if (count)
            *count += p->flows;
    }
    for (const struct model_lookup *l = model_name_lookups(model_names(model)); l; l = l->next)
        checked.names += l->resolution_count && ipaddr_equal(&l->client, &client->address);
    return checked;
}

/* "3 connections and 1 UDP flow to gateways, 2 DNS names"; "" when nothing was judged. */
static const char *list_checked(const struct checked *c, struct arena *a)
{
    const struct {
        uint64_t count;
        const char *one, *many;
    } parts[] = {
        { c->connections, "connection to gateways", "connections to gateways" },
        { c->udp_flows, "UDP flow to gateways", "UDP flows to gateways" },
        { c->logins, "connection to login and service hosts", "connections to login and service hosts" },
        { c->probes, "health-check probe", "health-check probes" },
        { c->names, "DNS name", "DNS names" },
    };
    const char *list = "";
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (parts[i].count)
            list = arena_format(a, "%s%s%s", list, *list ? ", " : "",
                                rule_context_count(a, parts[i].count, parts[i].one, parts[i].many));
    return list;
}

/* " Checked: ..." for the first clients, and how many there are beside them. */
static const char *what_was_checked(const struct model *model, struct arena *a)
{
    static const struct ipaddr nobody;
    const char *text = "";
    uint64_t told = 0, looked_at = 0, more = 0;
    for (const struct model_client *c = model_clients(model); c; c = c->next) {
        char address[IPADDR_TEXT_SIZE];
        if (told == CLIENTS_TOLD || looked_at++ >= CLIENTS_LOOKED_AT || ipaddr_equal(&c->address, &nobody)) {
            more++;
            continue;
        }
        const struct checked checked = checked_of(model, c);
        const char *list = list_checked(&checked, a);
        if (*list)
            text = arena_format(a, "%s%s %s: %s", text, told++ ? ";" : " Checked for",
                                ipaddr_format(&c->address, address), list);
    }
    if (!told)
        return "";
    if (more)
        text = arena_format(a, "%s; and %s", text, rule_context_count(a, more, "more client", "more clients"));
    return arena_format(a, "%s.", text);
}

const char *engine_wellness(const struct engine *e, struct arena *a)
{
    return arena_format(a, "All is well: %s, and nothing was blocked, rejected or reset.%s", what_works(e, a),
                        what_was_checked(e->model, a));
}
