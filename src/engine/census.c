/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/census.h"

#include <inttypes.h>
#include <stdlib.h>

enum { PORTS = 65536, BUSIEST = 3 };

struct engine_census {
    uint64_t transports[DECODE_OTHER + 1];
    uint32_t ports[2][PORTS]; /* UDP, TCP */
};

struct busy_port {
    uint32_t packets;
    uint16_t port;
    bool tcp;
};

struct engine_census *engine_census_new(void)
{
    return calloc(1, sizeof(struct engine_census));
}

void engine_census_free(struct engine_census *census)
{
    free(census);
}

void engine_census_add(struct engine_census *census, const struct decode_packet *d)
{
    census->transports[d->transport]++;
    if (d->transport != DECODE_TCP && d->transport != DECODE_UDP)
        return;
    uint16_t port = d->source_port < d->destination_port ? d->source_port : d->destination_port;
    uint32_t *count = &census->ports[d->transport == DECODE_TCP][port];
    *count += *count < UINT32_MAX;
}

/* Keeps the list in order; an equal one stays behind those before it. */
static void consider(struct busy_port busiest[BUSIEST], struct busy_port candidate)
{
    for (size_t i = 0; i < BUSIEST; i++)
        if (candidate.packets > busiest[i].packets) {
            struct busy_port pushed_out = busiest[i];
            busiest[i] = candidate;
            candidate = pushed_out;
        }
}

static const char *busiest_text(const struct engine_census *census, struct arena *a)
{
    struct busy_port busiest[BUSIEST] = { 0 };
    const char *text = "";
    for (unsigned port = 0; port < PORTS; port++)
        for (unsigned tcp = 0; tcp < 2; tcp++)
            consider(busiest, (struct busy_port){ census->ports[tcp][port], (uint16_t)port, tcp });
    for (size_t i = 0; i < BUSIEST && busiest[i].packets; i++)
        text = arena_format(a, "%s%s %s %u (%" PRIu32 " %s)", text, i ? "," : "; busiest server ports:",
                            busiest[i].tcp ? "TCP" : "UDP", busiest[i].port, busiest[i].packets,
                            busiest[i].packets == 1 ? "packet" : "packets");
    return text;
}

const char *engine_census_text(const struct engine_census *census, struct arena *a)
{
    static const struct {
        enum decode_transport transport;
        const char *word;
    } words[] = {
        { DECODE_TCP, "TCP" }, { DECODE_UDP, "UDP" }, { DECODE_ICMP, "ICMP" }, { DECODE_FRAGMENT, "later fragments" },
        { DECODE_OTHER, "other IP" }, { DECODE_NOT_IP, "not IP" },
    };
    const char *text = "";
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (census->transports[words[i].transport])
            text = arena_format(a, "%s%s%s %" PRIu64, text, *text ? ", " : "", words[i].word,
                                census->transports[words[i].transport]);
    return *text ? arena_format(a, "%s%s", text, busiest_text(census, a)) : "";
}
