/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_PCOIP_H
#define TRACK_PCOIP_H

#include "model/loss.h"
#include "track/story.h"

/* What PCoIP's session packets tell of loss: their ESP sequence numbers (decode/pcoip.h). A number that is missing was
 * lost before the tap; what is lost behind it cannot be seen. */

enum { TRACK_PCOIP_WINDOW = 256, TRACK_PCOIP_GAPS = 8 };

/* One direction. Numbers are believed once enough packets of one SPI step forward as a counter does; bytes that only
 * look like it never are. What came before counts then, too. */
struct track_pcoip_way {
    uint32_t spi;               /* 0: none yet */
    uint32_t first, highest;    /* numbers */
    uint32_t packets, in_step;  /* of this SPI */
    bool believed;
    uint64_t here[TRACK_PCOIP_WINDOW / 64]; /* bit n: highest - n has come */
    struct model_loss_way counts; /* until believed */
    struct {
        uint64_t frame;         /* the packet behind the gap */
        uint32_t number;        /* the last one missing */
    } gaps[TRACK_PCOIP_GAPS];   /* that may still be filled by late arrivals */
    uint8_t gap_count;
};

struct track_pcoip {
    struct track_pcoip_way way[2];
};

/* A datagram of a story, copies left out; `direction` is the way it goes. */
void track_pcoip_packet(struct track *t, struct story *s, enum flow_direction direction,
                        const struct track_packet *packet, const struct decode_packet *d);

/* The flow ends: gaps that nothing filled are evidence now. Frees what the story holds. */
void track_pcoip_end(struct story *s);

#endif
