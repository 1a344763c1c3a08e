/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_LOSS_H
#define MODEL_LOSS_H

#include <stdint.h>

#include "model/model.h"

/* What was lost on a path, towards the server and towards the client (index 0 and 1, as flow directions). Units are
 * TCP data segments, or numbered datagrams where the protocol numbers them. */
enum { MODEL_LOSS_FRAMES = 6 };

struct model_loss_way {
    uint64_t units;       /* sent, repeats left out */
    uint64_t lost;        /* of them; TCP: sent again and then acknowledged, spurious repeats left out */
    uint64_t ranges;      /* lost ones that touch counted once */
    uint64_t before_tap;  /* of the lost: never seen here before they were sent again */
    uint64_t lost_bytes, bytes;
    uint64_t timeouts, fast, tail_probes, spurious; /* TCP: repeats by kind */
    int64_t first_ns, last_ns; /* of the repeats */
    uint64_t frame[MODEL_LOSS_FRAMES]; /* the first repeats */
    uint32_t frames;
};

struct model_loss {
    struct model_loss_way way[2];
};

/* Made on first need: 280 bytes for each path that carried data. NULL without memory. */
struct model_loss *model_loss_of(struct model *model, struct model_path *path);

#endif
