/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DECODE_GREETING_H
#define DECODE_GREETING_H

#include "base/cursor.h"

/* What the first bytes that a side sends on a connection, or in a datagram, leave no doubt about: a protocol that tells
 * itself by a banner or a fixed beginning. Short of that: none. */
enum decode_greeting {
    DECODE_GREETING_NONE,
    DECODE_GREETING_TLS,          /* a record of TLS (RFC 8446, section 5.1), or a hello of SSL 2.0 */
    DECODE_GREETING_SSH,          /* RFC 4253, section 4.2 */
    DECODE_GREETING_HTTP,         /* a request or an answer of HTTP/1 (RFC 9112, sections 3 and 4) */
    DECODE_GREETING_HTTP_REFUSED, /* the answer 400: the other side did not speak what this one expected */
    DECODE_GREETING_BITTORRENT,   /* BEP 3; in datagrams BEP 5 */
    DECODE_GREETING_VNC,          /* RFC 6143, section 7.1.1 */
    DECODE_GREETING_RDP,          /* X.224 connection request or confirm in a TPKT (MS-RDPBCGR, section 2.2.1.1) */
    DECODE_GREETINGS
};

enum decode_greeting decode_greeting_stream(struct cursor payload);
enum decode_greeting decode_greeting_datagram(struct cursor payload);

/* "SSH", "HTTP"; NULL for none. */
const char *decode_greeting_name(enum decode_greeting greeting);

#endif
