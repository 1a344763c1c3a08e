/* SPDX-License-Identifier: Apache-2.0 */
#include "model/rate.h"

#include "base/nsec.h"
#include "model/store.h"

struct model_rate *model_rate_of(struct model *m, struct model_path *path, int way, int64_t now_ns)
{
    if (path->rate[way] || m->rate_count == MODEL_RATES_MAX)
        return path->rate[way];
    struct model_rate *rate = arena_alloc(m->arena, 1, sizeof *rate);
    if (!rate)
        return NULL;
    rate->begin_ns = now_ns;
    m->rate_count++;
    return path->rate[way] = rate;
}

static uint16_t held(int value)
{
    return (uint16_t)(value < 0 ? 0 : value > UINT16_MAX ? UINT16_MAX : value);
}

void model_rate_add(struct model_rate *rate, int64_t now_ns, uint32_t bytes, int lost)
{
    int64_t since_ns = nsec_sub(now_ns, rate->begin_ns);
    int64_t index = since_ns / NSEC_PER_SEC;
    if (since_ns < 0 || index >= MODEL_RATE_SECONDS)
        return;
    struct model_rate_second *second = &rate->seconds[index];
    rate->count = index >= rate->count ? (uint32_t)index + 1 : rate->count;
    second->bytes = bytes > UINT32_MAX - second->bytes ? UINT32_MAX : second->bytes + bytes;
    second->units = held(second->units + (bytes != 0));
    second->lost = held(second->lost + lost);
}
