/* SPDX-License-Identifier: Apache-2.0 */
#ifndef FLOW_TABLE_H
#define FLOW_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "flow/flow.h"

/* The followed flows: records in slabs, found through an open-addressing index of {hash, number}, leaving by packet
 * time through a wheel of one-second slots. Order of everything visible is the order of packets, never of hashes. */
struct flow_table;

/* Called when a flow's deadline has passed. Returns the next deadline, or FLOW_TABLE_REMOVE. */
typedef int64_t flow_table_expire(void *context, struct flow *flow, int64_t now_ns);
#define FLOW_TABLE_REMOVE INT64_MIN

struct flow_table *flow_table_new(uint32_t max_flows) MUST_USE;
void flow_table_free(struct flow_table *table);

/* NULL when the flow is not there. */
struct flow *flow_table_find(const struct flow_table *table, const struct flow_key *key, uint32_t hash);

/* Ahead of a look-up: brings the index, and a few packets later the record, into the cache. */
void flow_table_prefetch_index(const struct flow_table *table, uint32_t hash);
void flow_table_prefetch_flow(const struct flow_table *table, uint32_t hash);

/* A new zeroed record with `key` set, which must not be there yet. NULL when the table is full (or memory is): the
 * caller counts it. */
struct flow *flow_table_add(struct flow_table *table, const struct flow_key *key, uint32_t hash, int64_t deadline_ns);

/* Takes `flow` out; its record may be reused by the next addition. */
void flow_table_remove(struct flow_table *table, struct flow *flow);

/* Moves the deadline, to an earlier time as well. */
void flow_table_set_deadline(struct flow_table *table, struct flow *flow, int64_t deadline_ns);

/* Fires the deadlines up to `now_ns`, slot by slot. A clock that stepped back only delays them. */
void flow_table_advance(struct flow_table *table, int64_t now_ns, flow_table_expire *expire, void *context);

/* Visits every flow in the order of its record. The visitor must not add or remove. */
void flow_table_each(struct flow_table *table, void (*visit)(void *context, struct flow *flow), void *context);

uint32_t flow_table_count(const struct flow_table *table);
size_t flow_table_bytes(const struct flow_table *table);

#endif
