/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENGINE_ADVICE_H
#define ENGINE_ADVICE_H

#include "base/arena.h"
#include "engine/engine.h"

/* How to capture so that everything can be judged: the command, which tcpdump takes as it stands once INTERFACE is
 * replaced, and a sentence on what to put there. The filter lets pass what this analysis follows (--port and
 * --proxy-port included), ICMP, and later fragments, which have no ports; inside VLAN tags too where some were seen,
 * for a filter without "vlan" does not look behind them (pcap-filter(7)). */
const char *engine_advice_command(const struct engine *engine, struct arena *arena);

/* "tcpdump -i INTERFACE ... (INTERFACE: ...)": the command in a sentence that begins with `lead`. */
const char *engine_advice(const struct engine *engine, const char *lead, struct arena *arena);

#endif
