/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULE_LOSS_H
#define RULE_LOSS_H

#include "model/loss.h"
#include "rule/draft.h"

/* Adds what one direction of a path lost to a draft: the frames that show it, its times, and how much it is. NULL as
 * draft: nothing to add to. */
void rule_loss_add(struct draft_list *out, struct draft *draft, const struct model_path *path,
                   const struct model_loss_way *way);

#endif
