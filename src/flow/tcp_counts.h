/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FLOW_TCP_COUNTS_H
#define FLOW_TCP_COUNTS_H

#include <stdbool.h>
#include <stdint.h>

/* Why data was sent again. src/track/README.md has the definitions, beside Wireshark's. */
enum flow_resent {
    FLOW_RESENT_TIMEOUT,
    FLOW_RESENT_FAST,       /* duplicate ACKs or SACK asked for it */
    FLOW_RESENT_TAIL_PROBE, /* RFC 8985, section 7 */
    FLOW_RESENT_SPURIOUS,   /* it had arrived: acknowledged before, DSACK (RFC 2883), or Eifel (RFC 3522) */
    FLOW_RESENT_KINDS
};

/* What one side of a TCP connection sent; a super-segment counts as the segments it was made of. */
struct flow_tcp_counts {
    uint32_t data_segments;          /* new data */
    uint32_t resent[FLOW_RESENT_KINDS];
    uint32_t keepalives, window_probes;
    uint32_t out_of_order;           /* late, not sent again */
    uint32_t lost_segments, lost_ranges; /* sent again after loss and then acknowledged, spurious ones left out; ranges:
                                            what touches counts once */
    uint32_t window_full;            /* segments that fill the peer's window; its scale must be known */
    uint32_t duplicate_acks, zero_windows;
    uint64_t lost_bytes;
    bool sack;                       /* it sent SACK blocks */
};

#endif
