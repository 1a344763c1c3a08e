/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENGINE_ORDER_H
#define ENGINE_ORDER_H

#include "engine/engine.h"

/* Parsed blocks, one after another, become packets in order of time. A block is held until the next is there, so that
 * packets on both sides of the border come in order. A step back beyond a second, or beyond the held block, is
 * reported and not sorted; so is a jump ahead of a day. */

/* A block and what was made of it. */
struct engine_slot {
    struct capture_block *block;
    struct decode_packet *descriptors;
    uint32_t *order;     /* packets of the block in the order in which they are handed on */
    size_t capacity, count;
    size_t next;         /* of `order`: the first not yet handed on */
    uint64_t bytes_read; /* of the capture, this block included */
    bool sorted;         /* no packet is earlier than the one before it */
};

struct engine_order {
    struct engine *engine;
    struct engine_slot *held;
    int64_t sortable_step_ns;
    int64_t run_max_ns;    /* latest time since the last step */
    int64_t handed_max_ns; /* of what the trackers have */
    bool any;
};

struct engine_order engine_order_make(struct engine *engine);

/* Takes the next block over and hands on the one that was held; returns that, free again (NULL after the first). */
struct engine_slot *engine_order_take(struct engine_order *order, struct engine_slot *slot) MUST_USE;

/* Hands on what is still held. */
void engine_order_finish(struct engine_order *order);

#endif
