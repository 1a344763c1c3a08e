/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UNIT_ENGINE_FIXTURE_H
#define UNIT_ENGINE_FIXTURE_H

#include "../capture/fixture.h"
#include "../soft.h"

#include "base/nsec.h"
#include "engine/engine.h"

#define MS(n) ((int64_t)(n) * NSEC_PER_MSEC)

/* An engine whose model and counters a test fills by hand. */
struct shop {
    struct engine engine;
    struct wspscope_analyzer *analyzer;
    struct capture_source *source;
    struct model *model;
    struct model_tap *tap;
    struct arena *arena;
};

/* `file`: what the reader has read to its end; NULL: a pcap of two packets. */
static inline void shop_open(struct shop *s, const struct file *file)
{
    static const uint64_t key[2] = { 5, 6 };
    const struct model_budget budget = { 1000, 1000, 1000, 1000, 1000 };
    struct file plain = simple_pcap(2, 60);
    struct capture_block *block = capture_block_new();
    struct error error;
    *s = (struct shop){ .analyzer = calloc(1, sizeof *s->analyzer), .arena = arena_new(16 << 20) };
    assert_true(s->analyzer && s->arena && block);
    s->analyzer->catalogue = endpoint_catalogue_builtin(NULL);
    s->model = model_new(s->analyzer->catalogue, &budget, key);
    s->tap = model_tap_of(s->model);
    s->engine = (struct engine){ .analyzer = s->analyzer, .model = s->model };
    if (!file)
        file = &plain;
    assert_int_equal(capture_source_memory("t.pcap", file->bytes, file->length, &s->source, &error), STATUS_OK);
    assert_int_equal(capture_source_next(s->source, &s->engine.reader, &error), STATUS_OK);
    while (capture_next_block(s->engine.reader, block, &error) == STATUS_OK)
        continue;
    capture_block_free(block);
    free(plain.bytes);
}

static inline void shop_close(struct shop *s)
{
    capture_reader_free(s->engine.reader);
    capture_source_free(s->source);
    engine_flow_log_free(s->engine.flow_log);
    model_free(s->model);
    endpoint_catalogue_free(s->analyzer->catalogue);
    free(s->analyzer);
    arena_free(s->arena);
}

static inline struct ipaddr shop_address(const char *text)
{
    struct ipaddr a;
    assert_true(ipaddr_parse(text, &a));
    return a;
}

static inline struct model_path *shop_path(struct shop *s, const char *client, const char *server, uint16_t port,
                                           uint8_t protocol)
{
    struct ipaddr c = shop_address(client), v = shop_address(server);
    struct model_path *p = model_path_of(s->model, &c, &v, port, protocol);
    assert_non_null(p);
    return p;
}

static inline void shop_fact(struct shop *s, struct model_path *p, enum model_fact fact, enum model_undecided why)
{
    struct model_incident incident = { .fact = (uint8_t)fact, .why = (uint8_t)why, .first_ns = MS(1000),
                                       .last_ns = MS(4000), .begin_ns = MS(1000), .attempts = 3 };
    model_incident_show(&incident, MODEL_SHOWS_SYN, 1, 1);
    model_path_add(s->model, p, &incident);
}

#endif
