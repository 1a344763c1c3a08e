/* SPDX-License-Identifier: Apache-2.0 */
#include "endpoint/catalogue.h"

static const struct {
    const char *name, *title;
} roles[ENDPOINT_ROLES] = {
    [ENDPOINT_ROLE_NONE] = { "none", "no WorkSpaces endpoint" },
    [ENDPOINT_HEALTH_CHECK] = { "health-check", "health-check host" },
    [ENDPOINT_DCV_GATEWAY] = { "dcv-gateway", "DCV gateway" },
    [ENDPOINT_DCV_GATEWAY_AGA] = { "dcv-gateway-aga", "DCV gateway behind Global Accelerator" },
    [ENDPOINT_PCOIP_GATEWAY] = { "pcoip-gateway", "PCoIP gateway" },
    [ENDPOINT_GATEWAY] = { "gateway", "gateway, protocol unknown" },
    [ENDPOINT_WORKSPACES_SERVICE] = { "workspaces-service", "WorkSpaces service" },
    [ENDPOINT_AWS_OTHER] = { "aws-other", "AWS service that others use as well" },
    [ENDPOINT_PROXY] = { "proxy", "proxy" },
    [ENDPOINT_DNS] = { "dns", "DNS server" },
    [ENDPOINT_PRIVATE_GATEWAY] = { "private-gateway", "private gateway of a VPC endpoint" },
    [ENDPOINT_ROLE_UNKNOWN] = { "unknown", "host on a WorkSpaces port" },
};

const char *endpoint_role_name(enum endpoint_role role)
{
    return roles[role].name;
}

const char *endpoint_role_title(enum endpoint_role role)
{
    return roles[role].title;
}

bool endpoint_role_is_workspaces(enum endpoint_role role)
{
    switch (role) {
    case ENDPOINT_HEALTH_CHECK:
    case ENDPOINT_DCV_GATEWAY:
    case ENDPOINT_DCV_GATEWAY_AGA:
    case ENDPOINT_PCOIP_GATEWAY:
    case ENDPOINT_GATEWAY:
    case ENDPOINT_WORKSPACES_SERVICE:
    case ENDPOINT_PRIVATE_GATEWAY:
        return true;
    case ENDPOINT_ROLE_NONE:
    case ENDPOINT_AWS_OTHER:
    case ENDPOINT_PROXY:
    case ENDPOINT_DNS:
    case ENDPOINT_ROLE_UNKNOWN:
    case ENDPOINT_ROLES:
        break;
    }
    return false;
}

bool endpoint_role_is_gateway(enum endpoint_role role)
{
    return role == ENDPOINT_DCV_GATEWAY || role == ENDPOINT_DCV_GATEWAY_AGA || role == ENDPOINT_PCOIP_GATEWAY ||
           role == ENDPOINT_GATEWAY;
}
