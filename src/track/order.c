/* SPDX-License-Identifier: Apache-2.0 */
#include "track/order.h"

#include <stdlib.h>

void track_order_begin(struct track_order *order, uint32_t sequence)
{
    order->next = sequence;
    order->begun = true;
}

void track_order_free(struct track_order *order, struct track_order_budget *budget)
{
    if (!order->early)
        return;
    budget->bytes -= sizeof *order->early;
    free(order->early);
    order->early = NULL;
}

static bool begin_waiting(struct track_order *order, struct track_order_budget *budget)
{
    if (order->early)
        return true;
    if (budget->bytes + sizeof *order->early > budget->most_bytes) {
        budget->refused++;
        return false;
    }
    order->early = malloc(sizeof *order->early);
    if (!order->early)
        return false;
    decode_crypto_stream_reset(order->early);
    budget->bytes += sizeof *order->early;
    order->origin = order->next;
    return true;
}

static void wait(struct track_order *order, struct track_order_budget *budget, uint32_t sequence, struct cursor bytes)
{
    if (!begin_waiting(order, budget) || !decode_crypto_stream_add(order->early, sequence - order->origin, bytes))
        order->lost = true;
}

/* What waits and is in order now. */
static void give_waiting(struct track_order *order, struct track_order_budget *budget, track_order_sink *sink,
                         void *context)
{
    struct cursor bytes = decode_crypto_stream_read(order->early);
    uint32_t given = order->next - order->origin;
    if (cursor_left(&bytes) > given) {
        cursor_skip(&bytes, given);
        order->next += (uint32_t)cursor_left(&bytes);
        sink(context, bytes, 0);
    }
    if (order->early->range_count <= 1)
        track_order_free(order, budget);
}

void track_order_add(struct track_order *order, struct track_order_budget *budget,
                     const struct track_order_segment *segment, track_order_sink *sink, void *context)
{
    uint32_t sequence = segment->sequence, length = segment->length;
    struct cursor bytes = segment->bytes;
    int32_t ahead = (int32_t)(sequence - order->next);
    if (order->lost || !order->begun)
        return;
    if (ahead > 0) {
        wait(order, budget, sequence, bytes);
        return;
    }
    uint32_t known = 0u - (uint32_t)ahead;
    if (known >= length)
        return;
    cursor_skip(&bytes, known < cursor_left(&bytes) ? known : cursor_left(&bytes));
    if (order->early)
        wait(order, budget, order->next, bytes);
    uint32_t missing = length - known - (uint32_t)cursor_left(&bytes);
    order->next += length - known;
    sink(context, bytes, missing);
    if (order->early && missing)
        order->lost = true;
    else if (order->early)
        give_waiting(order, budget, sink, context);
}
