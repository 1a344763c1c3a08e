/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/by.h"
#include "rule/collect.h"
#include "rule/context.h"
#include "rule/rule.h"

static const char cut[] = "cut", outlived[] = "outlived";

static struct rule_case forged(const struct model *model, const struct model_path *path,
                               const struct model_incident *incident, struct draft_list *out)
{
    (void)model;
    (void)path;
    (void)out;
    bool survived = incident->fact == MODEL_TCP_RESET_IGNORED;
    return (struct rule_case){ .none = incident->by != MODEL_BY_MIDDLEBOX, .cause = survived ? outlived : cut,
                               .severity = survived ? WSPSCOPE_WARNING : WSPSCOPE_PROBLEM,
                               .confidence = WSPSCOPE_HIGH };
}

static void check(const struct rule *self, const struct model *model, struct draft_list *out)
{
    rule_collect(self, model, MODEL_TCP_RESET, forged, out);
    rule_collect(self, model, MODEL_TCP_RESET_IGNORED, forged, out);
}

static void explain(const struct model *model, struct draft *d, struct arena *a)
{
    const struct model_incident *w = &d->worst;
    bool survived = d->key.cause == outlived;
    d->what = survived ? "meets forged TCP resets" : "is cut off by a forged TCP reset";
    d->summary = arena_format(a, "%s %s. %s %s; %s %s into the connection%s (%s).", rule_draft_subject(d, a), d->what,
                              rule_context_count(a, d->count, "connection", "connections"),
                              survived ? "outlived them" : "ended so",
                              d->count > 1 ? "the longest was reset" : "the reset came",
                              rule_context_duration(a, w->life_ns),
                              w->in_clients_name ? ", in the client's name" : "", rule_draft_frames(d, a));
    rule_by_explain_reset(d, a);
    d->remedy = arena_format(a, "Find the firewall, intrusion prevention or filter %s that resets connections, and "
                                "exempt TCP %u to %s from it; its log at that time names the rule.",
                             w->signs & MODEL_SIGN_NEARER ? "at that distance" : "on the way", d->key.port,
                             rule_draft_prefixes(d, a));
    d->disproved_by = "A log of the machine that the reset names, saying that it closed the connection itself, would "
                      "disprove this.";
    rule_draft_rule_out(d,
                        w->in_clients_name ? "the client closed the connection" : "the gateway closed the connection",
                        "the reset does not look like its other packets");
    rule_draft_measure_ms(d, "life_ms", w->life_ns);
    rule_draft_measure_integer(d, "packets_before", w->before_pkts);
    rule_draft_measure_integer(d, "resets", w->attempts);
    rule_draft_measure_text(d, "in_the_name_of", w->in_clients_name ? "client" : "server");
    rule_by_measure_reset(d);
    rule_draft_limit(d, model, a, "forgery-score");
    rule_draft_limit(d, model, a, "forgery-hop-distance");
}

static const char *const thresholds[] = { "forgery-score", "forgery-hop-distance", "forgery-memory-ms",
                                          "forgery-rtt-percent", NULL };

const struct rule rule_tcp_reset_injected = {
    .about.kind = "tcp-reset-injected",
    .about.title = "A device in between resets connections",
    .about.severity = "problem",
    .about.meaning = "A reset that the machine whose address it carries did not send: a firewall or filter on the way "
                     "ends the connection in that machine's name. A connection that outlives it makes it a warning.",
    .about.signature = "An RST after the SYN-ACK with a forgery score of 2 or more. One point each: at least two hops "
                       "nearer than the address's other packets; the IP-ID of the packet it answers, or one far off a "
                       "counter; a window without ACK, reserved bits, a time stamp that jumps, options never agreed; "
                       "genuine packets sent after it; sequence numbers guessed; an answer to what cannot have arrived "
                       "yet. The usual hop distance takes a point off.",
    .about.thresholds = thresholds,
    .about.needs = "both directions",
    .about.judged = true,
    .rank = RULE_RANK_TCP_LATER,
    .needs = RULE_NEEDS_BOTH,
    .check = check,
    .explain = explain,
};
