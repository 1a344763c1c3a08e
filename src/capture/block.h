/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAPTURE_BLOCK_H
#define CAPTURE_BLOCK_H

#include "capture/capture.h"

enum {
    CAPTURE_RECORD_BYTES_MAX = CAPTURE_PACKET_BYTES_MAX + 64 * 1024, /* of a record that must lie in one piece */
    CAPTURE_BLOCK_ROOM_BYTES = CAPTURE_RECORD_BYTES_MAX + CAPTURE_BLOCK_BYTES,
};

/* Room for the unfinished record of the block before (at most CAPTURE_RECORD_BYTES_MAX), then for what is read. The
 * read step writes from bytes + CAPTURE_RECORD_BYTES_MAX on without knowing how long the tail will be; the walk step
 * then puts the tail right in front. [begin, end) are the bytes to walk. */
struct capture_block {
    uint8_t *bytes;
    size_t begin, end;
    struct capture_packet *packets;
    size_t packet_count;
};

#endif
