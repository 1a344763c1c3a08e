/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_ENDPOINTS_H
#define CLI_ENDPOINTS_H

#include <stdbool.h>
#include <stddef.h>

#include "wspscope/endpoint.h"

/* What `wspscope endpoints` was asked; each command returns an enum cli_exit. */
struct cli_endpoints_request {
    const char *region, *format, *output; /* NULL: not given */
    bool all;
    char **operands;
    int operand_count;
};

int cli_endpoints_list(const struct wspscope_endpoints *endpoints, const struct cli_endpoints_request *request);
int cli_endpoints_lookup(const struct wspscope_endpoints *endpoints, const struct cli_endpoints_request *request);
int cli_endpoints_import(const struct wspscope_endpoints *endpoints, const struct cli_endpoints_request *request);
int cli_endpoints_rules(const struct wspscope_endpoints *endpoints, const struct cli_endpoints_request *request);
int cli_endpoints_conflicts(const struct wspscope_endpoints *endpoints, const struct cli_endpoints_request *request);

/* The Region asked for; NULL, after a sentence on stderr, when there is none of that code. */
const struct wspscope_endpoint_region *cli_endpoints_find_region(const struct wspscope_endpoints *endpoints,
                                                                 const char *code);

/* The ports of one protocol in "tcp/4195,udp/4195,tcp/443", rising. */
struct cli_endpoints_ports {
    unsigned port[8];
    size_t count;
};
struct cli_endpoints_ports cli_endpoints_ports_of(const char *ports, const char *protocol);

/* "443,4195"; "" for none. */
enum { CLI_ENDPOINTS_PORTS_SIZE = 64 };
const char *cli_endpoints_ports_join(struct cli_endpoints_ports ports, char text[CLI_ENDPOINTS_PORTS_SIZE]);

/* "TCP and UDP 443, 4195", "TCP 443", "not stated". */
const char *cli_endpoints_ports_text(const char *ports, char text[2 * CLI_ENDPOINTS_PORTS_SIZE]);

#endif
