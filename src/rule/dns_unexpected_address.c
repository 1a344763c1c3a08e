/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "rule/context.h"
#include "rule/lookup.h"
#include "rule/rule.h"

static const char zone[] = "private-zone", nowhere[] = "nowhere", sinkhole[] = "private-address",
                  stale[] = "unrelated-address";

/* What the address means; NULL: nothing to report. A public address that works is gateway-unpublished's. */
static const char *cause_of(const struct model *model, const struct model_lookup *l, const struct ipaddr *address)
{
    bool is_private = ipaddr_is_private(address);
    switch (rule_lookup_outcome_of(model, l, address)) {
    case RULE_LOOKUP_WORKS:
        return is_private ? zone : NULL;
    case RULE_LOOKUP_NOWHERE:
        return l->has_published || rule_lookup_went_on(model, l, l->strange_incident.first_ns) ? NULL : nowhere;
    case RULE_LOOKUP_FAILS:
        return l->has_published ? NULL : is_private ? sinkhole : stale;
    case RULE_LOOKUP_UNKNOWN:
        break;
    }
    return NULL;
}

static enum wspscope_confidence confidence_of(const char *cause)
{
    return cause == stale ? WSPSCOPE_MEDIUM : WSPSCOPE_HIGH;
}

static void look_at(const struct rule *self, const struct model *model, struct draft_list *out,
                    const struct model_lookup *l)
{
    const struct endpoint_name_row *row = model_name_row(model_names(model), l->name);
    const struct draft *told = NULL;
    for (uint8_t i = 0; i < l->strange_count; i++) {
        const char *cause = cause_of(model, l, &l->strange[i]);
        struct draft_key key = { .rule = self, .role = row->role, .region = row->region, .cause = cause };
        struct draft *d = cause ? rule_draft_of(out, &key, cause == zone ? WSPSCOPE_NOTICE : WSPSCOPE_PROBLEM,
                                                confidence_of(cause))
                                : NULL;
        if (!d)
            continue;
        rule_draft_add_server(out, d, &l->strange[i]);
        if (d != told)
            rule_lookup_add(out, d, l, &l->strange_incident);
        told = d;
    }
}

static void check(const struct rule *self, const struct model *model, struct draft_list *out)
{
    for (const struct model_lookup *l = model_name_lookups(model_names(model)); l; l = l->next)
        if (l->strange_count && !rule_lookup_by_resolver(model, l))
            look_at(self, model, out, l);
}

/* A name that leads to one of the draft's addresses: the first, for the sentence. */
static const char *name_of(const struct model *model, const struct draft *d)
{
    const struct model_names *names = model_names(model);
    for (const struct model_lookup *l = model_name_lookups(names); l; l = l->next) {
        const struct endpoint_name_row *row = model_name_row(names, l->name);
        if (!l->strange_count || row->role != d->key.role || row->region != d->key.region ||
            !rule_draft_has_client(d, &l->client))
            continue;
        const char *cause = cause_of(model, l, &l->strange[0]);
        if (cause && strcmp(cause, d->key.cause) == 0)
            return model_name_text(names, l->name);
    }
    return "a WorkSpaces name";
}

static void explain_zone(struct draft *d, const char *name, struct arena *a)
{
    d->summary = arena_format(a, "%s is resolved to %s for %s (%s), a private address, and connections to it work.",
                              name, rule_draft_prefixes(d, a), rule_draft_clients(d, a), rule_draft_frames(d, a));
    d->cause = "A private DNS zone leads the public name to an address of your own network: a VPC endpoint, a relay or "
               "a proxy that passes the stream on.";
    d->remedy = "Nothing, if that is meant. If not, remove the name from the private zone.";
    d->who = WSPSCOPE_WHO_LOCAL_NETWORK;
    d->disproved_by = "A failed connection to this address would make it a problem.";
}

static void explain_problem(struct draft *d, const char *name, struct arena *a)
{
    bool nothing = strcmp(d->key.cause, nowhere) == 0;
    d->summary = arena_format(a, "%s is resolved to %s for %s (%s), which is no address of WorkSpaces, and %s.", name,
                              rule_draft_prefixes(d, a), rule_draft_clients(d, a), rule_draft_frames(d, a),
                              nothing ? "nobody can be reached there" : "connections to it fail");
    d->cause = strcmp(d->key.cause, stale) == 0
                   ? "The answer is stale or forged: a hosts entry, an old record in a zone of your own, or a resolver "
                     "that leads the name elsewhere. A new AWS range that the tables do not know yet is possible too."
                   : "A filter on the resolver (a sinkhole, a policy zone) or a private zone with a wrong record "
                     "answers in place of the public DNS.";
    d->remedy = arena_format(a, "Ask the owner of the resolver to resolve %s as the public DNS does, and clear the "
                                "client's DNS cache.", name);
    d->who = WSPSCOPE_WHO_LOCAL_NETWORK;
    d->disproved_by = "A session that runs over this address would disprove this.";
    rule_draft_rule_out(d, "a VPC endpoint", "the name is that of a public gateway");
}

static void explain(const struct model *model, struct draft *d, struct arena *a)
{
    const char *name = arena_copy(a, name_of(model, d)); /* the report outlives the model */
    if (strcmp(d->key.cause, zone) == 0)
        explain_zone(d, name, a);
    else
        explain_problem(d, name, a);
    rule_draft_rule_out(d, "an address that AWS publishes", "it is in no range of the tables, and not in Global "
                                                            "Accelerator's");
    rule_draft_measure_text(d, "name", name);
    rule_draft_measure_text(d, "address", rule_draft_prefixes(d, a));
}

const struct rule rule_dns_unexpected_address = {
    .about.kind = "dns-unexpected-address",
    .about.title = "A WorkSpaces name leads elsewhere",
    .about.severity = "problem, or notice",
    .about.meaning = "A public gateway or health-check name is answered with an address outside the published ranges: "
                     "a sinkhole, a stale record or a private zone.",
    .about.signature = "The address in the answer is outside every published range, and connections to it fail, or "
                       "cannot be (problem), or it is private and works (notice). A VPC endpoint's private address is "
                       "right.",
    .about.needs = "payload",
    .about.judged = true,
    .rank = RULE_RANK_DNS,
    .needs = RULE_NEEDS_PAYLOAD,
    .check = check,
    .explain = explain,
};
