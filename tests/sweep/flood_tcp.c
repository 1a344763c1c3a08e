/* SPDX-License-Identifier: Apache-2.0 */
#include "base/nsec.h"
#include "flood.h"

/* London: 18.134.68.0/22 are DCV gateways; the IPv6 range is the one of the Cape Town gateways. */
#define GATEWAY "18.134.68.9"
#define GATEWAYS_V6 "2406:da21:c::1"

enum { WSP = 4195, MANY = 60000, FIRST_PORT = 1025 };

static uint16_t port_of(uint32_t i)
{
    return (uint16_t)(FIRST_PORT + i % 3000); /* below 4172 */
}

void flood_syns_from_everywhere(struct flood_file *f)
{
    struct flood_end to = { GATEWAY, 0, WSP };
    for (uint32_t i = 0, n = flood_count(f, 200000); i < n; i++) {
        struct flood_end from = { "10.0.0.1", i, port_of(i) };
        flood_tcp(f, &from, &to, CRAFT_SYN, 1, 0);
    }
    f->now_ns += 10 * NSEC_PER_SEC;
    struct flood_end last = { "9.0.0.1", 0, FIRST_PORT };
    flood_tcp(f, &last, &to, CRAFT_SYN, 1, 0);
}

/* Three SYNs to each, so that each is a failure of its own. */
void flood_one_source_to_everywhere(struct flood_file *f)
{
    for (int repeat = 0; repeat < 3; repeat++, f->now_ns += 5 * NSEC_PER_SEC)
        for (uint32_t i = 0, n = flood_count(f, MANY); i < n; i++) {
            struct flood_end from = { "10.0.0.1", 0, port_of(i) }, to = { "203.0.0.1", i, WSP };
            flood_tcp(f, &from, &to, CRAFT_SYN, 1, 0);
        }
}

void flood_one_source_over_ipv6(struct flood_file *f)
{
    for (int repeat = 0; repeat < 2; repeat++, f->now_ns += 5 * NSEC_PER_SEC)
        for (uint32_t i = 0, n = flood_count(f, MANY); i < n; i++) {
            struct flood_end from = { "2001:db8::1", 0, port_of(i) }, to = { GATEWAYS_V6, i, WSP };
            flood_tcp(f, &from, &to, CRAFT_SYN, 1, 0);
        }
}

void flood_ipv6_from_everywhere(struct flood_file *f)
{
    struct flood_end to = { GATEWAYS_V6, 0, WSP };
    for (int repeat = 0; repeat < 2; repeat++, f->now_ns += 5 * NSEC_PER_SEC)
        for (uint32_t i = 0, n = flood_count(f, MANY); i < n; i++) {
            struct flood_end from = { "2001:db8::1", i, port_of(i) };
            flood_tcp(f, &from, &to, CRAFT_SYN, 1, 0);
        }
}

void flood_short_flows(struct flood_file *f)
{
    struct flood_end to = { GATEWAY, 0, WSP };
    for (uint32_t i = 0, n = flood_count(f, 100000); i < n; i++) {
        struct flood_end from = { "10.0.0.1", i, port_of(i) };
        flood_tcp(f, &from, &to, CRAFT_SYN, 1, 0);
        flood_tcp(f, &to, &from, CRAFT_SYN | CRAFT_ACK, 1, 0);
    }
}

/* Connections that stay, while packets come slowly enough for their timers to be looked at again and again. */
void flood_kept_flows(struct flood_file *f)
{
    struct flood_end to = { GATEWAY, 0, WSP };
    flood_short_flows(f);
    f->step_ns = 120 * NSEC_PER_MSEC;
    for (uint32_t i = 0, n = flood_count(f, 100000); i < n; i++) {
        struct flood_end from = { "10.0.0.1", i, port_of(i) };
        flood_tcp(f, &from, &to, CRAFT_ACK, 2, 1);
    }
}

/* The client acknowledges the handshake and is silent for ever; the gateway repeats one segment. */
void flood_lost_connections(struct flood_file *f)
{
    struct flood_end to = { GATEWAY, 0, WSP };
    uint32_t n = flood_count(f, MANY);
    for (int step = 0; step < 7; step++, f->now_ns += 2 * NSEC_PER_SEC)
        for (uint32_t i = 0; i < n; i++) {
            struct flood_end from = { "10.0.0.1", i, port_of(i) };
            if (step == 0)
                flood_tcp(f, &from, &to, CRAFT_SYN, 1, 0);
            else if (step == 1)
                flood_tcp(f, &to, &from, CRAFT_SYN | CRAFT_ACK, 1, 0);
            else if (step == 2)
                flood_tcp(f, &from, &to, CRAFT_ACK, 2, 0);
            else
                flood_tcp(f, &to, &from, CRAFT_ACK | CRAFT_PSH, 2, 20);
        }
}

/* Some are reset by the gateway in mid-stream, each towards another client. */
void flood_resets(struct flood_file *f)
{
    struct flood_end to = { GATEWAY, 0, WSP };
    for (uint32_t i = 0, n = flood_count(f, MANY); i < n; i++) {
        struct flood_end from = { "10.0.0.1", i, port_of(i) };
        flood_tcp(f, &from, &to, CRAFT_SYN, 1, 0);
        flood_tcp(f, &to, &from, CRAFT_SYN | CRAFT_ACK, 1, 0);
        flood_tcp(f, &from, &to, CRAFT_ACK | CRAFT_PSH, 2, 20);
        flood_tcp(f, &to, &from, CRAFT_RST | CRAFT_ACK, 2, 0);
    }
}

void flood_routers(struct flood_file *f)
{
    struct flood_end to = { GATEWAY, 0, WSP };
    for (uint32_t i = 0, n = flood_count(f, MANY); i < n; i++) {
        struct flood_end from = { "10.0.0.1", i, port_of(i) };
        flood_tcp(f, &from, &to, CRAFT_SYN, 1, 0);
        flood_icmp(f, "100.64.0.1", i, &from, &to);
    }
}
