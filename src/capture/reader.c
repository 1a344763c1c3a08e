/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/reader.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/name.h"
#include "capture/pcapng.h"
#include "capture/section.h"

const struct capture_walker *capture_reader_walker(const uint8_t *head, size_t length)
{
    struct capture_pcap pcap;
    if (length < CAPTURE_READER_MAGIC_BYTES)
        return NULL;
    if (capture_pcap_magic(head, &pcap))
        return &capture_pcap_walker;
    return capture_pcapng_magic(head) ? &capture_pcapng_walker : NULL;
}

static char *copy_or_null(const char *text)
{
    return text ? strdup(text) : NULL;
}

struct capture_reader *capture_reader_new(const struct capture_walker *walker,
                                          const struct capture_reader_input *input)
{
    struct capture_reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        return NULL;
    reader->walker = walker;
    reader->stream = input->stream;
    reader->last_link_type = CAPTURE_NO_LINK_TYPE;
    reader->carry = malloc(CAPTURE_BLOCK_ROOM_BYTES);
    reader->name = strdup(input->name);
    reader->compression = copy_or_null(input->compression);
    reader->section = walker == &capture_pcapng_walker ? calloc(1, sizeof *reader->section) : NULL;
    reader->info = (struct capture_info){
        .name = reader->name,
        .compression = reader->compression,
        .size_bytes = input->size_bytes,
        .comments = reader->comments,
    };
    bool whole = reader->carry && reader->name && (reader->compression || !input->compression)
                 && (reader->section || walker != &capture_pcapng_walker);
    if (whole)
        return reader;
    capture_reader_free(reader);
    return NULL;
}

void capture_reader_free(struct capture_reader *reader)
{
    if (!reader)
        return;
    for (size_t i = 0; i < reader->info.comment_count; i++)
        free((char *)reader->comments[i].text);
    free(reader->section);
    free(reader->carry);
    free(reader->name);
    free(reader->compression);
    free(reader->filter);
    free(reader);
}

const struct capture_info *capture_reader_info(const struct capture_reader *reader)
{
    return &reader->info;
}

static void note_link_type(struct capture_reader *reader, uint16_t link_type)
{
    struct capture_info *info = &reader->info;
    reader->last_link_type = link_type;
    for (size_t i = 0; i < info->link_type_count; i++)
        if (info->link_types[i] == link_type)
            return;
    if (link_type != CAPTURE_NO_LINK_TYPE && info->link_type_count < CAPTURE_LINK_TYPES_MAX)
        info->link_types[info->link_type_count++] = link_type;
}

void capture_reader_add_packet(struct capture_reader *reader, struct capture_block *block,
                               const struct capture_packet *packet)
{
    struct capture_packet *slot = &block->packets[block->packet_count++];
    *slot = *packet;
    slot->frame = ++reader->info.packets;
    if (slot->wire_bytes < slot->captured_bytes)
        slot->wire_bytes = slot->captured_bytes;
    reader->info.captured_bytes += slot->captured_bytes;
    reader->last_time_ns = slot->time_ns;
    if (slot->link_type != reader->last_link_type)
        note_link_type(reader, slot->link_type);
}

void capture_reader_add_snap_length(struct capture_reader *reader, uint32_t snap_length)
{
    uint32_t *min = &reader->info.snap_length_min;
    if (snap_length > 0 && (*min == 0 || snap_length < *min))
        *min = snap_length;
}

void capture_reader_add_comment(struct capture_reader *reader, uint64_t frame, const uint8_t *bytes, size_t length)
{
    struct capture_info *info = &reader->info;
    info->comments_seen++;
    if (info->comment_count == CAPTURE_COMMENTS_MAX)
        return;
    char *text = capture_name_clean(bytes, length, CAPTURE_COMMENT_BYTES_MAX);
    if (text)
        reader->comments[info->comment_count++] = (struct capture_comment){ .frame = frame, .text = text };
}

enum capture_walk capture_reader_damage(struct capture_reader *reader, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(reader->damage, sizeof reader->damage, format, args);
    va_end(args);
    return CAPTURE_WALK_DAMAGED;
}

/* The read step: depends on the stream alone, not on what the blocks before held. */
static enum status fill(struct capture_stream *stream, struct capture_block *block, struct error *error)
{
    size_t got;
    block->begin = block->end = CAPTURE_RECORD_BYTES_MAX;
    enum status status = capture_stream_read(stream, block->bytes + block->begin, CAPTURE_BLOCK_BYTES, &got, error);
    block->end += got;
    return status;
}

/* Puts what the block before left in front of the bytes that were read. */
static void prepend_carry(struct capture_reader *reader, struct capture_block *block)
{
    block->begin -= reader->carry_bytes;
    memcpy(block->bytes + block->begin, reader->carry, reader->carry_bytes);
    reader->carry_bytes = 0;
}

static void skip(struct capture_reader *reader, struct cursor *c)
{
    size_t length = cursor_left(c);
    if (length > reader->skip_bytes)
        length = (size_t)reader->skip_bytes;
    cursor_skip(c, length);
    reader->skip_bytes -= length;
    reader->skip_behind += length;
}

/* The walk step: in order, short, touches no stream. What it leaves is carried to the next block. */
static enum capture_walk walk(struct capture_reader *reader, struct capture_block *block)
{
    struct cursor c = cursor_make(block->bytes + block->begin, block->end - block->begin);
    skip(reader, &c);
    enum capture_walk result = reader->walker->walk(reader, &c, block);
    reader->offset += block->end - block->begin - cursor_left(&c);
    reader->info.bytes_read = reader->offset;
    reader->carry_bytes = cursor_left(&c);
    memcpy(reader->carry, c.at, reader->carry_bytes);
    reader->carry_has_records = result == CAPTURE_WALK_FULL;
    return result;
}

static enum status start(struct capture_reader *reader, struct capture_block *block, struct error *error)
{
    struct cursor c = cursor_make(block->bytes + block->begin, block->end - block->begin);
    enum status status = reader->walker->start(reader, &c, error);
    if (status != STATUS_OK)
        return status;
    reader->info.format = reader->walker->format;
    /* A pcapng file begins with a block like any other, which the walk wants to see. */
    if (reader->section)
        return STATUS_OK;
    size_t header_bytes = block->end - block->begin - cursor_left(&c);
    block->begin += header_bytes;
    reader->offset = header_bytes;
    return STATUS_OK;
}

static void describe_damage(struct capture_reader *reader, uint64_t unread)
{
    uint64_t at = reader->offset;
    if (reader->skip_bytes > 0) {
        unread += reader->skip_behind;
        at -= reader->skip_behind;
    }
    snprintf(reader->damaged_text, sizeof reader->damaged_text,
             "%s at byte %" PRIu64 ", after packet %" PRIu64
             ": the capture was read up to there and %" PRIu64 " byte%s left unread.",
             reader->damage, at, reader->info.packets, unread, unread == 1 ? " was" : "s were");
    reader->info.damaged = reader->damaged_text;
}

/* The walk cannot go on: says in info.damaged why, if it was not simply the end. The carry serves as scratch: the
 * block may hold packets. */
static void finish(struct capture_reader *reader)
{
    reader->finished = true;
    bool unfinished = reader->carry_bytes > 0 || reader->skip_bytes > 0;
    if (!reader->damage[0] && reader->ended != STATUS_END)
        capture_reader_damage(reader, "The capture could not be read on (%.100s)", reader->stream_error.text);
    else if (!reader->damage[0] && unfinished)
        capture_reader_damage(reader, "The capture is cut inside a %s", reader->section ? "block" : "packet record");
    if (!reader->damage[0])
        return;
    uint64_t unread = reader->carry_bytes;
    if (reader->ended == STATUS_OK)
        unread += capture_stream_left(reader->stream, reader->carry, CAPTURE_BLOCK_ROOM_BYTES);
    describe_damage(reader, unread);
}

/* Reads until the block holds something to walk; a block that was full before its bytes were walked goes first. */
static enum status refill(struct capture_reader *reader, struct capture_block *block)
{
    if (reader->carry_has_records) {
        block->begin = block->end = reader->carry_bytes;
        prepend_carry(reader, block);
        return STATUS_OK;
    }
    if (reader->ended == STATUS_OK)
        reader->ended = fill(reader->stream, block, &reader->stream_error);
    if (reader->ended == STATUS_OK)
        prepend_carry(reader, block);
    return reader->ended;
}

static enum status begin(struct capture_reader *reader, struct capture_block *block, struct error *error)
{
    enum status status = refill(reader, block);
    if (status == STATUS_OK)
        return start(reader, block, error);
    reader->finished = true;
    if (status == STATUS_END)
        return error_set(error, STATUS_BAD_INPUT, "%.255s is empty.", reader->info.name);
    return error_set(error, status, "%.255s could not be read: %.200s.", reader->info.name,
                     reader->stream_error.text);
}

enum status capture_next_block(struct capture_reader *reader, struct capture_block *block, struct error *error)
{
    block->packet_count = 0;
    block->begin = block->end = 0;
    if (reader->feed.fill)
        return reader->feed.fill(reader->feed.context, reader, block);
    bool begun = reader->info.format != NULL;
    while (!reader->finished && block->packet_count == 0) {
        enum status status = begun ? refill(reader, block) : begin(reader, block, error);
        if (!begun && status != STATUS_OK) {
            reader->finished = true;
            return status;
        }
        begun = true;
        if (status != STATUS_OK || walk(reader, block) == CAPTURE_WALK_DAMAGED)
            finish(reader);
    }
    return block->packet_count > 0 ? STATUS_OK : STATUS_END;
}
