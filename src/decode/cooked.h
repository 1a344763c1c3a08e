/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DECODE_COOKED_H
#define DECODE_COOKED_H

#include "decode/walk.h"

/* Link headers that a capturing system makes up: https://www.tcpdump.org/linktypes.html */
void decode_cooked_null(struct decode_walk *w);
void decode_cooked_loop(struct decode_walk *w);
void decode_cooked_sll(struct decode_walk *w);
void decode_cooked_sll2(struct decode_walk *w);
void decode_cooked_nflog(struct decode_walk *w);

#endif
