/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULE_HEALTH_H
#define RULE_HEALTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/model.h"

/* The health check of a Region as one client saw it: four checks side by side, TCP and UDP on 4172 and 4195. */

enum { RULE_HEALTH_CHECKS = 4 };
struct rule_health_check {
    uint8_t protocol;
    uint16_t port;
};
struct rule_health_check rule_health_check_at(size_t check);

struct rule_health_row {
    uint64_t sent, answered; /* connection attempts, or datagrams */
    int64_t answered_ns;     /* the latest answer; INT64_MIN never */
    int64_t failed_ns;       /* the latest failure; INT64_MIN never */
    bool failed;
    const char *how;
};

/* Fills the four rows; true when any check failed. */
bool rule_health_look(const struct model *model, const struct model_client *client,
                      const struct endpoint_region *region, struct rule_health_row rows[RULE_HEALTH_CHECKS]);

/* "TCP 4172, UDP 4195": those that failed, or those that passed. */
const char *rule_health_list(const struct rule_health_row rows[RULE_HEALTH_CHECKS], bool failed, struct arena *arena);

/* The path is one of this check. */
bool rule_health_is_of(const struct model_path *path, size_t check, const struct endpoint_region *region);

/* What fails a check, MODEL_FACTS at the end; and an attempt too short to judge alone that may add up to one. */
extern const enum model_fact rule_health_failures[];
bool rule_health_is_unanswered_probe(const struct model_incident *undecided);

#endif
