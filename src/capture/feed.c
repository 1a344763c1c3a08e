/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/feed.h"

#include <stdlib.h>
#include <string.h>

#include "capture/reader.h"

struct capture_reader *capture_feed_new(const struct capture_feed *feed)
{
    struct capture_reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        return NULL;
    reader->feed = *feed;
    reader->last_link_type = CAPTURE_NO_LINK_TYPE;
    reader->name = strdup(feed->name);
    reader->filter = feed->filter ? strdup(feed->filter) : NULL;
    reader->info = (struct capture_info){ .name = reader->name, .format = feed->format, .size_bytes = UINT64_MAX,
                                          .filter = reader->filter, .comments = reader->comments };
    if (reader->name && (reader->filter || !feed->filter))
        return reader;
    capture_reader_free(reader);
    return NULL;
}

bool capture_feed_has_room(const struct capture_block *block)
{
    return block->packet_count < CAPTURE_BLOCK_PACKETS &&
           CAPTURE_BLOCK_ROOM_BYTES - block->end >= CAPTURE_PACKET_BYTES_MAX;
}

void capture_feed_add(struct capture_reader *reader, struct capture_block *block, const struct capture_packet *packet)
{
    struct capture_packet copy = *packet;
    if (copy.captured_bytes > CAPTURE_PACKET_BYTES_MAX)
        copy.captured_bytes = CAPTURE_PACKET_BYTES_MAX;
    copy.bytes = memcpy(block->bytes + block->end, packet->bytes, copy.captured_bytes);
    block->end += copy.captured_bytes;
    reader->info.bytes_read += copy.captured_bytes;
    capture_reader_add_packet(reader, block, &copy);
}

void capture_feed_drops(struct capture_reader *reader, uint64_t by_interface, uint64_t by_kernel)
{
    reader->info.has_drop_counts = true;
    reader->info.interface_drops = by_interface;
    reader->info.os_drops = by_kernel;
}
