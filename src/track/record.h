/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_RECORD_H
#define TRACK_RECORD_H

#include "decode/tls.h"
#include "track/order.h"

/* TLS records of one direction, taken apart as their bytes come: handshake messages that span segments and records are
 * gathered (up to 16 KiB of one), of everything else only the header is looked at. */

enum { TRACK_RECORD_MESSAGE_BYTES_MAX = 16384 };

struct track_record_reader {
    uint8_t head[DECODE_TLS_RECORD_HEADER_BYTES]; /* of the record, while it is cut */
    uint8_t head_bytes;
    uint8_t type;          /* of the record that `left_bytes` more belong to */
    uint16_t record_bytes; /* its length */
    uint16_t left_bytes;
    bool broken;           /* not TLS, or the thread is lost: nothing more can be read */
    bool started;          /* a record's header was read */
    bool encrypted;        /* a CHANGE_CIPHER_SPEC has passed: handshake records are not read any more */
    uint8_t opening[4];    /* of a handshake message, or an alert, while it is cut */
    uint8_t opening_bytes;
    uint8_t *message;      /* a handshake message that came in pieces, its header included; NULL: none */
    uint32_t message_bytes, message_wanted;
};

/* Called for what is there; either may be NULL. */
struct track_record_sink {
    void (*on_record)(void *context, const struct decode_tls_record *record); /* its header; body: the part in hand */
    void (*on_message)(void *context, const struct decode_tls_handshake *message);
    void (*on_alert)(void *context, const struct decode_tls_record *record);  /* whole */
    void *context;
};

/* Bytes in order, and `missing` more after them that were not captured. A message that ends in those is given as far as
 * it goes. */
void track_record_read(struct track_record_reader *reader, struct track_order_budget *budget, struct cursor bytes,
                       uint32_t missing, const struct track_record_sink *sink);
void track_record_free(struct track_record_reader *reader, struct track_order_budget *budget);

#endif
