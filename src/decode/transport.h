/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DECODE_TRANSPORT_H
#define DECODE_TRANSPORT_H

#include "decode/walk.h"

/* What TCP and UDP share. */

/* Reads the ports and decides whether the packet is followed; if so sets the hash. False when the walk has ended: they
 * were cut, or the packet is background. */
bool decode_transport_ports(struct decode_walk *w, enum decode_transport transport);

/* The header was cut behind the ports: by the snap length, by a lie, or by a fragment too small for it. */
void decode_transport_cut(struct decode_walk *w);

/* Every byte of the segment is here, and its checksum is over the addresses we know. */
bool decode_transport_is_whole(const struct decode_walk *w);

#endif
