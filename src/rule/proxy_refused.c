/* SPDX-License-Identifier: Apache-2.0 */
#include "base/nsec.h"
#include "rule/collect.h"
#include "rule/context.h"
#include "rule/rule.h"

enum { LOGIN_WANTED = 407 };

static const char login[] = "login", refused[] = "refused";

static const char *cause_of(const struct model_incident *i)
{
    return i->code == LOGIN_WANTED ? login : refused;
}

/* The proxy let this client through to the same target after all. */
static bool granted_later(const struct model_path *path, const struct model_incident *i)
{
    return path->proxy->granted_ns != INT64_MIN && path->proxy->granted_ns > i->last_ns;
}

static struct rule_case judge(const struct model *model, const struct model_path *path,
                              const struct model_incident *incident, struct draft_list *out)
{
    (void)model;
    (void)out;
    bool healed = path->proxy && granted_later(path, incident);
    return (struct rule_case){ .none = !path->proxy, .cause = cause_of(incident), .confidence = WSPSCOPE_HIGH,
                               .severity = healed ? WSPSCOPE_WARNING : WSPSCOPE_PROBLEM };
}

/* A 407 at the end of the capture, long enough before it that nothing followed. */
static void check_waiting(const struct rule *self, const struct model *model, struct draft_list *out)
{
    int64_t wait_ns = endpoint_threshold_ns(model_catalogue(model), "proxy-retry-ms");
    for (const struct model_path *p = model_paths(model); p; p = p->next) {
        if (!p->proxy || !p->proxy->has_waiting ||
            nsec_sub(model_tap(model)->now_ns, p->proxy->waiting.first_ns) < wait_ns)
            continue;
        struct draft *d = rule_draft_of_path(out, self, p, cause_of(&p->proxy->waiting), WSPSCOPE_HIGH);
        if (d)
            rule_draft_add(out, d, p, &p->proxy->waiting);
    }
}

static void check(const struct rule *self, const struct model *model, struct draft_list *out)
{
    rule_collect(self, model, MODEL_PROXY_REFUSED, judge, out);
    check_waiting(self, model, out);
}

static const char *code_meaning(uint16_t code)
{
    switch (code) {
    case 403:
        return "The proxy's rules forbid it: its allow-list does not have this name or port.";
    case 405:
    case 501:
        return "This proxy does not do CONNECT, or not for this port.";
    case 502:
    case 503:
        return "The proxy could not reach the target itself: its own firewall, route or name resolution stands in "
               "between.";
    case 504:
        return "The target did not answer the proxy in time: its own firewall or route stands in between.";
    case LOGIN_WANTED:
        return "The proxy wants the client to log in. WorkSpaces clients do not support proxies with authentication.";
    default:
        return "The proxy does not let the client through.";
    }
}

static void explain(const struct model *model, struct draft *d, struct arena *a)
{
    const struct model_incident *w = &d->worst;
    const struct model_path *p = d->worst_path;
    char address[IPADDR_TEXT_SIZE];
    const char *name = arena_copy(a, model_name_text(model_names(model), p->name));
    const char *proxy = arena_format(a, "%s:%u", ipaddr_format(&p->server, address), p->proxy->port);
    const char *reason = *p->proxy->reason && p->proxy->code == w->code
                             ? arena_format(a, " %s", arena_copy(a, p->proxy->reason)) : "";
    d->what = "is refused by a web proxy";
    d->summary = arena_format(a, "The proxy %s answers %u%s when %s asks it for %s:%u (%s, %s).", proxy, w->code,
                              reason, rule_draft_clients(d, a), name, d->key.port,
                              rule_context_count(a, d->count, "attempt", "attempts"), rule_draft_frames(d, a));
    d->cause = code_meaning(w->code);
    d->remedy = d->key.cause == login
                    ? "Let the WorkSpaces names and ports pass without login on the proxy, or let the client reach "
                      "them directly. Streaming over UDP and PCoIP never go through a proxy: they need a direct way "
                      "in any case."
                    : "Allow CONNECT to the WorkSpaces names and ports on the proxy, or let the client reach them "
                      "directly. Streaming over UDP and PCoIP never go through a proxy: they need a direct way in any "
                      "case.";
    d->who = WSPSCOPE_WHO_LOCAL_NETWORK;
    d->disproved_by = "A 2xx for the same target within 10 s would disprove this.";
    rule_draft_rule_out(d, "a step of the proxy's log-in (NTLM, Kerberos)", "no 2xx for that target follows");
    rule_draft_measure_integer(d, "code", w->code);
    rule_draft_measure_text(d, "target", name);
    rule_draft_measure_text(d, "proxy", proxy);
    rule_draft_measure_integer(d, "requests", w->attempts);
    if (d->key.cause == login && *p->proxy->scheme)
        rule_draft_measure_text(d, "scheme", arena_copy(a, p->proxy->scheme));
    if (d->key.cause == login)
        rule_draft_limit(d, model, a, "proxy-retry-ms");
}

static const char *const thresholds[] = { "proxy-retry-ms", NULL };

const struct rule rule_proxy_refused = {
    .about.kind = "proxy-refused",
    .about.title = "A proxy refuses the connection",
    .about.severity = "problem, or warning",
    .about.meaning = "The HTTP proxy answers CONNECT to a WorkSpaces name or gateway with an error. WorkSpaces does "
                     "not support proxies with login, and UDP never goes through a proxy. A warning where the proxy "
                     "lets the client through later.",
    .about.signature = "An answer other than 2xx to CONNECT. 407 counts only when no 2xx for that target follows "
                       "within 10 s.",
    .about.thresholds = thresholds,
    .about.needs = "payload",
    .about.judged = true,
    .rank = RULE_RANK_PROXY,
    .needs = RULE_NEEDS_PAYLOAD,
    .check = check,
    .explain = explain,
};
