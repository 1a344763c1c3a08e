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

/* The segment begins at `at` and its payload was found: whether every byte is here and its checksum is over the
 * addresses we know. */
void decode_transport_note_whole(struct decode_walk *w, const struct cursor *segment);

#endif
