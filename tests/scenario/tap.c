/* SPDX-License-Identifier: Apache-2.0 */
#include "scenario.h"

#include <stdlib.h>
#include <string.h>

/* What the tap makes of the frames that pass it. */

enum { CAPTURE_START_SECONDS = 1795341600, ETHERNET_HEADER_BYTES = 14, VLAN_TAG_BYTES = 4 };

static bool is_seen(const struct scenario *scenario, const struct frame *frame)
{
    enum seen_side sees = scenario->capture.sees;
    return frame->always || sees == SEES_BOTH || (sees == SEES_SERVER) == frame->down;
}

/* The frame as it is behind a router: other stations, one hop less. */
static void route(const struct scenario *scenario, uint8_t *bytes, size_t length)
{
    const struct craft_link *link = &scenario->capture.link;
    size_t ip_at = link->none ? 0 : ETHERNET_HEADER_BYTES + (link->vlan ? VLAN_TAG_BYTES : 0);
    if (!link->none) {
        bytes[5] ^= 0x10;
        bytes[11] ^= 0x10;
    }
    bool v6 = bytes[ip_at] >> 4 == 6;
    craft_set_ttl(bytes + ip_at, length - ip_at, (uint8_t)(bytes[ip_at + (v6 ? 7 : 8)] - 1));
}

static enum status add_copy(struct arena *arena, const struct scenario *scenario, struct frame original,
                            struct frames *out)
{
    const struct capture_setup *capture = &scenario->capture;
    uint8_t *bytes = arena_alloc(arena, 1, original.bytes.length);
    if (!bytes)
        return STATUS_NO_MEMORY;
    memcpy(bytes, original.bytes.bytes, original.bytes.length);
    if (capture->copy_routed)
        route(scenario, bytes, original.bytes.length);
    original.bytes.bytes = bytes;
    original.label = NULL;
    original.at_ns += capture->copy_after_ns;
    original.written_ns += capture->copy_after_ns;
    out->rows[out->count++] = original;
    return STATUS_OK;
}

/* Insertion: the frames are nearly in order already. */
static void sort_frames(struct frames *frames)
{
    for (size_t i = 1; i < frames->count; i++) {
        struct frame frame = frames->rows[i];
        size_t at = i;
        for (; at > 0 && frames->rows[at - 1].at_ns > frame.at_ns; at--)
            frames->rows[at] = frames->rows[at - 1];
        frames->rows[at] = frame;
    }
}

enum status tap_frames(struct arena *arena, const struct scenario *scenario, struct frames *frames,
                       struct error *error)
{
    struct frames out = { .capacity = 2 * frames->count };
    enum status status = STATUS_OK;
    if (!frames->count)
        return place_error(&scenario->place, error, "the scenario %s has no packets", scenario->name);
    out.rows = arena_alloc(arena, out.capacity, sizeof *out.rows);
    if (!out.rows)
        return error_set(error, STATUS_NO_MEMORY, "There is no memory for the capture.");
    for (size_t i = 0; i < frames->count && status == STATUS_OK; i++) {
        if (!is_seen(scenario, &frames->rows[i]))
            continue;
        out.rows[out.count++] = frames->rows[i];
        if (scenario->capture.copy_after_ns && !frames->rows[i].always)
            status = add_copy(arena, scenario, frames->rows[i], &out);
    }
    sort_frames(&out);
    *frames = out;
    return status;
}

struct craft_pcap *tap_write(const struct scenario *scenario, const struct frames *frames, struct error *error)
{
    struct craft_pcap *pcap = craft_pcap_new(&scenario->capture.file);
    if (!pcap) {
        place_error(&scenario->place, error, "the capture of %s cannot be written", scenario->name);
        return NULL;
    }
    for (size_t i = 0; i < frames->count; i++) {
        int64_t time_ns = frames->rows[i].written_ns + CAPTURE_START_SECONDS * INT64_C(1000000000);
        if (craft_pcap_add(pcap, time_ns, frames->rows[i].bytes) == STATUS_OK)
            continue;
        place_error(&scenario->place, error, "the capture of %s grows too large", scenario->name);
        craft_pcap_free(pcap);
        return NULL;
    }
    return pcap;
}
