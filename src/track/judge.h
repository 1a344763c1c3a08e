/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRACK_JUDGE_H
#define TRACK_JUDGE_H

#include "track/story.h"

/* What TCP and UDP judge alike. */

/* Hops to the sender of a packet: to the next usual initial TTL (32, 64, 128, 255). */
uint8_t track_judge_hops(uint8_t ttl);

/* How packets of an address usually arrive, when some were seen near enough in time to compare with; NULL otherwise. */
const struct model_host *track_judge_host(const struct track *t, const struct ipaddr *address, int64_t at_ns);

/* Fills reporter, by, hops, type, code, delay and evidence of an incident from the flow's ICMP errors. */
void track_judge_icmp(const struct track *t, const struct story *s, struct model_incident *incident);

/* Nothing came from the client's machine, on any flow, while the server repeated its data. */
bool track_judge_client_gone(struct track *t, const struct flow *f, const struct story_run *run);

/* Files an UNDECIDED incident with its reason. */
void track_judge_undecided(struct track *t, struct story *s, const struct flow *f, enum model_undecided why);

#endif
