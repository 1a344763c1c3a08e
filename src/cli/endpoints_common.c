/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/endpoints.h"
#include "cli/message.h"

static void insert(struct cli_endpoints_ports *ports, unsigned port)
{
    size_t i = ports->count;
    if (i == sizeof ports->port / sizeof *ports->port)
        return;
    for (; i > 0 && ports->port[i - 1] > port; i--)
        ports->port[i] = ports->port[i - 1];
    ports->port[i] = port;
    ports->count++;
}

struct cli_endpoints_ports cli_endpoints_ports_of(const char *ports, const char *protocol)
{
    struct cli_endpoints_ports out = { .count = 0 };
    size_t length = strlen(protocol);
    for (const char *at = ports; at; at = strchr(at, ',')) {
        at += *at == ',';
        if (strncmp(at, protocol, length) == 0 && at[length] == '/')
            insert(&out, (unsigned)strtoul(at + length + 1, NULL, 10));
    }
    return out;
}

static void join(struct cli_endpoints_ports ports, const char *between, char text[CLI_ENDPOINTS_PORTS_SIZE])
{
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < ports.count && used < CLI_ENDPOINTS_PORTS_SIZE; i++) {
        const char *before = i > 0 ? between : "";
        int length = snprintf(text + used, CLI_ENDPOINTS_PORTS_SIZE - used, "%s%u", before, ports.port[i]);
        used += length > 0 ? (size_t)length : 0;
    }
}

const char *cli_endpoints_ports_join(struct cli_endpoints_ports ports, char text[CLI_ENDPOINTS_PORTS_SIZE])
{
    join(ports, ",", text);
    return text;
}

const char *cli_endpoints_ports_text(const char *ports, char text[2 * CLI_ENDPOINTS_PORTS_SIZE])
{
    enum { ROOM = 2 * CLI_ENDPOINTS_PORTS_SIZE };
    char tcp[CLI_ENDPOINTS_PORTS_SIZE], udp[CLI_ENDPOINTS_PORTS_SIZE];
    join(cli_endpoints_ports_of(ports, "tcp"), ", ", tcp);
    join(cli_endpoints_ports_of(ports, "udp"), ", ", udp);
    if (*tcp && strcmp(tcp, udp) == 0)
        snprintf(text, ROOM, "TCP and UDP %s", tcp);
    else if (*tcp && *udp)
        snprintf(text, ROOM, "TCP %.50s and UDP %.50s", tcp, udp);
    else
        snprintf(text, ROOM, "%s%s", *tcp ? "TCP " : *udp ? "UDP " : "not stated", *tcp ? tcp : udp);
    return text;
}

const struct wspscope_endpoint_region *cli_endpoints_find_region(const struct wspscope_endpoints *endpoints,
                                                                 const char *code)
{
    enum { NAMES = 128 };
    const char *names[NAMES + 1] = { NULL };
    size_t count;
    const struct wspscope_endpoint_region *region = wspscope_endpoints_region(endpoints, code);
    if (region)
        return region;
    const struct wspscope_endpoint_region *regions = wspscope_endpoints_regions(endpoints, &count);
    for (size_t i = 0; i < count && i < NAMES; i++)
        names[i] = regions[i].code;
    const char *nearest = cli_message_nearest(code, names);
    if (nearest)
        cli_message("The catalogue has no Region \"%s\"; did you mean \"%s\"?", code, nearest);
    else
        cli_message("The catalogue has no Region \"%s\"; give a code such as eu-west-2.", code);
    return NULL;
}
