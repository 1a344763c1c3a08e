/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "base/nsec.h"
#include "engine/story.h"
#include "rule/context.h"
#include "rule/evidence.h"

enum { PORTS_TOLD = 4 };

/* What became of the attempts of one session on one port. */
struct port_told {
    uint16_t port;
    uint64_t worked, failed, undecided;
    int64_t first_ns, last_worked_ns, last_failed_ns;
    int64_t took_ns;                       /* until the first one was answered; 0 unknown */
    const struct model_incident *failure;  /* the one with most tries */
    const struct model_incident *undecided_one;
    const struct model_path *path;
};

struct ports_told {
    struct port_told items[PORTS_TOLD];
    size_t count;
};

static const char *tries(const struct model_incident *i, const char *one, const char *many, struct arena *a)
{
    int64_t span_ns = nsec_sub(i->last_ns, i->first_ns);
    const char *count = rule_context_count(a, i->attempts, one, many);
    if (i->attempts < 2 || span_ns <= 0)
        return arena_format(a, "%s, no answer", count);
    return arena_format(a, "%s in %s, no answer", count, rule_context_duration(a, span_ns));
}

static const char *rejected(const struct model_incident *i, struct arena *a)
{
    char reporter[IPADDR_TEXT_SIZE];
    ipaddr_format(&i->reporter, reporter);
    return arena_format(a, "rejected by %s (ICMP: %s)", reporter,
                        rule_evidence_icmp_text(i->icmp_type, i->icmp_code, !ipaddr_is_v4(&i->reporter)));
}

static const char *reset_by(const struct model_incident *i, const char *gateway, const char *between,
                            const char *unknown)
{
    return i->by == MODEL_BY_ENDPOINT ? gateway : i->by == MODEL_BY_MIDDLEBOX ? between : unknown;
}

static const char *undecided(const struct model_incident *i)
{
    switch ((enum model_undecided)i->why) {
    case MODEL_UNDECIDED_WINDOW:
        return "the capture ends too soon to judge";
    case MODEL_UNDECIDED_START:
        return "began before the capture";
    case MODEL_UNDECIDED_ONE_WAY:
        return "only one direction is in the capture";
    case MODEL_UNDECIDED_CLOCK:
        return "the clock of the capture stepped meanwhile";
    case MODEL_UNDECIDED_CUT:
        return "its end cannot be read, the packets are cut short";
    case MODEL_UNDECIDED_TOO_BIG:
        return "its packets are too big for the path";
    case MODEL_UNDECIDED_LOOP:
        return "its packets run in a loop";
    default:
        return "too few packets to judge";
    }
}

const char *engine_story_reason(const struct model_incident *i, struct arena *a)
{
    switch ((enum model_fact)i->fact) {
    case MODEL_TCP_SYN_SILENT:
        return tries(i, "SYN", "SYNs", a);
    case MODEL_UDP_SILENT:
        return i->quic ? tries(i, "QUIC Initial", "QUIC Initials", a) : tries(i, "datagram", "datagrams", a);
    case MODEL_TCP_SYN_RESET:
        return reset_by(i, "the gateway refuses (RST)", "refused by something in between (RST)", "refused (RST)");
    case MODEL_TCP_SYN_ICMP:
    case MODEL_UDP_ICMP:
        return rejected(i, a);
    case MODEL_TCP_RETURN_LOST:
    case MODEL_UDP_HANDSHAKE_LOST:
        return "answers pass here and do not reach the client";
    case MODEL_TCP_RESET:
        return reset_by(i, "reset by the gateway", "reset by something in between", "reset from the gateway's side");
    case MODEL_TCP_BLACKHOLED:
        return i->client_gone        ? "the client fell silent with all its connections"
               : i->silent_is_client ? "the client is not heard any more"
                                     : "the gateway is not heard any more";
    case MODEL_UDP_RETURN_LOST:
        return "the gateway is not heard any more";
    case MODEL_UNDECIDED:
        return undecided(i);
    default:
        return "it failed";
    }
}

/* What breaks a connection that had been set up is told where it ends. */
static bool was_set_up(enum model_fact fact)
{
    return fact == MODEL_TCP_ACCEPTED || fact == MODEL_UDP_ANSWERED;
}

static bool broke_later(const struct model_incident *i)
{
    return i->fact == MODEL_TCP_RESET || i->fact == MODEL_TCP_BLACKHOLED || i->fact == MODEL_UDP_RETURN_LOST ||
           i->fact == MODEL_ICMP_OTHER || (i->fact == MODEL_UDP_ICMP && i->before_pkts);
}

static struct port_told *told_of(struct ports_told *ports, const struct model_path *p)
{
    for (size_t i = 0; i < ports->count; i++)
        if (ports->items[i].port == p->port)
            return &ports->items[i];
    if (ports->count == PORTS_TOLD)
        return NULL;
    struct port_told *told = &ports->items[ports->count++];
    *told = (struct port_told){ .port = p->port, .first_ns = INT64_MAX, .last_worked_ns = INT64_MIN,
                                .last_failed_ns = INT64_MIN, .path = p };
    return told;
}

static void add_incident(struct port_told *told, const struct model_incident *i)
{
    told->first_ns = i->begin_ns < told->first_ns ? i->begin_ns : told->first_ns;
    if (i->fact == MODEL_UNDECIDED) {
        told->undecided++;
        told->undecided_one = i;
    } else if (was_set_up((enum model_fact)i->fact)) {
        if (!told->worked++)
            told->took_ns = i->fact == MODEL_UDP_ANSWERED ? i->delay_ns : i->rtt_client_ns + i->rtt_server_ns;
        told->last_worked_ns = i->begin_ns > told->last_worked_ns ? i->begin_ns : told->last_worked_ns;
    } else {
        told->failed++;
        told->last_failed_ns = i->begin_ns > told->last_failed_ns ? i->begin_ns : told->last_failed_ns;
        if (!told->failure || i->attempts > told->failure->attempts)
            told->failure = i;
    }
}

static void add_path(const struct engine_story *s, const struct model_path *p, struct ports_told *ports)
{
    struct port_told *told = NULL;
    for (int fact = 0; fact < MODEL_FACTS; fact++)
        for (size_t i = 0; i < model_incidents_kept(p, (enum model_fact)fact); i++) {
            const struct model_incident *incident = model_incident_at(p, (enum model_fact)fact, i);
            if (broke_later(incident) || !model_session_holds(s->session, incident->begin_ns))
                continue;
            told = told ? told : told_of(ports, p);
            if (told)
                add_incident(told, incident);
        }
}

static bool is_of_session(const struct model_path *p, const struct model_session *s)
{
    return p->region == s->region && p->role != ENDPOINT_HEALTH_CHECK && p->role != ENDPOINT_WORKSPACES_SERVICE &&
           model_protocol_of(p->role, p->port) == s->protocol;
}

const char *engine_story_proxy(const struct model_path *p, struct arena *a)
{
    char proxy[IPADDR_TEXT_SIZE];
    if (!p || !p->proxy)
        return "";
    bool v4 = ipaddr_is_v4(&p->server);
    ipaddr_format(&p->server, proxy);
    return arena_format(a, ", through the proxy %s%s%s:%u (UDP is never proxied)", v4 ? "" : "[", proxy,
                        v4 ? "" : "]", p->proxy->port);
}

/* What kind of way leads there, when that is worth knowing. */
static const char *route(const struct model_path *p, struct arena *a)
{
    if (p->proxy)
        return engine_story_proxy(p, a);
    if (p->role == ENDPOINT_DCV_GATEWAY_AGA)
        return ", through Global Accelerator";
    if (p->role == ENDPOINT_PRIVATE_GATEWAY)
        return ", through a VPC endpoint";
    return p->ipv6 ? ", over IPv6" : "";
}

static const char *worked_text(const struct port_told *told, enum model_transport transport, struct arena *a)
{
    const char *took = told->took_ns > 0 ? arena_format(a, " in %s", rule_context_duration(a, told->took_ns)) : "";
    if (transport == MODEL_UDP)
        return arena_format(a, "port %u answered%s%s", told->port, took, route(told->path, a));
    if (told->worked == 1)
        return arena_format(a, "port %u accepted%s%s", told->port, took, route(told->path, a));
    return arena_format(a, "port %u accepted%s, %" PRIu64 " connections%s", told->port, took, told->worked,
                        route(told->path, a));
}

static struct wspscope_step step_of(const struct port_told *told, enum model_transport transport, struct arena *a)
{
    struct wspscope_step step = { .step = transport == MODEL_UDP ? "udp" : "tcp", .at_ns = told->first_ns };
    if (told->worked && told->last_worked_ns >= told->last_failed_ns) {
        step.outcome = "ok";
        step.text = worked_text(told, transport, a);
        if (told->failed)
            step.text = arena_format(a, "%s; %" PRIu64 " before it failed: %s", step.text, told->failed,
                                     engine_story_reason(told->failure, a));
    } else if (told->failed) {
        step.outcome = "failed";
        step.text = arena_format(a, "port %u%s: %s%s", told->port, route(told->path, a),
                                 engine_story_reason(told->failure, a), told->worked ? "; it had worked before" : "");
        if (told->failed > 1)
            step.text = arena_format(a, "%s (%" PRIu64 " attempts)", step.text, told->failed);
    } else {
        step.outcome = "unknown";
        step.text = arena_format(a, "port %u: %s", told->port, undecided(told->undecided_one));
    }
    return step;
}

/* A transport of which no attempt was judged: not tried, or running all along. */
static struct wspscope_step bare_step(const struct engine_story *s, enum model_transport transport)
{
    struct wspscope_step step = { .step = transport == MODEL_UDP ? "udp" : "tcp", .outcome = "skipped",
                                  .at_ns = WSPSCOPE_UNKNOWN_TIME, .text = "not tried" };
    const struct model_session *m = s->session;
    if (!m || !m->transports[transport].tried)
        return step;
    bool worked = m->transports[transport].worked;
    step.at_ns = m->transports[transport].first_tried_ns;
    step.outcome = worked ? "ok" : "unknown";
    step.text = worked ? "running already when the capture began" : "too little was seen to judge";
    return step;
}

static void add_transport(const struct engine_story *s, enum model_transport transport,
                          struct engine_story_steps *steps)
{
    struct ports_told ports = { .count = 0 };
    unsigned left = ENGINE_STORY_PATHS;
    for (const struct model_path *p = s->session ? s->client->paths : NULL; p && left--; p = p->client_next)
        if ((p->protocol == 17) == (transport == MODEL_UDP) && is_of_session(p, s->session))
            add_path(s, p, &ports);
    for (size_t i = 0; i < ports.count; i++)
        engine_story_add(steps, step_of(&ports.items[i], transport, s->arena));
    if (!ports.count)
        engine_story_add(steps, bare_step(s, transport));
}

void engine_story_transports(const struct engine_story *story, struct engine_story_steps *steps)
{
    add_transport(story, MODEL_UDP, steps);
    add_transport(story, MODEL_TCP, steps);
}
