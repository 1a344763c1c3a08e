/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "rule/collect.h"
#include "rule/context.h"
#include "rule/rule.h"

static bool explains(const struct draft *d)
{
    static const char *const kinds[] = { "zero-window", "packet-loss", "udp-return-lost", "tcp-connection-blackholed",
                                         "pmtu-blackhole", "tcp-reset-injected", "tcp-reset-midstream" };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(d->key.rule->about.kind, kinds[i]) == 0)
            return true;
    return false;
}

static bool is_about(const struct draft *d, const struct ipaddr *client)
{
    for (size_t i = 0; i < d->clients.count; i++)
        if (ipaddr_equal(&d->clients.items[i], client))
            return true;
    return false;
}

/* A finding of another kind about the same client at that time tells the gap. */
static bool is_told(const struct draft_list *out, const struct model_path *path, const struct model_incident *stall)
{
    for (const struct draft *d = out->first; d; d = d->next)
        if (d->last_ns >= stall->first_ns && d->first_ns <= stall->last_ns && d->key.protocol == path->protocol &&
            explains(d) && is_about(d, &path->client->address))
            return true;
    return false;
}

static const char *const causes[MODEL_STALLS] = {
    [MODEL_STALL_RECEIVER] = "receiver", [MODEL_STALL_TIMEOUT] = "retransmission",
    [MODEL_STALL_IDLE] = "idle", [MODEL_STALL_DEAD] = "dead",
};

static struct rule_case by_cause(const struct model *model, const struct model_path *path,
                                 const struct model_incident *incident, struct draft_list *out)
{
    double problem_ms = endpoint_threshold_value(model_catalogue(model), "stall-problem-ms");
    bool idle = incident->stall == MODEL_STALL_IDLE;
    enum wspscope_severity severity = (double)incident->waited_ns / 1e6 >= problem_ms ? WSPSCOPE_PROBLEM
                                                                                      : WSPSCOPE_WARNING;
    return (struct rule_case){ .none = is_told(out, path, incident), .cause = causes[incident->stall],
                               .severity = idle ? WSPSCOPE_NOTICE : severity,
                               .confidence = idle                                    ? WSPSCOPE_LOW
                                             : incident->stall == MODEL_STALL_DEAD ? WSPSCOPE_MEDIUM
                                                                                     : WSPSCOPE_HIGH };
}

static void check(const struct rule *self, const struct model *model, struct draft_list *out)
{
    rule_collect(self, model, MODEL_STREAM_STALL, by_cause, out);
}

static void explain_idle(struct draft *d)
{
    d->what = "rests in mid-stream";
    d->cause = "Nothing was outstanding, and the client was answered meanwhile or had nothing to ask: the host paused, "
               "or the user rested. The two look alike in a capture.";
    d->remedy = "Nothing, unless users complain of a frozen picture at these times: then look at the WorkSpace's "
                "processor and disk.";
    d->who = WSPSCOPE_WHO_UNKNOWN;
    d->disproved_by = "Data of either side that was sent in the pause and not answered would disprove this.";
    rule_draft_rule_out(d, "the path was broken", "nothing was sent in vain meanwhile");
}

static void explain_repeats(struct draft *d, struct arena *a)
{
    const struct model_incident *w = &d->worst;
    d->what = "stands still while data is sent again and again";
    d->cause = arena_format(a, "The path lost everything for a while: the %s sent its data again %u times, with "
                               "growing pauses, until it got through. A link that fails over, Wi-Fi that roams, or a "
                               "short overload does that.",
                            w->of_client ? "client" : "gateway", w->attempts);
    d->remedy = "Look at the links between the client and the internet at these times: Wi-Fi roaming, a failing line, "
                "a router or VPN that changes over.";
    d->who = WSPSCOPE_WHO_LOCAL_NETWORK;
    d->disproved_by = "An answer to the repeated data within the pause would disprove this.";
    rule_draft_rule_out(d, "the host paused or the user rested", "data was waiting to get through");
}

static void explain_dead(struct draft *d)
{
    d->what = "stands still, and nothing at all arrives for the client";
    d->cause = "The path or the client's machine was dead for a while: on none of its connections to the gateways did "
               "anything arrive. Which of the two, one capture point cannot tell.";
    d->remedy = "Look at the client's machine (sleep, docking, Wi-Fi) and its access line at these times; with several "
                "clients at once it is the line.";
    d->who = WSPSCOPE_WHO_LOCAL_NETWORK;
    d->disproved_by = "A packet from a gateway to this client within the pause would disprove this.";
    rule_draft_rule_out(d, "the host paused", "other connections fell silent with it");
}

static void explain_receiver(struct draft *d)
{
    d->what = "waits for the client, which does not read";
    d->cause = "The client's receive window was shut in the pause: its machine or program could not keep up.";
    d->remedy = "Look at the client's machine at these times: processor, memory, graphics driver.";
    d->who = WSPSCOPE_WHO_CLIENT;
    d->disproved_by = "A segment of the client with an open window within the pause would disprove this.";
    rule_draft_rule_out(d, "packets are lost on the way", "the receiver itself says that it takes no more");
}

static void explain(const struct model *model, struct draft *d, struct arena *a)
{
    const struct model_incident *w = &d->worst;
    if (d->key.cause == causes[MODEL_STALL_IDLE])
        explain_idle(d);
    else if (d->key.cause == causes[MODEL_STALL_TIMEOUT])
        explain_repeats(d, a);
    else if (d->key.cause == causes[MODEL_STALL_DEAD])
        explain_dead(d);
    else
        explain_receiver(d);
    d->summary = arena_format(a, "%s %s: %s, the longest %s, without new bytes from the gateway; then the stream went "
                                 "on (%s).",
                              rule_draft_subject(d, a), d->what, rule_context_count(a, d->count, "pause", "pauses"),
                              rule_context_duration(a, w->waited_ns), rule_draft_frames(d, a));
    rule_draft_measure_text(d, "stall_cause", d->key.cause);
    rule_draft_measure_integer(d, "stalls", (int64_t)d->count);
    rule_draft_measure_ms(d, "longest_ms", w->waited_ns);
    rule_draft_measure_integer(d, "retransmissions", w->attempts);
    rule_draft_limit(d, model, a, "stall-ms");
    rule_draft_limit(d, model, a, "stall-problem-ms");
    rule_draft_limit(d, model, a, "stream-bytes-per-second");
}

static const char *const thresholds[] = { "stall-ms", "stall-problem-ms", "stall-keepalive-bytes",
                                          "stream-bytes-per-second", "stream-window-ms", NULL };

const struct rule rule_stream_stall = {
    .about.kind = "stream-stall",
    .about.title = "The stream pauses",
    .about.severity = "by cause",
    .about.meaning = "The stream stands still for 3 s or more and goes on. Told apart: the client does not read, data "
                     "is sent again and again, nothing arrives at all (a problem from 10 s, else a warning), or host "
                     "and user simply rest (a notice).",
    .about.signature = "At least 3 s without new bytes of the server on a flow that carries at least 5 kB/s from it in "
                       "the 2 s before and after. A gap that begins or ends with exchanges of up to 100 bytes each way "
                       "is an idle session. Not raised where another finding explains the gap.",
    .about.thresholds = thresholds,
    .about.needs = "both directions",
    .about.judged = true,
    .rank = RULE_RANK_QUALITY,
    .needs = RULE_NEEDS_BOTH,
    .check = check,
    .explain = explain,
};
