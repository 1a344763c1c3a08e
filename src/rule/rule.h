/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULE_RULE_H
#define RULE_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/model.h"
#include "rule/draft.h"
#include "wspscope/analysis.h"

/* A kind of finding: one const descriptor in a file of its own, and one line in rules.def. A rule is a pure function
 * of the model; it adds what it sees to drafts, one for each (kind, role, protocol, port, Region, cause). */

enum rule_needs {
    RULE_NEEDS_BOTH = 1 << 0,    /* both directions at the tap */
    RULE_NEEDS_START = 1 << 1,   /* the beginning of the flow */
    RULE_NEEDS_WINDOW = 1 << 2,  /* seconds of capture after it */
    RULE_NEEDS_PAYLOAD = 1 << 3,
    RULE_NEEDS_CLOCK = 1 << 4,
};

/* Nearness to the cause: FINDINGS, "Order and primary". */
enum rule_rank {
    RULE_RANK_DNS = 1, RULE_RANK_PROXY, RULE_RANK_TLS, RULE_RANK_TLS_FAILED, RULE_RANK_PMTU, RULE_RANK_IPV6,
    RULE_RANK_TCP_OPEN, RULE_RANK_UDP, RULE_RANK_HEALTH_CHECK, RULE_RANK_TCP_LATER, RULE_RANK_QUALITY,
    RULE_RANK_CONSEQUENCE, RULE_RANK_REST,
};

struct rule {
    struct wspscope_kind about; /* what `wspscope findings` shows */
    enum rule_rank rank;
    unsigned needs;          /* enum rule_needs */
    const char *const *causes; /* kinds that explain one of this kind; NULL at the end, NULL: it stands for itself */
    /* Adds drafts. */
    void (*check)(const struct rule *self, const struct model *model, struct draft_list *out);
    /* Writes the sentences of one draft of this kind when all are collected. */
    void (*explain)(const struct model *model, struct draft *draft, struct arena *arena);
};

/* Every rule, in the order of rules.def; NULL at the end. */
const struct rule *const *rule_all(void);

/* Runs every rule, explains the drafts and sorts them as FINDINGS says. False without memory. */
bool rule_run(const struct model *model, struct arena *arena, struct draft_list *out) MUST_USE;

#endif
