/* SPDX-License-Identifier: Apache-2.0 */
#include "base/nsec.h"
#include "rule/collect.h"
#include "rule/context.h"
#include "rule/rule.h"

static struct rule_case seen(const struct model *model, const struct model_path *path,
                             const struct model_incident *incident, struct draft_list *out)
{
    (void)model;
    (void)incident;
    (void)out;
    bool known = path->tls && path->tls->certificate && !path->tls->certificate->genuine;
    return (struct rule_case){ .none = !known, .cause = "issuer", .confidence = WSPSCOPE_HIGH };
}

static void check(const struct rule *self, const struct model *model, struct draft_list *out)
{
    rule_collect(self, model, MODEL_TLS_STRANGE, seen, out);
}

/* What the dates of a certificate say at the time when it was shown; "" when they are right. */
static const char *validity(const struct model_certificate *c)
{
    if (c->seen_ns > c->until_ns)
        return " It had expired when it was shown.";
    return c->seen_ns < c->from_ns ? " It was not valid yet when it was shown." : "";
}

static void explain(const struct model *model, struct draft *d, struct arena *a)
{
    const struct model_tls *tls = d->worst_path->tls;
    const struct model_certificate *c = tls->certificate;
    uint32_t number = tls->name ? tls->name : d->worst_path->name;
    const char *name = arena_copy(a, model_name_text(model_names(model), number));
    const char *issuer = arena_copy(a, c->issuer);
    d->what = "is shown a certificate that is not Amazon's";
    d->summary = arena_format(a, "%s %s: the one for %s was issued by \"%s\" (%s).", rule_draft_subject(d, a), d->what,
                              name, issuer, rule_draft_frames(d, a));
    d->cause = arena_format(a, "%s between the client and AWS takes part in the TLS connection and answers with a "
                               "certificate of its own%s.%s WorkSpaces does not work with TLS inspection: clients "
                               "refuse the certificate, or the stream breaks later.",
                            c->self_signed ? "A machine" : "A proxy or firewall that inspects TLS",
                            c->self_signed ? ", which it signed itself" : "", validity(c));
    d->remedy = "Exempt the WorkSpaces names and gateway ranges from TLS inspection on the proxy or firewall whose "
                "issuer is named here, for TCP 443 and 4195. Installing its root on the client does not help.";
    d->who = WSPSCOPE_WHO_LOCAL_NETWORK;
    d->disproved_by = "A certificate chain in these packets that leads to Amazon or Starfield would disprove this.";
    rule_draft_rule_out(d, "Amazon's own certificate", "no issuer in the chain that was sent is Amazon, Starfield, or "
                                                       "one that has signed for AWS");
    rule_draft_rule_out(d, "a PCoIP endpoint's own certificate", "that is found on TCP 4172 only");
    rule_draft_measure_text(d, "issuer", issuer);
    rule_draft_measure_text(d, "subject", arena_copy(a, c->subject));
    rule_draft_measure_text(d, "name", name);
    rule_draft_measure_bool(d, "for_that_name", c->names_host);
    rule_draft_measure_integer(d, "chain", c->chain);
}

const struct rule rule_tls_intercepted = {
    .about.kind = "tls-intercepted",
    .about.title = "Somebody decrypts TLS",
    .about.severity = "problem",
    .about.meaning = "The certificate for a WorkSpaces name is not Amazon's: a proxy or firewall inspects TLS. TLS 1.3 "
                     "hides certificates: there it cannot be seen, and the report says so.",
    .about.signature = "On TCP 443 or 4195, never 4172: no issuer of the chain shown for a WorkSpaces name is Amazon, "
                       "Starfield, or one that has signed for AWS.",
    .about.needs = "payload, and TLS 1.2 or older",
    .about.judged = true,
    .rank = RULE_RANK_TLS,
    .needs = RULE_NEEDS_PAYLOAD,
    .check = check,
    .explain = explain,
};
