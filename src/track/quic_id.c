/* SPDX-License-Identifier: Apache-2.0 */
#include "track/quic_id.h"

/* The place of an ID; TRACK_QUIC_IDS_MAX: nowhere. */
static uint32_t place_of(const struct track_quic_ids *ids, const struct model_path *path,
                         const struct track_quic_id *id)
{
    uint32_t i = 0;
    while (i < TRACK_QUIC_IDS_MAX &&
           (ids->entries[i].path != path || ids->entries[i].id.length != id->length ||
            memcmp(ids->entries[i].id.bytes, id->bytes, id->length) != 0))
        i++;
    return i;
}

void track_quic_id_learn(struct track_quic_ids *ids, const struct model_path *path, const struct track_quic_id *id,
                         uint32_t flow)
{
    if (id->length < TRACK_QUIC_ID_LEAST_BYTES || place_of(ids, path, id) < TRACK_QUIC_IDS_MAX)
        return;
    uint32_t at = ids->next++ % TRACK_QUIC_IDS_MAX;
    ids->entries[at].path = path;
    ids->entries[at].id = *id;
    ids->entries[at].flow = flow;
}

bool track_quic_id_find(const struct track_quic_ids *ids, const struct model_path *path, struct cursor packet,
                        struct track_quic_id *out)
{
    cursor_skip(&packet, 1);
    for (uint32_t i = 0; i < TRACK_QUIC_IDS_MAX; i++) {
        const struct track_quic_id *id = &ids->entries[i].id;
        if (ids->entries[i].path != path || cursor_left(&packet) < id->length ||
            memcmp(packet.at, id->bytes, id->length) != 0)
            continue;
        *out = *id;
        return true;
    }
    return false;
}

void track_quic_id_move(struct track_quic_ids *ids, const struct model_path *path, const struct track_quic_id *id,
                        uint32_t flow)
{
    uint32_t at = place_of(ids, path, id);
    if (at < TRACK_QUIC_IDS_MAX)
        ids->entries[at].flow = flow;
}

bool track_quic_id_has_left(const struct track_quic_ids *ids, const struct model_path *path,
                            const struct track_quic_id *id, uint32_t flow)
{
    uint32_t at = id->length ? place_of(ids, path, id) : TRACK_QUIC_IDS_MAX;
    return at < TRACK_QUIC_IDS_MAX && ids->entries[at].flow != flow;
}
