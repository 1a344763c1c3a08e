/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/collect.h"

#include "rule/context.h"

static struct draft *draft_for(const struct rule *self, const struct model_path *path, const struct rule_case *c,
                               struct draft_list *out)
{
    struct draft_key key = { .rule = self, .role = path->role, .protocol = path->protocol, .port = path->port,
                             .region = path->region, .cause = c->cause };
    return c->none ? NULL : rule_draft_of(out, &key, c->severity, c->confidence);
}

void rule_collect(const struct rule *self, const struct model *model, enum model_fact fact, rule_judge *judge,
                  struct draft_list *out)
{
    for (const struct model_path *p = model_paths(model); p; p = p->next) {
        size_t kept = model_incidents_kept(p, fact);
        if (!kept || rule_context_told_elsewhere(model, p))
            continue;
        struct draft *last = NULL;
        for (size_t i = 0; i < kept; i++) {
            const struct model_incident *incident = model_incident_at(p, fact, i);
            struct rule_case c = judge(model, p, incident, out);
            struct draft *d = draft_for(self, p, &c, out);
            if (d)
                rule_draft_add(out, d, p, incident);
            last = d ? d : last;
        }
        if (last)
            rule_draft_count_rest(last, p, fact);
    }
}
