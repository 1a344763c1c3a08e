/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULE_LOOKUP_H
#define RULE_LOOKUP_H

#include "model/model.h"
#include "rule/draft.h"

/* What several rules ask about look-ups of names. */

/* The asker is no client but a resolver that asks on behalf of others. */
bool rule_lookup_by_resolver(const struct model *model, const struct model_lookup *lookup);

/* The client reached what the name stands for after that time all the same: from a cache, by another resolver, through
 * a proxy. */
bool rule_lookup_went_on(const struct model *model, const struct model_lookup *lookup, int64_t from_ns);

/* The run of failures that the client did not get over; NULL: none. A run that an address ended late is judged like
 * one at the end of the capture. And what most of a run was. */
const struct model_lookup_run *rule_lookup_failed_run(const struct model *model, const struct model_lookup *lookup);
enum model_lookup_failure rule_lookup_failure_of(const struct model_lookup_run *run);

/* What an address that no table has means for the client. */
enum rule_lookup_outcome {
    RULE_LOOKUP_UNKNOWN,  /* nobody tried it, or it cannot be told */
    RULE_LOOKUP_NOWHERE,  /* loopback or 0.0.0.0: there is nothing to try */
    RULE_LOOKUP_FAILS,    /* connections to it fail, and none works */
    RULE_LOOKUP_WORKS,
};
enum rule_lookup_outcome rule_lookup_outcome_of(const struct model *model, const struct model_lookup *lookup,
                                                const struct ipaddr *address);

/* The path leads to an address that a resolver gave wrongly: its failures are told by that. */
bool rule_lookup_astray(const struct model *model, const struct model_path *path);

/* Adds the incident of a look-up: client, times, evidence. */
void rule_lookup_add(struct draft_list *out, struct draft *draft, const struct model_lookup *lookup,
                     const struct model_incident *incident);

#endif
