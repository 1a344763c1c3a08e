/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_TLS_H
#define TRACK_TLS_H

#include "track/record.h"
#include "track/story.h"

/* The TLS handshake of one connection (RFC 8446, RFC 5246), from the bytes of both sides in their order. */

struct track_tls {
    struct track_record_reader reader[2]; /* by direction */
    bool client_hello, server_hello;
    bool retry;                 /* the latest ServerHello asks for another ClientHello */
    bool certificate;           /* one was seen */
    bool complete;              /* both sides agree that the handshake worked, or data flows */
    bool unreadable;            /* something was missed that might have told it */
    bool finished[2];           /* TLS 1.2: CHANGE_CIPHER_SPEC and an encrypted record of this side */
    bool secret_alert;          /* the client answered the server's flight by an encrypted alert */
    uint16_t offered, version;
    uint8_t alert;              /* description of the first fatal alert in the clear */
    bool has_alert, alert_by_client;
    bool cancelled;             /* the client ends it in good order: no failure */
    uint32_t hello_sequence, hello_end;
    uint32_t hello_bytes;       /* IP length of its first segment */
    struct story_frames hellos; /* the first and its repeats */
    uint64_t server_hello_frame, alert_frame, end_frame;
    int64_t hello_ns, last_hello_ns, server_hello_ns, alert_ns, end_ns;
    int64_t server_ns;          /* the server's latest payload; 0 never */
    bool ended, ended_by_client, ended_by_rst; /* the first FIN or RST */
};

/* Who speaks in which packet. */
struct track_tls_piece {
    struct track *t;
    struct flow *f;
    struct track_tls *tls;
    const struct track_packet *packet;
    enum flow_direction direction;
};

/* Bytes of one side in their order, `missing` more after them not captured. */
void track_tls_read(const struct track_tls_piece *piece, struct cursor bytes, uint32_t missing);

/* A FIN or RST. */
void track_tls_end(const struct track_tls_piece *piece, bool reset);

/* Nothing more can be learned: the bytes need not be followed any further. */
bool track_tls_is_done(const struct track_tls *tls);
void track_tls_free(struct track_tls *tls, struct track_order_budget *budget);

/* The name in a ClientHello, which lies in `message` as far as it goes. */
void track_tls_name(const struct track_tls_piece *piece, const struct decode_tls_client_hello *hello);

/* Writes what became of the handshake into the path. True when that tells how the connection ended. */
bool track_tls_judge(struct track *t, struct story *s, const struct flow *f, const struct track_tls *tls,
                     int64_t now_ns);

#endif
