/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/by.h"

#include "rule/context.h"
#include "rule/evidence.h"

const char *rule_by_name(enum model_by by)
{
    static const char *const names[] = {
        [MODEL_BY_UNDETERMINED] = "undetermined",
        [MODEL_BY_ENDPOINT] = "endpoint",
        [MODEL_BY_MIDDLEBOX] = "middlebox",
        [MODEL_BY_ROUTER] = "router",
    };
    return names[by];
}

/* What speaks against the address that a reset names, one clause each (FINDINGS, "Forgery score"). */
static const struct {
    enum model_sign sign;
    const char *clause;
} proofs[] = {
    { MODEL_SIGN_COPIED_ID, "it carries the IP-ID of the packet that it answers" },
    { MODEL_SIGN_OTHER_COUNTER, "its IP-ID is far off those that the sender's other packets count up" },
    { MODEL_SIGN_IMPOSSIBLE, "it has a window, flags, a time stamp or options that no TCP stack sends in a reset" },
    { MODEL_SIGN_CONTRADICTED, "the machine that it names went on afterwards as if it had sent none" },
    { MODEL_SIGN_GUESSED, "others like it tried sequence numbers that were never reached" },
    { MODEL_SIGN_EARLY, "it answers a packet that cannot have reached that machine yet" },
};

static const char *hops_text(struct arena *a, uint8_t hops)
{
    if (hops == 0)
        return "on this link";
    return hops == 1 ? "1 hop away" : arena_format(a, "%u hops away", hops);
}

/* At most `most` of them, and how many more there are. */
static const char *codes_text(const struct draft *d, size_t most, struct arena *a)
{
    const char *codes = "";
    bool ipv6 = !ipaddr_is_v4(&d->worst.reporter);
    for (size_t i = 0; i < d->icmp_code_count && i < most; i++) {
        uint8_t type = (uint8_t)(d->icmp_codes[i] >> 8), code = (uint8_t)d->icmp_codes[i];
        codes = arena_format(a, "%s%s%u/%u %s", codes, i ? ", " : "", type, code,
                             rule_evidence_icmp_text(type, code, ipv6));
    }
    if (d->icmp_code_count > most)
        return arena_format(a, "%s and %zu more", codes, d->icmp_code_count - most);
    return codes;
}

const char *rule_by_icmp_source(const struct draft *d, struct arena *a)
{
    char reporter[IPADDR_TEXT_SIZE];
    ipaddr_format(&d->worst.reporter, reporter);
    return arena_format(a, "%s (ICMP%s %s)", reporter, ipaddr_is_v4(&d->worst.reporter) ? "" : "v6",
                        codes_text(d, 2, a));
}

const char *rule_by_icmp_cause(struct draft_list *out, const struct model_incident *incident)
{
    enum { REPORTERS_MOST = 64 };
    char reporter[IPADDR_TEXT_SIZE];
    if (out->count >= REPORTERS_MOST)
        return "icmp from many machines";
    return arena_format(out->arena, "icmp from %s", ipaddr_format(&incident->reporter, reporter));
}

const char *rule_by_proofs(const struct model_incident *reset, struct arena *a)
{
    const char *text = "";
    if (reset->signs & MODEL_SIGN_NEARER)
        text = arena_format(a, "its sender is %s, the other packets of that address come from %u hops away",
                            hops_text(a, reset->hops), reset->usual_hops);
    for (size_t i = 0; i < sizeof proofs / sizeof *proofs; i++)
        if (reset->signs & proofs[i].sign)
            text = arena_format(a, "%s%s%s", text, *text ? "; " : "", proofs[i].clause);
    return text;
}

void rule_by_explain_reset(struct draft *d, struct arena *a)
{
    const struct model_incident *w = &d->worst;
    switch ((enum model_by)w->by) {
    case MODEL_BY_MIDDLEBOX:
        d->who = WSPSCOPE_WHO_LOCAL_NETWORK;
        d->cause = arena_format(a, "The %s did not send this reset, a device in between did: %s.",
                                w->in_clients_name ? "client" : "gateway", rule_by_proofs(w, a));
        return;
    case MODEL_BY_ENDPOINT:
        d->who = WSPSCOPE_WHO_AWS;
        d->cause = arena_format(a, "The reset comes from as far away as the gateway's other packets (%u hops): the "
                                   "gateway itself sends it.", w->hops);
        return;
    default:
        d->who = WSPSCOPE_WHO_UNKNOWN;
        d->cause = w->usual_hops ? arena_format(a,
                                                "Either the gateway or a device in between sent the reset: its "
                                                "sender is %s and the gateway's other packets come from %u hops "
                                                "away, which does not decide it.",
                                                hops_text(a, w->hops), w->usual_hops)
                                 : "Either the gateway or a device in between sent the reset: no other packet of the "
                                   "gateway is in the capture to compare with.";
    }
}

void rule_by_measure_reset(struct draft *d)
{
    const struct model_incident *w = &d->worst;
    rule_draft_measure_text(d, "by", rule_by_name((enum model_by)w->by));
    rule_draft_measure_ms(d, "reset_delay_ms", w->delay_ns);
    rule_draft_measure_integer(d, "reset_hops", w->hops);
    if (w->usual_hops)
        rule_draft_measure_integer(d, "gateway_hops", w->usual_hops);
    rule_draft_measure_integer(d, "forgery_score", w->score);
}

void rule_by_explain_icmp(struct draft *d, struct arena *a)
{
    const struct model_incident *w = &d->worst;
    char reporter[IPADDR_TEXT_SIZE];
    ipaddr_format(&w->reporter, reporter);
    if (w->by == MODEL_BY_ENDPOINT) {
        d->who = WSPSCOPE_WHO_AWS;
        d->cause = "The error comes from the gateway's own address, and nothing shows that it was forged: the port "
                   "is closed there.";
    } else if (w->by == MODEL_BY_UNDETERMINED) {
        d->who = WSPSCOPE_WHO_UNKNOWN;
        d->cause = arena_format(a,
                                "The error carries the gateway's own address and its sender is %s. No other packet "
                                "of that address is in the capture to compare with: either the port is closed there, "
                                "or a filter answers in the gateway's name.",
                                hops_text(a, w->hops));
    } else if (w->by == MODEL_BY_MIDDLEBOX) {
        d->who = WSPSCOPE_WHO_LOCAL_NETWORK;
        d->cause = arena_format(a, "The error carries the gateway's address, but its sender is %u hops away and the "
                                   "gateway is %u: a filter answers in the gateway's name.", w->hops, w->usual_hops);
    } else {
        d->who = rule_context_owner(&w->reporter);
        d->cause = arena_format(a,
                                "%s, %s, refuses to pass these packets on and says so: %s. It is not the gateway, so "
                                "even \"port unreachable\" is a filter or a missing route there.",
                                reporter, hops_text(a, w->hops), codes_text(d, DRAFT_ICMP_CODES_MAX, a));
    }
    rule_draft_measure_text(d, "reporter", arena_copy(a, reporter));
    rule_draft_measure_text(d, "by", rule_by_name((enum model_by)w->by));
    rule_draft_measure_integer(d, "icmp_type", w->icmp_type);
    rule_draft_measure_integer(d, "icmp_code", w->icmp_code);
    rule_draft_measure_integer(d, "reporter_hops", w->hops);
}

const char *rule_by_icmp_remedy(const struct draft *d, struct arena *a)
{
    char reporter[IPADDR_TEXT_SIZE];
    ipaddr_format(&d->worst.reporter, reporter);
    if (d->worst.by == MODEL_BY_ENDPOINT)
        return "Check that this address and port are the ones the client was given. If they are, open a case with AWS.";
    if (d->worst.by == MODEL_BY_MIDDLEBOX || d->worst.by == MODEL_BY_UNDETERMINED)
        return rule_context_allow(d, a);
    const char *disagreement = rule_draft_disagreement(d, a);
    return arena_format(a, "Ask the owner of %s to permit outbound %s %u to %s, and the answers.%s%s", reporter,
                        rule_draft_protocol_name(d->key.protocol), d->key.port, rule_draft_prefixes(d, a),
                        disagreement ? " " : "", disagreement ? disagreement : "");
}

struct rule_case rule_by_reporter(const struct model *model, const struct model_path *path,
                                  const struct model_incident *incident, struct draft_list *out)
{
    (void)model;
    (void)path;
    return (struct rule_case){ .cause = rule_by_icmp_cause(out, incident), .confidence = WSPSCOPE_HIGH };
}

struct rule_case rule_by_reporter_of_path(const struct model *model, const struct model_path *path,
                                          const struct model_incident *incident, struct draft_list *out)
{
    (void)incident;
    enum model_fact fact = path->protocol == 6 ? MODEL_TCP_SYN_ICMP : MODEL_UDP_ICMP;
    if (!model_incidents_kept(path, fact))
        return (struct rule_case){ .none = true };
    return rule_by_reporter(model, path, model_incident_at(path, fact, 0), out);
}
