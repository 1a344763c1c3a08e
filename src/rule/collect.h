/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULE_COLLECT_H
#define RULE_COLLECT_H

#include "rule/rule.h"

/* What a rule makes of one incident. */
struct rule_case {
    bool none; /* not this rule's */
    const char *cause;
    enum wspscope_severity severity;
    enum wspscope_confidence confidence;
};

typedef struct rule_case rule_judge(const struct model *model, const struct model_path *path,
                                    const struct model_incident *incident, struct draft_list *out);

/* Adds every incident of the fact to the draft of its cause, on all paths that no other kind tells; incidents that a
 * path did not keep are counted with the last one kept. */
void rule_collect(const struct rule *self, const struct model *model, enum model_fact fact, rule_judge *judge,
                  struct draft_list *out);

#endif
