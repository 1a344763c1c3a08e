/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/by.h"
#include "rule/collect.h"
#include "rule/context.h"
#include "rule/rule.h"

static const char loop[] = "routing-loop", errors[] = "errors", towards_client[] = "towards-the-client";

static struct rule_case by_meaning(const struct model *model, const struct model_path *path,
                                   const struct model_incident *incident, struct draft_list *out)
{
    (void)model;
    (void)path;
    (void)out;
    return (struct rule_case){ .cause = incident->loop           ? loop
                                        : incident->about_client ? towards_client
                                                                 : errors,
                               .severity = WSPSCOPE_WARNING, .confidence = WSPSCOPE_HIGH };
}

static void check(const struct rule *self, const struct model *model, struct draft_list *out)
{
    rule_collect(self, model, MODEL_ICMP_OTHER, by_meaning, out);
}

static void explain(const struct model *model, struct draft *d, struct arena *a)
{
    (void)model;
    rule_by_explain_icmp(d, a);
    if (d->key.cause == loop) {
        d->what = arena_format(a, "runs into a routing loop at %s", rule_by_icmp_source(d, a));
        d->cause = "The packets left with hops enough for any path and ran out of them: two routers send them to "
                   "each other.";
        d->remedy = "Ask the owner of that router to look at its route to the gateways.";
    } else if (d->key.cause == towards_client) {
        d->what = arena_format(a, "has answers that %s cannot deliver", rule_by_icmp_source(d, a));
        d->cause = "A router near the client reports that it cannot deliver packets to it: the client's machine went "
                   "away, or its route or address did.";
        d->remedy = "Look at the client's own network first: sleep, Wi-Fi, VPN or address changes at that time.";
        d->who = WSPSCOPE_WHO_CLIENT;
    } else {
        d->what = arena_format(a, "meets ICMP errors from %s in mid-session", rule_by_icmp_source(d, a));
        d->cause = "A router reports that it cannot deliver packets of a flow that had worked: an unstable route, or "
                   "a filter that acts on a part of the traffic.";
        d->remedy = "Ask the owner of that router what it reported these packets for.";
    }
    d->summary = arena_format(a, "%s %s (%s).", rule_draft_subject(d, a), d->what, rule_draft_frames(d, a));
    d->disproved_by = "Nothing in this capture would: the quoted packets are of this flow.";
    rule_draft_rule_out(d, "a forged or stray ICMP error", "it quotes a packet of this flow that was in flight");
}

const struct rule rule_icmp_unreachable = {
    .about.kind = "icmp-unreachable",
    .about.title = "Routers report errors about WorkSpaces traffic",
    .about.severity = "warning",
    .about.meaning = "ICMP errors quote packets of a flow to a gateway that works, or say that a packet ran out of "
                     "hops although it had enough (a routing loop). Traceroute is not reported.",
    .about.signature = "An ICMP error that quotes a packet in flight (RFC 5927) of a flow with a role, and the flow "
                       "goes on; or time exceeded for a packet that left with a TTL of 32 or more.",
    .about.needs = "nothing beyond the packets",
    .about.judged = true,
    .rank = RULE_RANK_CONSEQUENCE,
    .check = check,
    .explain = explain,
};
