/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_RATE_H
#define MODEL_RATE_H

#include <stdint.h>

#include "model/model.h"

/* A direction of a path, second by second, from its first loss on: whether it loses what is above a ceiling. */
enum { MODEL_RATE_SECONDS = 256, MODEL_RATES_MAX = 1024 };

struct model_rate_second {
    uint32_t bytes;       /* IP bytes that came through; held at the maximum, as the others */
    uint16_t units, lost; /* datagrams that came through, and that did not */
};

struct model_rate {
    int64_t begin_ns;
    uint32_t count;       /* of seconds; the last one may not be over */
    struct model_rate_second seconds[MODEL_RATE_SECONDS];
};

/* Of a direction (0 towards the server, 1 towards the client), made on first need; NULL without memory, or when
 * MODEL_RATES_MAX are there: then this path is not judged. */
struct model_rate *model_rate_of(struct model *model, struct model_path *path, int way, int64_t now_ns);

/* Counts into the second of `now_ns`; what is beyond the last one, or before the first, is left out. `lost` may be
 * negative: something came late. */
void model_rate_add(struct model_rate *rate, int64_t now_ns, uint32_t bytes, int lost);

#endif
