/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/context.h"
#include "rule/rule.h"

static const char by_name[] = "name", by_protocol[] = "protocol";

/* A stream of this client from that server. */
static bool carried_a_stream(const struct model_path *path)
{
    for (const struct model_session *s = path->client->sessions; s; s = s->client_next)
        for (const struct model_stream *stream = s->streams; stream; stream = stream->next)
            if (stream->port == path->port && ipaddr_equal(&stream->gateway, &path->server))
                return true;
    return false;
}

/* TLS on the service port itself: QUIC and ESP alone would be a guess at what comes from an unknown server. */
static bool speaks_streaming(const struct model *model, const struct model_path *path)
{
    const struct model_path *tcp = model_path_find(model, &path->client->address, &path->server, path->port, 6);
    return tcp && tcp->tls_answered && !tcp->counts[MODEL_SPEAKS_OTHER];
}

/* What says that it is a gateway; NULL: nothing does, or its address is one that must not be published. */
static const char *cause_of(const struct model *model, const struct model_path *p)
{
    if (p->row || ipaddr_is_private(&p->server) || !p->bytes_to_client || p->counts[MODEL_SPEAKS_OTHER] ||
        endpoint_is_published(model_catalogue(model), &p->server))
        return NULL;
    if (p->name_row)
        return endpoint_role_is_gateway(p->role) && (p->protocol != 6 || p->tls_answered) ? by_name : NULL;
    bool service = p->role == ENDPOINT_ROLE_UNKNOWN && (p->port == 4172 || p->port == 4195);
    return service && speaks_streaming(model, p) && carried_a_stream(p) ? by_protocol : NULL;
}

static void check(const struct rule *self, const struct model *model, struct draft_list *out)
{
    for (const struct model_path *p = model_paths(model); p; p = p->next) {
        enum model_fact fact = p->protocol == 6 ? MODEL_TCP_ACCEPTED : MODEL_UDP_ANSWERED;
        const char *cause = model_incidents_kept(p, fact) ? cause_of(model, p) : NULL;
        struct draft_key key = { .rule = self, .role = p->role, .region = p->region, .cause = cause };
        struct draft *d = cause ? rule_draft_of(out, &key, WSPSCOPE_NOTICE, WSPSCOPE_MEDIUM) : NULL;
        if (d)
            rule_draft_add_all(out, d, p, fact);
    }
}

static void explain(const struct model *model, struct draft *d, struct arena *a)
{
    bool named = d->key.cause == by_name;
    const char *name = named ? arena_copy(a, model_name_text(model_names(model), d->worst_path->name)) : NULL;
    d->what = "reaches a gateway at an address that AWS does not publish";
    const char *why = named ? arena_format(a, "the client knows it as %s", name)
                            : "TLS on the service port and a steady stream say that it is a gateway";
    d->summary = arena_format(a, "%s reaches a gateway at %s, which is in no published range: %s (%s).",
                              rule_draft_clients(d, a), rule_draft_prefixes(d, a), why, rule_draft_frames(d, a));
    d->cause = "AWS uses an address that the tables do not know yet, or a relay or a PCoIP or DCV server of somebody "
               "else's answers here.";
    d->remedy = arena_format(a, "Nothing while it works. A firewall that opens the published ranges only would block "
                                "it: ask whose %s is, and bring the tables up to date (`wspscope endpoints import`).",
                             rule_draft_prefixes(d, a));
    d->who = WSPSCOPE_WHO_UNKNOWN;
    d->disproved_by = "This address in AWS's list of ranges, under WORKSPACES_GATEWAYS, would disprove this.";
    rule_draft_rule_out(d, "a VPC endpoint", "the address is a public one");
    rule_draft_rule_out(d, "a flow merely on that port", named ? "the client named a gateway"
                                                               : "TLS was answered and a stream ran");
    rule_draft_measure_text(d, "address", rule_draft_prefixes(d, a));
    if (named)
        rule_draft_measure_text(d, "name", name);
}

const struct rule rule_gateway_unpublished = {
    .about.kind = "gateway-unpublished",
    .about.title = "Streaming from an address that is not published",
    .about.severity = "notice",
    .about.meaning = "Name or protocol say that it is a gateway, and its public address is in no published range.",
    .about.signature = "A gateway's name, from the DNS or the client's hello, leads to a public address outside every "
                       "range, and the connection works; or, without a name, TLS is answered on port 4172 or 4195 and "
                       "a stream runs.",
    .about.needs = "nothing beyond the packets",
    .about.judged = true,
    .rank = RULE_RANK_REST,
    .check = check,
    .explain = explain,
};
