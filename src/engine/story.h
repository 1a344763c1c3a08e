/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENGINE_STORY_H
#define ENGINE_STORY_H

#include "base/arena.h"
#include "model/model.h"
#include "wspscope/report.h"

/* One client's attempt to stream from one Region, told in steps: names, login, health check, UDP, TCP, fallback,
 * stream, end. */

/* What a story is told from. */
struct engine_story {
    const struct model *model;
    struct arena *arena;                  /* the report's: every text is there */
    const struct model_client *client;    /* NULL: it asked for names and did nothing else */
    const struct model_session *session;  /* NULL: it never got as far as streaming */
    const struct endpoint_region *region; /* NULL unknown */
    int64_t from_ns, to_ns;               /* look-ups, logins and probes of the story: from <= time < to */
    const struct model_lookup *const *lookups; /* the client's */
    size_t lookup_count;
};

enum { ENGINE_STORY_STEPS = 32 };
struct engine_story_steps {
    struct wspscope_step items[ENGINE_STORY_STEPS];
    size_t count;
};

/* The steps in the order of time; those that did not happen come last. False without memory. */
bool engine_story_tell(const struct engine_story *story, struct wspscope_session *out) MUST_USE;

/* Adds a step; what no longer fits is left out. */
void engine_story_add(struct engine_story_steps *steps, struct wspscope_step step);

/* Names, login and health check (story_prepare.c). */
void engine_story_prepare(const struct engine_story *story, struct engine_story_steps *steps);

/* What was tried over UDP and TCP, one step for each transport and port (story_transport.c). */
void engine_story_transports(const struct engine_story *story, struct engine_story_steps *steps);

/* Fallback, stream and end (story_outcome.c). */
void engine_story_outcome(const struct engine_story *story, struct engine_story_steps *steps);

/* Why an attempt failed, or how a flow ended: "7 SYNs in 7.1 s, no answer". */
const char *engine_story_reason(const struct model_incident *incident, struct arena *arena);

/* ", through the proxy 10.0.0.8:3128 (UDP is never proxied)"; "" of a path without one. */
const char *engine_story_proxy(const struct model_path *path, struct arena *arena);

/* "TCP", "UDP". */
const char *engine_story_transport_name(enum model_transport transport);

/* Paths of a client that a story looks at: a client with more is a crowd, or a scan. */
enum { ENGINE_STORY_PATHS = 4096 };

#endif
