/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAPTURE_FEED_H
#define CAPTURE_FEED_H

#include "capture/capture.h"

/* A capture that is no file: packets are put into blocks as they come. */

struct capture_feed {
    /* Adds packets while capture_feed_has_room() and returns after a while even if there was none: a block may stay
     * empty. STATUS_END: there are no more, and the block is empty. */
    enum status (*fill)(void *context, struct capture_reader *reader, struct capture_block *block);
    void *context;
    const char *name;   /* of the input, for the report */
    const char *format;
    const char *filter; /* NULL, or what packets had to pass before they came here */
};

/* NULL when there is no memory. Freed by capture_reader_free(). */
struct capture_reader *capture_feed_new(const struct capture_feed *feed) MUST_USE;

bool capture_feed_has_room(const struct capture_block *block);

/* Copies the packet's bytes; there must be room. One longer than CAPTURE_PACKET_BYTES_MAX is cut. */
void capture_feed_add(struct capture_reader *reader, struct capture_block *block, const struct capture_packet *packet);

/* Dropped so far by the interfaces and by the kernel. */
void capture_feed_drops(struct capture_reader *reader, uint64_t by_interface, uint64_t by_kernel);

#endif
