/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DECODE_UDP_H
#define DECODE_UDP_H

#include "decode/walk.h"

/* RFC 768. A port of an overlay whose header is plausible is a tunnel (decode/overlay.h). */
void decode_udp_read(struct decode_walk *w);

#endif
