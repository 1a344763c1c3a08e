/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_LIVE_SCENE_H
#define CLI_LIVE_SCENE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "wspscope/live.h"

/* What the view shows of a tick, copied out of it. Strings are harmless for a terminal. */

enum { CLI_LIVE_SCENE_ROWS = 2048, CLI_LIVE_SCENE_HISTORY = 12, CLI_LIVE_SCENE_TRACED = 1024 };

struct cli_live_scene_session {
    const char *client, *region, *protocol, *transport, *state;
    double rtt_ms, loss_ratio;                /* negative: unknown */
    float history_ms[CLI_LIVE_SCENE_HISTORY]; /* the last median round trips, oldest first */
    unsigned history_count;
    int64_t last_ns;
};

struct cli_live_scene_finding {
    const char *line;  /* "udp-blocked  UDP 4195  eu-west-2  2 clients" */
    const char *page;  /* everything about it, in lines to be wrapped */
    enum wspscope_severity severity;
    uint64_t number;
    bool open;
};

struct cli_live_scene {
    struct arena *arena;
    int64_t now_ns;
    enum wspscope_verdict_status status;
    const char *summary;
    uint64_t packets, followed, drops;
    struct cli_live_scene_session *sessions;
    size_t session_count, sessions_hidden; /* past CLI_LIVE_SCENE_ROWS */
    struct cli_live_scene_finding *findings;
    size_t finding_count, open_count;
};

/* Round trips of sessions from tick to tick. Zero-initialise. */
struct cli_live_scene_trace {
    struct {
        char key[96];
        uint64_t samples;
        float ms[CLI_LIVE_SCENE_HISTORY];
        unsigned count;
    } rows[CLI_LIVE_SCENE_TRACED];
    size_t count;
};

/* False when memory ran out: *scene is as it was. Freed by cli_live_scene_free(). */
bool cli_live_scene_take(struct cli_live_scene *scene, struct cli_live_scene_trace *trace,
                         const struct wspscope_tick *tick);
void cli_live_scene_free(struct cli_live_scene *scene);

#endif
