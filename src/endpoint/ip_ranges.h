/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENDPOINT_IP_RANGES_H
#define ENDPOINT_IP_RANGES_H

#include <stddef.h>

#include "base/ipaddr.h"
#include "base/status.h"

/* AWS's ip-ranges.json (https://docs.aws.amazon.com/vpc/latest/userguide/aws-ip-ranges.html), of which two services are
 * kept. Read one entry at a time: the file may be a stranger's. */

enum endpoint_ip_service { ENDPOINT_IP_GATEWAYS, ENDPOINT_IP_ACCELERATOR, ENDPOINT_IP_SERVICES };

/* "WORKSPACES_GATEWAYS", "GLOBALACCELERATOR". */
const char *endpoint_ip_service_name(enum endpoint_ip_service service);

struct endpoint_ip_range {
    enum endpoint_ip_service service;
    struct ipaddr_prefix prefix;
    char region[33]; /* "*" for GLOBAL */
};

struct endpoint_ip_ranges {
    struct endpoint_ip_range *ranges; /* sorted by service, address, length; none twice */
    size_t count, capacity;
    char date[11];        /* "2026-08-22" */
    char created[33];     /* createDate as it stands there */
    char sync_token[33];
};

/* STATUS_BAD_INPUT, with the byte, when the file is not AWS's or holds no WORKSPACES_GATEWAYS. */
enum status endpoint_ip_ranges_read(const char *path, struct endpoint_ip_ranges *out, struct error *error) MUST_USE;
void endpoint_ip_ranges_free(struct endpoint_ip_ranges *ranges);

#endif
