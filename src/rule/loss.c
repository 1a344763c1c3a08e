/* SPDX-License-Identifier: Apache-2.0 */
#include "rule/loss.h"

void rule_loss_add(struct draft_list *out, struct draft *draft, const struct model_path *path,
                   const struct model_loss_way *way)
{
    struct model_incident incident = { .first_ns = way->first_ns, .last_ns = way->last_ns,
                                       .attempts = way->lost > UINT32_MAX ? UINT32_MAX : (uint32_t)way->lost };
    const char *text = path->protocol == 6 ? "sent again after loss" : "a number is missing before it";
    if (!draft)
        return;
    for (uint32_t i = 0; i < way->frames && i < MODEL_LOSS_FRAMES; i++)
        rule_draft_show(draft, way->frame[i], text);
    rule_draft_add(out, draft, path, &incident);
}
