/* SPDX-License-Identifier: Apache-2.0 */
#include "capture/live_filter.h"

/* IP protocols that may carry such a port further inside: IP in IP, IPv6 in IP, GRE, authentication header, EtherIP,
 * MPLS in IP. */
static const unsigned carriers[] = { 4, 41, 47, 51, 97, 137 };

/* IPv6 headers in front of a transport header, where "port" does not look: hop-by-hop, routing, fragment, options. */
static const unsigned ipv6_extensions[] = { 0, 43, 44, 60 };

static const unsigned tunnel_ports[] = { 4789, 8472, 6081, 2152, 1701, 3544 }; /* VXLAN, Geneve, GTP-U, L2TP, Teredo */

static void write_ports(const struct capture_live_filter *f, struct text *out)
{
    for (size_t i = 0; i < f->port_count; i++)
        text_addf(out, "%sport %u", i > 0 ? " or " : "", f->ports[i]);
}

static void write_ip(const struct capture_live_filter *f, struct text *out)
{
    write_ports(f, out);
    text_add(out, " or icmp or icmp6 or ip[6:2] & 0x1fff != 0");
    for (size_t i = 0; i < sizeof carriers / sizeof *carriers; i++)
        text_addf(out, " or proto %u", carriers[i]);
    for (size_t i = 0; i < sizeof ipv6_extensions / sizeof *ipv6_extensions; i++)
        text_addf(out, " or ip6[6] = %u", ipv6_extensions[i]);
    for (size_t i = 0; i < sizeof tunnel_ports / sizeof *tunnel_ports; i++)
        text_addf(out, " or udp port %u", tunnel_ports[i]);
}

static void write_ethernet(const struct capture_live_filter *f, struct text *out)
{
    write_ip(f, out);
    text_add(out, " or ether proto 0x8847 or ether proto 0x8848 or ether proto 0x8864"); /* MPLS, PPPoE */
}

/* From "vlan" on an expression looks behind the tag: hence the nesting. */
static void write_mission(const struct capture_live_filter *f, bool ethernet, struct text *out)
{
    if (!ethernet) {
        write_ip(f, out);
        return;
    }
    write_ethernet(f, out);
    text_add(out, " or (vlan and (");
    write_ethernet(f, out);
    text_add(out, " or (vlan and (");
    write_ethernet(f, out);
    text_add(out, "))))");
}

void capture_live_filter_write(const struct capture_live_filter *f, bool ethernet, struct text *out)
{
    if (!f->expression) {
        write_mission(f, ethernet, out);
        return;
    }
    text_addf(out, "(%s) and (", f->expression);
    write_mission(f, ethernet, out);
    text_add(out, ")");
}
