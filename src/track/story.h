/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_STORY_H
#define TRACK_STORY_H

#include <stdbool.h>
#include <stdint.h>

#include "decode/decode.h"
#include "flow/flow.h"
#include "flow/table.h"
#include "model/load.h"
#include "model/model.h"
#include "track/order.h"
#include "track/track.h"

/* What the trackers remember of a flow with a role, beyond the flow record: enough to tell afterwards what happened
 * and which frames prove it. */

enum { STORY_FRAMES = 7 };

/* Frames of one kind: the first ones and the last. */
struct story_frames {
    uint64_t frame[STORY_FRAMES];
    uint32_t count;
};

/* Transmissions of the same data by one side while the other says nothing. */
struct story_run {
    bool active;             /* something sent by this side is not yet acknowledged */
    uint32_t sequence;       /* where the oldest of it begins */
    uint32_t repeats;        /* transmissions after the first */
    int64_t first_ns;        /* first transmission */
    int64_t last_ns;         /* latest repeat */
    int64_t idle_ns;         /* silence of the flow before the first transmission */
    uint32_t size_bytes;     /* IP length */
    uint64_t first_frame;
    struct story_frames frames;
};

/* Server payload in windows, to see when a flow begins to carry a stream. */
struct story_stream {
    int64_t window_ns;       /* begin of the current window */
    uint64_t window_bytes;
    int64_t sustained_ns;    /* begin of the first window that was full enough */
    uint32_t windows;        /* how many were */
    bool end_noted;          /* how it ended is in the session */
    struct model_stream *noted; /* the session's record of this flow as a stream; NULL until it is one */
};

/* How one side numbers its packets: what a forger would have to know. */
struct story_sender {
    int64_t last_ns;           /* its last packet that is no RST; 0 none */
    int64_t first_tsval_ns, last_tsval_ns;
    int64_t sequence_ns;       /* when its sequence numbers last went on */
    int64_t acknowledged_ns;   /* ... and its acknowledgment numbers */
    uint32_t first_tsval, last_tsval;
    uint16_t ip_id;
    uint8_t id_steps;          /* IP-IDs in a row that counted up by little; held at 255 */
    bool timestamps;           /* its last packet carried a TSval */
};

struct track_reset; /* track/reset.h */
struct track_pmtu;
struct track_window;
struct track_stall;
struct track_timing; /* track/timing.h */
struct track_resend; /* track/resend.h */

struct story_tcp {
    struct track_timing *timing; /* outstanding samples; NULL until there was data */
    struct track_resend *resend; /* what was sent again; NULL until there was data */
    uint32_t isn;
    uint32_t syn_count, syn_after_syn_ack, syn_ack_count;
    int64_t first_syn_ns, last_syn_ns, syn_ack_ns;
    struct story_frames syns, syn_acks;
    bool probe;              /* the SYN came with too few hops left for a client's: traceroute */
    bool server_spoke;       /* a packet of the server that is no RST */
    bool accepted;
    bool closed;             /* counted out of the path's open connections */
    bool close_notify;       /* a TLS closing alert was the last record of a side */
    bool end_unreadable;     /* the snap length cut the last record: whether it closes cannot be read */
    int64_t rtt_client_ns, rtt_server_ns;

    struct track_reset *resets[2]; /* by direction; NULL: none */
    struct story_sender senders[2];

    struct story_run run[2];
    uint32_t passed_bytes[2];/* largest IP length of a segment that was acknowledged */
    uint32_t sent_bytes[2];  /* IP length of the largest segment since all was acknowledged */
    uint64_t last_frame[2];
    int64_t last_ns[2];
};

struct story_udp {
    bool start_seen, quic;
    uint32_t sent, answers;
    int64_t third_ns, last_sent_ns;
    int64_t first_answer_ns, last_answer_ns;
    uint64_t first_answer_frame, last_answer_frame;
    struct story_frames datagrams;
    /* since the last answer */
    uint32_t unanswered;
    int64_t unanswered_first_ns;
    bool control_looked_at;  /* when enough were unanswered: */
    bool control_known;      /* a TCP connection to the same server was in view by then */
    bool control_open;       /* and was open */
    int64_t idle_ns;
    struct story_frames unanswered_frames;
    struct track_quic *connection; /* NULL until a QUIC Initial; owned */
    struct track_pcoip *pcoip;     /* NULL until numbered datagrams; owned */
    uint32_t initials_after_answer; /* Initials of the client that repeat an earlier one although an answer passed */
    struct story_frames late_initials;
    bool begins_short; /* the first client datagram has no QUIC long header: a connection that moved here, or PCoIP */
    int64_t first_ns;
    uint32_t size_bytes;
};

/* ICMP errors that quote this flow's packets from the client. */
struct story_icmp {
    uint32_t count;
    struct ipaddr reporter;
    uint8_t type, code, ttl;
    bool loop;
    bool quotes_syn;
    bool session_over;       /* a control connection was in view and none was open any more */
    bool about_client;       /* the quoted packet was on its way to the client */
    int64_t ns, delay_ns;
    struct story_frames frames;
};

struct track_opening;

struct story {
    struct model_path *path;
    struct model_session *session; /* NULL for health checks and beyond the budget */
    uint32_t clock_epoch;          /* of the tracker when the flow began */
    bool has_answer;
    struct track_opening *opening; /* TCP: while what the two sides say first is followed; else NULL */
    struct story_stream stream;
    struct story_icmp icmp;        /* the first reporter's */
    struct track_window *window;   /* track/window.h; NULL until a window is shut */
    struct track_stall *stall;     /* track/stall.h; NULL until the flow carries a stream's bytes */
    struct track_pmtu *pmtu;       /* track/pmtu.h; NULL until packets of the flow look too large */
    struct story_speech *speech;   /* of track/speech.c; NULL while nothing but TLS was heard */
    uint32_t too_big;              /* "fragmentation needed" or "packet too big" about the client's packets */
    union {
        struct story_tcp tcp;
        struct story_udp udp;
    };
};

/* The tracker's own state. */
struct track_copies;
struct track_fragments;
struct track_quics;
struct track_quic;
struct track_pcoip;

enum { TRACK_LOAD_NETWORKS = 16 };
struct track_load {
    int64_t end_ns;       /* of the second that has begun; INT64_MIN: none */
    uint64_t bytes[MODEL_LOAD_DIRECTIONS];
    struct ipaddr networks[TRACK_LOAD_NETWORKS]; /* an address of each that clients were seen in; the first ones */
    uint8_t network_count;
};

struct track {
    struct model *model;
    struct track_load load;
    struct model_tap *tap;
    struct flow_table *flows;
    struct track_options options;
    int64_t now_ns;
    uint32_t clock_epoch;
    uint32_t searches; /* of the table of flows, for a client that fell silent */
    struct track_copies *copies;
    struct track_fragments *fragments;
    struct track_quics *quics;
    struct track_order_budget order_budget; /* of all openings */
    /* thresholds, read once */
    int64_t lookup_wait_ns; /* in which an address heals a look-up that failed */
    int64_t session_closed_ns, session_resume_ns; /* of silence, after which a new try begins a new session */
    int64_t syn_silent_ns, udp_span_ns, udp_wait_ns, blackhole_span_ns, return_lost_span_ns, stream_window_ns;
    uint32_t udp_datagrams, blackhole_repeats, return_lost_repeats, return_lost_datagrams;
    uint64_t stream_window_bytes;
    uint32_t pmtu_repeats, least_mtu_bytes;
    int64_t fragment_wait_ns;
    int64_t pmtu_hole_ns, zero_window_ns, stall_ns;
    uint32_t stall_keepalive_bytes;
    uint32_t return_lost_initials, largest_segment_bytes;
    uint32_t pcoip_packets, pcoip_step;
    double pcoip_share;
    int64_t forgery_memory_ns, proxy_retry_ns, tls_answer_wait_ns;
    uint32_t hello_repeats;
    double forgery_rtt_share;
    int forgery_score, forgery_hops;
    uint8_t loop_min_ttl;
};

static inline void story_frames_add(struct story_frames *list, uint64_t frame)
{
    list->frame[list->count < STORY_FRAMES ? list->count : STORY_FRAMES - 1] = frame;
    list->count++;
}

/* Copies the frames into an incident's evidence, numbered from 1. */
void track_judge_show_frames(const struct story_frames *list, enum model_shows shows, struct model_incident *incident);

/* Frees the story of a flow, or the opening of a background one, and all that hangs on it. */
void track_story_free(struct track *t, struct flow *f);

/* NULL for a background flow, and where there was no memory or place for one. */
static inline struct story *story_of(const struct flow *f)
{
    return f->flags & FLOW_BACKGROUND ? NULL : f->story;
}

#endif
