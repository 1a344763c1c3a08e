/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DECODE_ICMP_H
#define DECODE_ICMP_H

#include "decode/walk.h"

/* RFC 792 and RFC 4443. */
void decode_icmp_read(struct decode_walk *w);

#endif
