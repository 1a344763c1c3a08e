/* SPDX-License-Identifier: Apache-2.0 */
#include "wspscope/analysis.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "engine/digest.h"
#include "engine/engine.h"

enum {
    MAX_FLOWS_DEFAULT = 1024 * 1024,
    BYTES_A_FLOW = 1280,  /* record, index and story of a flow with a role */
    BYTES_A_ROW = 2048,   /* a client, its path, session and first incidents */
    BYTES_A_RTT_PART = 2048,
    RTT_PARTS_MAX = 32768,
    RTT_PARTS_A_ROW = 9,  /* five methods, the variation and the load of two halves */
    BYTES_AT_REST = 40 * 1024 * 1024, /* program, libraries, tables, blocks of packets */
    FLOWS_LEAST = 1024,
    TABLE_ROWS_MAX = 65536,
};

static const uint16_t mission_ports[] = { 443, 4172, 4195, 53 };
static const uint16_t web_port[] = { 80 }; /* a proxy's too, and so many others' that it tells nothing */
static const uint16_t proxy_ports[] = { 3128, 8000, 8080, 8081, 8888, 9090 };

struct wspscope_input_run {
    struct wspscope_analyzer *analyzer;
    struct capture_source *source;
    const char *path; /* as given */
    FILE *digested;   /* the file again, for --sha256; NULL: no digest */
    wspscope_progress *progress;
    void *progress_context;
    uint64_t total_bytes;
};

static void set_error(struct wspscope_error *out, const struct error *error)
{
    if (out)
        memcpy(out->text, error->text, sizeof out->text < sizeof error->text ? sizeof out->text : sizeof error->text);
}

static void add_ports(struct decode_ports *ports, const uint16_t *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        decode_ports_add(ports, list[i]);
}

static enum status choose_hash_key(const struct wspscope_options *o, uint64_t key[2], struct error *error)
{
    if (o->hash_key) {
        key[0] = o->hash_key[0];
        key[1] = o->hash_key[1];
        return STATUS_OK;
    }
    if (getrandom(key, 2 * sizeof *key, 0) != (ssize_t)(2 * sizeof *key))
        return error_set(error, STATUS_IO, "the system gives no random numbers");
    return STATUS_OK;
}

static enum status load_catalogue(struct wspscope_analyzer *a, const struct wspscope_options *o, struct error *error)
{
    if (o->endpoints_directory) {
        enum status status = endpoint_catalogue_load(o->endpoints_directory, &a->catalogue, error);
        if (status != STATUS_OK)
            return status;
    } else {
        a->catalogue = endpoint_catalogue_builtin(error);
        if (!a->catalogue)
            return STATUS_NO_MEMORY;
    }
    for (size_t i = 0; i < o->threshold_count; i++) {
        enum status status = endpoint_threshold_override(a->catalogue, o->thresholds[i], error);
        if (status != STATUS_OK)
            return status;
    }
    a->region = o->region ? endpoint_region_find(a->catalogue, o->region) : NULL;
    if (o->region && !a->region)
        return error_set(error, STATUS_BAD_USAGE,
                         "there is no Region \"%s\" in the catalogue; `wspscope endpoints list` shows them", o->region);
    return STATUS_OK;
}

/* Of what is left beside the program itself, half for flows, a quarter each for what outlives them and its round
 * trips. */
static enum status share_memory(struct wspscope_analyzer *a, uint64_t bytes, uint64_t *flows, struct error *error)
{
    uint64_t least = BYTES_AT_REST + (uint64_t)FLOWS_LEAST * (BYTES_A_FLOW + BYTES_A_ROW);
    if (bytes < least)
        return error_set(error, STATUS_BAD_USAGE, "--max-memory is too small: give it at least %u MiB",
                         (unsigned)(least >> 20) + 1);
    uint64_t half = (bytes - BYTES_AT_REST) / 2;
    if (half / BYTES_A_FLOW < *flows)
        *flows = half / BYTES_A_FLOW;
    if (half / 2 / BYTES_A_ROW < a->max_rows)
        a->max_rows = (uint32_t)(half / 2 / BYTES_A_ROW);
    if (half / 2 / BYTES_A_RTT_PART < a->max_rtt_parts)
        a->max_rtt_parts = (uint32_t)(half / 2 / BYTES_A_RTT_PART);
    return STATUS_OK;
}

/* More than two have not been found to pay: reading, and the trackers, are one thread's at a time. */
static void choose_threads(struct wspscope_analyzer *a, unsigned asked)
{
    enum { USUAL = 2 };
    cpu_set_t processors;
    a->threads_asked = asked > 0;
    a->threads = asked < ENGINE_THREADS_MAX ? asked : ENGINE_THREADS_MAX;
    if (asked)
        return;
    bool several = sched_getaffinity(0, sizeof processors, &processors) == 0 && CPU_COUNT(&processors) >= USUAL;
    a->threads = several ? USUAL : 1;
}

static enum status prepare(struct wspscope_analyzer *a, const struct wspscope_options *o, struct error *error)
{
    enum status status = load_catalogue(a, o, error);
    if (status == STATUS_OK && o->filter)
        status = capture_filter_new(o->filter, &a->filter, error);
    if (status == STATUS_OK)
        status = choose_hash_key(o, a->decode.hash_key, error);
    add_ports(&a->decode.ports, mission_ports, sizeof mission_ports / sizeof *mission_ports);
    add_ports(&a->decode.ports, web_port, sizeof web_port / sizeof *web_port);
    add_ports(&a->proxy_ports, proxy_ports, sizeof proxy_ports / sizeof *proxy_ports);
    add_ports(&a->proxy_ports, o->proxy_ports, o->proxy_port_count);
    add_ports(&a->decode.ports, proxy_ports, sizeof proxy_ports / sizeof *proxy_ports);
    add_ports(&a->decode.ports, o->proxy_ports, o->proxy_port_count);
    add_ports(&a->decode.ports, o->ports, o->port_count);
    add_ports(&a->extra_ports, o->ports, o->port_count);
    uint64_t flows = o->max_flows ? o->max_flows : MAX_FLOWS_DEFAULT;
    a->max_rows = TABLE_ROWS_MAX;
    a->max_rtt_parts = RTT_PARTS_MAX;
    if (o->max_memory_bytes)
        status = status == STATUS_OK ? share_memory(a, o->max_memory_bytes, &flows, error) : status;
    a->max_flows = flows > UINT32_MAX / 4 ? UINT32_MAX / 4 : (uint32_t)flows;
    a->quic_keys = decode_quic_keys_new(); /* fetches ciphers: before a sandbox closes */
    a->flows = o->flows;
    a->sha256 = o->sha256;
    a->filter_text = o->filter;
    choose_threads(a, o->threads);
    return status == STATUS_OK ? engine_classifier_choose(a, o, error) : status;
}

struct wspscope_analyzer *wspscope_analyzer_new(const struct wspscope_options *options, struct wspscope_error *error)
{
    struct error e = { "there is not enough memory" };
    struct wspscope_analyzer *a = engine_digest_prepare() ? calloc(1, sizeof *a) : NULL;
    if (a && prepare(a, options, &e) == STATUS_OK)
        return a;
    set_error(error, &e);
    wspscope_analyzer_free(a);
    return NULL;
}

void wspscope_analyzer_free(struct wspscope_analyzer *a)
{
    if (!a)
        return;
    endpoint_catalogue_free(a->catalogue);
    capture_filter_free(a->filter);
    decode_quic_keys_free(a->quic_keys);
    wspscope_classifier_free(a->own_classifier);
    free(a);
}

static bool digest_wanted(const struct wspscope_analyzer *a, const char *path)
{
    return a->sha256 && strcmp(path, "-") != 0;
}

/* Takes over `source`; NULL when there is none, and nothing is said about it. */
static struct wspscope_input_run *new_run(struct wspscope_analyzer *analyzer, const char *path,
                                          struct capture_source *source)
{
    struct wspscope_input_run *run = source ? calloc(1, sizeof *run) : NULL;
    if (!run) {
        capture_source_free(source);
        return NULL;
    }
    *run = (struct wspscope_input_run){ .analyzer = analyzer, .source = source, .path = path,
                                        .total_bytes = WSPSCOPE_UNKNOWN_COUNT };
    return run;
}

struct wspscope_input_run *wspscope_open(struct wspscope_analyzer *analyzer, const char *path,
                                         struct wspscope_error *error)
{
    struct capture_source *source = NULL;
    struct error e = { "there is not enough memory" };
    if (capture_source_open(path, &source, &e) != STATUS_OK)
        source = NULL;
    struct wspscope_input_run *run = new_run(analyzer, path, source);
    if (run && digest_wanted(analyzer, path) && !(run->digested = engine_digest_open(path, &e))) {
        wspscope_close(run);
        run = NULL;
    }
    if (!run)
        set_error(error, &e);
    return run;
}

struct wspscope_input_run *wspscope_open_memory(struct wspscope_analyzer *analyzer, const char *name,
                                                const void *bytes, size_t length, struct wspscope_error *error)
{
    struct capture_source *source = NULL;
    struct error e = { "there is not enough memory" };
    if (capture_source_memory(name, bytes, length, &source, &e) != STATUS_OK)
        source = NULL;
    struct wspscope_input_run *run = new_run(analyzer, name, source);
    if (!run)
        set_error(error, &e);
    return run;
}

void wspscope_on_progress(struct wspscope_input_run *run, wspscope_progress *progress, void *context)
{
    run->progress = progress;
    run->progress_context = context;
}

static void report_progress(void *context, uint64_t packets, uint64_t bytes)
{
    struct wspscope_input_run *run = context;
    if (run->progress)
        run->progress(run->progress_context, packets, bytes, run->total_bytes);
}

void engine_close(struct engine *e)
{
    track_free(e->track);
    model_free(e->model);
    engine_flow_log_free(e->flow_log);
    engine_census_free(e->census);
    capture_reader_free(e->reader);
}

enum status engine_open(struct engine *e, struct error *error)
{
    struct wspscope_analyzer *a = e->analyzer;
    uint32_t rows = a->max_flows < a->max_rows ? a->max_flows : a->max_rows;
    uint32_t rtt_parts = rows < a->max_rtt_parts / RTT_PARTS_A_ROW ? rows * RTT_PARTS_A_ROW : a->max_rtt_parts;
    struct model_budget budget = { .paths = rows, .clients = rows, .sessions = rows, .hosts = a->max_rows,
                                   .rtt_parts = rtt_parts };
    e->model = model_new(a->catalogue, &budget, a->decode.hash_key);
    if (a->flows)
        e->flow_log = engine_flow_log_new(a->max_flows);
    struct track_options options = { .max_flows = a->max_flows,
                                     .hash_key = { a->decode.hash_key[0], a->decode.hash_key[1] },
                                     .extra_ports = &a->extra_ports,
                                     .proxy_ports = &a->proxy_ports,
                                     .quic_keys = a->quic_keys,
                                     .classify = a->classify,
                                     .classify_background = a->flows,
                                     .on_flow_end = e->flow_log ? engine_flow_log_add : NULL,
                                     .on_flow_end_context = e->flow_log };
    if (a->classify)
        classify_reset(a->classify);
    e->track = e->model ? track_new(&options, e->model) : NULL;
    e->census = engine_census_new();
    if (!e->track || !e->census || (a->flows && !e->flow_log))
        return error_set(error, STATUS_NO_MEMORY, "there is not enough memory for the tables");
    return STATUS_OK;
}

static enum status analyze(struct wspscope_input_run *run, struct engine *e, const struct wspscope_report **report,
                           struct error *error)
{
    char sha256[ENGINE_DIGEST_TEXT_SIZE] = "";
    enum status status = engine_open(e, error);
    if (status == STATUS_OK && run->digested)
        status = engine_digest_file(run->digested, run->path, sha256, error);
    if (status == STATUS_OK)
        status = engine_ring_run(e, report_progress, run, error);
    if (status != STATUS_OK)
        return status;
    const struct capture_info *info = capture_reader_info(e->reader);
    model_tap_of(e->model)->capture_drops = info->has_drop_counts ? info->interface_drops + info->os_drops : 0;
    *report = engine_snapshot(e, *sha256 ? sha256 : NULL);
    return *report ? STATUS_OK : error_set(error, STATUS_NO_MEMORY, "there is not enough memory for the report");
}

enum wspscope_result wspscope_next(struct wspscope_input_run *run, const struct wspscope_report **report,
                                   struct wspscope_error *error)
{
    struct error e = { "" };
    struct engine engine = { .analyzer = run->analyzer };
    enum status status = capture_source_next(run->source, &engine.reader, &e);
    if (status == STATUS_END)
        return WSPSCOPE_FINISHED;
    if (status == STATUS_OK) {
        run->total_bytes = capture_reader_info(engine.reader)->size_bytes;
        status = analyze(run, &engine, report, &e);
        engine_close(&engine);
    }
    if (status == STATUS_OK)
        return WSPSCOPE_REPORTED;
    set_error(error, &e);
    return WSPSCOPE_UNREADABLE;
}

const char *const *wspscope_passed_over(const struct wspscope_input_run *run, size_t *count)
{
    return capture_source_passed_over(run->source, count);
}

void wspscope_close(struct wspscope_input_run *run)
{
    if (!run)
        return;
    if (run->digested)
        fclose(run->digested);
    capture_source_free(run->source);
    free(run);
}
