/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/nsec.h"
#include "rule/context.h"
#include "rule/lookup.h"
#include "rule/rule.h"

enum { NAMES_IN_A_SENTENCE = 2 };

static const char *const causes[MODEL_LOOKUP_FAILURES] = { "silent", "nxdomain", "servfail", "refused" };

static enum wspscope_confidence confidence_of(const struct model *model, const struct model_lookup *l,
                                              enum model_lookup_failure failure)
{
    const struct model_host *client = model_host_find(model, &l->client);
    if (failure != MODEL_LOOKUP_SILENT)
        return WSPSCOPE_HIGH;
    return client && client->answered ? WSPSCOPE_HIGH : WSPSCOPE_MEDIUM;
}

static struct draft_key key_of(const struct rule *self, const struct model *model, const struct model_lookup *l,
                               const struct model_lookup_run *run)
{
    const struct endpoint_name_row *row = model_name_row(model_names(model), l->name);
    return (struct draft_key){ .rule = self, .role = row->role, .region = row->region,
                               .cause = causes[rule_lookup_failure_of(run)] };
}

static void check(const struct rule *self, const struct model *model, struct draft_list *out)
{
    for (const struct model_lookup *l = model_name_lookups(model_names(model)); l; l = l->next) {
        const struct model_lookup_run *run = rule_lookup_failed_run(model, l);
        if (!run)
            continue;
        struct draft_key key = key_of(self, model, l, run);
        struct draft *d =
            rule_draft_of(out, &key, WSPSCOPE_PROBLEM, confidence_of(model, l, rule_lookup_failure_of(run)));
        if (!d)
            continue;
        rule_lookup_add(out, d, l, &run->incident);
        for (uint8_t i = 0; i < l->server_count; i++)
            rule_draft_add_server(out, d, &l->servers[i]);
    }
}

static bool told_by(const struct model *model, const struct model_lookup *l, const struct draft *d)
{
    const struct model_lookup_run *run = rule_lookup_failed_run(model, l);
    if (!run)
        return false;
    struct draft_key key = key_of(d->key.rule, model, l, run);
    return key.role == d->key.role && key.region == d->key.region && strcmp(key.cause, d->key.cause) == 0;
}

/* "a.example", "a.example and b.example", "a.example, b.example and others". */
static const char *names_of(const struct model *model, const struct draft *d, struct arena *a)
{
    uint32_t shown[NAMES_IN_A_SENTENCE];
    size_t count = 0;
    const struct model_names *names = model_names(model);
    for (const struct model_lookup *l = model_name_lookups(names); l; l = l->next) {
        if (!told_by(model, l, d) || (count && l->name == shown[0]) || (count > 1 && l->name == shown[1]))
            continue;
        if (count == NAMES_IN_A_SENTENCE)
            return arena_format(a, "%s, %s and others", model_name_text(names, shown[0]),
                                model_name_text(names, shown[1]));
        shown[count++] = l->name;
    }
    if (!count)
        return "";
    const char *first = model_name_text(names, shown[0]); /* copied: the report outlives the model */
    return count == 1 ? arena_copy(a, first)
                      : arena_format(a, "%s and %s", first, model_name_text(names, shown[1]));
}

struct words {
    const char *cause, *happened, *why, *remedy;
};

static const struct words all_words[] = {
    { "nxdomain", "the resolver answers that the name does not exist (NXDOMAIN)",
      "The resolver says that the name does not exist, although AWS publishes it: a filter or a policy zone on the "
      "resolver, a private zone that hides the public one, or a resolver that cannot see the Internet's names.",
      "Ask the owner of the resolver to let it resolve the name as the public DNS does." },
    { "servfail", "the resolver answers with a failure (SERVFAIL)",
      "The resolver could not find out: it does not reach the servers of that zone, or refuses their answers.",
      "Ask the owner of the resolver why it cannot resolve the name, and whether it reaches the Internet's DNS." },
    { "refused", "the resolver refuses to answer (REFUSED)",
      "The resolver is not willing to resolve this name, or anything, for this client.",
      "Ask the owner of the resolver to allow recursive questions from this client." },
    { "silent", "no resolver answers",
      "The questions for the name, or the answers, are lost between the client and its resolver, or the resolver is "
      "not running.",
      "Check that the client's resolver is reachable on UDP and TCP 53, and that it is the right one." },
};

static void explain(const struct model *model, struct draft *d, struct arena *a)
{
    const struct words *words = all_words;
    while (strcmp(words->cause, d->key.cause) != 0)
        words++;
    const char *names = names_of(model, d, a);
    d->summary = arena_format(a, "%s cannot resolve %s: %s. %s (%s), and no server gave an address.",
                              rule_draft_clients(d, a), names, words->happened,
                              rule_context_count(a, d->count, "question", "questions"), rule_draft_frames(d, a));
    d->cause = words->why;
    d->remedy = arena_format(a, "%s Resolver asked: %s.", words->remedy, rule_draft_prefixes(d, a));
    d->who = WSPSCOPE_WHO_LOCAL_NETWORK;
    d->disproved_by = "An answer with an address for this name, or a connection of the client that names it, would "
                      "disprove this.";
    rule_draft_rule_out(d, "a name with a search-list suffix", "the name ends as AWS publishes it");
    rule_draft_rule_out(d, "only one address family is missing", "the IPv4 address was asked for");
    rule_draft_measure_text(d, "name", names);
    rule_draft_measure_integer(d, "questions", (int64_t)d->count);
    rule_draft_limit(d, model, a, "lookup-wait-ms");
}

static const char *const thresholds[] = { "lookup-wait-ms", NULL };

const struct rule rule_dns_failed = {
    .about.kind = "dns-failed",
    .about.title = "A WorkSpaces name is not resolved",
    .about.severity = "problem",
    .about.meaning = "No server gives an address of either family for a WorkSpaces name, so the client cannot even "
                     "begin.",
    .about.signature = "NXDOMAIN, SERVFAIL, REFUSED or at least 2 tries without an answer for a WorkSpaces name, no "
                       "address within 10 s, and the client did not go on to use the name.",
    .about.thresholds = thresholds,
    .about.needs = "both directions, and payload",
    .about.judged = true,
    .rank = RULE_RANK_DNS,
    .needs = RULE_NEEDS_BOTH | RULE_NEEDS_PAYLOAD,
    .check = check,
    .explain = explain,
};
