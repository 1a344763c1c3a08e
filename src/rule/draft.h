/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULE_DRAFT_H
#define RULE_DRAFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/model.h"
#include "wspscope/report.h"

/* A finding while it is put together: incidents of many clients and servers that have one cause. All memory is the
 * arena's. */

struct rule;

enum { DRAFT_EVIDENCE_MAX = 16, DRAFT_LISTED_MAX = 100, DRAFT_PREFIXES_MAX = 16, DRAFT_LIMITS_MAX = 8,
       DRAFT_MEASURED_MAX = 24, DRAFT_RULED_OUT_MAX = 6,
       DRAFT_ICMP_CODES_MAX = 8 };

struct draft_key {
    const struct rule *rule;
    enum endpoint_role role;
    uint8_t protocol;                     /* 6, 17, or 0: about several */
    uint16_t port;                        /* 0: about several */
    const struct endpoint_region *region; /* NULL unknown */
    const char *cause;                    /* one of the rule's own literals */
};

/* A growing set of addresses, sorted and without repeats once the draft is finished. */
struct draft_addresses {
    struct ipaddr *items;
    size_t count, capacity;
};

struct draft {
    struct draft *next;
    struct draft_key key;
    enum wspscope_severity severity;
    enum wspscope_confidence confidence;
    enum wspscope_who who;
    struct draft_addresses clients, servers;
    const struct endpoint_row *rows[DRAFT_PREFIXES_MAX]; /* prefixes of the servers, as they appeared */
    size_t row_count, rows_dropped;
    uint64_t count;
    int64_t first_ns, last_ns;
    struct model_incident worst;          /* the incident the sentences speak of: most attempts, then longest life */
    const struct model_path *worst_path;
    uint16_t
        icmp_codes[DRAFT_ICMP_CODES_MAX]; /* type << 8 | code of the errors among the incidents, as they appeared */
    size_t icmp_code_count;
    struct wspscope_evidence evidence[DRAFT_EVIDENCE_MAX];
    size_t evidence_count;
    struct wspscope_value measured[DRAFT_MEASURED_MAX];
    size_t measured_count;
    struct wspscope_limit_value limits[DRAFT_LIMITS_MAX];
    size_t limit_count;
    struct wspscope_alternative ruled_out[DRAFT_RULED_OUT_MAX];
    size_t ruled_out_count;
    size_t number;     /* in the order of FINDINGS, from 1 */
    const struct draft *because; /* the finding of which this one is a consequence; NULL: none */
    const char *what;  /* the summary's predicate, for a verdict: "is dropped without an answer"; NULL: none */
    const char *summary, *cause, *remedy, *disproved_by;
};

struct draft_list {
    struct arena *arena;
    const struct endpoint_catalogue *catalogue;
    struct draft *first, *last;
    size_t count;
};

/* The draft of that key, made when it is not there (severity and confidence: those given, with confidence the higher
 * of several). Role `unknown` is held to warning and low confidence. NULL without memory. */
struct draft *rule_draft_of(struct draft_list *list, const struct draft_key *key, enum wspscope_severity severity,
                       enum wspscope_confidence confidence);

/* A draft for this path's role, port, protocol and Region. */
struct draft *rule_draft_of_path(struct draft_list *list, const struct rule *rule, const struct model_path *path,
                            const char *cause, enum wspscope_confidence confidence);

/* Adds an incident of a path: clients, servers, prefixes, times, count, evidence. */
void rule_draft_add(struct draft_list *list, struct draft *draft, const struct model_path *path,
               const struct model_incident *incident);

/* Adds every kept incident of the fact, and counts those not kept. */
void rule_draft_add_all(struct draft_list *list, struct draft *draft, const struct model_path *path,
                        enum model_fact fact);

/* Sorts the addresses; after it nothing is added. */
void rule_draft_finish(struct draft *draft);

/* Of a finished draft. */
bool rule_draft_has_client(const struct draft *draft, const struct ipaddr *client);

/* Counts the incidents of the fact that the path did not keep. */
void rule_draft_count_rest(struct draft *draft, const struct model_path *path, enum model_fact fact);

void rule_draft_add_client(struct draft_list *list, struct draft *draft, const struct ipaddr *client);
void rule_draft_add_server(struct draft_list *list, struct draft *draft, const struct ipaddr *server);
void rule_draft_add_row(struct draft *draft, const struct endpoint_row *row);
void rule_draft_show(struct draft *draft, uint64_t frame, const char *text);

void rule_draft_measure_integer(struct draft *draft, const char *name, int64_t value);
void rule_draft_measure_ms(struct draft *draft, const char *name, int64_t duration_ns);
void rule_draft_measure_text(struct draft *draft, const char *name, const char *value);
void rule_draft_measure_bool(struct draft *draft, const char *name, bool value);
void rule_draft_measure_list(struct draft *draft, const char *name, const struct wspscope_value *items, size_t count);

/* Adds a threshold of the catalogue by name. */
void rule_draft_limit(struct draft *draft, const struct model *model, struct arena *arena, const char *name);
void rule_draft_rule_out(struct draft *draft, const char *alternative, const char *by);

/* "TCP 4195 to the London DCV gateways (18.134.68.0/22)"; the list of prefixes is cut after three. */
const char *rule_draft_target(const struct draft *draft, struct arena *arena);

/* "TCP 4195 from 10.20.30.11 to the London DCV gateways (18.134.68.0/22)". */
const char *rule_draft_subject(const struct draft *draft, struct arena *arena);

/* "the London DCV gateways (18.134.68.0/22)". */
const char *rule_draft_servers(const struct draft *draft, struct arena *arena);

/* "10.20.30.11", "10.20.30.11 and 10.20.30.12", "3 clients (10.20.30.11, 10.20.30.12, 10.20.30.13)", "40 clients". */
const char *rule_draft_clients(const struct draft *draft, struct arena *arena);

/* Every prefix, for a firewall rule: "18.134.68.0/22, 18.132.22.0/23". */
const char *rule_draft_prefixes(const struct draft *draft, struct arena *arena);

/* A sentence for each row whose sources disagree; NULL when none does. */
const char *rule_draft_disagreement(const struct draft *draft, struct arena *arena);

const char *rule_draft_protocol_name(uint8_t protocol); /* "TCP", "UDP" */

/* "frame 17", "frames 17-40", "frames 17, 19 and 40": of the evidence. */
const char *rule_draft_frames(const struct draft *draft, struct arena *arena);

#endif
