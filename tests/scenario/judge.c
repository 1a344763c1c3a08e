/* SPDX-License-Identifier: Apache-2.0 */
#include "judge.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { FINDINGS_MAX = 1000, DETAIL_BYTES_MAX = 64 * 1024 };

struct judgement {
    const struct scenario *scenario;
    const struct frames *frames;
    const struct wspscope_report *report;
    bool finding_taken[FINDINGS_MAX], limit_taken[FINDINGS_MAX];
    struct text *out;
};

static void complain(struct judgement *j, const struct place *place, const char *format, ...) PRINTF_LIKE(3, 4);

static void complain(struct judgement *j, const struct place *place, const char *format, ...)
{
    char what[4096];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    text_addf(j->out, "  %s:%u: %s\n", place->file, place->line, what);
}

/* Whether the finding is a consequence of one of that kind; "nothing": it stands for itself. */
static void judge_consequence(struct judgement *j, const struct wanted *wanted, const struct wspscope_finding *finding)
{
    const struct wspscope_report *r = j->report;
    const char *found = "nothing";
    for (size_t i = 0; wanted->consequence_of && finding->consequence_of && i < r->finding_count; i++)
        if (strcmp(r->findings[i].id, finding->consequence_of) == 0)
            found = r->findings[i].kind;
    if (wanted->consequence_of && strcmp(found, wanted->consequence_of) != 0)
        complain(j, &wanted->place, "%s is a consequence of %s, not of %s", wanted->kind, found,
                 wanted->consequence_of);
}

/* The first finding of the kind that fits; without one, what is wrong with the first that was not yet taken. */
static void judge_wanted_finding(struct judgement *j, const struct wanted *wanted)
{
    const struct wspscope_report *r = j->report;
    struct text nearest;
    text_init(&nearest, DETAIL_BYTES_MAX);
    size_t candidate = FINDINGS_MAX;
    for (size_t i = 0; i < r->finding_count && i < FINDINGS_MAX; i++) {
        struct text detail;
        if (j->finding_taken[i] || strcmp(r->findings[i].kind, wanted->kind) != 0)
            continue;
        text_init(&detail, DETAIL_BYTES_MAX);
        bool same = judge_finding(wanted, j->frames, &r->findings[i], &detail);
        if (candidate == FINDINGS_MAX && !same) {
            candidate = i;
            text_add(&nearest, detail.bytes);
        }
        text_free(&detail);
        if (!same)
            continue;
        j->finding_taken[i] = true;
        judge_consequence(j, wanted, &r->findings[i]);
        text_free(&nearest);
        return;
    }
    if (candidate == FINDINGS_MAX) {
        complain(j, &wanted->place, "%s was not found", wanted->kind);
    } else {
        j->finding_taken[candidate] = true;
        complain(j, &wanted->place, "%s: %s", wanted->kind, nearest.bytes + 2);
    }
    text_free(&nearest);
}

static void judge_wanted_limit(struct judgement *j, const struct wanted *wanted)
{
    const struct wspscope_ledger *ledger = &j->report->ledger;
    for (size_t i = 0; i < ledger->limit_count && i < FINDINGS_MAX; i++) {
        struct text detail;
        if (j->limit_taken[i] || strcmp(ledger->limits[i].kind, wanted->kind) != 0)
            continue;
        j->limit_taken[i] = true;
        text_init(&detail, DETAIL_BYTES_MAX);
        if (!judge_limit(wanted, &ledger->limits[i], &detail))
            complain(j, &wanted->place, "%s: %s", wanted->kind, detail.bytes + 2);
        text_free(&detail);
        return;
    }
    complain(j, &wanted->place, "the limit %s was not reported", wanted->kind);
}

static void judge_unanswered(struct judgement *j, const struct wanted *wanted)
{
    const struct wspscope_ledger *ledger = &j->report->ledger;
    for (size_t i = 0; i < ledger->unanswered_count; i++) {
        const struct wspscope_unanswered *row = &ledger->unanswered[i];
        if (strcmp(row->kind, wanted->kind) == 0 && (!wanted->because || strcmp(row->because, wanted->because) == 0))
            return;
    }
    complain(j, &wanted->place, "%s is not among the unanswered%s%s", wanted->kind,
             wanted->because ? " because of " : "", wanted->because ? wanted->because : "");
}

static void judge_verdict(struct judgement *j, const struct wanted *wanted)
{
    const char *found = wspscope_verdict_name(j->report->verdict.status);
    if (strcmp(found, wanted->kind) != 0)
        complain(j, &wanted->place, "the verdict is %s, not %s", found, wanted->kind);
}

static void judge_primary(struct judgement *j, const struct wanted *wanted)
{
    const struct wspscope_report *r = j->report;
    const char *found = "null";
    for (size_t i = 0; i < r->finding_count; i++)
        if (r->verdict.primary && strcmp(r->findings[i].id, r->verdict.primary) == 0)
            found = r->findings[i].kind;
    if (strcmp(found, wanted->kind) != 0)
        complain(j, &wanted->place, "the primary finding is %s, not %s", found, wanted->kind);
}

static void judge_verdict_text(struct judgement *j, const struct wanted *wanted)
{
    if (!strstr(j->report->verdict.summary, wanted->kind))
        complain(j, &wanted->place, "the verdict does not say \"%s\": %s", wanted->kind, j->report->verdict.summary);
}

static bool is_of_client(const struct wanted *wanted, const struct wspscope_session *session)
{
    for (unsigned i = 0; i < wanted->clients_listed; i++)
        if (strcmp(wanted->clients[i], session->client) == 0)
            return true;
    return wanted->clients_listed == 0;
}

static bool is_step(const struct wanted *wanted, const struct wspscope_step *step)
{
    for (unsigned i = 0; i < wanted->says_count; i++)
        if (!strstr(step->text, wanted->says[i]))
            return false;
    return strcmp(wanted->kind, step->step) == 0 && strcmp(wanted->outcome, step->outcome) == 0;
}

static void judge_step(struct judgement *j, const struct wanted *wanted)
{
    const struct wspscope_report *r = j->report;
    for (size_t i = 0; i < r->session_count; i++)
        for (size_t n = 0; is_of_client(wanted, &r->sessions[i]) && n < r->sessions[i].step_count; n++)
            if (is_step(wanted, &r->sessions[i].steps[n]))
                return;
    complain(j, &wanted->place, "no session has this step; the steps of that name are:");
    for (size_t i = 0; i < r->session_count; i++)
        for (size_t n = 0; is_of_client(wanted, &r->sessions[i]) && n < r->sessions[i].step_count; n++)
            if (strcmp(wanted->kind, r->sessions[i].steps[n].step) == 0)
                complain(j, &wanted->place, "    %s %s: %s", r->sessions[i].client, r->sessions[i].steps[n].outcome,
                         r->sessions[i].steps[n].text);
}

static void judge_sessions(struct judgement *j, const struct wanted *wanted)
{
    int64_t count = 0;
    for (size_t i = 0; i < j->report->session_count; i++)
        count += is_of_client(wanted, &j->report->sessions[i]);
    if (count != wanted->count)
        complain(j, &wanted->place, "there are %lld sessions, not %lld", (long long)count, (long long)wanted->count);
}

static void judge_absent(struct judgement *j, const struct wanted *wanted)
{
    for (size_t i = 0; i < j->report->finding_count; i++)
        if (strcmp(j->report->findings[i].kind, wanted->kind) == 0)
            complain(j, &wanted->place, "%s must not be found: %s", wanted->kind, j->report->findings[i].summary);
}

static void judge_packets(struct judgement *j, const struct wanted *wanted)
{
    const struct wspscope_packet_counts *p = &j->report->ledger.packets;
    const struct {
        const char *name;
        uint64_t count;
    } counters[] = {
        { "read", p->read },           { "decoded", p->decoded },         { "truncated", p->truncated },
        { "malformed", p->malformed }, { "unsupported", p->unsupported }, { "duplicate", p->duplicate },
        { "followed", p->followed },   { "background", p->background },   { "filtered", p->filtered },
    };
    for (size_t i = 0; i < sizeof counters / sizeof *counters; i++) {
        if (strcmp(counters[i].name, wanted->kind) != 0)
            continue;
        if (counters[i].count != (uint64_t)wanted->count)
            complain(j, &wanted->place, "%llu packets are %s, not %lld", (unsigned long long)counters[i].count,
                     wanted->kind, (long long)wanted->count);
        return;
    }
    complain(j, &wanted->place, "the ledger has no counter \"%s\"", wanted->kind);
}

static void judge_one(struct judgement *j, const struct wanted *wanted)
{
    switch (wanted->thing) {
    case WANT_FINDING:
        judge_wanted_finding(j, wanted);
        break;
    case WANT_LIMIT:
        judge_wanted_limit(j, wanted);
        break;
    case WANT_UNANSWERED:
        judge_unanswered(j, wanted);
        break;
    case WANT_VERDICT:
        judge_verdict(j, wanted);
        break;
    case WANT_PRIMARY:
        judge_primary(j, wanted);
        break;
    case WANT_ABSENT:
        judge_absent(j, wanted);
        break;
    case WANT_PACKETS:
        judge_packets(j, wanted);
        break;
    case WANT_STEP:
        judge_step(j, wanted);
        break;
    case WANT_SESSIONS:
        judge_sessions(j, wanted);
        break;
    case WANT_VERDICT_TEXT:
        judge_verdict_text(j, wanted);
        break;
    case WANT_ALLOWED:
    case WANT_ALLOWED_LIMIT:
        break;
    }
}

static bool is_allowed(const struct scenario *scenario, enum wanted_thing thing, const char *kind)
{
    for (unsigned i = 0; i < scenario->wanted_count; i++)
        if (scenario->wanted[i].thing == thing && strcmp(scenario->wanted[i].kind, kind) == 0)
            return true;
    return false;
}

/* Nothing else: neither findings nor limits. */
static void judge_rest(struct judgement *j)
{
    const struct wspscope_report *r = j->report;
    const struct place *place = &j->scenario->place;
    for (size_t i = 0; i < r->finding_count && i < FINDINGS_MAX; i++)
        if (!j->finding_taken[i] && !is_allowed(j->scenario, WANT_ALLOWED, r->findings[i].kind))
            complain(j, place, "%s was not expected: %s", r->findings[i].kind, r->findings[i].summary);
    for (size_t i = 0; i < r->ledger.limit_count && i < FINDINGS_MAX; i++)
        if (!j->limit_taken[i] && !is_allowed(j->scenario, WANT_ALLOWED_LIMIT, r->ledger.limits[i].kind))
            complain(j, place, "the limit %s was not expected: %s", r->ledger.limits[i].kind,
                     r->ledger.limits[i].summary);
}

/* What holds for every report: each packet is in exactly one of the five, and decoded ones in one of three. */
static void judge_ledger(struct judgement *j)
{
    const struct wspscope_packet_counts *p = &j->report->ledger.packets;
    if (p->read != p->decoded + p->truncated + p->malformed + p->unsupported + p->duplicate ||
        p->decoded != p->followed + p->background + p->filtered)
        complain(j, &j->scenario->place, "the packets of the ledger do not add up");
    if (p->read != j->frames->count && !j->scenario->capture.cut_bytes)
        complain(j, &j->scenario->place, "%llu packets were read of %zu", (unsigned long long)p->read,
                 j->frames->count);
}

void judge_report(const struct scenario *scenario, const struct frames *frames, const struct wspscope_report *report,
                  struct text *out)
{
    struct judgement j = { .scenario = scenario, .frames = frames, .report = report, .out = out };
    for (unsigned i = 0; i < scenario->wanted_count; i++)
        judge_one(&j, &scenario->wanted[i]);
    judge_rest(&j);
    judge_ledger(&j);
}
