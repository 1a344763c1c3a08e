/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/by.h"
#include "rule/context.h"
#include "rule/rule.h"

static void check(const struct rule *self, const struct model *model, struct draft_list *out)
{
    for (const struct model_path *p = model_paths(model); p; p = p->next) {
        if (rule_context_told_elsewhere(model, p))
            continue;
        struct draft *d = NULL;
        for (size_t i = 0; i < model_incidents_kept(p, MODEL_UDP_ICMP); i++) {
            const struct model_incident *incident = model_incident_at(p, MODEL_UDP_ICMP, i);
            d = rule_draft_of_path(out, self, p, rule_by_icmp_cause(out, incident), WSPSCOPE_HIGH);
            if (d)
                rule_draft_add(out, d, p, incident);
        }
        if (d)
            rule_draft_count_rest(d, p, MODEL_UDP_ICMP);
        if (d) /* routers limit the rate of their errors: what they left unanswered has the same cause */
            rule_draft_add_all(out, d, p, MODEL_UDP_SILENT);
    }
}

static void explain(const struct model *model, struct draft *d, struct arena *a)
{
    (void)model;
    const struct model_incident *w = &d->worst;
    d->what = arena_format(a, "is rejected by %s", rule_by_icmp_source(d, a));
    d->summary = arena_format(a, "%s %s. %s, met by ICMP errors that quote it (%s)%s.", rule_draft_subject(d, a),
                              d->what, rule_context_count(a, d->count, "attempt", "attempts"), rule_draft_frames(d, a),
                              rule_context_sibling_clause(d->worst_path, 6, a));
    rule_by_explain_icmp(d, a);
    d->remedy = rule_by_icmp_remedy(d, a);
    d->disproved_by = "A datagram from the gateway on this flow after the error would disprove this.";
    rule_draft_rule_out(d, "the datagrams are dropped silently", "an ICMP error answered them");
    rule_draft_measure_integer(d, "datagrams", w->attempts);
    rule_draft_measure_integer(d, "answers_before", w->before_pkts);
}

const struct rule rule_udp_icmp_rejected = {
    .about.kind = "udp-icmp-rejected",
    .about.title = "UDP is rejected with an ICMP error",
    .about.severity = "problem",
    .about.meaning = "A router, a firewall or the gateway answers the client's datagrams with an ICMP or ICMPv6 "
                     "error. The report names the machine, what it says and how far away it is.",
    .about.signature = "An ICMP or ICMPv6 error quotes a datagram of the client, and no answer follows it.",
    .about.needs = "both directions",
    .about.judged = true,
    .rank = RULE_RANK_UDP,
    .needs = RULE_NEEDS_BOTH,
    .check = check,
    .explain = explain,
};
