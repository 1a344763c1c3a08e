/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/verdict.h"

#include <inttypes.h>
#include <string.h>

#include "engine/advice.h"
#include "engine/ledger.h"
#include "engine/wellness.h"
#include "rule/context.h"

static int64_t stream_end_ns(const struct model_session *s)
{
    int64_t last_ns = INT64_MIN;
    for (const struct model_stream *stream = s->streams; stream; stream = stream->next)
        last_ns = stream->last_ns > last_ns ? stream->last_ns : last_ns;
    return last_ns;
}

/* A stream of this client that goes on after its own problem, or a flow that began after it and was answered. */
static bool works_after(const struct model_client *client, const struct draft *d)
{
    enum model_protocol protocol = model_protocol_of(d->key.role, d->key.port);
    for (const struct model_session *s = client->sessions; s; s = s->client_next) {
        bool same = (!d->key.region || d->key.region == s->region) &&
                    (d->key.role == ENDPOINT_HEALTH_CHECK || protocol == s->protocol);
        int64_t failed_ns = s->failed_ns != INT64_MIN ? s->failed_ns : d->last_ns;
        if (same && (stream_end_ns(s) > failed_ns || s->worked_ns > failed_ns))
            return true;
    }
    return false;
}

static bool leaves_a_client_without(const struct model *model, const struct draft *d)
{
    for (size_t i = 0; i < d->clients.count; i++) {
        const struct model_client *client = model_client_find(model, &d->clients.items[i]);
        if (!client || !works_after(client, d))
            return true;
    }
    return d->clients.count == 0;
}

static enum wspscope_verdict_status status_of(const struct engine *e, const struct draft_list *drafts)
{
    const struct model_tap *tap = model_tap(e->model);
    if (!tap->role_flows && !drafts->first)
        return model_name_lookups(model_names(e->model)) ? WSPSCOPE_CANNOT_TELL : WSPSCOPE_NO_TRAFFIC;
    bool degraded = false;
    for (const struct draft *d = drafts->first; d; d = d->next) {
        if (d->severity == WSPSCOPE_PROBLEM && leaves_a_client_without(e->model, d))
            return WSPSCOPE_FAILING;
        degraded = degraded || d->severity <= WSPSCOPE_WARNING;
    }
    if (degraded)
        return WSPSCOPE_DEGRADED;
    bool cannot_tell = tap->role_flows_two_way == 0 || rule_context_tap_is_one_way(e->model);
    return cannot_tell && !drafts->first ? WSPSCOPE_CANNOT_TELL : WSPSCOPE_OK;
}

static const char *capitalized(struct arena *a, const char *sentence)
{
    char *copy = (char *)(uintptr_t)arena_copy(a, sentence);
    if (*copy >= 'a' && *copy <= 'z')
        *copy = (char)(*copy - 'a' + 'A');
    return copy;
}

static const struct draft *find(const struct draft_list *drafts, const char *kind)
{
    for (const struct draft *d = drafts->first; d; d = d->next)
        if (strcmp(d->key.rule->about.kind, kind) == 0)
            return d;
    return NULL;
}

/* The cause and what it led to in one sentence where a fallback followed, else the primary finding's first sentence. */
static const char *problem_summary(const struct draft_list *drafts, struct arena *a)
{
    const struct draft *primary = drafts->first;
    const struct draft *port = find(drafts, "port-fallback-443"), *udp = find(drafts, "udp-fallback");
    const struct draft *fallback = port ? port : udp;
    bool one_story = fallback && fallback != primary && primary->key.region == fallback->key.region &&
                     model_protocol_of(primary->key.role, primary->key.port) == MODEL_DCV;
    if (primary->what && one_story && primary->clients.count >= fallback->clients.count)
        return arena_format(a, "DCV streaming from %s runs over %s%s because %s %s.", rule_draft_clients(fallback, a),
                            port ? rule_draft_protocol_name(port->key.protocol) : "TCP", port ? " 443" : "",
                            rule_draft_target(primary, a), primary->what);
    if (primary->what)
        return arena_format(a, "%s %s.", rule_draft_subject(primary, a), primary->what);
    return primary->summary;
}

static bool is_affected(const struct draft_list *drafts, const struct ipaddr *client)
{
    for (const struct draft *d = drafts->first; d; d = d->next)
        if (d->severity <= WSPSCOPE_WARNING && strcmp(d->key.cause, "scan") != 0 && rule_draft_has_client(d, client))
            return true;
    return false;
}

/* How many of a crowd are affected; "" for one client alone. */
static const char *crowd_clause(const struct engine *e, const struct draft_list *drafts, struct arena *a)
{
    uint64_t all = 0, affected = 0;
    for (const struct model_client *c = model_clients(e->model); c; c = c->next) {
        all++;
        affected += is_affected(drafts, &c->address);
    }
    if (all < 2 || !affected)
        return "";
    return arena_format(a, " In all, %" PRIu64 " of %" PRIu64 " clients %s affected.", affected, all,
                        affected == 1 ? "is" : "are");
}

static const char *cannot_tell_summary(const struct engine *e, struct arena *a)
{
    const struct model_tap *tap = model_tap(e->model);
    if (rule_context_tap_is_one_way(e->model))
        return engine_advice(e, "Cannot tell: this capture holds one direction of the traffic only, so nobody can see "
                                "in it what was answered. Capture again with both directions", a);
    if (!tap->role_flows)
        return engine_advice(e, "Cannot tell: a WorkSpaces name is looked up in this capture, and no connection to it "
                                "follows. Capture for longer, where the client's traffic to AWS passes", a);
    bool one = tap->role_flows == 1;
    const char *lead = arena_format(a, "Cannot tell: %" PRIu64 " WorkSpaces %s in this capture, and too little of %s "
                                       "to judge. Capture from before the client connects until half a minute after "
                                       "it fails", tap->role_flows, one ? "flow is" : "flows are", one ? "it" : "them");
    return engine_advice(e, lead, a);
}

static const char *no_traffic_summary(const struct engine *e, struct arena *a)
{
    const char *instead = e->census ? engine_census_text(e->census, a) : "";
    return arena_format(a, "There is no WorkSpaces traffic in this capture: of %" PRIu64 " packets, none goes to a "
                           "published gateway or health-check address on its ports, or to port 4172 or 4195.%s%s%s",
                        e->counts.read, *instead ? " There is instead: " : "", instead, *instead ? "." : "");
}

void engine_verdict(const struct engine *e, const struct draft_list *drafts, struct arena *a,
                    struct wspscope_verdict *out)
{
    *out = (struct wspscope_verdict){ .status = status_of(e, drafts), .primary = drafts->first ? "F1" : NULL };
    switch (out->status) {
    case WSPSCOPE_OK:
        out->summary = engine_wellness(e, a);
        if (drafts->first)
            out->summary = arena_format(a, "%s There is a notice below.", out->summary);
        return;
    case WSPSCOPE_NO_TRAFFIC:
        out->summary = no_traffic_summary(e, a);
        return;
    case WSPSCOPE_CANNOT_TELL:
        out->summary = cannot_tell_summary(e, a);
        return;
    default:
        out->summary = arena_format(a, "%s%s", capitalized(a, problem_summary(drafts, a)), crowd_clause(e, drafts, a));
    }
}
