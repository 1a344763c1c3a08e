/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULE_CONTEXT_H
#define RULE_CONTEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "model/model.h"
#include "rule/draft.h"

/* What several rules ask of the model. */

/* A failure on this path is not a cause of its own: it is a row of healthcheck-failed, an IPv6 attempt that a
 * working IPv4 session followed, or the consequence of a wrong address from the DNS. */
bool rule_context_told_elsewhere(const struct model *model, const struct model_path *path);

/* An IPv6 path towards a gateway that failed while IPv4 to the same Region's gateways worked soon after. */
bool rule_context_ipv4_worked(const struct model *model, const struct model_path *ipv6_path);

/* The client got any answer from the Region's gateways over IPv6. */
bool rule_context_ipv6_works(const struct model *model, const struct model_path *path);

/* Any attempt on this path failed (UNDECIDED is no failure). */
bool rule_context_failed(const struct model_path *path);
bool rule_context_worked(const struct model_path *path);

/* The first failure's begin on this path; INT64_MAX when none failed. */
int64_t rule_context_first_failure_ns(const struct model_path *path);

/* HIGH when another flow of the same client was answered, else MEDIUM: a tap that sees one direction would look
 * alike. */
enum wspscope_confidence rule_context_silence_confidence(const struct model *model, const struct model_path *path);

/* The same of attempts that belong to the session. */
int64_t rule_context_first_failure_in(const struct model_session *session, const struct model_path *path);

/* Half or more of the flows that can prove it are proved one-way. */
bool rule_context_tap_is_one_way(const struct model *model);

/* Enough data was acknowledged that is not in the capture. A filter that kept only handshakes is told by itself. */
bool rule_context_capture_has_holes(const struct model *model);

/* By that, or by its own counters, the capture lost packets: what is missing in it may have been on the wire. */
bool rule_context_capture_loses(const struct model *model);

/* A working path of the given protocol from this client to the same server, or else to the same Region's servers of
 * the same role. NULL when there is none. */
const struct model_path *rule_context_working_sibling(const struct model_path *path, uint8_t protocol);

/* "; TCP 4195 to the same gateway works (round trip 31 ms)", or "". */
const char *rule_context_sibling_clause(const struct model_path *path, uint8_t protocol, struct arena *arena);

/* What the same port does elsewhere, which tells where a silent drop lies. */
enum rule_neighbours {
    RULE_NEIGHBOURS_UNKNOWN,
    RULE_NEIGHBOURS_OTHER_CLIENTS, /* other clients reach the same server on it: the rule is about these clients */
    RULE_NEIGHBOURS_OTHER_SERVERS, /* this client reaches another server of the same range on it */
};
enum rule_neighbours rule_context_neighbours(const struct model *model, const struct model_path *path);

/* Writes cause, remedy and who of a draft whose packets are dropped without an answer. */
void rule_context_explain_silence(const struct model *model, struct draft *draft, struct arena *arena);

/* Who answers for a machine with this address. */
enum wspscope_who rule_context_owner(const struct ipaddr *reporter);

/* "3.0 s", "420 ms". */
const char *rule_context_duration(struct arena *arena, int64_t duration_ns);

/* "1 attempt", "12 attempts". */
const char *rule_context_count(struct arena *arena, uint64_t count, const char *one, const char *many);

/* "3 attempts; the longest sent ", or "" when there was one. */
const char *rule_context_attempts_clause(const struct draft *draft, struct arena *arena);

/* The remedy for a port that has to be opened, with every prefix, and what the sources disagree about. */
const char *rule_context_allow(const struct draft *draft, struct arena *arena);

#endif
