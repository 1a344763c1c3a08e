/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/context.h"
#include "rule/rule.h"

static bool is_gateway_path(const struct model_path *p)
{
    return p->ipv6 && endpoint_role_is_gateway(p->role);
}

static const enum model_fact opening[] = { MODEL_TCP_SYN_SILENT, MODEL_TCP_SYN_RESET, MODEL_TCP_SYN_ICMP,
                                           MODEL_TCP_RETURN_LOST, MODEL_UDP_SILENT, MODEL_UDP_ICMP,
                                           MODEL_UDP_HANDSHAKE_LOST };

/* A refusal names its own cause; silence may be the family's. */
static bool may_be_the_family(const struct model_incident *incident)
{
    return incident->fact == MODEL_TCP_SYN_SILENT || incident->fact == MODEL_UDP_SILENT;
}

static void check_path(struct draft_list *out, const struct draft_key *key, const struct model_path *p, bool healed)
{
    for (size_t f = 0; f < sizeof opening / sizeof *opening; f++) {
        struct draft *last = NULL;
        for (size_t i = 0; i < model_incidents_kept(p, opening[f]); i++) {
            const struct model_incident *incident = model_incident_at(p, opening[f], i);
            struct draft *d = healed || may_be_the_family(incident)
                                  ? rule_draft_of(out, key, healed ? WSPSCOPE_NOTICE : WSPSCOPE_PROBLEM, WSPSCOPE_HIGH)
                                  : NULL;
            if (d)
                rule_draft_add(out, d, p, incident);
            last = d ? d : last;
        }
        if (last)
            rule_draft_count_rest(last, p, opening[f]);
    }
}

static void check(const struct rule *self, const struct model *model, struct draft_list *out)
{
    for (const struct model_path *p = model_paths(model); p; p = p->next) {
        if (!is_gateway_path(p) || !rule_context_failed(p) || rule_context_ipv6_works(model, p))
            continue;
        bool healed = rule_context_ipv4_worked(model, p);
        struct draft_key key = { .rule = self, .role = p->role, .region = p->region,
                                 .cause = healed ? "ipv4-worked" : "ipv4-not-seen-to-work" };
        check_path(out, &key, p, healed);
    }
}

static void explain(const struct model *model, struct draft *d, struct arena *a)
{
    (void)model;
    bool healed = d->severity == WSPSCOPE_NOTICE;
    d->summary = arena_format(a, "IPv6 from %s to %s failed (%s)%s", rule_draft_clients(d, a), rule_draft_servers(d, a),
                              rule_draft_frames(d, a),
                              healed ? "; IPv4 to the same Region worked and is in use."
                                     : ", and IPv4 to that Region was not seen to work either.");
    d->cause = "The client has an IPv6 address and prefers it, but the network does not carry IPv6 to the gateways.";
    d->remedy = healed ? arena_format(a,
                                      "Nothing has to be done. To spare the client the wait, carry IPv6 to %s, or "
                                      "stop announcing it to clients that have no IPv6 path.",
                                      rule_draft_prefixes(d, a))
                       : arena_format(a, "Carry IPv6 to %s, or let the client use IPv4.", rule_draft_prefixes(d, a));
    d->who = WSPSCOPE_WHO_LOCAL_NETWORK;
    d->disproved_by = "A single IPv6 answer from these gateways would disprove this.";
    rule_draft_measure_integer(d, "ipv6_attempts", (int64_t)d->count);
    rule_draft_measure_bool(d, "ipv4_worked", healed);
}

const struct rule rule_ipv6_attempt = {
    .about.kind = "ipv6-attempt",
    .about.title = "IPv6 to the gateways failed",
    .about.severity = "notice, or problem",
    .about.meaning = "IPv6 towards a gateway failed. When IPv4 then worked this is a notice and the only finding "
                     "about it; when IPv4 was never tried or failed too it is a problem.",
    .about.signature = "No attempt over IPv6 to the Region's gateways was answered, and whether an IPv4 attempt "
                       "within 30 s was.",
    .about.needs = "both directions",
    .about.judged = true,
    .rank = RULE_RANK_IPV6,
    .needs = RULE_NEEDS_BOTH,
    .check = check,
    .explain = explain,
};
