/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_TRACK_H
#define TRACK_TRACK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "decode/decode.h"
#include "decode/quic_initial.h"
#include "flow/flow.h"
#include "model/model.h"

struct classify;

/* The serial stage: followed packets in order of time -> flows -> facts in the model. */
struct track;

/* A packet as the trackers see it: `bytes` is the frame, borrowed for the call. */
struct track_packet {
    const uint8_t *bytes;
    uint64_t frame;
    int64_t time_ns;
    uint8_t direction; /* of the capture's mark: 0 unknown, 1 inbound, 2 outbound */
};

/* Called once for each flow when it leaves the table; the flow is borrowed. */
typedef void track_flow_end(void *context, const struct flow *flow);

struct track_options {
    uint32_t max_flows;
    uint64_t hash_key[2];
    const struct decode_ports *extra_ports; /* those of --port: a role is judged on them too */
    const struct decode_ports *proxy_ports; /* where web proxies listen; may be NULL */
    struct decode_quic_keys *quic_keys;     /* borrowed; NULL: Initials stay closed */
    struct classify *classify;              /* borrowed, reset for this capture; NULL: nobody is asked */
    bool classify_background;               /* ask about flows without a role as well */
    track_flow_end *on_flow_end;            /* may be NULL */
    void *on_flow_end_context;
};

enum track_result { TRACK_FOLLOWED, TRACK_DUPLICATE, TRACK_BACKGROUND };

/* `model` is borrowed for the tracker's life. */
struct track *track_new(const struct track_options *options, struct model *model) MUST_USE;
void track_free(struct track *track);

/* One decoded packet, after track_advance() to its time. TRACK_DUPLICATE: a copy of an earlier one, which touched
 * nothing. TRACK_BACKGROUND: a later fragment of something that is not followed. */
enum track_result track_one(struct track *track, const struct track_packet *packet, const struct decode_packet *d);

/* A decoded packet, followed or not, adds to the load of the tap; a copy does not. */
void track_load(struct track *track, const struct decode_packet *d);

/* Ahead of track_one(): twice, the second time `soon`, for what is going to be asked for. */
void track_prefetch(const struct track *track, const struct decode_packet *d, bool soon);

/* Packet time has come this far, whatever the packet was: deadlines that it passed are fired. */
void track_advance(struct track *track, int64_t time_ns);

/* The clock of the capture stepped: what spans the step is not judged by time. */
void track_clock_step(struct track *track, uint64_t frame, int64_t from_ns, int64_t to_ns);

/* The capture has ended: judges what is still open, in the order in which the flows began. */
void track_finish(struct track *track);

#endif
