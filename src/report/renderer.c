/* SPDX-License-Identifier: Apache-2.0 */
#include "wspscope/render.h"

#include <stdlib.h>
#include <string.h>

#include "report/format.h"

enum { COLUMNS_USUAL = 80, COLUMNS_MIN = 40, COLUMNS_MAX = 1000 };

struct wspscope_renderer {
    const struct report_format *format;
    struct report_run run;
};

static const struct report_format *find(const char *name)
{
    static const struct report_format *const formats[] = {
#define REPORT_FORMAT(format) &report_##format##_format,
#include "report/formats.def"
#undef REPORT_FORMAT
    };
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (strcmp(formats[i]->name, name) == 0)
            return formats[i];
    return NULL;
}

const char *const *wspscope_formats(void)
{
    static const char *const names[] = {
#define REPORT_FORMAT(format) #format,
#include "report/formats.def"
#undef REPORT_FORMAT
        NULL,
    };
    return names;
}

static unsigned usable_columns(unsigned columns)
{
    if (columns == 0)
        return COLUMNS_USUAL;
    if (columns < COLUMNS_MIN)
        return COLUMNS_MIN;
    return columns < COLUMNS_MAX ? columns : COLUMNS_MAX;
}

struct wspscope_renderer *wspscope_renderer_new(const char *format, const struct wspscope_render_options *options,
                                                bool several, struct wspscope_sink sink)
{
    const struct report_format *found = find(format);
    struct wspscope_renderer *renderer = found ? calloc(1, sizeof *renderer) : NULL;
    if (!renderer)
        return NULL;
    renderer->format = found;
    renderer->run.out.sink = sink;
    renderer->run.several = several;
    if (options)
        renderer->run.options = *options;
    renderer->run.options.columns = usable_columns(renderer->run.options.columns);
    if (found->open && !found->open(&renderer->run)) {
        wspscope_renderer_free(renderer);
        return NULL;
    }
    return renderer;
}

bool wspscope_renderer_add(struct wspscope_renderer *renderer, const struct wspscope_report *report)
{
    if (renderer->run.out.failed)
        return false;
    renderer->format->add(&renderer->run, report);
    renderer->run.added++;
    return report_out_flush(&renderer->run.out);
}

bool wspscope_renderer_finish(struct wspscope_renderer *renderer)
{
    if (renderer->run.out.failed)
        return false;
    renderer->format->finish(&renderer->run);
    return report_out_flush(&renderer->run.out);
}

void wspscope_renderer_free(struct wspscope_renderer *renderer)
{
    if (!renderer)
        return;
    if (renderer->format->close)
        renderer->format->close(&renderer->run);
    free(renderer);
}
