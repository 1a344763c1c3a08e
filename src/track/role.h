/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_ROLE_H
#define TRACK_ROLE_H

#include "track/story.h"

/* Who is the client of a new flow, and whether its server has a role. Sets FLOW_CLIENT_IS_LOW, FLOW_CLIENT_GUESSED,
 * FLOW_BACKGROUND and role. */
void track_role_assign(const struct track *t, struct flow *f, bool source_is_low, const struct decode_packet *d);

/* Where the client said what it calls the server; the later outranks the earlier, and both outrank the DNS. */
enum track_role_source { TRACK_ROLE_BY_CONNECT, TRACK_ROLE_BY_SNI };

struct track_role_name {
    const char *host; /* as decode_name_host() cleans it; of CONNECT it may be an address */
    uint16_t port;    /* wanted of that host: the flow's own, or the one that CONNECT names */
    enum track_role_source source;
};

/* The client has named the server of this flow, in a hello or a CONNECT. Flow and look-up remember it; a background
 * flow whose name is ours and serves the port gets its role, and a story told from what the flow record has kept (a
 * flow known by its port alone gets the role too). Call it when the packet's own trackers are done with the packet,
 * with f->story of a background flow NULL. True when the flow has just become one with a role. */
bool track_role_named(struct track *t, struct flow *f, const struct track_role_name *name,
                      const struct track_packet *packet);

#endif
