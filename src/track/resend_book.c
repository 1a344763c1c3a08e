/* SPDX-License-Identifier: Apache-2.0 */
#include "track/resend_book.h"

#include <stddef.h>

#include "track/sequence.h"

void track_resend_book_open(struct track_resend_book *book, const struct track_resend_hole *hole)
{
    book->holes[book->next_hole] = *hole;
    book->next_hole = (uint8_t)((book->next_hole + 1) % TRACK_RESEND_HOLES);
}

bool track_resend_book_fill(struct track_resend_book *book, uint32_t start, uint32_t end,
                            struct track_resend_hole *hole)
{
    for (size_t i = 0; i < TRACK_RESEND_HOLES; i++) {
        struct track_resend_hole *h = &book->holes[i];
        if (h->start == h->end || sequence_before(start, h->start) || !sequence_before(start, h->end))
            continue;
        *hole = *h;
        if (start == h->start)
            h->start = sequence_before(end, h->end) ? end : h->end;
        else if (!sequence_before(end, h->end))
            h->end = start;
        return true;
    }
    return false;
}

void track_resend_book_forget(struct track_resend_book *book, uint32_t acknowledgment)
{
    for (size_t i = 0; i < TRACK_RESEND_HOLES; i++)
        if (!sequence_before(acknowledgment, book->holes[i].end))
            book->holes[i].end = book->holes[i].start;
}

struct track_resend_entry *track_resend_book_find(struct track_resend_book *book, uint32_t start)
{
    for (size_t i = 0; i < TRACK_RESEND_ENTRIES; i++) {
        struct track_resend_entry *e = &book->entries[i];
        if (e->state == TRACK_RESEND_WAITS && !sequence_before(start, e->start) && sequence_before(start, e->end))
            return e;
    }
    return NULL;
}

void track_resend_book_add(struct track_resend_book *book, struct track_resend_entry *known,
                           const struct track_resend_entry *entry)
{
    if (known) { /* its first repeat stays the one whose time stamp Eifel looks at */
        known->kind = entry->kind;
        if (sequence_before(known->end, entry->end))
            known->end = entry->end;
        return;
    }
    const struct track_resend_entry *before =
        &book->entries[(book->next_entry + TRACK_RESEND_ENTRIES - 1) % TRACK_RESEND_ENTRIES];
    struct track_resend_entry *e = &book->entries[book->next_entry];
    book->next_entry = (uint8_t)((book->next_entry + 1) % TRACK_RESEND_ENTRIES);
    *e = *entry;
    e->joined = before->state != TRACK_RESEND_NONE && before->end == entry->start;
}
