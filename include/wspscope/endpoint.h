/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WSPSCOPE_ENDPOINT_H
#define WSPSCOPE_ENDPOINT_H

#include <stdbool.h>
#include <stddef.h>

#include "wspscope/analysis.h"

/* The catalogue: every address, name and port of Amazon WorkSpaces by Region, each with its source. Strings and rows
 * live as long as the handle; strings are valid UTF-8 without control characters, NULL where a comment says so. */
struct wspscope_endpoints;

struct wspscope_endpoint_region {
    const char *code; /* "eu-west-2" */
    const char *name; /* "Europe (London)" */
    const char *coverage; /* documented; undocumented: only gateway prefixes are known; none: no WorkSpaces */
    const char *note; /* NULL, or a sentence */
};

/* A prefix or a name. */
struct wspscope_endpoint {
    const char *value; /* "18.134.68.0/22", "*.prod.eu-west-2.highlander.aws.a2z.com" */
    int family;        /* 4, 6; 0: a name */
    const char *role;  /* "dcv-gateway": the word of the report */
    const char *title; /* "DCV gateway" */
    const char *function;            /* what a name is for: "ws_broker"; NULL for a prefix */
    const char *region, *region_name; /* NULL: all Regions */
    const char *ports;               /* "tcp/4195,udp/4195"; NULL: no source says */
    const char *source, *source_address;
    const char *confirmed;           /* id of a second source that says the same; NULL */
    const char *date;
    const char *disagreement;        /* NULL, or what the sources disagree about */
    const char *note;                /* NULL, or a sentence */
    bool shared;                     /* a published range of others too: an address in it proves nothing */
};

/* A range of the management interface of a WorkSpace. */
struct wspscope_endpoint_management {
    const char *prefix;
    const char *region;    /* NULL: all Regions */
    const char *protocols; /* "pcoip,dcv", "dcv", "byol" */
    const char *use;
    const char *source, *date;
    const char *note; /* NULL, or a sentence */
};

/* What a client needs on a port. */
struct wspscope_endpoint_port {
    const char *ports;
    const char *ranges; /* NULL, or the service of ip-ranges.json that holds the addresses */
    const char *region; /* NULL, a code, "<region>", "GLOBAL", or words */
    const char *purpose;
    const char *source, *date;
    const char *disagreement; /* NULL, or a sentence */
};

/* `directory`: tables that take the place of those compiled in; NULL: none. NULL is returned when they cannot be read;
 * `error` then names file and line. */
struct wspscope_endpoints *wspscope_endpoints_open(const char *directory, struct wspscope_error *error);
void wspscope_endpoints_close(struct wspscope_endpoints *endpoints);

/* Date of the newest source: "2026-08-22". */
const char *wspscope_endpoints_date(const struct wspscope_endpoints *endpoints);

/* By code. */
const struct wspscope_endpoint_region *wspscope_endpoints_regions(const struct wspscope_endpoints *endpoints,
                                                                  size_t *count);
const struct wspscope_endpoint_region *wspscope_endpoints_region(const struct wspscope_endpoints *endpoints,
                                                                 const char *code);

/* By Region (those of all Regions first), role, then prefixes before names. */
const struct wspscope_endpoint *const *wspscope_endpoints_all(const struct wspscope_endpoints *endpoints,
                                                              size_t *count);
/* A threshold that findings are judged by: `source` says who published it, or that it is this project's own. */
struct wspscope_threshold {
    const char *name;
    double value;
    const char *unit, *source, *date, *meaning;
};
/* False when there is none of that name. */
bool wspscope_endpoints_threshold(const struct wspscope_endpoints *endpoints, const char *name,
                                  struct wspscope_threshold *out);

const struct wspscope_endpoint_management *wspscope_endpoints_management(const struct wspscope_endpoints *endpoints,
                                                                         size_t *count);
const struct wspscope_endpoint_port *wspscope_endpoints_ports(const struct wspscope_endpoints *endpoints,
                                                              size_t *count);

enum wspscope_lookup { WSPSCOPE_LOOKUP_FOUND, WSPSCOPE_LOOKUP_UNKNOWN, WSPSCOPE_LOOKUP_BAD_SYNTAX };
enum { WSPSCOPE_LOOKUP_MAX = 64 };

struct wspscope_lookup_result {
    char asked[256];      /* the address or name as it was understood: lower case, no final dot */
    bool is_address;
    bool private_address; /* not routable on the internet */
    const struct wspscope_endpoint *rows[WSPSCOPE_LOOKUP_MAX]; /* of a name: one for each Region and function */
    size_t count;         /* rows there are, which may be more than fit */
};

/* An address or a name as a person types it. An address that is only in a shared range is found there. */
enum wspscope_lookup wspscope_endpoints_lookup(const struct wspscope_endpoints *endpoints, const char *text,
                                               struct wspscope_lookup_result *result);

/* One difference between the tables and a newer ip-ranges.json. */
struct wspscope_endpoint_change {
    const char *service; /* "WORKSPACES_GATEWAYS", "GLOBALACCELERATOR" */
    bool added;          /* else removed */
    const char *prefix;
    const char *role;
    const char *region, *region_name; /* NULL: no single Region */
};

struct wspscope_endpoint_import_count {
    const char *service;
    size_t added, removed, unchanged;
};

struct wspscope_endpoint_import {
    const char *date, *base_date; /* of ip-ranges.json, and of the one that the tables rest on */
    const struct wspscope_endpoint_change *changes;
    size_t change_count;
    struct wspscope_endpoint_import_count counts[2];
    size_t undocumented; /* gateway prefixes of the result whose protocol no page tells */
};

/* Reads AWS's ip-ranges.json and writes the tables, brought up to date, to `directory`. NULL when either fails. Lives
 * as long as the handle at most. */
struct wspscope_endpoint_import *wspscope_endpoints_import(const struct wspscope_endpoints *endpoints,
                                                           const char *json_path, const char *directory,
                                                           struct wspscope_error *error);
void wspscope_endpoints_import_free(struct wspscope_endpoint_import *import);

#endif
