/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_LIVE_DRAW_H
#define CLI_LIVE_DRAW_H

#include <curses.h>

#include "cli/live_scene.h"

/* The screen of the view: head, verdict, sessions, findings, keys; or one finding over all of it. */

enum cli_live_draw_order {
    CLI_LIVE_DRAW_BY_LAST,
    CLI_LIVE_DRAW_BY_CLIENT,
    CLI_LIVE_DRAW_BY_ROUND_TRIP,
    CLI_LIVE_DRAW_BY_STATE,
    CLI_LIVE_DRAW_ORDERS,
};

struct cli_live_draw {
    struct cli_live_scene scene;
    char interfaces[64];
    bool utf8, paused, typing, page, dirty;
    unsigned order;     /* enum cli_live_draw_order */
    char filter[46];    /* a part of a client's address; "" is every client */
    char said[160];
    size_t selected;    /* of the findings */
    size_t scroll, scroll_most; /* of the page */
};

void cli_live_draw_colors(struct cli_live_draw *draw);
void cli_live_draw(struct cli_live_draw *draw);

/* `value` between `low` and `high` as one of eight steps; the text of it, in UTF-8 or in ASCII. */
const char *cli_live_draw_step(double value, double low, double high, bool utf8);

#endif
