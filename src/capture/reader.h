/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAPTURE_READER_H
#define CAPTURE_READER_H

#include "base/cursor.h"
#include "capture/block.h"
#include "capture/capture.h"
#include "capture/feed.h"
#include "capture/pcap.h"
#include "capture/stream.h"

enum { CAPTURE_COMMENTS_MAX = 64, CAPTURE_COMMENT_BYTES_MAX = 4096 };

enum capture_walk {
    CAPTURE_WALK_ALL,     /* every whole record was taken; the cursor is at an unfinished one or at the end */
    CAPTURE_WALK_FULL,    /* the block can hold no more packets; the cursor is at a record */
    CAPTURE_WALK_DAMAGED, /* the cursor is at a record that cannot be; damage says why */
};

struct capture_reader;

/* How the records of a format are found. `start` sees the first bytes of the file (all of them when the file is
 * short) and refuses what cannot be read at all. `walk` puts records into the block. */
struct capture_walker {
    const char *format;
    enum status (*start)(struct capture_reader *reader, struct cursor *c, struct error *error);
    enum capture_walk (*walk)(struct capture_reader *reader, struct cursor *c, struct capture_block *block);
};

struct capture_section;

struct capture_reader {
    struct capture_info info;
    struct capture_feed feed;      /* `fill` is NULL when the packets come from a stream, as below */
    struct capture_stream *stream; /* borrowed from the source */
    const struct capture_walker *walker;

    uint8_t *carry; /* bytes read and not yet walked; room for CAPTURE_BLOCK_ROOM_BYTES */
    size_t carry_bytes;
    bool carry_has_records; /* the last block was full before its bytes were walked */

    uint64_t offset;      /* of the first byte of carry in the capture */
    uint64_t skip_bytes;  /* to be passed over after the carry: the rest of a long pcapng block */
    uint64_t skip_behind; /* how much of that block lies before them */
    enum status ended;    /* of the stream; STATUS_OK while more may come */
    struct error stream_error;
    bool finished;

    int64_t last_time_ns;
    uint16_t last_link_type;
    struct capture_pcap pcap;
    struct capture_section *section; /* of pcapng; NULL for pcap */

    char damage[160]; /* why the walk stopped, as the beginning of a sentence; empty while it did not */
    char damaged_text[512];
    char *name, *compression, *filter;
    struct capture_comment comments[CAPTURE_COMMENTS_MAX];
};

/* What a reader is to be told of the place it reads from. The texts are copied, the stream is borrowed. */
struct capture_reader_input {
    const char *name, *compression;
    uint64_t size_bytes;
    struct capture_stream *stream;
};

enum { CAPTURE_READER_MAGIC_BYTES = 4 };

/* NULL when the first bytes are those of no capture format that we read. */
const struct capture_walker *capture_reader_walker(const uint8_t *head, size_t length);

/* NULL when there is no memory. */
struct capture_reader *capture_reader_new(const struct capture_walker *walker,
                                          const struct capture_reader_input *input) MUST_USE;

/* For walkers. Puts a packet into the block (which has room) and counts it: the frame number is given here, and
 * wire_bytes is lifted to captured_bytes. */
void capture_reader_add_packet(struct capture_reader *reader, struct capture_block *block,
                               const struct capture_packet *packet);
void capture_reader_add_snap_length(struct capture_reader *reader, uint32_t snap_length);
/* `frame` 0: of the section or an interface. Past CAPTURE_COMMENTS_MAX only counted. */
void capture_reader_add_comment(struct capture_reader *reader, uint64_t frame, const uint8_t *bytes, size_t length);
enum capture_walk capture_reader_damage(struct capture_reader *reader, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
