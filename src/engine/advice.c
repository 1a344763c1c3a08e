/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/advice.h"

/* More ports than anybody gives by hand: the rest is left out of the command. */
enum { PORTS_TOLD_MOST = 64 };

static const uint16_t first_ports[] = { 443, 4172, 4195, 53 };

static bool is_first_port(uint16_t port)
{
    for (size_t i = 0; i < sizeof first_ports / sizeof *first_ports; i++)
        if (first_ports[i] == port)
            return true;
    return false;
}

/* "port 443 or 4172 or ...": pcap-filter(7) carries the word over. */
static const char *port_terms(const struct decode_ports *ports, struct arena *a)
{
    const char *terms = "port 443 or 4172 or 4195 or 53";
    unsigned told = 0;
    for (unsigned port = 1; port <= UINT16_MAX && told < PORTS_TOLD_MOST; port++)
        if (decode_ports_has(ports, (uint16_t)port) && !is_first_port((uint16_t)port)) {
            terms = arena_format(a, "%s or %u", terms, port);
            told++;
        }
    return terms;
}

const char *engine_advice_command(const struct engine *e, struct arena *a)
{
    const char *filter = arena_format(a, "%s or icmp or icmp6 or ip[6:2] & 0x1fff != 0 or ip6 proto 44",
                                      port_terms(&e->analyzer->decode.ports, a));
    if (e->vlan_seen)
        filter = arena_format(a, "%s or (vlan and (%s))", filter, filter);
    return arena_format(a, "tcpdump -i INTERFACE -s 0 -w wspscope.pcap '%s'", filter);
}

const char *engine_advice(const struct engine *e, const char *lead, struct arena *a)
{
    return arena_format(a, "%s: %s (INTERFACE: the client's own, the firewall's towards the clients, or the one that a "
                           "mirror port feeds with both directions; `tcpdump -D` lists them).",
                        lead, engine_advice_command(e, a));
}
