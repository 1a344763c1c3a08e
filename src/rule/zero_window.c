/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/collect.h"
#include "rule/context.h"
#include "rule/rule.h"

static const char client_slow[] = "client", server_slow[] = "server";

static struct rule_case by_side(const struct model *model, const struct model_path *path,
                                const struct model_incident *incident, struct draft_list *out)
{
    (void)model;
    (void)path;
    (void)out;
    return (struct rule_case){ .cause = incident->of_client ? client_slow : server_slow,
                               .severity = WSPSCOPE_WARNING, .confidence = WSPSCOPE_HIGH };
}

static void check(const struct rule *self, const struct model *model, struct draft_list *out)
{
    rule_collect(self, model, MODEL_ZERO_WINDOW, by_side, out);
}

static void explain(const struct model *model, struct draft *d, struct arena *a)
{
    const struct model_incident *w = &d->worst;
    bool client = d->key.cause == client_slow;
    d->what = arena_format(a, "waits for the %s, which does not read what it is sent", client ? "client" : "gateway");
    d->summary = arena_format(a, "%s %s. Its receive window was shut %s, once for %s (%s).", rule_draft_subject(d, a),
                              d->what, rule_context_count(a, d->count, "time", "times"),
                              rule_context_duration(a, w->waited_ns), rule_draft_frames(d, a));
    if (client) {
        d->cause = "The client's machine or program cannot keep up: it is short of processor or memory, its graphics "
                   "are slow, or it was suspended for a moment. The network delivered all it was allowed to.";
        d->remedy = "Look at the client's machine at these times: processor, memory, graphics driver, security "
                    "software, and the version of the WorkSpaces client.";
        d->who = WSPSCOPE_WHO_CLIENT;
    } else {
        d->cause = "The gateway, or the WorkSpace behind it, does not read what the client sends: it is overloaded or "
                   "was stopped for a moment. The network delivered all it was allowed to.";
        d->remedy = "Look at the WorkSpace's processor and memory at these times; if they are fine, open a case with "
                    "AWS and give them.";
        d->who = WSPSCOPE_WHO_AWS;
    }
    d->disproved_by = "A segment of that side with a window above 0 in between would disprove this.";
    rule_draft_rule_out(d, "packets are lost on the way", "the receiver itself says that it takes no more");
    rule_draft_measure_text(d, "slow_side", d->key.cause);
    rule_draft_measure_integer(d, "times", (int64_t)d->count);
    rule_draft_measure_ms(d, "longest_ms", w->waited_ns);
    rule_draft_limit(d, model, a, "zero-window-ms");
}

static const char *const thresholds[] = { "zero-window-ms", NULL };

const struct rule rule_zero_window = {
    .about.kind = "zero-window",
    .about.title = "A receiver is too slow",
    .about.severity = "warning",
    .about.meaning = "One side keeps its receive window closed: that machine cannot keep up, whatever the network "
                     "does.",
    .about.signature = "The window of one side is 0 for at least 500 ms on a connection whose handshake is in the "
                       "capture. Windows in SYN and RST, and those of a side that closes, are ignored.",
    .about.thresholds = thresholds,
    .about.needs = "both directions, and the start of the flow",
    .about.judged = true,
    .rank = RULE_RANK_QUALITY,
    .needs = RULE_NEEDS_BOTH | RULE_NEEDS_START,
    .check = check,
    .explain = explain,
};
