/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENDPOINT_IMPORT_H
#define ENDPOINT_IMPORT_H

#include <stdbool.h>

#include "endpoint/catalogue.h"
#include "endpoint/ip_ranges.h"

/* A catalogue brought up to date with AWS's ip-ranges.json, written as a directory for endpoint_catalogue_load(). */

struct endpoint_import_change {
    enum endpoint_ip_service service;
    bool added; /* else removed */
    struct ipaddr_prefix prefix;
    enum endpoint_role role;
    const struct endpoint_region *region; /* NULL: no single Region */
};

struct endpoint_import {
    struct arena *arena;
    const char *date, *base_date; /* of ip-ranges.json: this one, and the one the base rests on */
    const struct endpoint_import_change *changes; /* by service, added before removed, then Region and address */
    size_t change_count;
    size_t added[ENDPOINT_IP_SERVICES], removed[ENDPOINT_IP_SERVICES], unchanged[ENDPOINT_IP_SERVICES];
    size_t undocumented; /* gateway prefixes of the result whose protocol no page tells */
};

/* Prefixes that the base does not have become role gateway; gateway rows that ip-ranges.json once listed and lists no
 * more go; rows that only AWS's page documents stay. */
enum status endpoint_import(const struct endpoint_catalogue *base, const char *json_path, const char *directory,
                            struct endpoint_import **out, struct error *error) MUST_USE;
/* The result refers to `base` and must not outlive it. */
void endpoint_import_free(struct endpoint_import *import);

#endif
