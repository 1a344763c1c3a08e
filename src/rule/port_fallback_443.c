/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/context.h"
#include "rule/rule.h"

enum { PORT_WSP = 4195, PORT_HTTPS = 443 };

/* The first failure on 4195 between this session's client and Region, and the path it is on. */
static const struct model_path *failed_4195(const struct model_session *s, int64_t *begin_ns)
{
    const struct model_path *found = NULL;
    for (const struct model_path *p = s->client->paths; p; p = p->client_next) {
        int64_t failed_ns = p->port == PORT_WSP && p->role != ENDPOINT_HEALTH_CHECK &&
                                    p->region == s->region
                                ? rule_context_first_failure_in(s, p)
                                : INT64_MAX;
        if (failed_ns < (found ? *begin_ns : INT64_MAX)) {
            found = p;
            *begin_ns = failed_ns;
        }
    }
    return found;
}

/* The frame with which the failed attempt began. */
static uint64_t first_failed_frame(const struct model_path *path, int64_t begin_ns)
{
    for (int fact = 0; fact < MODEL_FACTS; fact++)
        for (size_t i = 0; i < model_incidents_kept(path, (enum model_fact)fact); i++) {
            const struct model_incident *incident = model_incident_at(path, (enum model_fact)fact, i);
            if (incident->begin_ns == begin_ns && incident->evidence_count)
                return incident->evidence[0].frame;
        }
    return 0;
}

/* The stream on 443 that followed, unless 4195 carried one after the failure as well. */
static const struct model_stream *stream_443(const struct model_session *s, int64_t from_ns)
{
    const struct model_stream *found = NULL;
    for (const struct model_stream *stream = s->streams; stream; stream = stream->next) {
        if (stream->sustained_ns < from_ns)
            continue;
        if (stream->port == PORT_WSP)
            return NULL;
        if (!found && stream->port == PORT_HTTPS)
            found = stream;
    }
    return found;
}

static void check(const struct rule *self, const struct model *model, struct draft_list *out)
{
    for (const struct model_session *s = model_sessions(model); s; s = s->next) {
        int64_t begin_ns = INT64_MAX;
        const struct model_path *failed = s->protocol == MODEL_DCV ? failed_4195(s, &begin_ns) : NULL;
        const struct model_stream *stream = failed ? stream_443(s, begin_ns) : NULL;
        if (!stream)
            continue;
        struct draft_key key = { .rule = self, .role = stream->role,
                                 .protocol = stream->transport == MODEL_TCP ? 6 : 17, .port = PORT_HTTPS,
                                 .region = s->region, .cause = "fallback" };
        struct draft *d = rule_draft_of(out, &key, WSPSCOPE_WARNING,
                                   s->client->shared ? WSPSCOPE_LOW : WSPSCOPE_HIGH);
        if (!d)
            continue;
        const struct model_path *streaming = model_path_find(model, &s->client->address, &stream->gateway, PORT_HTTPS,
                                                             stream->transport == MODEL_TCP ? 6 : 17);
        struct model_incident incident = { .first_ns = begin_ns, .last_ns = stream->sustained_ns,
                                           .delay_ns = stream->first_ns > begin_ns ? stream->first_ns - begin_ns : 0 };
        model_incident_show(&incident, MODEL_SHOWS_STREAM, stream->first_frame, 0);
        model_incident_show(&incident, MODEL_SHOWS_FAILED, first_failed_frame(failed, begin_ns), 0);
        rule_draft_add(out, d, streaming ? streaming : failed, &incident);
    }
}

static void explain(const struct model *model, struct draft *d, struct arena *a)
{
    (void)model;
    d->summary = arena_format(a, "DCV streaming from %s to %s runs over %s 443 because port 4195 failed; getting "
                                 "there took %s (%s).", rule_draft_clients(d, a), rule_draft_servers(d, a),
                              rule_draft_protocol_name(d->key.protocol), rule_context_duration(a, d->worst.delay_ns),
                              rule_draft_frames(d, a));
    d->cause = "Port 4195 to the gateway failed, so the client streams over 443, which shares the path, and often a "
               "proxy or an inspecting firewall, with web traffic.";
    d->remedy = "Mend what blocks 4195 (the finding above); nothing is to be done about the fallback itself.";
    d->who = WSPSCOPE_WHO_LOCAL_NETWORK;
    d->disproved_by = "A stream of the same client on port 4195 after that would disprove this.";
    rule_draft_measure_ms(d, "fallback_delay_ms", d->worst.delay_ns);
}

static const char *const causes[] = { "dns-unexpected-address", "pmtu-blackhole", "tls-intercepted",
                                      "tls-handshake-failed", "tcp-syn-icmp-rejected", "tcp-syn-reset",
                                      "tcp-syn-dropped", "tcp-return-lost", "tcp-reset-injected",
                                      "tcp-reset-midstream", "tcp-connection-blackholed", "udp-icmp-rejected",
                                      "udp-return-lost", "udp-blocked", NULL };

const struct rule rule_port_fallback_443 = {
    .about.kind = "port-fallback-443",
    .about.title = "Streaming fell back from port 4195 to 443",
    .about.severity = "warning",
    .about.meaning = "Port 4195 failed and the stream runs on port 443 to a DCV gateway. It works, and is more "
                     "exposed to proxies and inspection than 4195.",
    .about.signature = "A failure on port 4195 towards a DCV gateway, and after it a flow of the same client to the "
                       "same Region's gateways on port 443 that carries sustained bytes.",
    .about.needs = "both directions",
    .about.judged = true,
    .rank = RULE_RANK_CONSEQUENCE,
    .needs = RULE_NEEDS_BOTH,
    .causes = causes,
    .check = check,
    .explain = explain,
};
