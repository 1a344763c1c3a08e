/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cursor.h"
#include "engine/engine.h"

static void count_unsupported(struct engine *e, const struct decode_packet *d)
{
    e->counts.unsupported++;
    for (size_t i = 0; i < e->unsupported_count; i++)
        if (e->unsupported[i].kind == d->unsupported_kind && e->unsupported[i].number == d->unsupported) {
            e->unsupported[i].packets++;
            return;
        }
    if (e->unsupported_count == ENGINE_UNSUPPORTED_MAX) {
        e->unsupported_more++;
        return;
    }
    e->unsupported[e->unsupported_count++] =
        (struct engine_unsupported){ .kind = d->unsupported_kind, .number = d->unsupported, .packets = 1 };
}

static bool has_vlan_tag(const struct capture_packet *packet)
{
    enum { LINKTYPE_ETHERNET = 1 };
    struct cursor c = cursor_make(packet->bytes, packet->captured_bytes);
    cursor_skip(&c, 12);
    uint16_t type = cursor_u16be(&c);
    return packet->link_type == LINKTYPE_ETHERNET && (type == 0x8100 || type == 0x88a8);
}

static bool filtered_out(struct engine *e, const struct capture_packet *packet)
{
    if (!e->analyzer->filter)
        return false;
    e->vlan_packets += has_vlan_tag(packet);
    enum capture_filter_answer answer = capture_filter_match(e->analyzer->filter, packet);
    e->not_filterable += answer == CAPTURE_FILTER_NOT_FOR_THIS_LINK;
    return answer == CAPTURE_FILTER_DROP;
}

static bool is_followed(const struct decode_packet *d)
{
    return d->flags & DECODE_FOLLOWED || d->transport == DECODE_FRAGMENT;
}

static void track_decoded(struct engine *e, const struct capture_packet *packet, const struct decode_packet *d)
{
    struct track_packet seen = { .bytes = packet->bytes, .frame = packet->frame, .time_ns = packet->time_ns,
                                 .direction = packet->direction };
    if (!model_paths(e->model))
        engine_census_add(e->census, d);
    enum track_result result = is_followed(d) ? track_one(e->track, &seen, d) : TRACK_BACKGROUND;
    if (result == TRACK_DUPLICATE) {
        e->counts.duplicate++;
        return;
    }
    track_load(e->track, d);
    e->counts.decoded++;
    e->vlan_seen = e->vlan_seen || (result == TRACK_FOLLOWED && has_vlan_tag(packet));
    *(result == TRACK_FOLLOWED ? &e->counts.followed : &e->counts.background) += 1;
    if (result == TRACK_FOLLOWED && e->on_followed)
        e->on_followed(e->on_followed_context, packet);
}

void engine_serial_packet(struct engine *e, const struct capture_packet *packet, const struct decode_packet *d)
{
    struct model_tap *tap = model_tap_of(e->model);
    e->counts.read++;
    tap->first_ns = packet->time_ns < tap->first_ns ? packet->time_ns : tap->first_ns;
    tap->last_ns = packet->time_ns > tap->last_ns ? packet->time_ns : tap->last_ns;
    track_advance(e->track, packet->time_ns);
    switch ((enum decode_outcome)d->outcome) {
    case DECODE_TRUNCATED:
        e->counts.truncated++;
        tap->truncated_headers++;
        e->vlan_seen = e->vlan_seen || has_vlan_tag(packet);
        return;
    case DECODE_MALFORMED:
        e->counts.malformed++;
        return;
    case DECODE_UNSUPPORTED:
        count_unsupported(e, d);
        return;
    case DECODE_OK:
        break;
    }
    if (!filtered_out(e, packet)) {
        track_decoded(e, packet, d);
        return;
    }
    e->counts.decoded++;
    e->counts.filtered++;
}

void engine_serial_step(struct engine *e, uint64_t frame, int64_t from_ns, int64_t to_ns)
{
    track_clock_step(e->track, frame, from_ns, to_ns);
}
