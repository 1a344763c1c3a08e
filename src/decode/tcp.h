/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DECODE_TCP_H
#define DECODE_TCP_H

#include "decode/walk.h"

/* RFC 9293. */
void decode_tcp_read(struct decode_walk *w);

/* RFC 9293, 7323 and 2018: what the options say, as far as they are there. Malformed ones end the list, as they do for
 * a receiver; the segment stands. */
void decode_tcp_options(struct cursor options, struct decode_packet *out);

#endif
