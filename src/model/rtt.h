/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_RTT_H
#define MODEL_RTT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/histogram.h"
#include "model/load.h"
#include "model/model.h"

/* Round trips of a path, split at the tap: the client half is from the tap to the client and back, the server half
 * from the tap to the server and back. */
enum model_rtt_half { MODEL_RTT_CLIENT, MODEL_RTT_SERVER, MODEL_RTT_HALVES };

/* How a sample was taken, the best first: many and precise before few. */
enum model_rtt_method {
    MODEL_RTT_TIMESTAMPS, /* TCP: a time stamp and its first echo (RFC 7323) */
    MODEL_RTT_SEQUENCE,   /* TCP: data sent once and its acknowledgment */
    MODEL_RTT_SPIN,       /* QUIC: edges of the spin bit (RFC 9000, section 17.4) */
    MODEL_RTT_QUIC,       /* QUIC: the flights of its handshake (RFC 9312, section 3.8.1) */
    MODEL_RTT_HANDSHAKE,  /* TCP: SYN, SYN-ACK, ACK */
    MODEL_RTT_METHODS
};

struct model_rtt_sample {
    enum model_rtt_half half;
    enum model_rtt_method method;
    int64_t value_ns;
    int64_t time_ns; /* of the packet that completed it */
    uint64_t frame;  /* its number; 0: not told */
    bool prompt;     /* nothing can have held back the answer but the way: its variation is the way's */
};

/* Samples of one method. A whole round trip is the latest sample of one half and the next one of the other, at most
 * 10 s apart; each sample is used once. */
struct model_rtt_series {
    struct histogram half[MODEL_RTT_HALVES];
    struct histogram whole;
    int64_t first_ns, last_ns;                /* of the samples */
    uint64_t worst_frame[MODEL_RTT_HALVES];   /* of the longest sample */
    struct {
        bool waits;
        int64_t value_ns, time_ns;
    } latest[MODEL_RTT_HALVES];
};

/* How much the delay of one half varies. */
struct model_rtt_variation {
    struct histogram prompt;  /* round trips of the half whose answer nothing held back */
    struct histogram transit; /* packets' way from that side to the tap, above the least of some seconds */
};

/* The parts, 1.3 to 2 KiB each, are made on first need and bounded by the budget: NULL without a sample. */
enum { MODEL_RTT_SECOND = 15 };
struct model_rtt {
    struct model_rtt_series *series[MODEL_RTT_METHODS];
    struct model_rtt_variation *variation[MODEL_RTT_HALVES];
    struct model_load *load[MODEL_RTT_HALVES]; /* round trips of established flows against the load of the tap */
    /* samples since the last second ended, for its median; in the list of those that have some */
    struct model_rtt *next_timed;
    bool timed;
    uint8_t second_count[MODEL_RTT_HALVES];
    uint32_t second_us[MODEL_RTT_HALVES][MODEL_RTT_SECOND];
};

/* Counts a sample. A negative value and one above a minute are none. */
void model_rtt_add(struct model *model, struct model_path *path, const struct model_rtt_sample *sample);

void model_rtt_add_transit(struct model *model, struct model_path *path, enum model_rtt_half half, int64_t excess_ns);

/* A second has ended in which the tap saw so many bytes: its medians are filed under them. */
void model_rtt_end_second(struct model *model, const uint64_t bytes[MODEL_LOAD_DIRECTIONS]);

/* NULL when the method gave no sample on this path. */
const struct model_rtt_series *model_rtt_series(const struct model_path *path, enum model_rtt_method method);

/* Adds the samples of one method on all paths of a session: those of its client, Region and protocol. */
void model_rtt_of_session(const struct model_session *session, enum model_rtt_method method,
                          struct model_rtt_series *into);

/* "handshake", "timestamps", "sequence", "quic", "spin". */
const char *model_rtt_method_name(enum model_rtt_method method);

#endif
