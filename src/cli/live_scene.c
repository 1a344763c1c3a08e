/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/live_scene.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { TEXT_BYTES_MAX = 64 * 1024 };

#define SCENE_BYTES_MAX ((size_t)64 << 20)

static const char *harmless(struct arena *a, const char *string)
{
    struct text t;
    text_init(&t, TEXT_BYTES_MAX);
    text_add_escaped(&t, string);
    const char *copy = arena_copy(a, t.bytes);
    text_free(&t);
    return copy;
}

/* The last step that is not ok says what became of the session. */
static const char *state_of(const struct wspscope_session *s)
{
    const char *state = "unknown";
    for (size_t i = 0; i < s->step_count; i++) {
        if (strcmp(s->steps[i].step, "stream") == 0)
            state = strcmp(s->steps[i].outcome, "ok") == 0 ? "streaming" : s->steps[i].outcome;
        if (strcmp(s->steps[i].step, "end") == 0 && strcmp(s->steps[i].outcome, "failed") == 0)
            state = "failed";
    }
    for (size_t i = 0; i < s->step_count; i++)
        if (strcmp(state, "streaming") == 0 && strcmp(s->steps[i].step, "fallback") == 0 &&
            strcmp(s->steps[i].outcome, "ok") == 0)
            state = "fell back";
    return state;
}

/* One value for each tick that brought new samples. */
static void trace(struct cli_live_scene_trace *t, const struct wspscope_session *s, struct cli_live_scene_session *out)
{
    char key[sizeof t->rows->key];
    snprintf(key, sizeof key, "%s %s %s", s->client, s->region ? s->region : "", s->protocol);
    size_t i = 0;
    while (i < t->count && strcmp(t->rows[i].key, key) != 0)
        i++;
    if (i == CLI_LIVE_SCENE_TRACED)
        return;
    if (i == t->count)
        memcpy(t->rows[t->count++].key, key, sizeof key);
    if (s->round_trip.samples != t->rows[i].samples && s->round_trip.p50_ms >= 0) {
        if (t->rows[i].count == CLI_LIVE_SCENE_HISTORY)
            memmove(t->rows[i].ms, t->rows[i].ms + 1, --t->rows[i].count * sizeof *t->rows[i].ms);
        t->rows[i].ms[t->rows[i].count++] = (float)s->round_trip.p50_ms;
        t->rows[i].samples = s->round_trip.samples;
    }
    memcpy(out->history_ms, t->rows[i].ms, sizeof out->history_ms);
    out->history_count = t->rows[i].count;
}

static void take_sessions(struct cli_live_scene *scene, struct cli_live_scene_trace *t,
                          const struct wspscope_report *report)
{
    size_t count = report->session_count < CLI_LIVE_SCENE_ROWS ? report->session_count : CLI_LIVE_SCENE_ROWS;
    size_t first = report->session_count - count; /* the newest */
    scene->sessions = arena_alloc(scene->arena, count + 1, sizeof *scene->sessions);
    scene->sessions_hidden = first;
    for (size_t i = 0; scene->sessions && i < count; i++) {
        const struct wspscope_session *s = &report->sessions[first + i];
        struct cli_live_scene_session *out = &scene->sessions[scene->session_count++];
        *out = (struct cli_live_scene_session){ .client = harmless(scene->arena, s->client),
                                                .region = harmless(scene->arena, s->region ? s->region : "-"),
                                                .protocol = harmless(scene->arena, s->protocol),
                                                .transport = harmless(scene->arena, s->transport),
                                                .state = harmless(scene->arena, state_of(s)),
                                                .rtt_ms = s->round_trip.p50_ms, .loss_ratio = s->loss_ratio,
                                                .last_ns = s->last_ns };
        trace(t, s, out);
    }
}

static const char *page_of(const struct wspscope_finding *f, struct arena *a)
{
    struct text t;
    text_init(&t, TEXT_BYTES_MAX);
    text_addf(&t, "%s: %s, %s confidence\n\n%s\n\nCause: %s\n\nWhat to do: %s\n\nWho acts: %s\n\nProof:\n", f->kind,
              wspscope_severity_name(f->severity), wspscope_confidence_name(f->confidence), f->summary, f->cause,
              f->remedy, wspscope_who_name(f->who));
    for (size_t i = 0; i < f->evidence_count; i++)
        text_addf(&t, "  frame %" PRIu64 ": %s\n", f->evidence[i].frame, f->evidence[i].text);
    for (size_t i = 0; i < f->ruled_out_count; i++)
        text_addf(&t, "\nRuled out: %s: %s\n", f->ruled_out[i].alternative, f->ruled_out[i].by);
    text_addf(&t, "\nDisproved by: %s\n\nClients:", f->disproved_by);
    for (size_t i = 0; i < f->client_listed; i++)
        text_addf(&t, " %s", f->clients[i]);
    text_add(&t, "\nServers:");
    for (size_t i = 0; i < f->server_listed; i++)
        text_addf(&t, " %s", f->servers[i]);
    /* Line by line, for an escaped line break would be none. */
    struct text safe;
    text_init(&safe, TEXT_BYTES_MAX);
    for (char *line = t.bytes, *end; *line; line = end) {
        end = line + strcspn(line, "\n");
        bool more = *end == '\n';
        *end = '\0';
        text_add_escaped(&safe, line);
        text_add(&safe, "\n");
        end += more;
    }
    const char *page = arena_copy(a, safe.bytes);
    text_free(&safe);
    text_free(&t);
    return page;
}

static void take_findings(struct cli_live_scene *scene, const struct wspscope_tick *tick)
{
    const struct wspscope_report *report = tick->report;
    size_t count = tick->numbered < CLI_LIVE_SCENE_ROWS ? tick->numbered : CLI_LIVE_SCENE_ROWS;
    struct arena *a = scene->arena;
    scene->findings = arena_alloc(a, count + 1, sizeof *scene->findings);
    for (size_t i = 0; scene->findings && i < count; i++) {
        const struct wspscope_finding *f = &report->findings[i];
        const char *who = f->client_count == 1 && f->client_listed == 1
                              ? harmless(a, f->clients[0])
                              : arena_format(a, "%zu clients", f->client_count);
        const char *port = f->port ? arena_format(a, "%s %u", f->proto ? f->proto : "port", f->port)
                                   : f->proto ? arena_copy(a, f->proto) : "";
        scene->findings[scene->finding_count++] = (struct cli_live_scene_finding){
            .line = arena_format(a, "%-24s %-8s %-14s %s", f->kind, port, f->region ? f->region : "-", who),
            .page = page_of(f, a), .severity = f->severity, .number = tick->numbers[i], .open = tick->open[i] };
        scene->open_count += tick->open[i];
    }
}

bool cli_live_scene_take(struct cli_live_scene *scene, struct cli_live_scene_trace *t, const struct wspscope_tick *tick)
{
    const struct wspscope_report *report = tick->report;
    struct cli_live_scene new = { .arena = arena_new(SCENE_BYTES_MAX), .now_ns = tick->now_ns,
                                  .status = report->verdict.status, .packets = report->ledger.packets.read,
                                  .followed = report->ledger.packets.followed,
                                  .drops = tick->kernel_drops + tick->interface_drops };
    if (!new.arena)
        return false;
    new.summary = harmless(new.arena, report->verdict.summary);
    take_sessions(&new, t, report);
    take_findings(&new, tick);
    if (arena_failed(new.arena)) {
        arena_free(new.arena);
        return false;
    }
    cli_live_scene_free(scene);
    *scene = new;
    return true;
}

void cli_live_scene_free(struct cli_live_scene *scene)
{
    arena_free(scene->arena);
    *scene = (struct cli_live_scene){ .arena = NULL };
}
