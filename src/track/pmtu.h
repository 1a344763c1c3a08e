/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_PMTU_H
#define TRACK_PMTU_H

#include "track/story.h"

/* Packets that are too large for the path: lost without a word (a black hole), or refused by "too big" (RFC 1191, RFC
 * 8201, RFC 4821). */

/* Of one direction. A black hole beyond this capture point shows as the same large segment sent again and again; one
 * before it, as bytes that never come while a smaller segment behind them does. */
struct track_pmtu_side {
    bool active;              /* a large segment was sent again and is not acknowledged */
    bool backed_off;          /* with growing pauses */
    bool peer_alive;          /* the peer said something new after the second repeat */
    bool smaller;             /* the same data was sent again in smaller pieces */
    bool hole, hole_shown;    /* whole segments are missing; the receiver misses them too */
    bool reduced_told;
    uint32_t sequence, bytes; /* of the large segment; `bytes` is its IP length on the wire */
    uint32_t repeats;
    int64_t first_ns, last_ns, gap_ns;
    uint64_t smaller_frame;
    uint32_t smaller_bytes;
    struct story_frames frames;

    uint32_t hole_start, hole_end, hole_bytes; /* `hole_bytes`: IP length of each segment that is missing */
    uint32_t tail_bytes;                       /* IP length of the one behind */
    int64_t hole_ns;
    uint64_t tail_frame, shown_frame;

    uint32_t too_big;         /* errors about packets of this direction */
    uint32_t mtu, quoted_bytes;
    uint32_t oversized;       /* packets above the MTU that were sent a while after the last error */
    uint32_t fitting;         /* data that was not */
    struct ipaddr reporter;
    uint8_t reporter_ttl;
    int64_t too_big_first_ns, too_big_ns;
    struct story_frames too_big_frames;
};

struct track_pmtu {
    struct track_pmtu_side sides[2]; /* by direction */
};

/* A TCP packet without RST of a flow with a story, before the flow's own record takes it in. */
void track_pmtu_watch(struct track *t, struct flow *f, enum flow_direction direction,
                      const struct track_packet *packet, const struct decode_packet *d);

/* "Fragmentation needed" or "packet too big" about a packet of that direction. */
void track_pmtu_too_big(struct flow *f, enum flow_direction direction,
                        const struct track_packet *packet, const struct decode_packet *d);

/* Files what is left to say at the flow's end; true when a black hole explains how it ended. */
bool track_pmtu_judge(struct track *t, struct story *s, const struct flow *f, int64_t now_ns);

#endif
