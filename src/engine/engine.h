/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/capture.h"
#include "classify/classify.h"
#include "decode/decode.h"
#include "engine/flow_log.h"
#include "endpoint/catalogue.h"
#include "engine/census.h"
#include "model/model.h"
#include "track/track.h"
#include "wspscope/analysis.h"

/* One capture being analysed: counters, model, trackers. */

enum { ENGINE_UNSUPPORTED_MAX = 256, ENGINE_THREADS_MAX = 4 };

struct engine_unsupported {
    uint8_t kind; /* enum decode_unsupported */
    uint16_t number;
    uint64_t packets;
};

typedef void engine_followed(void *context, const struct capture_packet *packet);

struct engine {
    struct wspscope_analyzer *analyzer;
    struct capture_reader *reader;
    struct model *model;
    struct track *track;
    struct engine_flow_log *flow_log; /* NULL unless asked for */
    struct engine_census *census;     /* until something of WorkSpaces is seen */
    struct wspscope_packet_counts counts;
    struct engine_unsupported unsupported[ENGINE_UNSUPPORTED_MAX];
    size_t unsupported_count;
    uint64_t unsupported_more;        /* packets of types that did not fit */
    uint64_t not_filterable;          /* packets that the filter cannot judge */
    uint64_t vlan_packets;            /* counted only when a filter is set */
    bool vlan_seen;                   /* on a packet that matters */
    bool one_thread;                  /* live: what the turns do belongs to the caller's thread */
    engine_followed *on_followed;     /* NULL, or called with each packet that is followed and no copy */
    void *on_followed_context;
};

struct wspscope_classifier {
    struct classify *classify;
};

/* The options as the engine uses them. */
struct wspscope_analyzer {
    struct endpoint_catalogue *catalogue;
    struct capture_filter *filter; /* NULL: none */
    const char *filter_text;       /* the same as it was written */
    struct decode_context decode;
    struct decode_quic_keys *quic_keys; /* NULL: this libcrypto has no such ciphers */
    struct decode_ports extra_ports, proxy_ports; /* of --port; where web proxies listen */
    uint32_t max_flows, max_rows; /* rows: of each table that outlives flows */
    uint32_t max_rtt_parts;
    bool flows, sha256;
    unsigned threads;   /* for one capture, 1 to ENGINE_THREADS_MAX */
    bool threads_asked; /* by the user: for small captures too */
    struct classify *classify;                  /* NULL: nDPI is not asked */
    struct wspscope_classifier *own_classifier; /* NULL: none, or borrowed from the options */
    const struct endpoint_region *region; /* of --region; NULL: not given */
};

/* Sets `classify`, as the options say. */
enum status engine_classifier_choose(struct wspscope_analyzer *analyzer, const struct wspscope_options *options,
                                     struct error *error) MUST_USE;
/* Tables for analyzer and reader, which are set; what engine_close() frees, the reader included. */
enum status engine_open(struct engine *engine, struct error *error) MUST_USE;
void engine_close(struct engine *engine);

/* One packet in order of time: counted, filtered, handed to the trackers. */
void engine_serial_packet(struct engine *engine, const struct capture_packet *packet, const struct decode_packet *d);

/* A packet whose time stepped back too far to be sorted, or ahead by a day, comes next. */
void engine_serial_step(struct engine *engine, uint64_t frame, int64_t from_ns, int64_t to_ns);

/* Reads the whole capture. Fails only when nothing of it could be read. */
typedef void engine_progress(void *context, uint64_t packets, uint64_t bytes);
enum status engine_ring_run(struct engine *engine, engine_progress *progress, void *context,
                            struct error *error) MUST_USE;

/* The snapshot, in an arena of its own; NULL without memory. `sha256` may be NULL. */
const struct wspscope_report *engine_snapshot(const struct engine *engine, const char *sha256);

/* A snapshot of what was found so far, which the registry compares with the last one. */
struct engine_registry;
const struct wspscope_report *engine_snapshot_tick(const struct engine *engine, struct engine_registry *registry);

#endif
