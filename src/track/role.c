/* SPDX-License-Identifier: Apache-2.0 */
#include "track/role.h"

#include <stdio.h>
#include <string.h>

#include "track/late.h"

enum { PORT_HTTPS = 443, PORT_PCOIP = 4172, PORT_WSP = 4195, WELL_KNOWN_END = 1024, KNOWN_SERVER = 3 };

static bool is_service_port(const struct track *t, uint16_t port)
{
    return port == PORT_PCOIP || port == PORT_WSP ||
           (t->options.extra_ports && decode_ports_has(t->options.extra_ports, port));
}

/* Whether a row's list of ports ("tcp/4195,udp/4195") has this one. */
static bool serves(const char *ports, uint8_t protocol, uint16_t port)
{
    char wanted[16];
    int length = snprintf(wanted, sizeof wanted, "%s/%u", protocol == 6 ? "tcp" : "udp", port);
    for (const char *at = ports; (at = strstr(at, wanted)); at++) {
        char before = at == ports ? ',' : at[-1], after = at[length];
        if (before == ',' && (after == ',' || after == '\0'))
            return true;
    }
    return false;
}

/* The ports of a name's row that this is one of. */
static bool name_serves(const struct endpoint_name_row *row, uint8_t protocol, uint16_t port)
{
    return row && row->ports && serves(row->ports, protocol, port);
}

/* What the server is called: by what its client was told, else by what anybody was. */
static uint32_t name_of(const struct track *t, const struct ipaddr *client, const struct ipaddr *server)
{
    static const struct ipaddr anybody;
    const struct model_names *names = model_names(t->model);
    uint32_t own = model_name_find(names, client, server, t->now_ns);
    return own ? own : model_name_find(names, &anybody, server, t->now_ns);
}

/* The row of the name that gives a server without a row of its own its role; NULL when there is none. Login hosts share
 * their addresses with others: there only what this client was told counts. */
static const struct endpoint_name_row *named_role(const struct track *t, const struct ipaddr *client,
                                                  const struct ipaddr *server, uint16_t port, uint8_t protocol)
{
    const struct model_names *names = model_names(t->model);
    if (endpoint_lookup(model_catalogue(t->model), server))
        return NULL;
    uint32_t name = name_of(t, client, server);
    const struct model_path *path = name ? NULL : model_path_find(t->model, client, server, port, protocol);
    const struct endpoint_name_row *row = path ? path->name_row : model_name_row(names, name);
    if (!name_serves(row, protocol, port))
        return NULL;
    bool shared = row->role == ENDPOINT_WORKSPACES_SERVICE;
    return shared && name != model_name_find(names, client, server, t->now_ns) ? NULL : row;
}

static bool has_role(const struct track *t, const struct ipaddr *address, uint16_t port, uint8_t protocol)
{
    const struct endpoint_row *row = endpoint_lookup(model_catalogue(t->model), address);
    return row && (is_service_port(t, port) || serves(row->ports, protocol, port));
}

/* How much an end looks like a server to the other one. */
static int server_score(const struct track *t, const struct ipaddr *address, const struct ipaddr *peer, uint16_t port,
                        uint8_t protocol)
{
    if (has_role(t, address, port, protocol) || named_role(t, peer, address, port, protocol))
        return KNOWN_SERVER;
    if (is_service_port(t, port) || port < WELL_KNOWN_END)
        return 2;
    return 0;
}

/* PCoIP's clients send their datagrams from these (AWS's list of the client's ports). */
static bool is_pcoip_client(uint16_t port)
{
    return port == 50002 || port == 55002;
}

/* Of datagrams with PCoIP's ports the numbers tell the ends apart, or, where both ends use 4172, the addresses: a
 * private one is no gateway's. -1: neither does. */
static int pcoip_client_is_low(const struct flow_key *k)
{
    bool low = k->low_port == PORT_PCOIP, high = k->high_port == PORT_PCOIP;
    if (low && high && ipaddr_is_private(&k->low) != ipaddr_is_private(&k->high))
        return ipaddr_is_private(&k->low);
    if (low && is_pcoip_client(k->high_port))
        return false;
    return high && is_pcoip_client(k->low_port) ? true : -1;
}

/* In a flow whose beginning tells nothing. A datagram to or from somebody unknown: who speaks first is the client. */
static bool guess_client_is_low(const struct track *t, const struct flow *f, bool source_is_low)
{
    const struct flow_key *k = &f->key;
    int low = server_score(t, &k->low, &k->high, k->low_port, k->protocol);
    int high = server_score(t, &k->high, &k->low, k->high_port, k->protocol);
    bool known = low == KNOWN_SERVER || high == KNOWN_SERVER;
    int pcoip = k->protocol != 6 && !known ? pcoip_client_is_low(k) : -1;
    if (pcoip >= 0)
        return pcoip;
    if (k->protocol != 6 && !known)
        return source_is_low;
    if (low != high)
        return high > low;
    if (k->low_port != k->high_port)
        return k->high_port < k->low_port;
    return source_is_low;
}

void track_role_assign(const struct track *t, struct flow *f, bool source_is_low, const struct decode_packet *d)
{
    bool client_is_low;
    uint8_t handshake = d->transport == DECODE_TCP ? d->tcp.flags & (DECODE_SYN | DECODE_ACK | DECODE_RST) : 0;
    if (handshake == DECODE_SYN) {
        client_is_low = source_is_low;
    } else if (handshake == (DECODE_SYN | DECODE_ACK)) {
        client_is_low = !source_is_low;
    } else {
        client_is_low = guess_client_is_low(t, f, source_is_low);
        if (d->transport == DECODE_TCP || client_is_low != source_is_low)
            f->flags |= FLOW_CLIENT_GUESSED;
    }
    if (client_is_low)
        f->flags |= FLOW_CLIENT_IS_LOW;

    uint16_t port = flow_server_port(f);
    const struct endpoint_name_row *named = named_role(t, flow_client(f), flow_server(f), port, f->key.protocol);
    f->name = name_of(t, flow_client(f), flow_server(f));
    if (has_role(t, flow_server(f), port, f->key.protocol))
        f->role = (uint8_t)endpoint_lookup(model_catalogue(t->model), flow_server(f))->role;
    else if (named)
        f->role = (uint8_t)named->role;
    else if (is_service_port(t, port))
        f->role = ENDPOINT_ROLE_UNKNOWN;
    else
        f->flags |= FLOW_BACKGROUND;
}

/* False when a source that outranks this one has spoken before. */
static bool note_name(struct flow *f, uint32_t number, enum track_role_source source)
{
    if (source == TRACK_ROLE_BY_CONNECT && f->flags & FLOW_NAME_BY_SNI)
        return false;
    f->name = number ? number : f->name;
    if (number)
        f->flags |= source == TRACK_ROLE_BY_SNI ? FLOW_NAME_BY_SNI : FLOW_NAME_BY_CONNECT;
    return number != 0;
}

/* What lies behind a proxy goes by the name or address that CONNECT wants of it. */
static struct model_path *path_behind(struct track *t, const struct flow *f, uint32_t number,
                                      const struct track_role_name *name)
{
    struct model_proxy_route route = { .client = *flow_client(f), .proxy = *flow_server(f), .name = number,
                                       .proxy_port = flow_server_port(f), .port = name->port };
    if (!ipaddr_parse(name->host, &route.target))
        route.target = (struct ipaddr){ { 0 } };
    return model_path_of_proxy(t->model, &route);
}

/* The role of what the client names; ENDPOINT_ROLE_NONE when it is not ours. */
static enum endpoint_role role_named(const struct track *t, const struct flow *f, uint32_t number,
                                     const struct track_role_name *name)
{
    const struct endpoint_name_row *row = model_name_row(model_names(t->model), number);
    struct ipaddr address;
    if (name_serves(row, f->key.protocol, name->port))
        return row->role;
    if (name->source == TRACK_ROLE_BY_CONNECT && ipaddr_parse(name->host, &address) &&
        has_role(t, &address, name->port, f->key.protocol))
        return endpoint_lookup(model_catalogue(t->model), &address)->role;
    return ENDPOINT_ROLE_NONE;
}

/* Login hosts share their addresses: there the DNS alone gives a role until the client says whom it wants. */
static bool has_borrowed_role(const struct flow *f)
{
    const struct story *s = story_of(f);
    return s && f->key.protocol == 6 && f->role == ENDPOINT_WORKSPACES_SERVICE && !s->session && !s->path->row &&
           !s->path->proxy;
}

bool track_role_named(struct track *t, struct flow *f, const struct track_role_name *name,
                      const struct track_packet *packet)
{
    struct model_names *names = model_names_of(t->model);
    uint32_t number = *name->host ? model_name_of(names, name->host) : 0;
    struct model_lookup *lookup = number ? model_name_lookup_find(names, flow_client(f), number) : NULL;
    if (lookup)
        lookup->used_ns = packet->time_ns;
    enum endpoint_role role = number ? role_named(t, f, number, name) : ENDPOINT_ROLE_NONE;
    bool noted = note_name(f, number, name->source);
    bool others = noted && name->source == TRACK_ROLE_BY_SNI && !model_name_row(names, number);
    if (others && has_borrowed_role(f))
        track_late_withdraw(t, f);
    if (!noted || role == ENDPOINT_ROLE_NONE)
        return false;
    if (!(f->flags & FLOW_BACKGROUND)) {
        track_late_name(t, f, model_name_row(names, number));
        return false;
    }
    f->flags &= (uint16_t)~FLOW_BACKGROUND;
    f->role = (uint8_t)role;
    bool direct = !(f->flags & FLOW_NAME_BY_CONNECT);
    track_late_begin(t, f, packet, direct ? NULL : path_behind(t, f, number, name));
    return true;
}
