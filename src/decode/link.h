/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DECODE_LINK_H
#define DECODE_LINK_H

#include "decode/walk.h"

/* Link types: the numbers of https://www.tcpdump.org/linktypes.html as they stand in a capture file. */
enum { DECODE_LINK_ETHERNET = 1 };

bool decode_link_known(uint16_t link_type);

/* Names the reader of the frame's first header, or ends the walk as unsupported. */
void decode_link_start(struct decode_walk *w, uint16_t link_type);

#endif
