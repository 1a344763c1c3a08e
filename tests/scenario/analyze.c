/* SPDX-License-Identifier: Apache-2.0 */
#include "analyze.h"

#include <string.h>

#include "words.h"
#include "wspscope/render.h"

/* What the options point at. */
struct settings {
    struct wspscope_options options;
    const char *thresholds[SCENARIO_ANALYZE_MAX];
    uint16_t ports[SCENARIO_ANALYZE_MAX], proxy_ports[SCENARIO_ANALYZE_MAX];
};

static bool set_option(struct settings *s, const struct analyze_option *given)
{
    struct wspscope_options *o = &s->options;
    int64_t number = 0;
    bool is_number = words_number(given->value, &number);
    if (strcmp(given->name, "filter") == 0)
        o->filter = given->value;
    else if (strcmp(given->name, "region") == 0)
        o->region = given->value;
    else if (strcmp(given->name, "threshold") == 0)
        s->thresholds[o->threshold_count++] = given->value;
    else if (!is_number)
        return false;
    else if (strcmp(given->name, "max-flows") == 0)
        o->max_flows = (uint64_t)number;
    else if (strcmp(given->name, "port") == 0)
        s->ports[o->port_count++] = (uint16_t)number;
    else if (strcmp(given->name, "proxy-port") == 0)
        s->proxy_ports[o->proxy_port_count++] = (uint16_t)number;
    else
        return false;
    return true;
}

static enum status prepare(const struct scenario *scenario, struct settings *s, struct error *error)
{
    for (unsigned i = 0; i < scenario->analyze_count; i++)
        if (!set_option(s, &scenario->analyze[i]))
            return place_error(&scenario->place, error, "there is no option \"analyze %s %s\"",
                               scenario->analyze[i].name, scenario->analyze[i].value);
    s->options.thresholds = s->thresholds;
    s->options.ports = s->ports;
    s->options.proxy_ports = s->proxy_ports;
    return STATUS_OK;
}

static const struct wspscope_report *run(const struct scenario *scenario, struct wspscope_analyzer *analyzer,
                                         struct craft_bytes capture, struct error *error)
{
    struct wspscope_error why = { "" };
    const struct wspscope_report *report = NULL;
    struct wspscope_input_run *input =
        wspscope_open_memory(analyzer, scenario->name, capture.bytes, capture.length, &why);
    if (!input || wspscope_next(input, &report, &why) != WSPSCOPE_REPORTED) {
        report = NULL;
        place_error(&scenario->place, error, "the capture of %s was not analysed: %.300s", scenario->name, why.text);
    }
    if (input)
        wspscope_close(input);
    return report;
}

const struct wspscope_report *analyze_capture(const struct scenario *scenario, struct craft_bytes capture,
                                              const struct analyze_with *with, struct error *error)
{
    struct settings settings = { .options = { .hash_key = with->hash_key, .classifier = with->classifier } };
    struct wspscope_error why = { "" };
    if (prepare(scenario, &settings, error) != STATUS_OK)
        return NULL;
    struct wspscope_analyzer *analyzer = wspscope_analyzer_new(&settings.options, &why);
    if (!analyzer) {
        place_error(&scenario->place, error, "the options of %s are refused: %.300s", scenario->name, why.text);
        return NULL;
    }
    const struct wspscope_report *report = run(scenario, analyzer, capture, error);
    wspscope_analyzer_free(analyzer);
    return report;
}

static bool sink(void *context, const char *bytes, size_t length)
{
    struct text *text = context;
    text_add_bytes(text, bytes, length);
    return !text_failed(text);
}

bool analyze_render(const struct wspscope_report *report, const char *format, struct text *out)
{
    struct wspscope_render_options options = { .columns = 100, .verbosity = 1 };
    struct wspscope_renderer *renderer =
        wspscope_renderer_new(format, &options, false, (struct wspscope_sink){ sink, out });
    if (!renderer)
        return false;
    bool done = wspscope_renderer_add(renderer, report) && wspscope_renderer_finish(renderer);
    wspscope_renderer_free(renderer);
    return done;
}
