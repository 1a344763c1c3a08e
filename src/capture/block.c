/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/block.h"

#include <stdlib.h>

struct capture_block *capture_block_new(void)
{
    struct capture_block *block = calloc(1, sizeof *block);
    if (!block)
        return NULL;
    block->bytes = malloc(CAPTURE_BLOCK_ROOM_BYTES);
    block->packets = malloc(CAPTURE_BLOCK_PACKETS * sizeof *block->packets);
    if (block->bytes && block->packets)
        return block;
    capture_block_free(block);
    return NULL;
}

void capture_block_free(struct capture_block *block)
{
    if (!block)
        return;
    free(block->bytes);
    free(block->packets);
    free(block);
}

const struct capture_packet *capture_block_packets(const struct capture_block *block, size_t *count)
{
    *count = block->packet_count;
    return block->packets;
}
