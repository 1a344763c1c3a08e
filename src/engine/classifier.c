/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "engine/engine.h"

struct wspscope_classifier *wspscope_classifier_new(void)
{
    struct wspscope_classifier *c = calloc(1, sizeof *c);
    if (c)
        c->classify = classify_new();
    if (c && c->classify)
        return c;
    free(c);
    return NULL;
}

void wspscope_classifier_free(struct wspscope_classifier *c)
{
    if (!c)
        return;
    classify_free(c->classify);
    free(c);
}

enum status engine_classifier_choose(struct wspscope_analyzer *a, const struct wspscope_options *o,
                                     struct error *error)
{
    if (o->no_dpi || !classify_is_built_in())
        return STATUS_OK;
    if (!o->classifier)
        a->own_classifier = wspscope_classifier_new();
    const struct wspscope_classifier *c = o->classifier ? o->classifier : a->own_classifier;
    if (!c)
        return error_set(error, STATUS_NO_MEMORY, "there is not enough memory for nDPI");
    a->classify = c->classify;
    return STATUS_OK;
}
