/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_SESSION_H
#define TRACK_SESSION_H

#include "track/story.h"

/* Ties flows to paths and sessions, and notices when one begins to carry a stream. */

/* A flow with a role has begun; NULL when there is no memory or no place for its path. */
struct story *track_session_begin(struct track *t, struct flow *f, const struct track_packet *packet);

/* The same on a path that is not that between the flow's two ends. */
struct story *track_session_begin_on(struct track *t, struct flow *f, const struct track_packet *packet,
                                     struct model_path *path);

/* Payload of the server or the client. */
void track_session_payload(struct track *t, struct flow *f, enum flow_direction direction, int64_t time_ns,
                           uint32_t bytes);

/* The server answered for the first time (SYN-ACK completed, or a datagram). */
void track_session_worked(struct story *s, const struct flow *f, int64_t time_ns);

/* A TCP connection was closed, or leaves the table: once for each. */
void track_session_closed(struct story *s);

/* The latest session of that kind is over when nothing was heard of it for long: then a new one begins. */
void track_session_renew(struct track *t, const struct model_client *client, const struct endpoint_region *region,
                         enum model_protocol protocol, int64_t now_ns);

/* The TCP connections between the two machines of a UDP flow, its control connections, as they are now. */
struct track_control {
    bool known;        /* one was accepted inside the capture */
    bool open;
    int64_t closed_ns; /* when the last one closed; INT64_MIN never */
};
struct track_control track_session_control(const struct track *t, const struct story *s);

/* A control connection was in view and none is open any more. */
bool track_session_is_over(const struct track *t, const struct story *s);

/* Files a decided incident with its path and session. */
void track_session_file(struct track *t, struct story *s, const struct flow *f, struct model_incident *incident);

/* The flow was none of streaming's: its session has not tried it. */
void track_session_take_back(struct story *s, const struct flow *f);

#endif
