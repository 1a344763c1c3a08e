/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAPTURE_INTERFACE_H
#define CAPTURE_INTERFACE_H

#include <stdbool.h>
#include <stdint.h>

/* An interface of a pcapng section: how its packets are to be read, and what it dropped. */
struct capture_interface {
    uint16_t link_type;
    uint32_t snap_length; /* 0: no limit */
    uint8_t resolution;   /* if_tsresol: units are 10^-n s, or 2^-n s when the top bit is set */
    int64_t offset_ns;
    uint64_t counted_drops;  /* isb_ifdrop, the last one */
    uint64_t per_packet_drops; /* the sum of epb_dropcount */
    uint64_t os_drops;       /* isb_osdrop, the last one */
};

enum { CAPTURE_INTERFACE_RESOLUTION_DEFAULT = 6 };

/* A time stamp of the interface in ns since 1970, held at the ends of the range. */
int64_t capture_interface_time_ns(const struct capture_interface *interface, uint64_t stamp);

/* Packets the interface is known to have dropped: the larger of its two ways to say it, which count the same. */
uint64_t capture_interface_drops(const struct capture_interface *interface);

#endif
