/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/story.h"

#include <stdlib.h>
#include <string.h>

void engine_story_add(struct engine_story_steps *steps, struct wspscope_step step)
{
    if (steps->count < ENGINE_STORY_STEPS)
        steps->items[steps->count++] = step;
}

const char *engine_story_transport_name(enum model_transport transport)
{
    return transport == MODEL_UDP ? "UDP" : "TCP";
}

/* The order in which a client does things: for steps of one time, and for those that have none. */
static int rank_of(const struct wspscope_step *step)
{
    static const char *const order[] = { "dns", "login", "health-check", "udp", "tcp", "fallback", "stream", "end" };
    int rank = 0;
    while (strcmp(order[rank], step->step) != 0)
        rank++;
    return rank;
}

static int by_time(const void *left, const void *right)
{
    const struct wspscope_step *a = left, *b = right;
    if ((a->at_ns == WSPSCOPE_UNKNOWN_TIME) != (b->at_ns == WSPSCOPE_UNKNOWN_TIME))
        return a->at_ns == WSPSCOPE_UNKNOWN_TIME ? 1 : -1;
    if (a->at_ns != b->at_ns)
        return a->at_ns < b->at_ns ? -1 : 1;
    return rank_of(a) - rank_of(b);
}

bool engine_story_tell(const struct engine_story *story, struct wspscope_session *out)
{
    struct engine_story_steps steps = { .count = 0 };
    engine_story_prepare(story, &steps);
    engine_story_transports(story, &steps);
    engine_story_outcome(story, &steps);
    qsort(steps.items, steps.count, sizeof *steps.items, by_time);
    struct wspscope_step *kept = arena_alloc(story->arena, steps.count, sizeof *kept);
    if (!kept)
        return false;
    memcpy(kept, steps.items, steps.count * sizeof *kept);
    out->steps = kept;
    out->step_count = steps.count;
    return true;
}
