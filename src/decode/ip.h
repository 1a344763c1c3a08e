/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DECODE_IP_H
#define DECODE_IP_H

#include "decode/walk.h"

/* RFC 791 and RFC 8200; the first takes either, by the version. */
void decode_ip_read(struct decode_walk *w);
void decode_ip_read4(struct decode_walk *w);
void decode_ip_read6(struct decode_walk *w);

/* What follows an IP header of protocol w->number. */
void decode_ip_protocol(struct decode_walk *w);

#endif
