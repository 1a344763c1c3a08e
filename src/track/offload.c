/* SPDX-License-Identifier: Apache-2.0 */
#include "track/offload.h"

/* RFC 7323, section 3.2: ten bytes, padded to twelve. */
enum { TIMESTAMPS_BYTES = 12, ETHERNET_MSS = 1460 };

static uint32_t largest_payload(const struct track *t, const struct flow *f, enum flow_direction direction)
{
    uint16_t mss = f->half[!direction].mss;
    return mss ? mss : t->largest_segment_bytes;
}

uint32_t track_offload_mss(const struct track *t, const struct flow *f, enum flow_direction direction,
                           const struct decode_packet *d)
{
    uint32_t mss = largest_payload(t, f, direction);
    bool stamped = d->flags & DECODE_TCP_TIMESTAMPS;
    return stamped && mss > 2 * TIMESTAMPS_BYTES ? mss - TIMESTAMPS_BYTES : mss;
}

static inline bool is_supersegment(const struct track *t, const struct flow *f, enum flow_direction direction,
                                   const struct decode_packet *d)
{
    return d->payload_bytes > largest_payload(t, f, direction);
}

/* A super-segment of a flow whose MSS is unknown was cut for Ethernet, most likely. */
static uint32_t piece_bytes(const struct track *t, const struct flow *f, enum flow_direction direction,
                            const struct decode_packet *d)
{
    if (f->half[!direction].mss)
        return track_offload_mss(t, f, direction, d);
    return d->flags & DECODE_TCP_TIMESTAMPS ? ETHERNET_MSS - TIMESTAMPS_BYTES : ETHERNET_MSS;
}

uint32_t track_offload_segments(const struct track *t, const struct flow *f, enum flow_direction direction,
                                const struct decode_packet *d)
{
    if (!is_supersegment(t, f, direction, d))
        return 1;
    uint32_t piece = piece_bytes(t, f, direction, d);
    return (d->payload_bytes + piece - 1) / piece;
}

uint32_t track_offload_ip_bytes(const struct track *t, const struct flow *f, enum flow_direction direction,
                                const struct decode_packet *d)
{
    if (!is_supersegment(t, f, direction, d))
        return d->ip_bytes;
    return d->ip_bytes - d->payload_bytes + piece_bytes(t, f, direction, d);
}

void track_offload_note(struct track *t, const struct flow *f, enum flow_direction direction,
                        const struct track_packet *packet, const struct decode_packet *d)
{
    if (!is_supersegment(t, f, direction, d))
        return;
    if (!t->tap->supersegments++)
        t->tap->supersegment_first_frame = packet->frame;
    if (d->payload_bytes > t->tap->supersegment_largest_bytes)
        t->tap->supersegment_largest_bytes = d->payload_bytes;
}
