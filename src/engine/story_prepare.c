/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>

#include "base/nsec.h"
#include "engine/story.h"
#include "rule/context.h"
#include "rule/health.h"
#include "rule/lookup.h"

static bool is_in(const struct engine_story *s, int64_t time_ns)
{
    return time_ns >= s->from_ns && time_ns < s->to_ns;
}

static bool is_of_region(const struct engine_story *s, const struct endpoint_region *region)
{
    return !region || !s->region || region == s->region;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* A step of which nothing is in the capture. */
static struct wspscope_step not_seen(const char *step, const char *text)
{
    return (struct wspscope_step){ .step = step, .outcome = "skipped", .at_ns = WSPSCOPE_UNKNOWN_TIME, .text = text };
}

struct names_told {
    uint64_t resolved, asked; /* names that got an address; and those that got neither that nor an error */
    int64_t first_ns, slowest_ns;
    const struct model_lookup *failed;
    const struct model_lookup_run *run;
};

static void look_at_lookup(const struct engine_story *s, const struct model_lookup *l, struct names_told *told)
{
    const struct model_lookup_run *run = rule_lookup_failed_run(s->model, l);
    bool resolved = false;
    if (run && is_in(s, run->incident.first_ns) && !told->failed) {
        told->failed = l;
        told->run = run;
        told->first_ns = earlier(told->first_ns, run->incident.first_ns);
    }
    for (uint8_t i = 0; i < l->resolution_count; i++) {
        const struct model_resolution *r = &l->resolutions[i];
        bool timed = r->asked_ns != INT64_MIN;
        if (!is_in(s, r->told_ns))
            continue;
        resolved = true;
        told->first_ns = earlier(told->first_ns, timed ? r->asked_ns : r->told_ns);
        if (timed && nsec_sub(r->told_ns, r->asked_ns) > told->slowest_ns)
            told->slowest_ns = nsec_sub(r->told_ns, r->asked_ns);
    }
    told->resolved += resolved;
    if (!run && !resolved && l->asked_ns != INT64_MIN && is_in(s, l->asked_ns)) {
        told->asked++;
        told->first_ns = earlier(told->first_ns, l->asked_ns);
    }
}

/* The pattern, where a name holds numbers of its own: what people recognise, and short. */
static const char *name_of(const struct engine_story *s, const struct model_lookup *l)
{
    const struct endpoint_name_row *row = model_name_row(model_names(s->model), l->name);
    return arena_copy(s->arena, row ? row->pattern : model_name_text(model_names(s->model), l->name));
}

static const char *resolved_text(const struct names_told *told, struct arena *a)
{
    const char *names = rule_context_count(a, told->resolved, "WorkSpaces name", "WorkSpaces names");
    if (!told->slowest_ns)
        return arena_format(a, "%s resolved", names);
    return arena_format(a, "%s resolved%s in %s", names, told->resolved > 1 ? ", the slowest" : "",
                        rule_context_duration(a, told->slowest_ns));
}

static const char *failure_text(const struct engine_story *s, const struct names_told *told)
{
    static const char *const words[MODEL_LOOKUP_FAILURES] = {
        [MODEL_LOOKUP_SILENT] = "no resolver answers", [MODEL_LOOKUP_NXDOMAIN] = "the name does not exist (NXDOMAIN)",
        [MODEL_LOOKUP_SERVFAIL] = "the resolver fails (SERVFAIL)",
        [MODEL_LOOKUP_REFUSED] = "the resolver refuses (REFUSED)",
    };
    const char *others = told->resolved ? arena_format(s->arena, "; %s", resolved_text(told, s->arena)) : "";
    return arena_format(s->arena, "%s: %s%s", name_of(s, told->failed), words[rule_lookup_failure_of(told->run)],
                        others);
}

static void add_names(const struct engine_story *s, struct engine_story_steps *steps)
{
    struct names_told told = { .first_ns = INT64_MAX };
    struct arena *a = s->arena;
    for (size_t i = 0; i < s->lookup_count; i++) {
        const struct endpoint_name_row *row = model_name_row(model_names(s->model), s->lookups[i]->name);
        if (row && is_of_region(s, row->region) && !rule_lookup_by_resolver(s->model, s->lookups[i]))
            look_at_lookup(s, s->lookups[i], &told);
    }
    struct wspscope_step step = { .step = "dns", .at_ns = told.first_ns };
    if (told.failed) {
        step.outcome = "failed";
        step.text = failure_text(s, &told);
    } else if (told.resolved) {
        step.outcome = "ok";
        step.text = resolved_text(&told, a);
    } else if (told.asked) {
        step.outcome = "unknown";
        step.text = arena_format(a, "%s asked for, no answer with an address in the capture",
                                 rule_context_count(a, told.asked, "WorkSpaces name", "WorkSpaces names"));
    } else {
        step = not_seen("dns", "no question for a WorkSpaces name in the capture (a cache, or DNS over HTTPS)");
    }
    engine_story_add(steps, step);
}

struct logins {
    uint64_t worked, failed, undecided;
    int64_t first_ns, quickest_ns;
    const struct model_incident *failure;
    const struct model_path *proxied; /* through a web proxy; NULL: none was */
};

static void look_at_service(const struct engine_story *s, const struct model_path *p, struct logins *logins)
{
    for (int fact = 0; fact < MODEL_FACTS; fact++)
        for (size_t i = 0; i < model_incidents_kept(p, (enum model_fact)fact); i++) {
            const struct model_incident *incident = model_incident_at(p, (enum model_fact)fact, i);
            if (!is_in(s, incident->begin_ns) || fact == MODEL_ICMP_OTHER)
                continue;
            logins->first_ns = earlier(logins->first_ns, incident->begin_ns);
            logins->proxied = p->proxy ? p : logins->proxied;
            if (fact == MODEL_TCP_ACCEPTED || fact == MODEL_UDP_ANSWERED) {
                int64_t took_ns = incident->rtt_client_ns + incident->rtt_server_ns;
                logins->worked++;
                logins->quickest_ns = took_ns ? earlier(logins->quickest_ns, took_ns) : logins->quickest_ns;
            } else if (fact == MODEL_UNDECIDED) {
                logins->undecided++;
            } else {
                logins->failed++;
                logins->failure = incident;
            }
        }
}

/* A proxy connects in the client's stead; for UDP there is none. */
static const char *proxy_clause(const struct engine_story *s, const struct model_path *proxied)
{
    if (proxied)
        return engine_story_proxy(proxied, s->arena);
    const struct model_host *host = s->client ? model_host_find(s->model, &s->client->address) : NULL;
    return host && host->proxied ? " (the client also uses a web proxy; UDP never goes through one)" : "";
}

static void add_login(const struct engine_story *s, struct engine_story_steps *steps)
{
    struct logins logins = { .first_ns = INT64_MAX, .quickest_ns = INT64_MAX };
    struct arena *a = s->arena;
    unsigned left = ENGINE_STORY_PATHS;
    for (const struct model_path *p = s->client ? s->client->paths : NULL; p && left--; p = p->client_next)
        if (p->role == ENDPOINT_WORKSPACES_SERVICE && is_of_region(s, p->region))
            look_at_service(s, p, &logins);
    struct wspscope_step step = { .step = "login", .at_ns = logins.first_ns };
    if (logins.failure && !logins.worked) {
        step.outcome = "failed";
        step.text = arena_format(a, "no service host is reached: %s%s", engine_story_reason(logins.failure, a),
                                 proxy_clause(s, logins.proxied));
    } else if (logins.worked) {
        step.outcome = "ok";
        step.text = arena_format(a, "%s to WorkSpaces services accepted%s%s%s",
                                 rule_context_count(a, logins.worked, "connection", "connections"),
                                 logins.quickest_ns == INT64_MAX
                                     ? ""
                                     : arena_format(a, " in %s", rule_context_duration(a, logins.quickest_ns)),
                                 logins.failed ? arena_format(a, "; %" PRIu64 " not: %s", logins.failed,
                                                              engine_story_reason(logins.failure, a))
                                               : "",
                                 proxy_clause(s, logins.proxied));
    } else if (logins.undecided) {
        step.outcome = "unknown";
        step.text = "too little of the connections to WorkSpaces services to judge";
    } else {
        step = not_seen("login", "no connection to a WorkSpaces service in the capture");
    }
    engine_story_add(steps, step);
}

/* When the first probe of the story went out; INT64_MAX: there is none. */
static int64_t first_probe_ns(const struct engine_story *s)
{
    int64_t first_ns = INT64_MAX;
    unsigned left = ENGINE_STORY_PATHS;
    for (const struct model_path *p = s->client ? s->client->paths : NULL; p && left--; p = p->client_next)
        if (p->role == ENDPOINT_HEALTH_CHECK && p->region == s->region && is_in(s, p->first_ns))
            first_ns = earlier(first_ns, p->first_ns);
    return first_ns;
}

static void add_health_check(const struct engine_story *s, struct engine_story_steps *steps)
{
    struct wspscope_step step = { .step = "health-check", .at_ns = first_probe_ns(s), .outcome = "ok" };
    struct rule_health_row rows[RULE_HEALTH_CHECKS];
    struct arena *a = s->arena;
    if (step.at_ns == INT64_MAX) {
        engine_story_add(steps, not_seen("health-check", "no probe of the Region's health-check hosts in the capture"));
        return;
    }
    bool failed = rule_health_look(s->model, s->client, s->region, rows);
    const char *passed = rule_health_list(rows, false, a), *lost = rule_health_list(rows, true, a);
    if (failed && *lost) {
        step.outcome = "failed";
        step.text = arena_format(a, "no way through on %s%s%s", lost, *passed ? "; answered on " : "", passed);
    } else if (*passed) {
        step.text = arena_format(a, "answered on %s", passed);
    } else {
        step.outcome = "unknown";
        step.text = "probed, too little was seen to judge";
    }
    engine_story_add(steps, step);
}

void engine_story_prepare(const struct engine_story *story, struct engine_story_steps *steps)
{
    add_names(story, steps);
    add_login(story, steps);
    add_health_check(story, steps);
}
