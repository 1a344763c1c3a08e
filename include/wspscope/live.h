/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WSPSCOPE_LIVE_H
#define WSPSCOPE_LIVE_H

#include "wspscope/analysis.h"
#include "wspscope/render.h"

/* Packets as they come: from interfaces, or from a function of the caller. The same engine as for files; at every
 * second of packet time a tick shows a snapshot and what changed since the last, and the end gives the report that
 * wspscope_next() gives of the same packets. One thread calls; only wspscope_live_stop() may be called from elsewhere,
 * also from a signal handler. */
struct wspscope_live;

enum wspscope_link { WSPSCOPE_LINK_ETHERNET = 1 }; /* the others: the registry of LINKTYPE_ values */

struct wspscope_packet {
    const uint8_t *bytes;     /* borrowed for the call */
    uint32_t captured_bytes, wire_bytes;
    int64_t time_ns;
    uint64_t frame;           /* given by the library, from 1 on; ignored in what a caller feeds */
    uint16_t link_type;
    uint8_t direction;        /* 0 unknown, 1 inbound, 2 outbound */
    uint32_t interface;       /* from 0 on */
};

struct wspscope_interfaces {
    const char *const *names; /* "eth0"; "any" is all of them */
    size_t count;
    uint32_t snap_bytes;      /* 0: 262144, whole packets */
    uint64_t buffer_bytes;    /* the kernel's ring for each interface; 0: 64 MiB */
    uint64_t packets_max;     /* 0: no end */
    bool not_promiscuous;
    bool whole;               /* without the mission's own kernel filter: every packet is handed up and counted */
};

/* NULL: `error` says which interface cannot be opened, and what would help. Capturing needs CAP_NET_RAW from here until
 * this has returned, not afterwards. */
struct wspscope_live *wspscope_live_open(struct wspscope_analyzer *analyzer,
                                         const struct wspscope_interfaces *interfaces, struct wspscope_error *error);

/* Sentences about what is less than was asked for: a filter that the kernel refused. Borrowed from `live`. */
const char *const *wspscope_live_notes(const struct wspscope_live *live, size_t *count);

enum wspscope_fed {
    WSPSCOPE_FED_PACKET, /* *packet is set */
    WSPSCOPE_FED_NOTHING,/* nothing for now: packet->time_ns is the time all the same */
    WSPSCOPE_FED_END,
};

/* Packets from `next`, which the library calls until it answers WSPSCOPE_FED_END. `name` goes into the report. */
struct wspscope_feed {
    enum wspscope_fed (*next)(void *context, struct wspscope_packet *packet);
    void *context;
    const char *name;
};
struct wspscope_live *wspscope_live_feed(struct wspscope_analyzer *analyzer, const struct wspscope_feed *feed,
                                         struct wspscope_error *error);

enum wspscope_change_kind { WSPSCOPE_OPENED, WSPSCOPE_UPDATED, WSPSCOPE_RESOLVED, WSPSCOPE_CHANGES };
const char *wspscope_change_name(enum wspscope_change_kind kind); /* "open", "update", "resolve" */

/* A finding is the same while kind, cause, role, Region, protocol and port are; its number stays, whatever "F1" it has
 * in a snapshot. It opens, is updated as incidents are added, and is resolved when it no longer holds or when nothing
 * new has happened for the time of the threshold finding-quiet-ms; a new incident opens it again. */
struct wspscope_change {
    enum wspscope_change_kind kind;
    uint64_t number;
    int64_t opened_ns;
    int64_t at_ns;
    const struct wspscope_finding *finding; /* as it is now, or as it was last; borrowed for the call */
};

struct wspscope_tick {
    int64_t now_ns;                         /* packet time, or the clock's when no packet comes */
    const struct wspscope_report *report;   /* borrowed for the call */
    const uint64_t *numbers;                /* of the first `numbered` of report->findings; 0: not kept */
    const bool *open;                       /* of the same: not resolved */
    size_t numbered;
    const struct wspscope_change *changes;
    size_t change_count;
    uint64_t kernel_drops, interface_drops; /* since the start */
};

/* Any may be NULL. */
struct wspscope_watch {
    void (*tick)(void *context, const struct wspscope_tick *tick);
    void (*turn)(void *context); /* about ten times a second, packets or not: keys, signals, requests */
    void (*followed)(void *context, const struct wspscope_packet *packet); /* each packet of the mission's, no copies */
    void *context;
};

/* Goes on until the packets end or wspscope_live_stop() is called. WSPSCOPE_REPORTED: *report, the caller's, is the
 * report of everything. Else `error` says what failed. */
enum wspscope_result wspscope_live_run(struct wspscope_live *live, const struct wspscope_watch *watch,
                                       const struct wspscope_report **report, struct wspscope_error *error);
void wspscope_live_stop(struct wspscope_live *live);
void wspscope_live_free(struct wspscope_live *live);

/* One line of NDJSON: "wsp_finding" with what became of it, "wsp_summary" with the verdict and the counters. False when
 * the sink refused or memory ran out. */
bool wspscope_live_render_change(struct wspscope_sink sink, const struct wspscope_tick *tick,
                                 const struct wspscope_change *change);
bool wspscope_live_render_summary(struct wspscope_sink sink, const struct wspscope_tick *tick);

/* Interfaces that can be captured on: "eth0", "up, running; 192.0.2.1"; name NULL at the end. Freed by
 * wspscope_live_list_free(). */
struct wspscope_interface {
    char *name, *text;
};
struct wspscope_interface *wspscope_live_list(struct wspscope_error *error);
void wspscope_live_list_free(struct wspscope_interface *list);

#endif
