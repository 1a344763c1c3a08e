/* SPDX-License-Identifier: Apache-2.0 */
#include "track/record.h"

#include <stdlib.h>
#include <string.h>

enum { MESSAGE_HEADER_BYTES = 4, ALERT_BYTES = 2 };

void track_record_free(struct track_record_reader *r, struct track_order_budget *budget)
{
    if (!r->message)
        return;
    budget->bytes -= r->message_wanted;
    free(r->message);
    r->message = NULL;
}

static void give_message(struct track_record_reader *r, struct cursor bytes, const struct track_record_sink *sink)
{
    struct decode_tls_handshake message;
    if (decode_tls_handshake(&bytes, &message) == DECODE_UNSUPPORTED)
        r->broken = true; /* encrypted, though nobody said so: the beginning was not seen */
    else
        sink->on_message(sink->context, &message);
}

/* Messages that lie in one piece need no copy. */
static void read_in_place(struct track_record_reader *r, struct cursor *body, const struct track_record_sink *sink)
{
    while (!r->broken && cursor_left(body) >= MESSAGE_HEADER_BYTES) {
        struct cursor peek = *body;
        cursor_skip(&peek, 1);
        uint32_t length = cursor_u24be(&peek);
        if (length > cursor_left(&peek))
            return;
        struct cursor message = cursor_sub(body, MESSAGE_HEADER_BYTES + length);
        give_message(r, message, sink);
    }
}

/* The header of a message is here: makes room for as much of it as is kept. */
static void begin_message(struct track_record_reader *r, struct track_order_budget *budget)
{
    uint32_t wanted = MESSAGE_HEADER_BYTES + ((uint32_t)r->opening[1] << 16 | (uint32_t)r->opening[2] << 8 |
                                              r->opening[3]);
    if (wanted > TRACK_RECORD_MESSAGE_BYTES_MAX)
        wanted = TRACK_RECORD_MESSAGE_BYTES_MAX;
    bool room = budget->bytes + wanted <= budget->most_bytes;
    budget->refused += !room;
    r->message = room ? malloc(wanted) : NULL;
    r->broken = !r->message;
    r->opening_bytes = 0;
    if (!r->message)
        return;
    budget->bytes += wanted;
    r->message_wanted = wanted;
    memcpy(r->message, r->opening, MESSAGE_HEADER_BYTES);
    r->message_bytes = MESSAGE_HEADER_BYTES;
}

static void end_message(struct track_record_reader *r, struct track_order_budget *budget,
                        const struct track_record_sink *sink)
{
    give_message(r, cursor_make(r->message, r->message_bytes), sink);
    uint32_t length = (uint32_t)r->message[1] << 16 | (uint32_t)r->message[2] << 8 | r->message[3];
    r->broken = r->broken || MESSAGE_HEADER_BYTES + length > r->message_bytes; /* the rest of it is not kept */
    track_record_free(r, budget);
}

static void gather(struct track_record_reader *r, struct track_order_budget *budget, struct cursor *body,
                   const struct track_record_sink *sink)
{
    while (!r->broken && (cursor_left(body) || (r->message && r->message_bytes == r->message_wanted))) {
        if (!r->message && !r->opening_bytes)
            read_in_place(r, body, sink);
        while (!r->message && r->opening_bytes < MESSAGE_HEADER_BYTES && cursor_left(body))
            r->opening[r->opening_bytes++] = cursor_u8(body);
        if (!r->message && r->opening_bytes == MESSAGE_HEADER_BYTES)
            begin_message(r, budget);
        if (!r->message)
            continue;
        size_t length = r->message_wanted - r->message_bytes;
        length = length < cursor_left(body) ? length : cursor_left(body);
        cursor_copy(body, r->message + r->message_bytes, length);
        r->message_bytes += (uint32_t)length;
        if (r->message_bytes == r->message_wanted)
            end_message(r, budget, sink);
    }
}

static void read_alert(struct track_record_reader *r, struct cursor *body, const struct track_record_sink *sink)
{
    while (r->opening_bytes < r->record_bytes && cursor_left(body))
        r->opening[r->opening_bytes++] = cursor_u8(body);
    if (r->opening_bytes < r->record_bytes)
        return;
    struct decode_tls_record record = { .type = DECODE_TLS_ALERT, .length_bytes = r->record_bytes,
                                        .body = cursor_make(r->opening, r->opening_bytes) };
    r->opening_bytes = 0;
    sink->on_alert(sink->context, &record);
}

/* The part of a record's body that is in hand. */
static void read_body(struct track_record_reader *r, struct track_order_budget *budget, struct cursor *bytes,
                      const struct track_record_sink *sink)
{
    size_t length = r->left_bytes < cursor_left(bytes) ? r->left_bytes : cursor_left(bytes);
    struct cursor body = cursor_sub(bytes, length);
    r->left_bytes = (uint16_t)(r->left_bytes - length);
    if (r->type == DECODE_TLS_HANDSHAKE && !r->encrypted)
        gather(r, budget, &body, sink);
    else if (r->type == DECODE_TLS_ALERT && r->record_bytes == ALERT_BYTES)
        read_alert(r, &body, sink);
}

static void read_head(struct track_record_reader *r, struct cursor *bytes, const struct track_record_sink *sink)
{
    while (r->head_bytes < sizeof r->head && cursor_left(bytes))
        r->head[r->head_bytes++] = cursor_u8(bytes);
    struct cursor head = cursor_make(r->head, r->head_bytes);
    struct decode_tls_record record;
    enum decode_outcome outcome = decode_tls_record(&head, &record);
    if (outcome == DECODE_MALFORMED || outcome == DECODE_UNSUPPORTED) {
        r->broken = true;
        sink->on_record(sink->context, outcome == DECODE_UNSUPPORTED ? NULL : &record);
        return;
    }
    if (r->head_bytes < sizeof r->head)
        return;
    r->head_bytes = 0;
    r->started = true;
    r->type = record.type;
    r->record_bytes = r->left_bytes = record.length_bytes;
    record.body = *bytes;
    cursor_limit(&record.body, record.length_bytes);
    sink->on_record(sink->context, &record);
}

/* Bytes that are known to be there and were not captured. */
static void skip_missing(struct track_record_reader *r, struct track_order_budget *budget, uint32_t missing,
                         const struct track_record_sink *sink)
{
    bool readable = r->type == DECODE_TLS_HANDSHAKE && !r->encrypted;
    if (r->message)
        give_message(r, cursor_make(r->message, r->message_bytes), sink);
    track_record_free(r, budget);
    r->opening_bytes = 0;
    r->broken = r->broken || missing > r->left_bytes || readable || r->head_bytes;
    if (!r->broken)
        r->left_bytes = (uint16_t)(r->left_bytes - missing);
}

void track_record_read(struct track_record_reader *r, struct track_order_budget *budget, struct cursor bytes,
                       uint32_t missing, const struct track_record_sink *sink)
{
    while (!r->broken && cursor_left(&bytes)) {
        if (r->left_bytes)
            read_body(r, budget, &bytes, sink);
        else
            read_head(r, &bytes, sink);
    }
    if (!r->broken && missing)
        skip_missing(r, budget, missing, sink);
}
