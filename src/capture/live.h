/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAPTURE_LIVE_H
#define CAPTURE_LIVE_H

#include "capture/capture.h"
#include "capture/feed.h"
#include "capture/live_filter.h"

/* Interfaces, by libpcap: on Linux its TPACKET_V3 ring, read when a part of it is full or a tenth of a second old. */
struct capture_live;

enum { CAPTURE_LIVE_INTERFACES_MAX = 32, CAPTURE_LIVE_SNAP_BYTES = 262144, CAPTURE_LIVE_BUFFER_BYTES = 64 << 20 };

struct capture_live_options {
    const char *const *names;
    size_t count;
    uint32_t snap_bytes;                      /* 0: CAPTURE_LIVE_SNAP_BYTES */
    uint64_t buffer_bytes;                    /* of each interface; 0: CAPTURE_LIVE_BUFFER_BYTES */
    uint64_t packets_max;                     /* 0: no end */
    bool promiscuous;
    const struct capture_live_filter *filter; /* NULL: every packet */
};

/* `error` names the interface and what would help. */
enum status capture_live_open(const struct capture_live_options *options, struct capture_live **out,
                              struct error *error) MUST_USE;
void capture_live_free(struct capture_live *live);

/* Its packets as a feed, which borrows it. */
struct capture_feed capture_live_feed(struct capture_live *live);

/* The feed ends at its next turn. From any thread or signal handler. */
void capture_live_stop(struct capture_live *live);

/* The clock that packets are stamped with. */
int64_t capture_live_now_ns(void);

/* One sentence for each thing that is less than was asked for. */
const char *const *capture_live_notes(const struct capture_live *live, size_t *count);

struct capture_live_interface {
    char *name, *text; /* "eth0", "up, running; 192.0.2.1" */
};

/* Every interface, name NULL at the end; NULL with `error`. */
struct capture_live_interface *capture_live_list(struct error *error);
void capture_live_list_free(struct capture_live_interface *list);

#endif
