/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/by.h"
#include "rule/collect.h"
#include "rule/context.h"
#include "rule/rule.h"

static struct rule_case by_sender(const struct model *model, const struct model_path *path,
                                  const struct model_incident *incident, struct draft_list *out)
{
    (void)model;
    (void)path;
    (void)out;
    return (struct rule_case){ .cause = rule_by_name((enum model_by)incident->by), .confidence = WSPSCOPE_HIGH };
}

static void check(const struct rule *self, const struct model *model, struct draft_list *out)
{
    rule_collect(self, model, MODEL_TCP_SYN_RESET, by_sender, out);
}

static void explain(const struct model *model, struct draft *d, struct arena *a)
{
    (void)model;
    const struct model_incident *w = &d->worst;
    bool middlebox = w->by == MODEL_BY_MIDDLEBOX;
    d->what = middlebox ? "is reset by a device in between, in the gateway's name" : "is refused with a TCP reset";
    d->summary = arena_format(a, "%s %s. %s, answered by RST after %s (%s)%s.", rule_draft_subject(d, a), d->what,
                              rule_context_count(a, d->count, "connection attempt", "connection attempts"),
                              rule_context_duration(a, w->delay_ns), rule_draft_frames(d, a),
                              rule_context_sibling_clause(d->worst_path, 6, a));
    rule_by_explain_reset(d, a);
    d->remedy = w->by == MODEL_BY_ENDPOINT
                    ? "Check that this address and port are the ones the client was given: the gateway itself says "
                      "that nothing listens there. If they are, open a case with AWS."
                    : arena_format(a, "Find the device that resets these connections and remove its rule. %s",
                                   rule_context_allow(d, a));
    d->disproved_by = "A SYN-ACK from the gateway to one of these SYNs would disprove this.";
    rule_draft_rule_out(d, "the packets are lost or dropped silently", "each SYN was answered by an RST");
    rule_by_measure_reset(d);
}

const struct rule rule_tcp_syn_reset = {
    .about.kind = "tcp-syn-reset",
    .about.title = "TCP connections are refused with a reset",
    .about.severity = "problem",
    .about.meaning = "Each request for a connection is answered by RST. Either nothing listens on that port of the "
                     "gateway, or a firewall on the way answers in the gateway's name.",
    .about.signature = "RST or RST+ACK answers the SYN, with no SYN-ACK before it. It is called a device in between "
                       "when the hop distance is smaller by two or more than the gateway's usual one and one more "
                       "test agrees.",
    .about.needs = "both directions",
    .about.judged = true,
    .rank = RULE_RANK_TCP_OPEN,
    .needs = RULE_NEEDS_BOTH,
    .check = check,
    .explain = explain,
};
