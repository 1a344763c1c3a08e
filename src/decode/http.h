/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DECODE_HTTP_H
#define DECODE_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cursor.h"
#include "decode/decode.h"
#include "decode/name.h"

/* What a client and its proxy say before a tunnel: CONNECT and the answer (RFC 9110, section 9.3.6; RFC 9112). Words
 * are read in upper and lower case alike, lines may end in LF alone. Give the bytes of one direction from the beginning
 * of a message; when more have come, ask again with all of them. */

enum {
    DECODE_HTTP_HEAD_BYTES_MAX = 16384, /* first line, header fields and the empty line; more is no head */
    DECODE_HTTP_REASON_SIZE = 64,
    DECODE_HTTP_SCHEME_SIZE = 24,
};

struct decode_http_connect {
    size_t head_bytes; /* of the whole head: the tunnel begins here; 0 while it is not whole */
    uint16_t port;
    char host[DECODE_NAME_SIZE]; /* name or address, without the brackets of IPv6 */
};

struct decode_http_answer {
    size_t head_bytes;   /* of the whole head: the tunnel, or a body, begins here; 0 while it is not whole */
    uint64_t body_bytes; /* Content-Length; 0 without one, and for a tunnel (2xx to CONNECT) the caller's to ignore */
    uint16_t code;       /* 100..999 */
    bool chunked;        /* the body's length is not known beforehand */
    bool closes;         /* Connection: close, or Proxy-Connection: close */
    char reason[DECODE_HTTP_REASON_SIZE]; /* printable ASCII, cut to fit; may be empty */
    char scheme[DECODE_HTTP_SCHEME_SIZE]; /* of the first Proxy-Authenticate: "Negotiate", "Basic" */
};

/* DECODE_OK: the head is whole. DECODE_TRUNCATED: the bytes end within it; host (answer: code) is set once the first
 * line is whole. DECODE_UNSUPPORTED: HTTP perhaps, but no CONNECT; not an answer of HTTP/1. DECODE_MALFORMED: a CONNECT
 * whose target cannot be read, a status that is no number, a head that is too long. *out is complete whatever the
 * outcome. */
enum decode_outcome decode_http_connect(struct cursor bytes, struct decode_http_connect *out);
enum decode_outcome decode_http_answer(struct cursor bytes, struct decode_http_answer *out);

#endif
