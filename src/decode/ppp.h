/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DECODE_PPP_H
#define DECODE_PPP_H

#include "decode/walk.h"

/* RFC 1661, with or without the address and control fields of RFC 1662, and with a compressed protocol field. */
void decode_ppp_read(struct decode_walk *w);

/* PPP in HDLC-like framing, or Cisco HDLC, which carries EtherTypes. */
void decode_ppp_hdlc(struct decode_walk *w);

/* RFC 2516: session packets; discovery is no IP. */
void decode_ppp_over_ethernet(struct decode_walk *w);

#endif
