/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "rule/context.h"
#include "rule/rule.h"

static const char whole[] = "complete", broken[] = "incomplete";

/* A capture that lost packets itself proves nothing about fragments that are not in it. */
static bool some_never_complete(const struct model *model, const struct model_path *path)
{
    return path->fragments->incomplete[0] + path->fragments->incomplete[1] && !model_tap(model)->unseen_holes;
}

static void add(const struct rule *self, const struct model_path *p, bool incomplete, struct draft_list *out)
{
    const struct model_fragments *record = p->fragments;
    struct draft_key key = { .rule = self, .role = p->role, .protocol = p->protocol, .port = p->port,
                             .region = p->region, .cause = incomplete ? broken : whole };
    struct draft *d = rule_draft_of(out, &key, incomplete ? WSPSCOPE_WARNING : WSPSCOPE_NOTICE, WSPSCOPE_HIGH);
    if (!d)
        return;
    struct model_incident incident = { .first_ns = record->first_ns, .last_ns = record->last_ns,
                                       .attempts = (uint32_t)(record->datagrams[0] + record->datagrams[1]),
                                       .size_bytes = record->largest_bytes };
    const uint64_t *frames = incomplete ? record->incomplete_frames : record->frames;
    for (int i = 0; i < MODEL_FRAGMENT_FRAMES && frames[i]; i++)
        model_incident_show(&incident, incomplete ? MODEL_SHOWS_INCOMPLETE : MODEL_SHOWS_FRAGMENT, frames[i], 0);
    rule_draft_add(out, d, p, &incident);
}

static void check(const struct rule *self, const struct model *model, struct draft_list *out)
{
    for (const struct model_path *p = model_paths(model); p; p = p->next)
        if (p->fragments && p->role != ENDPOINT_HEALTH_CHECK)
            add(self, p, some_never_complete(model, p), out);
}

static void explain(const struct model *model, struct draft *d, struct arena *a)
{
    const struct model_fragments *record = d->worst_path->fragments;
    uint64_t datagrams = record->datagrams[0] + record->datagrams[1];
    uint64_t incomplete = record->incomplete[0] + record->incomplete[1];
    bool lost = d->key.cause == broken;
    d->what = lost ? "arrives in fragments, some of which never come" : "comes in fragments";
    d->summary = arena_format(a, "%s %s: %s on one path%s (%s).", rule_draft_subject(d, a), d->what,
                              rule_context_count(a, datagrams, "fragmented datagram", "fragmented datagrams"),
                              lost ? arena_format(a, ", %" PRIu64 " of which never completed", incomplete) : "",
                              rule_draft_frames(d, a));
    d->cause = lost ? "Datagrams larger than the path's MTU are split, and a firewall, NAT or load balancer on the way "
                      "drops the later fragments, which carry no ports. Each such datagram is lost as a whole: the "
                      "picture breaks up or freezes."
                    : "Datagrams larger than the path's MTU are split. All fragments arrived here, but each one more "
                      "that is lost takes a whole datagram with it, and many firewalls drop fragments.";
    d->remedy = "Raise the MTU on the way, or lower the streaming protocol's: PCoIP must not be fragmented (its "
                "default MTU is 1200 bytes; the PCoIP MTU setting of the WorkSpace lowers it), and QUIC forbids it. "
                "Let firewalls pass fragments meanwhile.";
    d->who = WSPSCOPE_WHO_LOCAL_NETWORK;
    d->disproved_by = lost ? "The missing fragments, captured nearer to their sender and nowhere after, would tell "
                             "where they are lost; here they never came."
                           : "Nothing would: the fragments are in the capture.";
    rule_draft_measure_integer(d, "fragmented_datagrams", (int64_t)datagrams);
    rule_draft_measure_integer(d, "incomplete_datagrams", (int64_t)incomplete);
    rule_draft_measure_integer(d, "to_the_client", (int64_t)record->datagrams[1]);
    rule_draft_measure_integer(d, "largest_fragment_bytes", record->largest_bytes);
    if (lost)
        rule_draft_limit(d, model, a, "fragment-wait-ms");
}

static const char *const thresholds[] = { "fragment-wait-ms", NULL };

const struct rule rule_udp_fragmented = {
    .about.kind = "udp-fragmented",
    .about.title = "Streaming datagrams are fragmented",
    .about.severity = "notice, or warning",
    .about.meaning = "PCoIP must not be fragmented, and QUIC forbids it: a fragment that is lost takes its datagram "
                     "with it, and many firewalls drop fragments. A warning when some datagrams never complete.",
    .about.signature = "Fragments of datagrams to or from a gateway's streaming port; never complete: not all bytes of "
                       "a datagram within 1 s, in a capture that lost nothing itself.",
    .about.thresholds = thresholds,
    .about.needs = "nothing beyond the packets",
    .about.judged = true,
    .rank = RULE_RANK_REST,
    .check = check,
    .explain = explain,
};
