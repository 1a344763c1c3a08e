/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_QUIC_ID_H
#define TRACK_QUIC_ID_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"
#include "decode/quic.h"
#include "model/model.h"

/* Connections by the ID of the server's choice: it tells that a flow from another client port carries on a connection
 * (RFC 9000, section 9), as after a NAT has given the client another port. A client that moves on its own takes
 * another ID (section 9.5): that one cannot be followed. The latest so many IDs are kept. */
enum { TRACK_QUIC_ID_LEAST_BYTES = 4, TRACK_QUIC_IDS_MAX = 1024 };

struct track_quic_id {
    uint8_t length; /* 0: unknown, or empty on the wire */
    uint8_t bytes[DECODE_QUIC_CID_MAX];
};

struct track_quic_ids {
    struct {
        const struct model_path *path; /* NULL: free */
        struct track_quic_id id;
        uint32_t flow;                 /* the order of the flow that carries the connection */
    } entries[TRACK_QUIC_IDS_MAX];
    uint32_t next;
};

/* A flow of the path learns the ID; shorter ones than the least prove nothing and are not kept. */
void track_quic_id_learn(struct track_quic_ids *ids, const struct model_path *path, const struct track_quic_id *id,
                         uint32_t flow);

/* The short-header packet is addressed by an ID of this path: which. False when none is known. */
bool track_quic_id_find(const struct track_quic_ids *ids, const struct model_path *path, struct cursor packet,
                        struct track_quic_id *out);

/* The connection goes on in this flow: it was answered there. */
void track_quic_id_move(struct track_quic_ids *ids, const struct model_path *path, const struct track_quic_id *id,
                        uint32_t flow);

/* The connection that this flow carried goes on in another. */
bool track_quic_id_has_left(const struct track_quic_ids *ids, const struct model_path *path,
                            const struct track_quic_id *id, uint32_t flow);

#endif
