/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/nsec.h"
#include "rule/context.h"
#include "rule/rule.h"

/* Connections and datagram flows of one set-up end together; what goes on for longer than this after a failure was not
 * brought down by it. */
static const int64_t together_ns = 5 * NSEC_PER_SEC;

/* One set-up of the session: the flows whose lives overlap. */
struct setup {
    int64_t begin_ns, end_ns;
    uint64_t begin_frame;
    const struct model_ending *failure; /* the first one; NULL: none, or the session outlived it */
};

struct setup_list {
    struct setup *items;
    size_t count;
};

static int by_begin(const void *left, const void *right)
{
    const struct model_ending *a = *(const struct model_ending *const *)left;
    const struct model_ending *b = *(const struct model_ending *const *)right;
    if (a->begin_ns != b->begin_ns)
        return a->begin_ns < b->begin_ns ? -1 : 1;
    return (a->begin_frame > b->begin_frame) - (a->begin_frame < b->begin_frame);
}

static void join(struct setup *setup, const struct model_ending *e)
{
    bool broke_off = e->how == MODEL_END_FAILED && !e->client_gone;
    if (e->end_ns > setup->end_ns)
        setup->end_ns = e->end_ns;
    if (broke_off && !setup->failure)
        setup->failure = e;
}

static struct setup_list setups_of(const struct model_session *s, struct arena *arena)
{
    struct setup_list list = { 0 };
    size_t count = 0, n = 0;
    for (const struct model_ending *e = s->endings; e; e = e->next)
        count++;
    const struct model_ending **order = arena_alloc(arena, count + 1, sizeof *order);
    list.items = arena_alloc(arena, count + 1, sizeof *list.items);
    if (!order || !list.items)
        return list;
    for (const struct model_ending *e = s->endings; e; e = e->next)
        order[n++] = e;
    qsort(order, n, sizeof *order, by_begin);
    for (size_t i = 0; i < n; i++) {
        if (!list.count || order[i]->begin_ns > list.items[list.count - 1].end_ns)
            list.items[list.count++] = (struct setup){ .begin_ns = order[i]->begin_ns, .end_ns = order[i]->begin_ns,
                                                       .begin_frame = order[i]->begin_frame };
        join(&list.items[list.count - 1], order[i]);
    }
    return list;
}

static bool broke_off(const struct setup *setup, int64_t longest_ns)
{
    return setup->failure && nsec_sub(setup->end_ns, setup->failure->end_ns) <= together_ns &&
           nsec_sub(setup->failure->end_ns, setup->begin_ns) <= longest_ns;
}

/* The longest run of set-ups that broke off, each soon after the one before. */
static struct setup_list longest_run(const struct model *model, const struct setup_list *all)
{
    int64_t life_ns = endpoint_threshold_ns(model_catalogue(model), "reconnect-life-ms");
    int64_t gap_ns = endpoint_threshold_ns(model_catalogue(model), "reconnect-gap-ms");
    struct setup_list longest = { 0 }, run = { 0 };
    for (size_t i = 0; i < all->count; i++) {
        struct setup *setup = &all->items[i];
        if (!broke_off(setup, life_ns)) {
            run.count = 0;
            continue;
        }
        bool goes_on = run.count && nsec_sub(setup->begin_ns, setup[-1].end_ns) <= gap_ns;
        if (!goes_on)
            run = (struct setup_list){ .items = setup };
        run.count++;
        if (run.count > longest.count)
            longest = run;
    }
    return longest;
}

static int by_value(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return (a > b) - (a < b);
}

/* The median time from one set-up to the next. */
static int64_t period_ns(const struct setup_list *run, struct arena *arena)
{
    size_t n = run->count - 1;
    int64_t *gaps = arena_alloc(arena, n, sizeof *gaps);
    for (size_t i = 0; gaps && i < n; i++)
        gaps[i] = nsec_sub(run->items[i + 1].begin_ns, run->items[i].begin_ns);
    if (!gaps)
        return 0;
    qsort(gaps, n, sizeof *gaps, by_value);
    return gaps[(n - 1) / 2];
}

/* The cause, as the summary says it. */
static const char *cause_of(enum model_fact fact)
{
    switch (fact) {
    case MODEL_TCP_RESET:
        return "by a TCP reset";
    case MODEL_UDP_ICMP:
        return "because a router rejects its datagrams";
    default:
        return "because one side is not heard any more";
    }
}

static void add_run(const struct rule *self, const struct setup_list *run, struct draft_list *out)
{
    const struct model_ending *first = run->items[0].failure;
    const struct model_path *p = first->path;
    struct draft_key key = { .rule = self, .role = p->role, .protocol = p->protocol, .port = p->port,
                             .region = p->region, .cause = cause_of((enum model_fact)first->fact) };
    struct draft *d = rule_draft_of(out, &key, WSPSCOPE_PROBLEM, WSPSCOPE_HIGH);
    int64_t period = period_ns(run, out->arena);
    for (size_t i = 0; d && i < run->count; i++) {
        const struct setup *setup = &run->items[i];
        struct model_incident incident = { .first_ns = setup->begin_ns, .last_ns = setup->failure->end_ns,
                                           .life_ns = nsec_sub(setup->failure->end_ns, setup->begin_ns),
                                           .delay_ns = period, .attempts = (uint32_t)run->count };
        model_incident_show(&incident, MODEL_SHOWS_SETUP, setup->begin_frame, (uint32_t)i + 1);
        if (setup->failure->end_frame)
            model_incident_show(&incident, MODEL_SHOWS_BREAK, setup->failure->end_frame, 0);
        rule_draft_add(out, d, setup->failure->path, &incident);
    }
}

/* Behind a shared address the sessions of several users cannot be told from one user's that begins again. */
static void check(const struct rule *self, const struct model *model, struct draft_list *out)
{
    double enough = endpoint_threshold_value(model_catalogue(model), "reconnect-sessions");
    for (const struct model_session *s = model_sessions(model); s; s = s->next) {
        if (s->client->shared || (double)s->ending_count < enough)
            continue;
        struct setup_list all = setups_of(s, out->arena), run = longest_run(model, &all);
        if (run.count > 1 && (double)run.count >= enough)
            add_run(self, &run, out);
    }
}

static void explain(const struct model *model, struct draft *d, struct arena *a)
{
    const struct model_incident *w = &d->worst;
    d->what = "breaks off again and again";
    d->summary = arena_format(a, "The session of %s with %s breaks off again and again, %s: it was set up %" PRIu32
                                 " times, about every %s, and lasted %s at most (%s).",
                              rule_draft_clients(d, a), rule_draft_servers(d, a), d->key.cause, w->attempts,
                              rule_context_duration(a, w->delay_ns), rule_context_duration(a, w->life_ns),
                              rule_draft_frames(d, a));
    d->cause = "What ends each of them is the finding that names it; the user sees the desktop freeze and come back.";
    d->remedy = "Mend what ends the sessions. A period that is always the same points at a timer or a limit of a "
                "device on the way; one that changes, at load or at the line itself.";
    d->who = WSPSCOPE_WHO_UNKNOWN;
    d->disproved_by = "A FIN, a TLS close_notify or the client's own reset before each of these ends would disprove "
                      "this.";
    rule_draft_rule_out(d, "the user ends and begins sessions",
                        "none of them was closed in order or by the client before it broke off");
    rule_draft_measure_integer(d, "sessions", w->attempts);
    rule_draft_measure_ms(d, "period_ms", w->delay_ns);
    rule_draft_measure_ms(d, "longest_life_ms", w->life_ns);
    rule_draft_limit(d, model, a, "reconnect-sessions");
    rule_draft_limit(d, model, a, "reconnect-life-ms");
    rule_draft_limit(d, model, a, "reconnect-gap-ms");
}

static const char *const causes[] = { "pmtu-blackhole", "tcp-reset-injected", "tcp-reset-midstream",
                                      "tcp-connection-blackholed", "udp-icmp-rejected", "udp-return-lost",
                                      "zero-window", "stream-stall", NULL };

static const char *const thresholds[] = { "reconnect-sessions", "reconnect-life-ms", "reconnect-gap-ms",
                                          "stream-bytes-per-second", "stream-window-ms", NULL };

const struct rule rule_session_reconnects = {
    .about.kind = "session-reconnects",
    .about.title = "The session is set up again and again",
    .about.severity = "problem",
    .about.meaning = "The same client sets up its streaming session several times within minutes, and each breaks off: "
                     "reset by the gateway's side, rejected, or silent. Sessions that end in order, by the client's "
                     "own reset, or with the capture are not counted.",
    .about.signature = "At least 3 set-ups of one client in a row that carried the stream for at least 2 s or 10 kB, "
                       "ended abnormally within 10 minutes, and were followed by the next within 5 minutes.",
    .about.thresholds = thresholds,
    .about.needs = "both directions",
    .about.judged = true,
    .rank = RULE_RANK_CONSEQUENCE,
    .needs = RULE_NEEDS_BOTH,
    .causes = causes,
    .check = check,
    .explain = explain,
};
