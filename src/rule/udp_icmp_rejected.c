/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/by.h"
#include "rule/collect.h"
#include "rule/context.h"
#include "rule/rule.h"

static void check(const struct rule *self, const struct model *model, struct draft_list *out)
{
    rule_collect(self, model, MODEL_UDP_ICMP, rule_by_reporter, out);
    rule_collect(self, model, MODEL_UDP_SILENT, rule_by_reporter_of_path, out);
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
