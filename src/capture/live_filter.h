/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAPTURE_LIVE_FILTER_H
#define CAPTURE_LIVE_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/* The filter that keeps from the program what it would not follow, as a libpcap expression: the ports, ICMP and ICMPv6,
 * fragments, headers in front of the ports that a filter cannot look behind, and tunnels. `expression` is the user's,
 * or NULL; a packet must pass both. The Ethernet form looks behind up to two VLAN tags too. */
struct capture_live_filter {
    const uint16_t *ports;
    size_t port_count;
    const char *expression;
};

void capture_live_filter_write(const struct capture_live_filter *filter, bool ethernet, struct text *out);

#endif
