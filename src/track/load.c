/* SPDX-License-Identifier: Apache-2.0 */
#include "track/load.h"

#include <string.h>

#include "base/nsec.h"
#include "model/rtt.h"

/* Addresses are kept as IPv6; IPv4 is mapped (RFC 4291, section 2.5.5.2). */
static size_t network_bytes(const struct ipaddr *address)
{
    return ipaddr_is_v4(address) ? 15 : 8;
}

static bool is_inside(const struct track_load *load, const struct ipaddr *address)
{
    size_t bytes = network_bytes(address);
    for (uint8_t i = 0; i < load->network_count; i++)
        if (memcmp(&load->networks[i], address, bytes) == 0)
            return true;
    return false;
}

void track_load_inside(struct track_load *load, const struct ipaddr *client)
{
    if (is_inside(load, client))
        return;
    if (load->network_count < TRACK_LOAD_NETWORKS)
        load->networks[load->network_count++] = *client;
}

void track_load_packet(struct track_load *load, const struct decode_packet *d)
{
    bool from = ipaddr_is_private(&d->source), to = ipaddr_is_private(&d->destination);
    if (from == to) { /* both or neither: the clients' networks tell */
        from = is_inside(load, &d->source);
        to = is_inside(load, &d->destination);
    }
    if (from || !to)
        load->bytes[MODEL_LOAD_UP] += d->ip_bytes;
    if (to || !from)
        load->bytes[MODEL_LOAD_DOWN] += d->ip_bytes;
}

void track_load_end(struct track_load *load, struct model *model)
{
    model_rtt_end_second(model, load->bytes);
    load->end_ns = INT64_MIN;
    load->bytes[MODEL_LOAD_UP] = load->bytes[MODEL_LOAD_DOWN] = 0;
}

void track_load_advance(struct track_load *load, struct model *model, int64_t time_ns)
{
    if (time_ns < load->end_ns)
        return;
    if (load->end_ns != INT64_MIN)
        track_load_end(load, model);
    load->end_ns = nsec_add(time_ns, NSEC_PER_SEC);
}
