/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DECODE_WIFI_H
#define DECODE_WIFI_H

#include "decode/walk.h"

/* IEEE 802.11: data frames that are not encrypted. Of an aggregate (A-MSDU) the first subframe is read. */
void decode_wifi_read(struct decode_walk *w);

/* The same behind a radiotap header (radiotap.org), or a PPI header, which may carry any link type. */
void decode_wifi_radiotap(struct decode_walk *w);
void decode_wifi_ppi(struct decode_walk *w);

#endif
