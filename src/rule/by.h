/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULE_BY_H
#define RULE_BY_H

#include "rule/collect.h"
#include "rule/draft.h"

/* Who sent a reset or an ICMP error: names, sentences, measures. */

/* "endpoint", "middlebox", "router", "undetermined". */
const char *rule_by_name(enum model_by by);

/* What shows that a reset was forged: clauses with "; " between them. */
const char *rule_by_proofs(const struct model_incident *reset, struct arena *arena);

/* Writes cause and who of a draft whose worst incident is a reset. */
void rule_by_explain_reset(struct draft *draft, struct arena *arena);
void rule_by_measure_reset(struct draft *draft);

/* Writes cause and who of a draft whose worst incident is an ICMP error, and measures it. */
void rule_by_explain_icmp(struct draft *draft, struct arena *arena);

/* The cause of a draft about ICMP errors: one for each machine that sends them, up to a bound. */
const char *rule_by_icmp_cause(struct draft_list *out, const struct model_incident *incident);

/* Judges of an incident that an ICMP error explains, and of one on the same path that went without: routers limit the
 * rate of their errors, so it has the same cause. */
struct rule_case rule_by_reporter(const struct model *model, const struct model_path *path,
                                  const struct model_incident *incident, struct draft_list *out);
struct rule_case rule_by_reporter_of_path(const struct model *model, const struct model_path *path,
                                          const struct model_incident *incident, struct draft_list *out);

/* "10.20.31.2 (ICMP 3/13, communication administratively prohibited)". */
const char *rule_by_icmp_source(const struct draft *draft, struct arena *arena);

/* "Tell the owner of 10.20.31.2 to permit outbound TCP 4172 to ..., and the answers." */
const char *rule_by_icmp_remedy(const struct draft *draft, struct arena *arena);

#endif
