/* SPDX-License-Identifier: Apache-2.0 */
#include "model/model.h"

#include <stdlib.h>

#include "base/hash.h"
#include "model/store.h"

struct path_key {
    struct ipaddr client, server;
    uint32_t behind; /* the name reached through a proxy; 0: none */
    uint16_t port;
    uint8_t protocol;
    uint8_t zero;
};
_Static_assert(sizeof(struct path_key) == 40, "a key has no padding");

struct model *model_new(const struct endpoint_catalogue *catalogue, const struct model_budget *budget,
                        const uint64_t hash_key[2])
{
    struct model *m = calloc(1, sizeof *m);
    if (!m)
        return NULL;
    m->catalogue = catalogue;
    m->budget = *budget;
    m->hash_key[0] = hash_key[0];
    m->hash_key[1] = hash_key[1];
    m->tap = (struct model_tap){ .first_ns = INT64_MAX, .last_ns = INT64_MIN, .now_ns = INT64_MIN };
    m->arena = arena_new(SIZE_MAX); /* the budgets bound it */
    m->names = model_name_table_new(catalogue, budget->hosts, hash_key);
    if (!m->arena || !m->names) {
        model_free(m);
        return NULL;
    }
    return m;
}

void model_free(struct model *m)
{
    if (!m)
        return;
    map_free(&m->paths_by_key);
    map_free(&m->clients_by_address);
    map_free(&m->hosts_by_address);
    model_name_table_free(m->names);
    if (m->arena)
        arena_free(m->arena);
    free(m);
}

struct model_tap *model_tap_of(struct model *m)
{
    return &m->tap;
}

const struct model_tap *model_tap(const struct model *m)
{
    return &m->tap;
}

struct model_names *model_names_of(struct model *m)
{
    return m->names;
}

const struct model_names *model_names(const struct model *m)
{
    return m->names;
}

const struct endpoint_catalogue *model_catalogue(const struct model *m)
{
    return m->catalogue;
}

static uint64_t address_hash(const struct model *m, const struct ipaddr *address)
{
    return hash_bytes(m->hash_key, address, sizeof *address);
}

static bool client_is(const void *record, const void *key)
{
    return ipaddr_equal(&((const struct model_client *)record)->address, key);
}

static bool host_is(const void *record, const void *key)
{
    return ipaddr_equal(&((const struct model_host *)record)->address, key);
}

static bool path_is(const void *record, const void *key)
{
    const struct model_path *p = record;
    const struct path_key *k = key;
    return p->port == k->port && p->protocol == k->protocol && ipaddr_equal(&p->server, &k->server) &&
           (p->proxy ? p->name : 0) == k->behind &&
           ipaddr_equal(&p->client->address, &k->client);
}

void model_host_note_answered(struct model *m, const struct ipaddr *address, bool by_proxy)
{
    bool full = m->host_count >= m->budget.hosts;
    struct model_host *host = full ? map_find(&m->hosts_by_address, address_hash(m, address), host_is, address)
                                   : model_host_of(m, address);
    if (!host)
        return;
    host->answered = true;
    host->proxied = host->proxied || by_proxy;
}

bool model_client_was_answered(const struct model *m, const struct model_client *client)
{
    const struct model_host *host = model_host_find(m, &client->address);
    return client->answered_flows || (host && host->answered);
}

const struct model_client *model_client_find(const struct model *m, const struct ipaddr *address)
{
    return map_find(&m->clients_by_address, address_hash(m, address), client_is, address);
}

const struct model_host *model_host_find(const struct model *m, const struct ipaddr *address)
{
    return map_find(&m->hosts_by_address, address_hash(m, address), host_is, address);
}

static void append_client(struct model *m, struct model_client *c)
{
    *(m->last_client ? &m->last_client->next : &m->first_client) = c;
    m->last_client = c;
    m->client_count++;
}

/* Has a place whatever the budget says. */
static struct model_client *nobody(struct model *m)
{
    struct model_client *known = map_find(&m->clients_by_address, address_hash(m, &m->nobody.address), client_is,
                                          &m->nobody.address);
    if (known)
        return known;
    if (!map_add(&m->clients_by_address, address_hash(m, &m->nobody.address), &m->nobody))
        return NULL;
    append_client(m, &m->nobody);
    return &m->nobody;
}

struct model_client *model_client_of(struct model *m, const struct ipaddr *address)
{
    uint64_t hash = address_hash(m, address);
    struct model_client *c = map_find(&m->clients_by_address, hash, client_is, address);
    if (c)
        return c;
    c = m->client_count < m->budget.clients ? arena_alloc(m->arena, 1, sizeof *c) : NULL;
    if (!c || !map_add(&m->clients_by_address, hash, c)) {
        m->tap.clients_dropped++;
        return NULL;
    }
    c->address = *address;
    append_client(m, c);
    return c;
}

struct model_host *model_host_of(struct model *m, const struct ipaddr *address)
{
    uint64_t hash = address_hash(m, address);
    struct model_host *h = map_find(&m->hosts_by_address, hash, host_is, address);
    if (h)
        return h;
    h = m->host_count < m->budget.hosts ? arena_alloc(m->arena, 1, sizeof *h) : NULL;
    if (!h || !map_add(&m->hosts_by_address, hash, h)) {
        m->tap.hosts_dropped++;
        return NULL;
    }
    h->address = *address;
    h->least_rtt_ns = INT64_MAX;
    h->first_vote_ns = h->last_vote_ns = INT64_MIN;
    m->host_count++;
    return h;
}

static struct model_path *new_path(struct model *m, const struct path_key *key, struct model_client *client)
{
    struct model_path *p = arena_alloc(m->arena, 1, sizeof *p);
    if (!p || !map_add(&m->paths_by_key, hash_bytes(m->hash_key, key, sizeof *key), p))
        return NULL;
    p->client = client;
    p->server = key->server;
    p->port = key->port;
    p->protocol = key->protocol;
    p->row = endpoint_lookup(m->catalogue, &key->server);
    p->role = p->row ? p->row->role : ENDPOINT_ROLE_UNKNOWN;
    p->region = p->row ? p->row->region : NULL;
    p->ipv6 = !ipaddr_is_v4(&key->server);
    p->first_ns = INT64_MAX;
    p->last_ns = INT64_MIN;
    p->least_rtt_ns = INT64_MAX;
    p->closed_ns = INT64_MIN;
    p->answered_ns = INT64_MIN;
    p->moved_ns = INT64_MIN;
    if (m->last_path)
        m->last_path->next = p;
    else
        m->first_path = p;
    m->last_path = p;
    if (client->last_path)
        client->last_path->client_next = p;
    else
        client->paths = p;
    client->last_path = p;
    m->path_count++;
    return p;
}

static struct model_path *find_path(const struct model *m, const struct path_key *key)
{
    return map_find(&m->paths_by_key, hash_bytes(m->hash_key, key, sizeof *key), path_is, key);
}

/* One path for what does not fit: per prefix of the catalogue and port, the unspecified address as its client. */
static struct model_path *merged_path(struct model *m, struct path_key key)
{
    const struct endpoint_row *row = endpoint_lookup(m->catalogue, &key.server);
    m->tap.paths_merged++;
    key.server = row ? row->prefix.address : (struct ipaddr){ { 0 } };
    key.client = (struct ipaddr){ { 0 } };
    struct model_path *p = find_path(m, &key);
    if (p)
        return p;
    struct model_client *client = nobody(m);
    return client ? new_path(m, &key, client) : NULL;
}

struct model_path *model_path_of(struct model *m, const struct ipaddr *client, const struct ipaddr *server,
                                 uint16_t port, uint8_t protocol)
{
    struct path_key key = { .client = *client, .server = *server, .port = port, .protocol = protocol };
    struct model_path *p = find_path(m, &key);
    if (p)
        return p;
    struct model_client *c = m->path_count < m->budget.paths ? model_client_of(m, client) : NULL;
    return c ? new_path(m, &key, c) : merged_path(m, key);
}

struct model_path *model_path_of_proxy(struct model *m, const struct model_proxy_route *route)
{
    struct path_key key = { .client = route->client, .server = route->proxy, .behind = route->name,
                            .port = route->port, .protocol = 6 };
    struct model_path *p = find_path(m, &key);
    struct model_client *c = !p && m->path_count < m->budget.paths ? model_client_of(m, &route->client) : NULL;
    struct model_proxy *proxy = c ? arena_alloc(m->arena, 1, sizeof *proxy) : NULL;
    if (p || !proxy)
        return p;
    p = new_path(m, &key, c);
    if (!p)
        return NULL;
    *proxy = (struct model_proxy){ .port = route->proxy_port, .granted_ns = INT64_MIN };
    p->proxy = proxy;
    p->name = route->name;
    p->row = endpoint_lookup(m->catalogue, &route->target);
    p->role = p->row ? p->row->role : ENDPOINT_ROLE_UNKNOWN;
    p->region = p->row ? p->row->region : NULL;
    model_path_name(p, model_name_row(m->names, route->name));
    return p;
}

const struct model_path *model_path_find(const struct model *m, const struct ipaddr *client,
                                         const struct ipaddr *server, uint16_t port, uint8_t protocol)
{
    struct path_key key = { .client = *client, .server = *server, .port = port, .protocol = protocol };
    return find_path(m, &key);
}

void model_path_name(struct model_path *path, const struct endpoint_name_row *name_row)
{
    if (path->row || path->name_row || !name_row)
        return;
    path->name_row = name_row;
    path->role = name_row->role;
    path->region = name_row->region;
}

enum model_protocol model_protocol_of(enum endpoint_role role, uint16_t port)
{
    if (role == ENDPOINT_DCV_GATEWAY || role == ENDPOINT_DCV_GATEWAY_AGA || role == ENDPOINT_PRIVATE_GATEWAY)
        return MODEL_DCV;
    if (role == ENDPOINT_PCOIP_GATEWAY)
        return MODEL_PCOIP;
    if (port == 4195)
        return MODEL_DCV;
    return port == 4172 ? MODEL_PCOIP : MODEL_PROTOCOL_UNKNOWN;
}

struct model_session *model_session_find(const struct model_client *client, const struct endpoint_region *region,
                                         enum model_protocol protocol)
{
    struct model_session *s = client->sessions;
    while (s && (s->region != region || s->protocol != protocol))
        s = s->client_next;
    return s;
}

static struct model_session *new_session(struct model *m, struct model_client *client,
                                         const struct endpoint_region *region, enum model_protocol protocol)
{
    struct model_session *s = m->session_count < m->budget.sessions ? arena_alloc(m->arena, 1, sizeof *s) : NULL;
    if (!s) {
        m->tap.sessions_dropped++;
        return NULL;
    }
    *s = (struct model_session){ .client = client, .region = region, .protocol = protocol, .first_ns = INT64_MAX,
                                 .last_ns = INT64_MIN, .worked_ns = INT64_MIN, .failed_ns = INT64_MIN };
    *(m->last_session ? &m->last_session->next : &m->first_session) = s;
    m->last_session = s;
    m->session_count++;
    return s;
}

struct model_session *model_session_of(struct model *m, struct model_client *client,
                                       const struct endpoint_region *region, enum model_protocol protocol)
{
    struct model_session *s = model_session_find(client, region, protocol);
    if (s)
        return s;
    s = new_session(m, client, region, protocol);
    if (!s)
        return NULL;
    *(client->last_session ? &client->last_session->client_next : &client->sessions) = s;
    client->last_session = s;
    return s;
}

struct model_session *model_session_begin_anew(struct model *m, struct model_session *earlier)
{
    struct model_client *client = earlier->client;
    struct model_session **link = &client->sessions, *s = NULL;
    if (earlier->number + 1 < MODEL_SESSIONS_OF_A_KIND)
        s = new_session(m, client, earlier->region, earlier->protocol);
    else
        m->tap.sessions_dropped++;
    if (!s)
        return earlier;
    s->number = earlier->number + 1;
    s->earlier = earlier;
    earlier->later = s;
    while (*link != earlier)
        link = &(*link)->client_next;
    *link = s;
    s->client_next = earlier->client_next;
    earlier->client_next = NULL;
    if (client->last_session == earlier)
        client->last_session = s;
    return s;
}

bool model_session_holds(const struct model_session *s, int64_t begin_ns)
{
    return (!s->earlier || begin_ns >= s->first_ns) && (!s->later || begin_ns < s->later->first_ns);
}

const struct model_path *model_paths(const struct model *m)
{
    return m->first_path;
}

const struct model_session *model_sessions(const struct model *m)
{
    return m->first_session;
}

const struct model_client *model_clients(const struct model *m)
{
    return m->first_client;
}
