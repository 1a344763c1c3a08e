/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/by.h"
#include "rule/collect.h"
#include "rule/context.h"
#include "rule/rule.h"

static void check(const struct rule *self, const struct model *model, struct draft_list *out)
{
    rule_collect(self, model, MODEL_TCP_SYN_ICMP, rule_by_reporter, out);
    rule_collect(self, model, MODEL_TCP_SYN_SILENT, rule_by_reporter_of_path, out);
}

static void explain(const struct model *model, struct draft *d, struct arena *a)
{
    (void)model;
    d->what = arena_format(a, "is rejected by %s", rule_by_icmp_source(d, a));
    d->summary = arena_format(a, "%s %s. %s, met by ICMP errors that quote the SYN (%s)%s.",
                              rule_draft_subject(d, a), d->what,
                              rule_context_count(a, d->count, "connection attempt", "connection attempts"),
                              rule_draft_frames(d, a), rule_context_sibling_clause(d->worst_path, 6, a));
    rule_by_explain_icmp(d, a);
    d->remedy = rule_by_icmp_remedy(d, a);
    d->disproved_by = "A SYN-ACK from the gateway to one of these SYNs would disprove this.";
    rule_draft_rule_out(d, "the packets are dropped silently", "an ICMP error answered them");
    rule_draft_rule_out(d, "a forged or stray ICMP error",
                        "it quotes the five-tuple and the sequence number of the SYN");
}

const struct rule rule_tcp_syn_icmp_rejected = {
    .about.kind = "tcp-syn-icmp-rejected",
    .about.title = "TCP connections are rejected with an ICMP error",
    .about.severity = "problem",
    .about.meaning = "A router or firewall answers the client's SYN with an ICMP or ICMPv6 error. The report names "
                     "the machine, what it says and how far away it is. \"Port unreachable\" from an address that is "
                     "not the gateway's is still a filter.",
    .about.signature = "An ICMP or ICMPv6 error quotes this SYN: five-tuple and sequence number match, and no "
                       "SYN-ACK was seen.",
    .about.needs = "both directions",
    .about.judged = true,
    .rank = RULE_RANK_TCP_OPEN,
    .needs = RULE_NEEDS_BOTH,
    .check = check,
    .explain = explain,
};
