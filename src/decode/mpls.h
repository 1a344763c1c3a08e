/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DECODE_MPLS_H
#define DECODE_MPLS_H

#include "decode/walk.h"

/* RFC 3032: one label; the last one is followed by a payload without a type, told by its first bytes: IPv4, IPv6, or an
 * Ethernet pseudowire with or without a control word (RFC 4448). */
void decode_mpls_read(struct decode_walk *w);

#endif
