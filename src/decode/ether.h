/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DECODE_ETHER_H
#define DECODE_ETHER_H

#include "decode/walk.h"

/* IEEE 802.3: addresses, then an EtherType or a length. */
void decode_ether_read(struct decode_walk *w);

/* What follows an EtherType (w->number), wherever one stands: Ethernet, SLL, SNAP, GRE, GENEVE. */
void decode_ether_type(struct decode_walk *w);

/* IEEE 802.2, with SNAP (RFC 1042). */
void decode_ether_llc(struct decode_walk *w);

#endif
