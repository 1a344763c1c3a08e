/* SPDX-License-Identifier: Apache-2.0 */
#ifndef RULE_ROUND_TRIP_H
#define RULE_ROUND_TRIP_H

#include "model/rtt.h"
#include "rule/rule.h"

/* What the rules about delay ask of a path's round trips. */

/* The samples of the first method that gave at least so many of this half; NULL when none did. *method is it. */
const struct model_rtt_series *rule_round_trip_half(const struct model_path *path, enum model_rtt_half half,
                                                    uint64_t least, enum model_rtt_method *method);

/* The same of the whole round trip. */
const struct model_rtt_series *rule_round_trip_whole(const struct model_path *path, uint64_t least,
                                                     enum model_rtt_method *method);

/* Paths that carry sessions: towards gateways, or to a streaming port; delays of no other matter. */
bool rule_round_trip_matters(const struct model *model, const struct model_path *path);

/* The better correlation of the half's round trip with the load of either direction; 0 when too few seconds tell. */
double rule_round_trip_load(const struct model *model, const struct model_path *path, enum model_rtt_half half,
                            enum model_load_direction *direction);

/* The half grows with the load, by the thresholds of bufferbloat. */
bool rule_round_trip_is_bloated(const struct model *model, const struct model_path *path, enum model_rtt_half half);

/* "between the capture point and the server", "between the capture point and the client". */
const char *rule_round_trip_place(enum model_rtt_half half);

/* "TCP time stamps", "sequence numbers", "the QUIC spin bit", ... */
const char *rule_round_trip_method(enum model_rtt_method method);

/* Who answers for that side of the tap. */
enum wspscope_who rule_round_trip_who(enum model_rtt_half half);

/* Adds the path to the draft; its incident has the times of the series, and the frame of the half's longest sample
 * with the given words. `rank` orders paths: the sentences speak of the highest. */
void rule_round_trip_add(struct draft_list *out, struct draft *draft, const struct model_path *path,
                         const struct model_rtt_series *series, int64_t rank);

#endif
