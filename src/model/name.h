/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_NAME_H
#define MODEL_NAME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ipaddr.h"
#include "base/status.h"
#include "endpoint/catalogue.h"
#include "model/incident.h"

/* Host names, the addresses that the DNS gave for them, and what became of the look-ups of WorkSpaces names. A name is
 * a number, 0 is none. Everything is bounded; names of WorkSpaces have places of their own, so that background traffic
 * cannot push them out. */
struct model_names;

/* Addresses and names that did not fit: of names, and of WorkSpaces names alone. */
struct model_name_losses {
    uint64_t names, addresses, lookups;
};

/* `catalogue` is borrowed. */
struct model_names *model_name_table_new(const struct endpoint_catalogue *catalogue, uint32_t budget,
                                         const uint64_t hash_key[2]) MUST_USE;
void model_name_table_free(struct model_names *names);

/* The number of a name (lower case, no final dot), made when it is not there; 0 when it does not fit. */
uint32_t model_name_of(struct model_names *names, const char *text);

/* "" for 0. Lives as long as the table. */
const char *model_name_text(const struct model_names *names, uint32_t name);

/* The row of the catalogue, of WorkSpaces names alone; else NULL. */
const struct endpoint_name_row *model_name_row(const struct model_names *names, uint32_t name);

/* The DNS told `client` that `name` is at `address`, for `ttl_s` seconds from `time_ns` on. The last answer wins. */
struct model_name_answer {
    struct ipaddr client, address;
    int64_t time_ns;
    uint32_t name, ttl_s;
};
void model_name_learn(struct model_names *names, const struct model_name_answer *answer);

/* The name under which `client` was last told `address`, if that is still valid; 0: none. With the unspecified address
 * as client: anybody. */
uint32_t model_name_find(const struct model_names *names, const struct ipaddr *client, const struct ipaddr *address,
                         int64_t time_ns);

enum model_lookup_failure {
    MODEL_LOOKUP_SILENT, MODEL_LOOKUP_NXDOMAIN, MODEL_LOOKUP_SERVFAIL, MODEL_LOOKUP_REFUSED, MODEL_LOOKUP_FAILURES
};

enum { MODEL_LOOKUP_SERVERS = 4, MODEL_LOOKUP_ADDRESSES = 4 };

/* What a client asked about one WorkSpaces name, and was told. `failing` is the run of failures since the latest
 * address; it is copied to `failed` when it has lasted. */
struct model_lookup_run {
    struct model_incident incident; /* first_ns: first failure; last_ns: latest; attempts: tries without an address */
    uint64_t counts[MODEL_LOOKUP_FAILURES];
    int64_t latest_try_ns;
    bool ipv4_failed;               /* the A record: AAAA alone proves nothing */
};

/* One time that the client was given an address. */
struct model_resolution {
    int64_t asked_ns; /* INT64_MIN: the question is not in the capture */
    int64_t told_ns;
};

enum { MODEL_RESOLUTIONS = 8 };

struct model_lookup {
    struct model_lookup *next;
    struct ipaddr client;
    uint32_t name;
    uint64_t queries, answers;
    int64_t asked_ns;               /* first question without an answer so far; INT64_MIN none */
    struct model_resolution resolutions[MODEL_RESOLUTIONS]; /* the first ones and the latest */
    uint8_t resolution_count;       /* in resolutions[] */
    int64_t address_until_ns;       /* an address that was given is good until then; INT64_MIN none yet */
    int64_t used_ns;                /* the client named it in a ClientHello or CONNECT; INT64_MIN never */
    bool is_failing, has_failed;
    struct model_lookup_run failing, failed;
    struct ipaddr servers[MODEL_LOOKUP_SERVERS]; /* resolvers asked */
    uint8_t server_count;
    uint8_t strange_count;          /* in strange[] */
    bool has_published;             /* an address in the published ranges was given too */
    struct ipaddr strange[MODEL_LOOKUP_ADDRESSES]; /* given, and in no published range */
    struct model_incident strange_incident;
};

/* The client's look-up of a WorkSpaces name, made when it is not there; NULL when it does not fit. */
struct model_lookup *model_name_lookup_of(struct model_names *names, const struct ipaddr *client, uint32_t name);
struct model_lookup *model_name_lookup_find(const struct model_names *names, const struct ipaddr *client,
                                            uint32_t name);

/* All of them, in the order in which they were first asked. */
struct model_lookup *model_name_lookups(const struct model_names *names);

const struct model_name_losses *model_name_losses(const struct model_names *names);

#endif
