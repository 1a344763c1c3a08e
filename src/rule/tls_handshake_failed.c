/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/nsec.h"
#include "rule/by.h"
#include "rule/collect.h"
#include "rule/context.h"
#include "rule/rule.h"

/* A client that opens several connections and keeps one closes the others within this time. */
static const int64_t race_ns = 10 * NSEC_PER_SEC;

static const char refused_by_client[] = "alert from the client", refused_by_server[] = "alert from the server",
                  client_closes[] = "closed by the client", reset[] = "reset", closed[] = "closed",
                  hello_lost[] = "ClientHello lost", silent[] = "no answer";

static const char *cause_of(const struct model_incident *i)
{
    switch ((enum model_tls_end)i->tls.end) {
    case MODEL_TLS_ALERT:
        return i->tls.by_client ? refused_by_client : refused_by_server;
    case MODEL_TLS_SECRET_ALERT:
        return refused_by_client;
    case MODEL_TLS_HELLO_LOST:
        return hello_lost;
    case MODEL_TLS_SILENT:
        return silent;
    default:
        break;
    }
    if (i->tls.by_client)
        return client_closes;
    return i->tls.end == MODEL_TLS_RST ? reset : closed;
}

/* The client got what it wanted from this server on another connection. */
static bool lost_a_race(const struct model_path *path, const struct model_incident *i)
{
    return path->tls && path->tls->worked && path->tls->last_worked_ns >= nsec_sub(i->first_ns, race_ns) &&
           path->tls->worked_ns <= nsec_add(i->last_ns, race_ns);
}

static enum wspscope_confidence confidence_of(const struct model_path *path, const char *cause)
{
    if (cause == client_closes || cause == silent)
        return WSPSCOPE_MEDIUM;
    if (cause == hello_lost) /* the path may have died in that moment: once */
        return path->counts[MODEL_TCP_ACCEPTED] > 1 ? WSPSCOPE_HIGH : WSPSCOPE_MEDIUM;
    return WSPSCOPE_HIGH;
}

static struct rule_case judge(const struct model *model, const struct model_path *path,
                              const struct model_incident *incident, struct draft_list *out)
{
    (void)model;
    (void)out;
    const char *cause = cause_of(incident);
    return (struct rule_case){ .none = cause == client_closes && lost_a_race(path, incident), .cause = cause,
                               .confidence = confidence_of(path, cause) };
}

static void check(const struct rule *self, const struct model *model, struct draft_list *out)
{
    rule_collect(self, model, MODEL_TLS_FAILED, judge, out);
}

static const char *stage_text(const struct model_incident *w)
{
    return w->tls.stage == MODEL_TLS_AFTER_CLIENT_HELLO ? "after-client-hello" : "after-server-hello";
}

static const char *what_of(const char *cause)
{
    if (cause == refused_by_client)
        return "breaks off in the TLS handshake: the client refuses what it is shown";
    if (cause == refused_by_server)
        return "breaks off in the TLS handshake: the server refuses the client";
    if (cause == client_closes)
        return "breaks off in the TLS handshake: the client closes it";
    if (cause == hello_lost)
        return "opens, but the TLS ClientHello does not get through";
    return cause == silent ? "opens, but the TLS ClientHello is not answered"
                           : "is cut off in the TLS handshake";
}

static const char *detail(const struct draft *d, struct arena *a)
{
    const struct model_incident *w = &d->worst;
    if (w->tls.alert)
        return arena_format(a, "alert %s (%s)", w->tls.alert, w->tls.meaning);
    if (d->key.cause == refused_by_client)
        return "an encrypted alert, and then the end of the connection";
    if (d->key.cause == hello_lost)
        return arena_format(a, "sent %u times in %s and never acknowledged", w->attempts,
                            rule_context_duration(a, w->last_ns - w->first_ns));
    if (d->key.cause == silent)
        return arena_format(a, "acknowledged, and nothing came for %s", rule_context_duration(a, w->waited_ns));
    return arena_format(a, "%s %s after the ClientHello, %s", w->tls.end == MODEL_TLS_RST ? "RST" : "FIN",
                        rule_context_duration(a, w->delay_ns),
                        w->tls.stage == MODEL_TLS_AFTER_CLIENT_HELLO ? "before any answer to it"
                                                                     : "after the ServerHello");
}

static bool was_intercepted(const struct draft *d)
{
    return d->worst_path->counts[MODEL_TLS_STRANGE] > 0;
}

/* The client found fault with a certificate by its dates, which are right by the time of the packets. */
static bool clock_is_wrong(const struct draft *d)
{
    const struct model_tls *tls = d->worst_path->tls;
    const struct model_certificate *c = tls ? tls->certificate : NULL;
    return d->worst.tls.alert && strcmp(d->worst.tls.alert, "certificate_expired") == 0 && c &&
           c->seen_ns >= c->from_ns && c->seen_ns <= c->until_ns;
}

static void explain_client(struct draft *d)
{
    d->who = WSPSCOPE_WHO_CLIENT;
    d->cause = "The client broke off after it had seen what the server side sent, which most often means that it does "
               "not accept the certificate: TLS inspection whose root it does not know, a wrong clock, or too old a "
               "store of root certificates.";
    d->remedy = "Look at the client's log for the reason. Exempt WorkSpaces from TLS inspection, and check the "
                "client's clock and its Amazon root certificates.";
    if (d->worst.tls.version && strcmp(d->worst.tls.version, "TLS 1.3") == 0)
        d->disproved_by = "A certificate that the client accepts on this connection would disprove this; TLS 1.3 "
                          "hides it here.";
    if (!clock_is_wrong(d))
        return;
    d->cause = "The client says that the certificate has expired, and by the time of these packets it has not: the "
               "clock of the client is wrong.";
    d->remedy = "Set the clock of the client.";
}

static void explain_server(struct draft *d, struct arena *a)
{
    d->who = WSPSCOPE_WHO_CLIENT;
    d->cause = arena_format(a, "The server side answers that it cannot agree with what this client offers%s%s%s: too "
                               "old a TLS version or client, or a device in between that speaks for the server.",
                            d->worst.tls.offered ? " (at most " : "",
                            d->worst.tls.offered ? d->worst.tls.offered : "", d->worst.tls.offered ? ")" : "");
    d->remedy = "Update the WorkSpaces client and allow TLS 1.2 and 1.3 on it. If other clients fail alike, ask the "
                "owner of the firewall or proxy whether it inspects TLS.";
}

static void explain_filter(struct draft *d, struct arena *a)
{
    const struct model_incident *w = &d->worst;
    d->who = WSPSCOPE_WHO_LOCAL_NETWORK;
    d->cause = d->key.cause == hello_lost
                   ? "A filter in between lets the connection open and discards the ClientHello: it looks at the name "
                     "in it, or takes the protocol for something else."
                   : "A filter in between, or the server behind it, takes the ClientHello and does not go on.";
    if (d->key.cause == reset && w->by != MODEL_BY_UNDETERMINED)
        rule_by_explain_reset(d, a);
    else if (d->key.cause == reset || d->key.cause == closed)
        d->cause = w->tls.stage == MODEL_TLS_AFTER_CLIENT_HELLO
                       ? "Somebody ends the connection as soon as the ClientHello has told which name the client "
                         "wants: a filter on names in between, or the server itself."
                       : "Somebody ends the connection in the middle of the handshake: a device in between that "
                         "inspects TLS, or the server itself.";
    d->remedy = arena_format(a, "Ask the owner of the firewall to let TLS pass unfiltered, by name and by protocol, on "
                                "%s %u to %s, and compare with a capture beyond the firewall.",
                             rule_draft_protocol_name(d->key.protocol), d->key.port, rule_draft_prefixes(d, a));
    if (d->key.cause == reset && w->by == MODEL_BY_ENDPOINT)
        d->remedy = "Compare with a capture from another network. If the server resets there too, open a case with AWS "
                    "and give these times.";
    if (d->key.cause == hello_lost && d->confidence > WSPSCOPE_HIGH)
        d->cause = arena_format(a, "%s Only one connection shows it: a path that failed in that moment would look the "
                                   "same.", d->cause);
}

static void measure(struct draft *d, const struct model *model, struct arena *a)
{
    const struct model_incident *w = &d->worst;
    rule_draft_measure_text(d, "stage", stage_text(w));
    rule_draft_measure_text(d, "side", w->tls.by_client ? "client" : d->key.cause == hello_lost ? "between" : "server");
    if (w->tls.alert)
        rule_draft_measure_text(d, "alert", w->tls.alert);
    if (w->tls.offered)
        rule_draft_measure_text(d, "offered", w->tls.offered);
    if (w->tls.version)
        rule_draft_measure_text(d, "version", w->tls.version);
    rule_draft_measure_integer(d, "hellos", w->attempts);
    rule_draft_measure_ms(d, "delay_ms", w->delay_ns);
    if (d->key.cause == reset)
        rule_by_measure_reset(d);
    if (d->key.cause == hello_lost)
        rule_draft_limit(d, model, a, "client-hello-retransmissions");
    if (d->key.cause == silent)
        rule_draft_limit(d, model, a, "tls-answer-wait-ms");
}

static void explain(const struct model *model, struct draft *d, struct arena *a)
{
    d->what = what_of(d->key.cause);
    const char *several =
        d->count > 1 ? arena_format(a, "%s; ", rule_context_count(a, d->count, "connection", "connections")) : "";
    d->summary = arena_format(a, "%s %s: %s%s (%s).", rule_draft_subject(d, a), d->what, several, detail(d, a),
                              rule_draft_frames(d, a));
    d->disproved_by = "Application data on these connections would disprove this.";
    if (d->key.cause == refused_by_client || d->key.cause == client_closes)
        explain_client(d);
    else if (d->key.cause == refused_by_server)
        explain_server(d, a);
    else
        explain_filter(d, a);
    if (was_intercepted(d)) {
        d->who = WSPSCOPE_WHO_LOCAL_NETWORK;
        d->cause = "This follows from tls-intercepted: the certificate that was shown is not Amazon's, and the client "
                   "does not accept it.";
        d->remedy = "See tls-intercepted: exempt WorkSpaces from TLS inspection.";
    }
    rule_draft_rule_out(d, "a probe that closes without a word", "the client sent a ClientHello");
    if (d->key.cause == hello_lost)
        rule_draft_rule_out(d, "too small a path MTU", "the ClientHello is no larger than every path has to carry");
    measure(d, model, a);
}

static const char *const thresholds[] = { "client-hello-retransmissions", "tls-answer-wait-ms", NULL };

const struct rule rule_tls_handshake_failed = {
    .about.kind = "tls-handshake-failed",
    .about.title = "The TLS handshake fails",
    .about.severity = "problem",
    .about.meaning = "The connection opens and the handshake breaks off: by an alert, a FIN or RST, or in silence "
                     "after the client's hello. Where somebody decrypts TLS it follows from that.",
    .about.signature = "After a ClientHello and before the handshake is complete: a fatal alert, FIN or RST; or the "
                       "ClientHello sent again at least 3 times, never acknowledged, while the connection's small "
                       "packets pass; or no answer to it for 10 s. Not a client that cancels in good order, and not "
                       "one that keeps another of its connections.",
    .about.thresholds = thresholds,
    .about.needs = "both directions, and payload",
    .about.judged = true,
    .rank = RULE_RANK_TLS_FAILED,
    .needs = RULE_NEEDS_BOTH | RULE_NEEDS_PAYLOAD,
    .check = check,
    .explain = explain,
};
