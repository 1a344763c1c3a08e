/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENDPOINT_CATALOGUE_H
#define ENDPOINT_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ipaddr.h"
#include "base/status.h"

/* Every WorkSpaces address, name and port by Region, with its source: text tables under src/endpoint/tables/,
 * compiled in as one string and read by the same parser as a directory given with --endpoints. */

enum endpoint_role {
    ENDPOINT_ROLE_NONE, /* not in the catalogue */
    ENDPOINT_HEALTH_CHECK,
    ENDPOINT_DCV_GATEWAY,
    ENDPOINT_DCV_GATEWAY_AGA,
    ENDPOINT_PCOIP_GATEWAY,
    ENDPOINT_GATEWAY, /* WORKSPACES_GATEWAYS that no page documents: a gateway, protocol unknown */
    ENDPOINT_WORKSPACES_SERVICE,
    ENDPOINT_AWS_OTHER,
    ENDPOINT_PROXY,
    ENDPOINT_DNS,
    ENDPOINT_PRIVATE_GATEWAY,
    ENDPOINT_ROLE_UNKNOWN, /* holds a service port, address and name not in the catalogue */
    ENDPOINT_ROLES
};

/* "dcv-gateway": the word of the report. */
const char *endpoint_role_name(enum endpoint_role role);

/* "the London DCV gateways"-style noun for people: "DCV gateway", "PCoIP gateway", "health-check host". */
const char *endpoint_role_title(enum endpoint_role role);

/* False for aws-other, which other software uses as well: such a name or address never makes a flow WorkSpaces'. */
bool endpoint_role_is_workspaces(enum endpoint_role role);

/* A streaming gateway with a published address. */
bool endpoint_role_is_gateway(enum endpoint_role role);

enum endpoint_coverage {
    ENDPOINT_DOCUMENTED,   /* AWS describes WorkSpaces in this Region */
    ENDPOINT_UNDOCUMENTED, /* only gateway prefixes are known */
    ENDPOINT_NO_WORKSPACES /* a Region that ip-ranges.json names for something shared */
};

struct endpoint_region {
    const char *code; /* "eu-west-2" */
    const char *name; /* "Europe (London)" */
    const char *city; /* "London": the short name people say */
    enum endpoint_coverage coverage;
    const char *source, *date;
    const char *note; /* NULL, or what is peculiar to the Region */
};

/* One row of the address table. Strings live as long as the catalogue. */
struct endpoint_row {
    struct ipaddr_prefix prefix;
    enum endpoint_role role;
    const struct endpoint_region *region; /* NULL: all Regions */
    const char *ports;                    /* "tcp/4195,udp/4195,tcp/443,udp/443" */
    const char *source;                   /* id of the source table */
    const char *confirmed;                /* id of a second source that says the same; NULL: none */
    const char *date;
    const char *disagreement;             /* NULL, or the sentence that says what the sources disagree about */
    const char *note;                     /* NULL, or a sentence worth knowing */
};

/* A first label "*" stands for one or more labels. */
struct endpoint_name_row {
    const char *pattern; /* "ws-broker-service.eu-west-2.amazonaws.com", "*.prod.eu-west-2.highlander.aws.a2z.com" */
    const char *function; /* "ws_broker" */
    enum endpoint_role role;
    const struct endpoint_region *region; /* NULL: all Regions, or more than one */
    const char *ports;                    /* NULL: no source says */
    const char *source;
    const char *date;
    const char *disagreement;
    const char *note;
};

/* A range that a WorkSpace uses on its management interface: never seen from the client. */
struct endpoint_management_row {
    struct ipaddr_prefix prefix;
    const struct endpoint_region *region; /* NULL: all Regions */
    const char *protocols;                /* "pcoip,dcv", "dcv", "byol" */
    const char *use;                      /* "management interface" */
    const char *source, *date;
    const char *note;
};

/* What a client needs on a port. */
struct endpoint_port_row {
    const char *ports;
    const char *ranges; /* NULL, or the service of ip-ranges.json that holds the addresses */
    const char *region; /* NULL, a Region code, "<region>" (the WorkSpace's own), "GLOBAL", or words */
    const char *purpose;
    const char *source, *date;
    const char *disagreement;
};

struct endpoint_source {
    const char *id;
    const char *address;
    const char *date;
    const char *note;
};

struct endpoint_threshold {
    const char *name; /* "syn-silent-ms" */
    double value;
    const char *unit;
    const char *source; /* who published it; "wspscope": chosen here; "--threshold": set by the user */
    const char *date;
    const char *meaning;
};

struct endpoint_catalogue;

/* The tables compiled in. NULL only without memory. */
struct endpoint_catalogue *endpoint_catalogue_builtin(struct error *error) MUST_USE;

/* The tables of a directory: the same files as src/endpoint/tables/; a file that is missing keeps the built-in one,
 * and so does a threshold that its thresholds.tsv leaves out. A directory without any of the files is an error. */
enum status endpoint_catalogue_load(const char *directory, struct endpoint_catalogue **out,
                                    struct error *error) MUST_USE;
void endpoint_catalogue_free(struct endpoint_catalogue *catalogue);

/* The most specific row that holds `address`; NULL when there is none. */
const struct endpoint_row *endpoint_lookup(const struct endpoint_catalogue *catalogue, const struct ipaddr *address);

/* The same among the ranges that WorkSpaces shares with others (Global Accelerator as a whole): such an address is
 * published, but proves nothing. endpoint_lookup() never returns these. */
const struct endpoint_row *endpoint_lookup_shared(const struct endpoint_catalogue *catalogue,
                                                  const struct ipaddr *address);

/* In a range of either kind, also where NAT64 carries the IPv4 address (RFC 6052). */
bool endpoint_is_published(const struct endpoint_catalogue *catalogue, const struct ipaddr *address);

/* The most specific row whose pattern `name` (lower case, no final dot) matches at its end; NULL when there is none.
 * A name that the table has for several Regions and not for all comes with region NULL. */
const struct endpoint_name_row *endpoint_lookup_name(const struct endpoint_catalogue *catalogue, const char *name);

const struct endpoint_region *endpoint_region_find(const struct endpoint_catalogue *catalogue, const char *code);
const struct endpoint_region *endpoint_regions(const struct endpoint_catalogue *catalogue, size_t *count);
const struct endpoint_row *endpoint_rows(const struct endpoint_catalogue *catalogue, size_t *count);
const struct endpoint_row *endpoint_shared_rows(const struct endpoint_catalogue *catalogue, size_t *count);
const struct endpoint_name_row *endpoint_name_rows(const struct endpoint_catalogue *catalogue, size_t *count);
const struct endpoint_management_row *endpoint_management_rows(const struct endpoint_catalogue *catalogue,
                                                               size_t *count);
const struct endpoint_port_row *endpoint_port_rows(const struct endpoint_catalogue *catalogue, size_t *count);

/* Thresholds by name; the name must exist (a program error otherwise). */
double endpoint_threshold_value(const struct endpoint_catalogue *catalogue, const char *name);

/* The same of a threshold in milliseconds, as nanoseconds. */
int64_t endpoint_threshold_ns(const struct endpoint_catalogue *catalogue, const char *name);
const struct endpoint_threshold *endpoint_threshold_find(const struct endpoint_catalogue *catalogue, const char *name);
const struct endpoint_threshold *endpoint_thresholds(const struct endpoint_catalogue *catalogue, size_t *count);

/* --threshold NAME=VALUE. */
enum status endpoint_threshold_override(struct endpoint_catalogue *catalogue, const char *assignment,
                                        struct error *error) MUST_USE;

/* Date of the newest source, and the sources' addresses, for the report. */
const char *endpoint_catalogue_date(const struct endpoint_catalogue *catalogue);
const char *const *endpoint_catalogue_sources(const struct endpoint_catalogue *catalogue, size_t *count);
const struct endpoint_source *endpoint_source_find(const struct endpoint_catalogue *catalogue, const char *id);

#endif
