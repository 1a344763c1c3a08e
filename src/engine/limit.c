/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/limit.h"

#include <inttypes.h>

#include "base/nsec.h"
#include "engine/advice.h"
#include "engine/ledger.h"
#include "rule/context.h"

enum { LIMITS_MOST = 16, MEASURES_MOST = 8 };

struct limit_list {
    const struct engine *engine;
    struct arena *arena;
    struct wspscope_ledger_limit *rows;
    size_t count;
};

/* A new limit with room for measures; NULL without memory. */
static struct wspscope_ledger_limit *add(struct limit_list *l, const char *kind, const char *summary)
{
    struct wspscope_value *measures = arena_alloc(l->arena, MEASURES_MOST, sizeof *measures);
    if (!measures || l->count == LIMITS_MOST)
        return NULL;
    struct wspscope_ledger_limit *row = &l->rows[l->count++];
    *row = (struct wspscope_ledger_limit){ .kind = kind, .summary = summary };
    row->measured = (struct wspscope_value){ .type = WSPSCOPE_VALUE_OBJECT, .children = measures };
    return row;
}

static void measure(struct wspscope_ledger_limit *row, const char *name, uint64_t value)
{
    if (!row || row->measured.child_count == MEASURES_MOST)
        return;
    struct wspscope_value *children = (struct wspscope_value *)(uintptr_t)row->measured.children;
    children[row->measured.child_count++] = (struct wspscope_value){ .name = name, .type = WSPSCOPE_VALUE_INTEGER,
                                                                     .integer = (int64_t)value };
}

static const char *one_way_summary(struct limit_list *l, const char *missing, uint64_t proved, uint64_t all)
{
    if (rule_context_tap_is_one_way(l->engine->model))
        return arena_format(l->arena,
                            "This capture holds one direction only: packets %s are missing in %" PRIu64 " of %" PRIu64
                            " flows that went on all the same. What needs both directions is not judged. %s",
                            missing, proved, all,
                            engine_advice(l->engine, "Capture again with both directions", l->arena));
    return arena_format(l->arena,
                        "Packets %s are missing in %" PRIu64 " of %" PRIu64 " flows, which went on all the same (one "
                        "link of a bundle, or an asymmetric path). These flows are not judged.",
                        missing, proved, all);
}

static void one_way(struct limit_list *l)
{
    const struct model_tap *tap = model_tap(l->engine->model);
    uint64_t proved = tap->flows_client_only_proved + tap->flows_server_only_proved;
    if (!proved)
        return;
    bool of_server = tap->flows_client_only_proved >= tap->flows_server_only_proved;
    struct wspscope_ledger_limit *row =
        add(l, "capture-one-way",
            one_way_summary(l, of_server ? "to the client" : "to the server", proved, proved + tap->flows_two_way));
    measure(row, "one_way_flows", proved);
    measure(row, "two_way_flows", tap->flows_two_way);
    measure(row, "client_only_flows", tap->flows_client_only_proved);
    measure(row, "server_only_flows", tap->flows_server_only_proved);
}

static void late_start(struct limit_list *l)
{
    const struct model_tap *tap = model_tap(l->engine->model);
    double share = endpoint_threshold_value(l->engine->analyzer->catalogue, "late-start-share-percent");
    uint64_t known = tap->role_flows_with_start + tap->role_flows_without_start;
    if (!known || (double)tap->role_flows_without_start * 100 <= share * (double)known)
        return;
    struct wspscope_ledger_limit *row =
        add(l, "capture-late-start",
            arena_format(l->arena,
                         "The capture began after the sessions: %" PRIu64 " of %" PRIu64 " WorkSpaces flows have no "
                         "beginning in it. How they were set up, and what was tried before, cannot be told. %s",
                         tap->role_flows_without_start, tap->role_flows,
                         engine_advice(l->engine, "Start the capture before the client connects", l->arena)));
    measure(row, "flows_without_start", tap->role_flows_without_start);
    measure(row, "flows_with_start", tap->role_flows_with_start);
}

static void truncated(struct limit_list *l)
{
    const struct model_tap *tap = model_tap(l->engine->model);
    const struct capture_info *info = capture_reader_info(l->engine->reader);
    bool cut = tap->followed_cut * 100 >= tap->followed_with_payload && tap->followed_cut;
    if (!cut && !tap->truncated_headers)
        return;
    struct wspscope_ledger_limit *row =
        add(l, "capture-truncated",
            arena_format(l->arena,
                         "The snap length cut packets short: %" PRIu64 " lost a part of their headers and %" PRIu64
                         " of %" PRIu64 " followed packets a part of their payload. Names and handshakes cannot be "
                         "read there. %s",
                         tap->truncated_headers, tap->followed_cut, tap->followed_with_payload,
                         engine_advice(l->engine, "Capture again with whole packets (-s 0)", l->arena)));
    measure(row, "headers_cut_packets", tap->truncated_headers);
    measure(row, "payload_cut_packets", tap->followed_cut);
    measure(row, "snap_length_bytes", info->snap_length_min);
}

static const char *clock_summary(struct limit_list *l, const struct model_tap *tap)
{
    if (!tap->clock_steps)
        return arena_format(l->arena,
                            "%" PRIu64 " packets lie too far out of order to be sorted; they were taken as they come.",
                            tap->late_packets);
    return arena_format(l->arena,
                        "The clock of the capture stepped %" PRIu64 " %s (%" PRIu64 " back), by up to %.3f s, first "
                        "at frame %" PRIu64 ". Smaller disorder was sorted; flows that span a step are not judged by "
                        "time.",
                        tap->clock_steps, tap->clock_steps == 1 ? "time" : "times", tap->clock_steps_back,
                        nsec_to_seconds(tap->clock_step_largest_ns), tap->steps[0].frame);
}

static void clock_steps(struct limit_list *l)
{
    const struct model_tap *tap = model_tap(l->engine->model);
    if (!tap->clock_steps && !tap->late_packets)
        return;
    struct wspscope_ledger_limit *row = add(l, "capture-clock", clock_summary(l, tap));
    measure(row, "steps", tap->clock_steps);
    measure(row, "first_frame", tap->steps[0].frame);
    measure(row, "largest_step_ms", (uint64_t)(tap->clock_step_largest_ns / NSEC_PER_MSEC));
    measure(row, "unsorted_packets", tap->late_packets);
}

static void damaged(struct limit_list *l)
{
    const struct capture_info *info = capture_reader_info(l->engine->reader);
    if (info->damaged)
        measure(add(l, "capture-damaged", arena_copy(l->arena, info->damaged)), "packets_before", info->packets);
}

static void filtered(struct limit_list *l)
{
    const struct engine *e = l->engine;
    const struct model_tap *tap = model_tap(e->model);
    const struct capture_info *info = capture_reader_info(e->reader);
    const char *whole = engine_advice(e, "This filter keeps what matters", l->arena);
    if (info->filter)
        add(l, "capture-filtered",
            arena_format(l->arena, "The capture was taken with a filter (\"%s\"): what it left out cannot be told. "
                                   "%s",
                         info->filter, whole));
    if (tap->data_hidden_flows && tap->data_hidden_flows * 2 >= tap->handshake_closed_flows)
        measure(add(l, "capture-filtered",
                    arena_format(l->arena,
                                 "%" PRIu64 " connections carried data by their sequence numbers, and none of it is "
                                 "in the file: a filter kept only handshakes. %s",
                                 tap->data_hidden_flows, whole)),
                "flows_without_data", tap->data_hidden_flows);
    if (e->not_filterable)
        measure(add(l, "capture-filtered",
                    arena_format(l->arena,
                                 "--filter cannot be applied to the link type of %" PRIu64 " packets: they were "
                                 "looked at all the same.",
                                 e->not_filterable)),
                "packets", e->not_filterable);
}

static void offload(struct limit_list *l)
{
    enum { SEGMENTS_THAT_PROVE = 3 };
    const struct model_tap *tap = model_tap(l->engine->model);
    bool large = tap->supersegments >= SEGMENTS_THAT_PROVE;
    if (!large && !tap->checksum_bad_senders)
        return;
    const char *what = large && tap->checksum_bad_senders
                           ? "segments larger than the wire carries, and checksums not yet filled in"
                       : large ? "segments larger than the wire carries"
                               : "checksums that were not yet filled in";
    struct wspscope_ledger_limit *row = add(l, "capture-offload",
                                            arena_format(l->arena,
                                                         "The capture was taken on a machine whose network card does "
                                                         "part of the work (%s): packet sizes and checksums in it "
                                                         "are not those of the wire.",
                                                         what));
    measure(row, "large_segments", tap->supersegments);
    measure(row, "largest_segment_bytes", tap->supersegment_largest_bytes);
    measure(row, "first_frame", tap->supersegment_first_frame);
    measure(row, "senders_with_bad_checksums", tap->checksum_bad_senders);
}

static void duplicates(struct limit_list *l)
{
    const struct model_tap *tap = model_tap(l->engine->model);
    const struct endpoint_catalogue *c = l->engine->analyzer->catalogue;
    uint64_t all = tap->followed_packets + tap->duplicates;
    double share = endpoint_threshold_value(c, "duplicates-share-percent");
    if ((double)tap->duplicates < endpoint_threshold_value(c, "duplicates-packets") ||
        (double)tap->duplicates * 100 < share * (double)all)
        return;
    const char *where = tap->duplicates_routed * 2 > tap->duplicates
                            ? "before and after a router"
                            : "on two ports of a mirror session, or on both directions of one";
    struct wspscope_ledger_limit *row = add(l, "capture-duplicates",
                                            arena_format(l->arena,
                                                         "%" PRIu64 " of %" PRIu64 " followed packets are copies of "
                                                         "others: the capture sees the same traffic twice (%s). "
                                                         "Copies were left out of every count. Mirror one port or "
                                                         "one direction.",
                                                         tap->duplicates, all, where));
    measure(row, "copies", tap->duplicates);
    measure(row, "routed_copies", tap->duplicates_routed);
    measure(row, "followed_packets", all);
}

static void drops(struct limit_list *l)
{
    const struct model_tap *tap = model_tap(l->engine->model);
    const struct capture_info *info = capture_reader_info(l->engine->reader);
    uint64_t lost = info->has_drop_counts ? info->interface_drops + info->os_drops : 0;
    bool holes = rule_context_capture_has_holes(l->engine->model);
    if (!lost && !holes)
        return;
    const char *counters = lost ? arena_format(l->arena, " Its own counters say %" PRIu64 " packets.", lost) : "";
    const char *proof = holes ? arena_format(l->arena,
                                             " %" PRIu64 " pieces of data were acknowledged that are not in the "
                                             "file.",
                                             tap->unseen_holes)
                              : "";
    struct wspscope_ledger_limit *row = add(l, "capture-loss",
                                            arena_format(l->arena,
                                                         "The capture itself lost packets: what is missing here was "
                                                         "on the wire.%s%s",
                                                         counters, proof));
    measure(row, "interface_drops", info->interface_drops);
    measure(row, "os_drops", info->os_drops);
    measure(row, "acknowledged_not_seen", tap->unseen_holes);
    measure(row, "segments", tap->segments);
}

static void budget(struct limit_list *l)
{
    const struct model_tap *tap = model_tap(l->engine->model);
    uint64_t flows = l->engine->flow_log ? engine_flow_log_dropped(l->engine->flow_log) : 0;
    const struct model_name_losses *names = model_name_losses(model_names(l->engine->model));
    uint64_t given_up = l->engine->analyzer->classify ? classify_given_up(l->engine->analyzer->classify) : 0;
    uint64_t all = tap->packets_not_followed + tap->paths_merged + tap->clients_dropped + tap->sessions_dropped +
                   tap->hosts_dropped + tap->rtt_samples_dropped + flows + given_up + names->names +
                   names->addresses + names->lookups;
    if (!all)
        return;
    struct wspscope_ledger_limit *row = add(l, "budget-exhausted",
                                            arena_format(l->arena,
                                                         "The tables were full: %" PRIu64 " packets of further flows "
                                                         "were not looked at, and %" PRIu64 " attempts were counted "
                                                         "only by server prefix. Raise --max-flows to look at more.",
                                                         tap->packets_not_followed, tap->paths_merged));
    measure(row, "packets_not_followed", tap->packets_not_followed);
    measure(row, "attempts_merged", tap->paths_merged);
    measure(row, "clients_not_kept", tap->clients_dropped);
    measure(row, "sessions_not_kept", tap->sessions_dropped);
    measure(row, "round_trips_not_kept", tap->rtt_samples_dropped);
    measure(row, "flow_rows_dropped", flows);
    measure(row, "flows_not_classified", given_up);
    measure(row, "names_not_kept", names->names + names->addresses + names->lookups);
}

void engine_limit_list(const struct engine *e, struct arena *a, struct wspscope_ledger *out)
{
    struct limit_list l = { .engine = e, .arena = a, .rows = arena_alloc(a, LIMITS_MOST, sizeof *l.rows) };
    if (!l.rows)
        return;
    one_way(&l);
    late_start(&l);
    duplicates(&l);
    drops(&l);
    truncated(&l);
    offload(&l);
    clock_steps(&l);
    filtered(&l);
    damaged(&l);
    budget(&l);
    out->limits = l.rows;
    out->limit_count = l.count;
}
