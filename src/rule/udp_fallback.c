/* SPDX-License-Identifier: Apache-2.0 */
#include "base/nsec.h"
#include "rule/context.h"
#include "rule/rule.h"

static const enum model_fact udp_failures[] = { MODEL_UDP_SILENT, MODEL_UDP_ICMP, MODEL_UDP_RETURN_LOST,
                                                MODEL_UDP_HANDSHAKE_LOST, MODEL_QUIC_CLOSED };

static const char never_worked[] = "never-worked", lost_later[] = "lost-in-mid-session";

/* When the client began to need something else: UDP that worked at first, when its answers ceased. */
static int64_t needed_ns(const struct model_incident *failure)
{
    return failure->fact == MODEL_UDP_RETURN_LOST ? failure->first_ns : failure->begin_ns;
}

/* What carried the stream next, when that is TCP: to the same machine where no Region ties two together. */
static const struct model_stream *fallback_stream(const struct model_session *s, const struct model_path *path,
                                                  int64_t from_ns)
{
    for (const struct model_stream *stream = s->streams; stream; stream = stream->next) {
        if (stream->sustained_ns < from_ns || (!path->region && !ipaddr_equal(&stream->gateway, &path->server)))
            continue;
        return stream->transport == MODEL_TCP ? stream : NULL;
    }
    return NULL;
}

/* A connection that was there before UDP was tried begins to carry the stream later. */
static int64_t began_ns(const struct model_stream *stream, int64_t tried_ns)
{
    return stream->first_ns > tried_ns ? stream->first_ns : stream->sustained_ns;
}

static bool of_session(const struct model_path *p, const struct model_session *s)
{
    return p->protocol == 17 && p->role != ENDPOINT_HEALTH_CHECK && p->region == s->region &&
           model_protocol_of(p->role, p->port) == s->protocol;
}

static void add(const struct rule *self, struct draft_list *out, const struct model_path *p,
                const struct model_incident *failure, const struct model_stream *stream)
{
    bool shared = p->client->shared;
    struct draft_key key = { .rule = self, .role = p->role, .protocol = 17, .port = p->port,
                             .region = p->region,
                             .cause = failure->fact == MODEL_UDP_RETURN_LOST ? lost_later : never_worked };
    struct draft *d = rule_draft_of(out, &key, WSPSCOPE_WARNING, shared ? WSPSCOPE_LOW : WSPSCOPE_HIGH);
    if (!d)
        return;
    struct model_incident incident = *failure;
    incident.delay_ns = nsec_sub(began_ns(stream, needed_ns(failure)), needed_ns(failure));
    incident.size_bytes = stream->port;
    if (stream->first_ns > incident.last_ns)
        incident.last_ns = stream->first_ns;
    model_incident_show(&incident, MODEL_SHOWS_STREAM, stream->first_frame, 0);
    rule_draft_add(out, d, p, &incident);
}

static void check_path(const struct rule *self, const struct model_session *s, const struct model_path *p,
                       struct draft_list *out)
{
    for (size_t f = 0; f < sizeof udp_failures / sizeof *udp_failures; f++)
        for (size_t i = 0; i < model_incidents_kept(p, udp_failures[f]); i++) {
            const struct model_incident *failure = model_incident_at(p, udp_failures[f], i);
            const struct model_stream *stream =
                model_session_holds(s, failure->begin_ns) ? fallback_stream(s, p, needed_ns(failure)) : NULL;
            if (stream)
                add(self, out, p, failure, stream);
        }
}

static void check(const struct rule *self, const struct model *model, struct draft_list *out)
{
    for (const struct model_session *s = model_sessions(model); s; s = s->next)
        for (const struct model_path *p = s->protocol == MODEL_DCV ? s->client->paths : NULL; p; p = p->client_next)
            if (of_session(p, s))
                check_path(self, s, p, out);
}

static void explain(const struct model *model, struct draft *d, struct arena *a)
{
    const struct model_incident *w = &d->worst;
    d->summary = arena_format(a, "DCV streaming from %s to %s %s TCP %u instead of UDP %u; %s %s (%s).",
                              rule_draft_clients(d, a), rule_draft_servers(d, a),
                              d->key.cause == lost_later ? "went over in mid-session to" : "runs over", w->size_bytes,
                              d->key.port, d->key.cause == lost_later ? "the change took" : "trying UDP first cost",
                              rule_context_duration(a, w->delay_ns), rule_draft_frames(d, a));
    d->cause = "UDP to the gateway failed, so the client fell back to TCP. On a path with loss or delay, TCP makes "
               "the desktop feel slower than UDP would.";
    d->remedy = "Mend what blocks UDP (the finding above); nothing is to be done about the fallback itself.";
    d->who = WSPSCOPE_WHO_LOCAL_NETWORK;
    d->disproved_by = "A UDP flow of the same client to the same Region that carries the stream would disprove this.";
    rule_draft_rule_out(d, "a client that never tried UDP (web client, TCP chosen, Global Accelerator)",
                   "its datagrams to the gateway are in the capture");
    rule_draft_measure_ms(d, "fallback_delay_ms", w->delay_ns);
    rule_draft_measure_text(d, "fallback_to", arena_format(a, "tcp/%u", w->size_bytes));
    rule_draft_measure_integer(d, "unanswered_datagrams", w->attempts);
    rule_draft_limit(d, model, a, "stream-bytes-per-second");
}

static const char *const causes[] = { "dns-unexpected-address", "pmtu-blackhole", "udp-icmp-rejected",
                                      "udp-return-lost", "udp-blocked", NULL };

static const char *const thresholds[] = { "stream-bytes-per-second", "stream-window-ms", NULL };

const struct rule rule_udp_fallback = {
    .about.kind = "udp-fallback",
    .about.title = "Streaming fell back from UDP to TCP",
    .about.severity = "warning",
    .about.meaning = "UDP to a gateway failed and the same client then carries its stream over TCP. The report says "
                     "how long the fallback took. Sessions that never tried UDP are not reported.",
    .about.signature = "A UDP failure towards a DCV gateway, and after its first datagram a TCP connection of the "
                       "same client to the same Region's gateways that carries sustained bytes.",
    .about.thresholds = thresholds,
    .about.needs = "both directions",
    .about.judged = true,
    .rank = RULE_RANK_CONSEQUENCE,
    .needs = RULE_NEEDS_BOTH,
    .causes = causes,
    .check = check,
    .explain = explain,
};
