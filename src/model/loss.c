/* SPDX-License-Identifier: Apache-2.0 */
#include "model/loss.h"

#include "model/store.h"

struct model_loss *model_loss_of(struct model *m, struct model_path *path)
{
    if (!path->loss)
        path->loss = arena_alloc(m->arena, 1, sizeof *path->loss);
    return path->loss;
}
