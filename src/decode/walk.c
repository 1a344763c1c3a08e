/* SPDX-License-Identifier: Apache-2.0 */
#include "decode/walk.h"

#include "decode/link.h"

/* Tags, labels and shims cost only four bytes each: a crafted jumbo frame could hold thousands. */
enum { STEPS_MAX = 64 };

void decode_walk_frame(const struct decode_context *context, uint16_t link_type, struct cursor frame,
                       uint32_t wire_bytes, struct decode_packet *out)
{
    struct decode_walk w = {
        .at = frame,
        .missing = wire_bytes - (uint32_t)cursor_left(&frame),
        .context = context,
        .out = out,
        .frame = frame.at,
    };
    decode_link_start(&w, link_type);
    for (unsigned steps = 0; w.next; steps++) {
        if (steps == STEPS_MAX) {
            decode_walk_unsupported(&w, DECODE_UNSUPPORTED_DEPTH, STEPS_MAX);
            break;
        }
        decode_reader *read = w.next;
        w.next = NULL;
        read(&w);
    }
    if (out->flags & DECODE_FOLLOWED || out->transport == DECODE_FRAGMENT)
        out->link_tag = (uint32_t)w.tag;
}

void decode_walk_end(struct decode_walk *w, enum decode_transport transport)
{
    w->next = NULL;
    w->out->outcome = DECODE_OK;
    w->out->transport = (uint8_t)transport;
}

void decode_walk_malformed(struct decode_walk *w)
{
    w->next = NULL;
    w->out->outcome = DECODE_MALFORMED;
}

void decode_walk_unsupported(struct decode_walk *w, enum decode_unsupported kind, uint16_t number)
{
    w->next = NULL;
    w->out->outcome = DECODE_UNSUPPORTED;
    w->out->unsupported_kind = (uint8_t)kind;
    w->out->unsupported = number;
}

static void forget_ip(struct decode_packet *out)
{
    uint8_t depth = out->depth;
    memset(out, 0, sizeof *out);
    out->depth = depth;
    if (depth)
        out->flags = DECODE_TUNNELLED;
}

void decode_walk_not_ip(struct decode_walk *w)
{
    forget_ip(w->out);
    decode_walk_end(w, DECODE_NOT_IP);
}

void decode_walk_cut(struct decode_walk *w)
{
    w->next = NULL;
    w->out->outcome = w->missing ? DECODE_TRUNCATED : DECODE_MALFORMED;
}

void decode_walk_limit(struct decode_walk *w, uint32_t length)
{
    uint32_t captured = (uint32_t)cursor_left(&w->at);
    uint32_t wire = captured + w->missing;

    w->excess = length > wire ? length - wire : 0;
    if (length > wire)
        return;
    w->missing = length > captured ? length - captured : 0;
    cursor_limit(&w->at, length);
}

void decode_walk_payload(struct decode_walk *w)
{
    struct decode_packet *out = w->out;

    out->payload_offset = (uint32_t)(w->at.at - w->frame);
    out->payload_captured = (uint32_t)cursor_left(&w->at);
    out->payload_bytes = decode_walk_left(w);
    if (w->missing || w->excess)
        out->flags |= DECODE_PAYLOAD_CUT;
}

bool decode_walk_enter_ip(struct decode_walk *w, uint8_t version)
{
    struct decode_packet *out = w->out;

    if (out->depth == DECODE_DEPTH_MAX) {
        decode_walk_unsupported(w, DECODE_UNSUPPORTED_DEPTH, DECODE_DEPTH_MAX);
        return false;
    }
    if (out->depth) {
        struct cursor outer = cursor_make(out->source.bytes, sizeof out->source.bytes);
        decode_walk_tag_add(w, cursor_u64be(&outer));
        decode_walk_tag_add(w, cursor_u64be(&outer));
        outer = cursor_make(out->destination.bytes, sizeof out->destination.bytes);
        decode_walk_tag_add(w, cursor_u64be(&outer));
        decode_walk_tag_add(w, cursor_u64be(&outer));
    }
    forget_ip(out);
    w->excess = 0;
    w->address_rewritten = false;
    out->depth++;
    out->ip_version = version;
    return true;
}
