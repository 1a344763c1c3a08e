/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_RESET_H
#define TRACK_RESET_H

#include "track/story.h"

/* Resets: what one did to its connection, and whether the address that it names sent it (FINDINGS, "Forgery score"). */

/* The first reset of one side, and what is seen after it. */
struct track_reset {
    uint64_t frame;
    uint64_t contradicted_frame; /* of the same side, sent after it; 0: none */
    int64_t ns;
    int64_t delay_ns;        /* since the peer's last packet */
    int64_t answer_ns;       /* since the one segment of the peer that it can be an answer to; -1: that is open */
    int64_t tsval_ns;        /* the sender's last TSval before it: when that passed */
    double ticks_per_ns;     /* of the sender's TSval; 0: it sends none */
    uint32_t tsval;
    uint32_t peer_next;      /* the peer had sent up to here */
    uint32_t before_pkts;    /* of the flow, both ways */
    uint32_t count;          /* of this side */
    uint32_t guesses;        /* resets with sequence numbers beyond anything sent */
    uint32_t last_guess;
    uint16_t ip_id;
    uint8_t ttl;
    uint8_t signs;           /* enum model_sign, those that the packet itself shows */
    bool id_counts;          /* its IP-ID goes on where the sender's other packets left off */
    bool has_timestamp;      /* it carries a TSval that goes on from the sender's others */
    bool orderly_before;     /* a FIN, a TLS close_notify or a reset of the other side came first */
    bool ends_stream;        /* an established connection, and nothing orderly before it */
    bool unreadable;         /* it would, but for a last record that the snap length cut */
    bool answers_syn;        /* no SYN-ACK before it */
    bool peer_after;         /* the peer went on after it */
};

/* Every packet of a flow with a story, before the flow's own record takes it in: whoever sends resets, sends other
 * packets too. */
void track_reset_watch(struct track *t, struct flow *f, enum flow_direction direction,
                       const struct track_packet *packet, const struct decode_packet *d);

/* Fills hops, usual_hops, signs, score and by. `side` is the direction in which the reset went. */
void track_reset_judge(const struct track *t, const struct story *s, const struct flow *f, enum flow_direction side,
                       struct model_incident *incident);

/* Files what a reset did to a connection that was let in; true when it explains the connection's end. */
bool track_reset_file(struct track *t, struct story *s, const struct flow *f);

/* Adds the reset, and what contradicts it, to the evidence. */
void track_reset_show(const struct story *s, enum flow_direction side, struct model_incident *incident);

/* The story's records of resets. */
void track_reset_free(struct story *s);

#endif
