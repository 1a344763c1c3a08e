/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DECODE_OVERLAY_H
#define DECODE_OVERLAY_H

#include "decode/walk.h"

/* Tunnels in UDP. */
enum decode_overlay_ports {
    DECODE_OVERLAY_L2TP = 1701,        /* RFC 2661 */
    DECODE_OVERLAY_GTP = 2152,         /* 3GPP TS 29.281 */
    DECODE_OVERLAY_TEREDO = 3544,      /* RFC 4380 */
    DECODE_OVERLAY_VXLAN = 4789,       /* RFC 7348 */
    DECODE_OVERLAY_GENEVE = 6081,      /* RFC 8926 */
    DECODE_OVERLAY_VXLAN_LINUX = 8472, /* Linux's VXLAN before there was a number */
};

static inline bool decode_overlay_port(uint16_t port)
{
    return port == DECODE_OVERLAY_VXLAN || port == DECODE_OVERLAY_GENEVE || port == DECODE_OVERLAY_GTP ||
           port == DECODE_OVERLAY_L2TP || port == DECODE_OVERLAY_TEREDO || port == DECODE_OVERLAY_VXLAN_LINUX;
}

/* With the walk at the UDP payload: when it is a tunnel header beyond reasonable doubt, steps over it and names the
 * next reader; else returns false, the walk's position then being undefined. */
bool decode_overlay_enter(struct decode_walk *w, uint16_t source_port, uint16_t destination_port);

#endif
