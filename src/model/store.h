/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MODEL_STORE_H
#define MODEL_STORE_H

#include "base/arena.h"
#include "base/map.h"
#include "model/model.h"

/* What a model is made of: for the files of this folder. */

enum { WORKED_TIMES = 4096, REGION_BITS = 64 };

/* Begins of what worked over IPv4, in order of time. */
struct worked_times {
    int64_t *begin_ns;
    size_t count;
};

struct model {
    const struct endpoint_catalogue *catalogue;
    struct arena *arena;
    struct model_budget budget;
    uint64_t hash_key[2];
    struct model_tap tap;
    struct model_names *names;
    struct map paths_by_key, clients_by_address, hosts_by_address;
    struct model_path *first_path, *last_path;
    struct model_client *first_client, *last_client;
    struct model_session *first_session, *last_session;
    struct model_rtt *timed_this_second; /* round trips with samples since the last second ended */
    struct model_client nobody; /* whom paths belong to that did not fit */
    struct worked_times ipv4_worked[REGION_BITS];
    uint32_t rate_count; /* of model/rate.h */
    uint32_t path_count, client_count, session_count, host_count, rtt_part_count;
};

#endif
