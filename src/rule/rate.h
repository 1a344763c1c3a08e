/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULE_RATE_H
#define RULE_RATE_H

#include "model/model.h"

/* Whether what a direction of a path loses is what lies above a ceiling: a policer, not a bad line. */
struct rule_rate {
    double ceiling_bytes;   /* a second, that came through while more was offered */
    double offered_bytes;   /* a second, in those seconds */
    double variation_percent, loss_percent;
    uint32_t lossy_seconds; /* at the ceiling, beginnings and ends of such spans left out */
    uint32_t calm_seconds;  /* in which less than the ceiling was offered */
};

/* `way`: 0 towards the server, 1 towards the client. */
bool rule_rate_is_limited(const struct model *model, const struct model_path *path, int way, struct rule_rate *out);

#endif
