/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_PROXY_H
#define TRACK_PROXY_H

#include "decode/http.h"
#include "track/order.h"
#include "track/story.h"

/* CONNECT on a connection to a web proxy, and what the proxy answers: as often as the client asks, until a 2xx opens
 * the tunnel. */

struct track_proxy {
    uint16_t port;         /* asked for by the latest CONNECT; 0: none yet */
    bool waits;            /* for the proxy's answer to it */
    bool tunnel;           /* it was granted: what follows is the client's and the server's own */
    bool asked_anew;       /* a CONNECT was just read */
    bool lost;             /* a head that cannot be read */
    uint64_t connect_frame;
    int64_t connect_ns;
    uint8_t *head[2];      /* a head that came in pieces; NULL: none */
    uint32_t head_bytes[2];
    uint8_t tries[2];      /* to read it */
};

struct track_proxy_piece {
    struct track *t;
    struct flow *f;
    struct track_proxy *proxy;
    const struct track_packet *packet;
    enum flow_direction direction;
};

/* The server's port is one where web proxies listen. */
bool track_proxy_port(const struct track *t, const struct flow *f);

/* These bytes in order belong to a request or an answer of HTTP, not to TLS. */
bool track_proxy_reads(const struct track_proxy_piece *piece, struct cursor bytes);

/* Reads them; returns what lies behind the head of an answer that opens the tunnel. */
struct cursor track_proxy_read(const struct track_proxy_piece *piece, struct cursor bytes, uint32_t missing);

/* The client wants this: names the flow, and makes it one with a role where the target is ours. */
void track_proxy_connect(const struct track_proxy_piece *piece, const struct decode_http_connect *connect);
void track_proxy_free(struct track_proxy *proxy, struct track_order_budget *budget);

#endif
