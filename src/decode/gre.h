/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DECODE_GRE_H
#define DECODE_GRE_H

#include "decode/walk.h"

/* RFC 2784 and 2890, version 1 of PPTP (RFC 2637), and ERSPAN types I to III within it. */
void decode_gre_read(struct decode_walk *w);

#endif
