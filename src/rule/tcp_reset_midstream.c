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
    if (incident->by == MODEL_BY_MIDDLEBOX)
        return (struct rule_case){ .none = true }; /* tcp-reset-injected */
    return (struct rule_case){ .cause = rule_by_name((enum model_by)incident->by), .confidence = WSPSCOPE_HIGH };
}

static void check(const struct rule *self, const struct model *model, struct draft_list *out)
{
    rule_collect(self, model, MODEL_TCP_RESET, by_sender, out);
}

static void explain(const struct model *model, struct draft *d, struct arena *a)
{
    (void)model;
    const struct model_incident *w = &d->worst;
    d->what = "is cut off by a TCP reset in mid-session";
    d->summary = arena_format(a, "%s %s. %s ended so, without a FIN before it, the longest after %s (%s).",
                              rule_draft_subject(d, a), d->what,
                              rule_context_count(a, d->count, "connection", "connections"),
                              rule_context_duration(a, w->life_ns), rule_draft_frames(d, a));
    rule_by_explain_reset(d, a);
    d->remedy = w->by == MODEL_BY_ENDPOINT
                    ? "The gateway ended the session: look at the WorkSpace and its health first, then open a case "
                      "with AWS and give these times."
                    : arena_format(a, "Look for a firewall, proxy or intrusion prevention between this capture point "
                                      "and the gateway that ends long or idle connections, and exempt %s %u to %s.",
                                   rule_draft_protocol_name(d->key.protocol), d->key.port, rule_draft_prefixes(d, a));
    d->disproved_by = "A FIN or a TLS close_notify before the reset, or data after it, would disprove this.";
    rule_draft_rule_out(d, "the user or the client program ended the session",
                        "the reset comes from the gateway's side");
    rule_draft_measure_ms(d, "life_ms", w->life_ns);
    rule_draft_measure_integer(d, "packets_before", w->before_pkts);
    rule_by_measure_reset(d);
}

const struct rule rule_tcp_reset_midstream = {
    .about.kind = "tcp-reset-midstream",
    .about.title = "A running connection is cut off by a reset",
    .about.severity = "problem",
    .about.meaning = "An RST from the gateway's side ends an established connection. A client that closes with RST, "
                     "and resets after a FIN or a TLS close_notify, are ordinary ends and not reported.",
    .about.signature = "RST from the server's side on an established connection, without a FIN of either side and "
                       "without a TLS close_notify before it, unless tcp-reset-injected names it.",
    .about.needs = "both directions",
    .about.judged = true,
    .rank = RULE_RANK_TCP_LATER,
    .needs = RULE_NEEDS_BOTH,
    .check = check,
    .explain = explain,
};
