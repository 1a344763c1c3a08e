/* SPDX-License-Identifier: Apache-2.0 */
#include "track/dns.h"

#include "base/nsec.h"
#include "decode/dns.h"

/* An address is good for a look-up that goes on asking for at least that long, whatever its TTL. */
static const int64_t address_holds_ns = 10 * NSEC_PER_SEC;

/* One message that concerns a WorkSpaces name. */
struct message {
    const struct track_packet *packet;
    const struct decode_packet *d;
    const struct decode_dns *dns;
};

static void begin_run(struct model_lookup *l, int64_t time_ns)
{
    if (l->is_failing)
        return;
    l->is_failing = true;
    l->failing = (struct model_lookup_run){ .incident = { .first_ns = time_ns, .last_ns = time_ns,
                                                          .begin_ns = time_ns },
                                            .latest_try_ns = time_ns };
}

/* The client was told an address, or that there is none of this family: what failed before is over. */
static void end_run(struct model_lookup *l, int64_t time_ns, int64_t limit_ns)
{
    if (l->is_failing && !l->has_failed && nsec_sub(time_ns, l->failing.incident.first_ns) > limit_ns) {
        l->failed = l->failing;
        l->has_failed = true;
    }
    l->is_failing = false;
}

static void note_server(struct model_lookup *l, const struct ipaddr *server)
{
    for (uint8_t i = 0; i < l->server_count; i++)
        if (ipaddr_equal(&l->servers[i], server))
            return;
    if (l->server_count < MODEL_LOOKUP_SERVERS)
        l->servers[l->server_count++] = *server;
}

/* Both families are asked for together: the first answer with an address counts. */
static void note_resolution(struct model_lookup *l, int64_t now_ns)
{
    uint8_t last = l->resolution_count;
    if (last && l->asked_ns == INT64_MIN && nsec_sub(now_ns, l->resolutions[last - 1].told_ns) < address_holds_ns)
        return;
    if (last == MODEL_RESOLUTIONS)
        last--;
    l->resolutions[last] = (struct model_resolution){ .asked_ns = l->asked_ns, .told_ns = now_ns };
    l->resolution_count = (uint8_t)(last + 1);
    l->asked_ns = INT64_MIN;
}

static void on_query(struct model_lookup *l, const struct message *m)
{
    int64_t now_ns = m->packet->time_ns;
    bool told_just_now = l->resolution_count &&
                         nsec_sub(now_ns, l->resolutions[l->resolution_count - 1].told_ns) < address_holds_ns;
    l->queries++;
    if (l->asked_ns == INT64_MIN && !told_just_now)
        l->asked_ns = now_ns;
    note_server(l, &m->d->destination);
    if (m->dns->question_type != DECODE_DNS_A || now_ns < l->address_until_ns)
        return;
    begin_run(l, now_ns);
    struct model_lookup_run *run = &l->failing;
    run->counts[MODEL_LOOKUP_SILENT]++;
    run->latest_try_ns = run->incident.last_ns = now_ns;
    model_incident_show(&run->incident, MODEL_SHOWS_DNS_QUERY, m->packet->frame, ++run->incident.attempts);
}

static enum model_lookup_failure failure_of(uint8_t rcode)
{
    switch (rcode) {
    case DECODE_DNS_NXDOMAIN:
        return MODEL_LOOKUP_NXDOMAIN;
    case DECODE_DNS_SERVFAIL:
        return MODEL_LOOKUP_SERVFAIL;
    case DECODE_DNS_REFUSED:
        return MODEL_LOOKUP_REFUSED;
    default:
        return MODEL_LOOKUP_FAILURES;
    }
}

static void on_error(struct model_lookup *l, const struct message *m, enum model_lookup_failure failure)
{
    int64_t now_ns = m->packet->time_ns;
    if (m->dns->question_type != DECODE_DNS_A || now_ns < l->address_until_ns)
        return;
    begin_run(l, now_ns);
    struct model_lookup_run *run = &l->failing;
    run->ipv4_failed = true;
    run->counts[failure]++;
    run->counts[MODEL_LOOKUP_SILENT] = 0;
    run->incident.last_ns = now_ns;
    model_incident_show(&run->incident, MODEL_SHOWS_DNS_ERROR, m->packet->frame, m->dns->rcode);
}

static void note_strange(struct model_lookup *l, const struct message *m, const struct ipaddr *address)
{
    for (uint8_t i = 0; i < l->strange_count; i++)
        if (ipaddr_equal(&l->strange[i], address))
            return;
    if (l->strange_count < MODEL_LOOKUP_ADDRESSES)
        l->strange[l->strange_count++] = *address;
    if (!l->strange_incident.attempts++)
        l->strange_incident.first_ns = l->strange_incident.begin_ns = m->packet->time_ns;
    l->strange_incident.last_ns = m->packet->time_ns;
    model_incident_show(&l->strange_incident, MODEL_SHOWS_DNS_ADDRESS, m->packet->frame, 0);
}

/* Only public gateways and health-check hosts have published ranges; a VPC endpoint's name leads to private ones. */
static bool has_published_ranges(const struct track *t, const struct model_lookup *l, const char *canonical)
{
    const struct endpoint_name_row *row = model_name_row(model_names(t->model), l->name);
    const struct endpoint_name_row *end = endpoint_lookup_name(model_catalogue(t->model), canonical);
    if (end && end->role == ENDPOINT_PRIVATE_GATEWAY)
        return false;
    return endpoint_role_is_gateway(row->role) || row->role == ENDPOINT_HEALTH_CHECK;
}

static void on_addresses(struct track *t, struct model_lookup *l, const struct message *m)
{
    const struct decode_dns *dns = m->dns;
    int64_t now_ns = m->packet->time_ns, ttl_ns = (int64_t)dns->addresses[0].ttl_s * NSEC_PER_SEC;
    end_run(l, now_ns, t->lookup_wait_ns);
    note_resolution(l, now_ns);
    l->address_until_ns = nsec_add(now_ns, ttl_ns > address_holds_ns ? ttl_ns : address_holds_ns);
    if (!has_published_ranges(t, l, dns->canonical))
        return;
    for (uint16_t i = 0; i < dns->address_count; i++) {
        if (endpoint_is_published(model_catalogue(t->model), &dns->addresses[i].address))
            l->has_published = true;
        else
            note_strange(l, m, &dns->addresses[i].address);
    }
}

static void on_answer(struct track *t, struct model_lookup *l, const struct message *m)
{
    const struct decode_dns *dns = m->dns;
    enum model_lookup_failure failure = failure_of(dns->rcode);
    struct model_host *resolver = model_host_of(t->model, &m->d->source);
    l->answers++;
    if (resolver)
        resolver->resolves = true;
    if (dns->address_count)
        on_addresses(t, l, m);
    else if (failure != MODEL_LOOKUP_FAILURES)
        on_error(l, m, failure);
    else if (dns->question_type == DECODE_DNS_A) /* no data, an answer cut short, or a code that says nothing */
        end_run(l, m->packet->time_ns, INT64_MAX);
}

static void look_at_lookup(struct track *t, const struct message *m)
{
    const struct decode_dns *dns = m->dns;
    const struct endpoint_name_row *row = endpoint_lookup_name(model_catalogue(t->model), dns->name);
    bool address = dns->question_type == DECODE_DNS_A || dns->question_type == DECODE_DNS_AAAA;
    if (!address || !row || !endpoint_role_is_workspaces(row->role))
        return;
    struct model_names *names = model_names_of(t->model);
    uint32_t name = model_name_of(names, dns->name);
    const struct ipaddr *client = dns->response ? &m->d->destination : &m->d->source;
    struct model_lookup *l = name ? model_name_lookup_of(names, client, name) : NULL;
    if (!l)
        return;
    if (dns->response)
        on_answer(t, l, m);
    else
        on_query(l, m);
}

/* Of the name asked for and the one at the end of its aliases, that which says more. */
static const char *telling_name(const struct track *t, const struct decode_dns *dns)
{
    const struct endpoint_name_row *asked = endpoint_lookup_name(model_catalogue(t->model), dns->name);
    const struct endpoint_name_row *end = endpoint_lookup_name(model_catalogue(t->model), dns->canonical);
    bool end_says_more = end && endpoint_role_is_workspaces(end->role) &&
                         (!asked || end->role == ENDPOINT_PRIVATE_GATEWAY);
    return end_says_more ? dns->canonical : dns->name;
}

static void learn(struct track *t, const struct message *m)
{
    struct model_names *names = model_names_of(t->model);
    uint32_t name = m->dns->address_count ? model_name_of(names, telling_name(t, m->dns)) : 0;
    for (uint16_t i = 0; name && i < m->dns->address_count; i++) {
        struct model_name_answer answer = { .client = m->d->destination, .address = m->dns->addresses[i].address,
                                            .time_ns = m->packet->time_ns, .name = name,
                                            .ttl_s = m->dns->addresses[i].ttl_s };
        model_name_learn(names, &answer);
    }
}

static void look_at_message(struct track *t, const struct track_packet *packet, const struct decode_packet *d,
                            struct cursor bytes)
{
    struct decode_dns dns;
    enum decode_outcome outcome = decode_dns(bytes, &dns);
    struct message m = { .packet = packet, .d = d, .dns = &dns };
    uint16_t port = dns.response ? d->source_port : d->destination_port;
    if ((outcome != DECODE_OK && outcome != DECODE_TRUNCATED) || port != TRACK_DNS_PORT || dns.opcode ||
        !dns.has_question)
        return;
    if (dns.response)
        learn(t, &m);
    look_at_lookup(t, &m);
}

void track_dns(struct track *t, const struct track_packet *packet, const struct decode_packet *d)
{
    struct cursor bytes = cursor_make(packet->bytes + d->payload_offset, d->payload_captured);
    if (!d->payload_captured)
        return;
    if (d->transport != DECODE_TCP) {
        look_at_message(t, packet, d, bytes);
        return;
    }
    struct cursor message;
    size_t missing_bytes;
    if (decode_dns_tcp(&bytes, &message, &missing_bytes) == DECODE_OK)
        look_at_message(t, packet, d, message);
}
