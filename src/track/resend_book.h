/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_RESEND_BOOK_H
#define TRACK_RESEND_BOOK_H

#include <stdbool.h>
#include <stdint.h>

/* One side's holes, data that later data overtook, and its latest repeats. The oldest leaves when there is no place:
 * a hole is then filled unnoticed, a repeat that leaves unacknowledged is not counted as lost. */
enum { TRACK_RESEND_HOLES = 4, TRACK_RESEND_ENTRIES = 8 };

struct track_resend_hole {
    uint32_t start, end; /* equal: none */
    uint32_t tsval;      /* of the segment that overtook it */
    bool stamped;
    int64_t time_ns;
};

enum track_resend_state { TRACK_RESEND_NONE, TRACK_RESEND_WAITS, TRACK_RESEND_LOST, TRACK_RESEND_SPURIOUS };

struct track_resend_entry {
    uint32_t start, end, tsval, segments;
    uint8_t kind;    /* enum flow_resent of its latest repeat */
    uint8_t state;   /* enum track_resend_state */
    bool stamped;
    bool joined;     /* begins where the one before it ends: one range */
    bool fills_hole; /* the original was lost before the tap */
    bool excused;    /* a router had said that it was too big: no loss */
};

struct track_resend_book {
    struct track_resend_hole holes[TRACK_RESEND_HOLES];
    struct track_resend_entry entries[TRACK_RESEND_ENTRIES];
    uint8_t next_hole, next_entry;
    bool excuses;
    uint32_t excused_end; /* what was sent below it is excused */
};

void track_resend_book_open(struct track_resend_book *book, const struct track_resend_hole *hole);

/* Data that begins in a hole: takes it out and copies the hole as it was. False when it begins in none. */
bool track_resend_book_fill(struct track_resend_book *book, uint32_t start, uint32_t end,
                            struct track_resend_hole *hole);

/* Holes below the acknowledgment are none any more. */
void track_resend_book_forget(struct track_resend_book *book, uint32_t acknowledgment);

/* The repeat that has this byte; NULL when it is sent again for the first time. */
struct track_resend_entry *track_resend_book_find(struct track_resend_book *book, uint32_t start);

/* A repeat; `known`: what find() gave, which is sent again once more. */
void track_resend_book_add(struct track_resend_book *book, struct track_resend_entry *known,
                           const struct track_resend_entry *entry);

#endif
