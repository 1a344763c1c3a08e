/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/collect.h"

#include "rule/context.h"

/* Some login hosts serve all Regions: what happens to them belongs to the Region whose other hosts it happens to, when
 * that is one. */
static const struct endpoint_region *only_region(const struct model *model, enum model_fact fact)
{
    const struct endpoint_region *only = NULL;
    for (const struct model_path *p = model_paths(model); p; p = p->next) {
        if (p->role != ENDPOINT_WORKSPACES_SERVICE || !p->region || !model_incidents_kept(p, fact))
            continue;
        if (only && only != p->region)
            return NULL;
        only = p->region;
    }
    return only;
}

static struct draft *draft_for(const struct rule *self, const struct model_path *path,
                               const struct endpoint_region *shared, const struct rule_case *c, struct draft_list *out)
{
    bool everywhere = path->role == ENDPOINT_WORKSPACES_SERVICE && !path->region;
    struct draft_key key = { .rule = self, .role = path->role, .protocol = path->protocol, .port = path->port,
                             .region = everywhere ? shared : path->region, .cause = c->cause };
    return c->none ? NULL : rule_draft_of(out, &key, c->severity, c->confidence);
}

void rule_collect(const struct rule *self, const struct model *model, enum model_fact fact, rule_judge *judge,
                  struct draft_list *out)
{
    const struct endpoint_region *shared = only_region(model, fact);
    for (const struct model_path *p = model_paths(model); p; p = p->next) {
        size_t kept = model_incidents_kept(p, fact);
        if (!kept || rule_context_told_elsewhere(model, p))
            continue;
        struct draft *last = NULL;
        for (size_t i = 0; i < kept; i++) {
            const struct model_incident *incident = model_incident_at(p, fact, i);
            struct rule_case c = judge(model, p, incident, out);
            struct draft *d = draft_for(self, p, shared, &c, out);
            if (d)
                rule_draft_add(out, d, p, incident);
            last = d ? d : last;
        }
        if (last)
            rule_draft_count_rest(last, p, fact);
    }
}
