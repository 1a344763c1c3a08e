/* SPDX-License-Identifier: Apache-2.0 */
#include "track/role.h"

#include <stdio.h>
#include <string.h>

enum { PORT_HTTPS = 443, PORT_PCOIP = 4172, PORT_WSP = 4195, WELL_KNOWN_END = 1024, KNOWN_SERVER = 3 };

static bool is_service_port(const struct track *t, uint16_t port)
{
    return port == PORT_PCOIP || port == PORT_WSP ||
           (t->options.extra_ports && decode_ports_has(t->options.extra_ports, port));
}

/* Whether the row's list of ports ("tcp/4195,udp/4195") has this one. */
static bool row_serves(const struct endpoint_row *row, uint8_t protocol, uint16_t port)
{
    char wanted[16];
    int length = snprintf(wanted, sizeof wanted, "%s/%u", protocol == 6 ? "tcp" : "udp", port);
    for (const char *at = row->ports; (at = strstr(at, wanted)); at++) {
        char before = at == row->ports ? ',' : at[-1], after = at[length];
        if (before == ',' && (after == ',' || after == '\0'))
            return true;
    }
    return false;
}

static bool has_role(const struct track *t, const struct ipaddr *address, uint16_t port, uint8_t protocol)
{
    const struct endpoint_row *row = endpoint_lookup(model_catalogue(t->model), address);
    return row && (is_service_port(t, port) || row_serves(row, protocol, port));
}

/* How much an end looks like a server. */
static int server_score(const struct track *t, const struct ipaddr *address, uint16_t port, uint8_t protocol)
{
    if (has_role(t, address, port, protocol))
        return KNOWN_SERVER;
    if (is_service_port(t, port) || port < WELL_KNOWN_END)
        return 2;
    return 0;
}

/* In a flow whose beginning tells nothing. A datagram to or from somebody unknown: who speaks first is the client. */
static bool guess_client_is_low(const struct track *t, const struct flow *f, bool source_is_low)
{
    const struct flow_key *k = &f->key;
    int low = server_score(t, &k->low, k->low_port, k->protocol);
    int high = server_score(t, &k->high, k->high_port, k->protocol);
    bool known = low == KNOWN_SERVER || high == KNOWN_SERVER;
    if (k->protocol != 6 && !known)
        return source_is_low;
    if (low != high)
        return high > low;
    if (k->low_port != k->high_port)
        return k->high_port < k->low_port;
    return source_is_low;
}

void track_role_assign(const struct track *t, struct flow *f, bool source_is_low, const struct decode_packet *d)
{
    bool client_is_low;
    uint8_t handshake = d->transport == DECODE_TCP ? d->tcp.flags & (DECODE_SYN | DECODE_ACK | DECODE_RST) : 0;
    if (handshake == DECODE_SYN) {
        client_is_low = source_is_low;
    } else if (handshake == (DECODE_SYN | DECODE_ACK)) {
        client_is_low = !source_is_low;
    } else {
        client_is_low = guess_client_is_low(t, f, source_is_low);
        if (d->transport == DECODE_TCP || client_is_low != source_is_low)
            f->flags |= FLOW_CLIENT_GUESSED;
    }
    if (client_is_low)
        f->flags |= FLOW_CLIENT_IS_LOW;

    uint16_t port = flow_server_port(f);
    if (has_role(t, flow_server(f), port, f->key.protocol))
        f->role = (uint8_t)endpoint_lookup(model_catalogue(t->model), flow_server(f))->role;
    else if (is_service_port(t, port))
        f->role = ENDPOINT_ROLE_UNKNOWN;
    else
        f->flags |= FLOW_BACKGROUND;
}
