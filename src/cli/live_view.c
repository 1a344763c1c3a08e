/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/live_view.h"

#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/live_draw.h"

static int by_last(const void *a, const void *b)
{
    const struct cli_live_scene_session *x = a, *y = b;
    return x->last_ns != y->last_ns ? (x->last_ns > y->last_ns ? -1 : 1) : strcmp(x->client, y->client);
}

static int by_client(const void *a, const void *b)
{
    const struct cli_live_scene_session *x = a, *y = b;
    int order = strcmp(x->client, y->client);
    return order ? order : strcmp(x->protocol, y->protocol);
}

static int by_round_trip(const void *a, const void *b)
{
    const struct cli_live_scene_session *x = a, *y = b;
    return x->rtt_ms != y->rtt_ms ? (x->rtt_ms > y->rtt_ms ? -1 : 1) : by_client(a, b);
}

static int by_state(const void *a, const void *b)
{
    const struct cli_live_scene_session *x = a, *y = b;
    int order = strcmp(x->state, y->state);
    return order ? order : by_client(a, b);
}

static int (*const orders[CLI_LIVE_DRAW_ORDERS])(const void *, const void *) = {
    [CLI_LIVE_DRAW_BY_LAST] = by_last, [CLI_LIVE_DRAW_BY_CLIENT] = by_client,
    [CLI_LIVE_DRAW_BY_ROUND_TRIP] = by_round_trip, [CLI_LIVE_DRAW_BY_STATE] = by_state,
};

struct cli_live_view {
    struct cli_live_draw draw;
    struct cli_live_scene_trace trace;
    SCREEN *screen;
};

static void sort(struct cli_live_view *v)
{
    struct cli_live_scene *scene = &v->draw.scene;
    if (scene->session_count > 1)
        qsort(scene->sessions, scene->session_count, sizeof *scene->sessions, orders[v->draw.order]);
}

struct cli_live_view *cli_live_view_open(const char *interfaces, struct error *error)
{
    struct cli_live_view *v = calloc(1, sizeof *v);
    if (!v) {
        (void)error_set(error, STATUS_NO_MEMORY, "There is not enough memory for the view.");
        return NULL;
    }
    setlocale(LC_CTYPE, "");
    v->draw.utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    snprintf(v->draw.interfaces, sizeof v->draw.interfaces, "%s", interfaces);
    v->screen = newterm(NULL, stdout, stdin);
    if (!v->screen) {
        const char *terminal = getenv("TERM");
        (void)error_set(error, STATUS_IO, "The terminal \"%.60s\" is not known here: set TERM, or use --headless.",
                        terminal ? terminal : "");
        free(v);
        return NULL;
    }
    cbreak();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    curs_set(0);
    set_escdelay(50);
    cli_live_draw_colors(&v->draw);
    cli_live_draw(&v->draw);
    return v;
}

void cli_live_view_tick(struct cli_live_view *v, const struct wspscope_tick *tick)
{
    uint64_t selected = v->draw.selected < v->draw.scene.finding_count
                            ? v->draw.scene.findings[v->draw.selected].number
                            : 0;
    if (v->draw.paused || !cli_live_scene_take(&v->draw.scene, &v->trace, tick))
        return;
    sort(v);
    for (size_t i = 0; i < v->draw.scene.finding_count; i++)
        if (selected && v->draw.scene.findings[i].number == selected)
            v->draw.selected = i; /* it may have moved */
    v->draw.dirty = true;
}

/* The letters of a filter, until Enter or Escape. */
static void type_filter(struct cli_live_draw *d, int key)
{
    size_t length = strlen(d->filter);
    if (key == '\r' || key == '\n' || key == KEY_ENTER)
        d->typing = false;
    else if (key == 27) {
        d->typing = false;
        d->filter[0] = '\0';
    } else if ((key == KEY_BACKSPACE || key == 127 || key == 8) && length > 0)
        d->filter[length - 1] = '\0';
    else if (key > ' ' && key < 127 && length + 1 < sizeof d->filter) {
        d->filter[length] = (char)key;
        d->filter[length + 1] = '\0';
    }
}

static void go(struct cli_live_draw *d, int rows)
{
    size_t *at = d->page ? &d->scroll : &d->selected;
    size_t last = d->page ? d->scroll_most : d->scene.finding_count ? d->scene.finding_count - 1 : 0;
    if (rows < 0)
        *at = *at > (size_t)-rows ? *at - (size_t)-rows : 0;
    else
        *at = *at + (size_t)rows < last ? *at + (size_t)rows : last;
}

static enum cli_live_view_wish press(struct cli_live_view *v, int key)
{
    struct cli_live_draw *d = &v->draw;
    switch (key) {
    case 'q': return d->page ? (d->page = false, CLI_LIVE_VIEW_NOTHING) : CLI_LIVE_VIEW_QUIT;
    case 'w': return CLI_LIVE_VIEW_WRITE_EVIDENCE;
    case 'p': d->paused = !d->paused; break;
    case 's': d->order = (d->order + 1) % CLI_LIVE_DRAW_ORDERS; sort(v); break;
    case '/': d->typing = true; break;
    case 27: d->page = false; d->filter[0] = '\0'; break;
    case '\r': case '\n': case KEY_ENTER: d->page = !d->page && d->scene.finding_count > 0; d->scroll = 0; break;
    case KEY_UP: case 'k': go(d, -1); break;
    case KEY_DOWN: case 'j': go(d, 1); break;
    case KEY_PPAGE: go(d, -10); break;
    case KEY_NPAGE: case ' ': go(d, 10); break;
    case KEY_RESIZE: clear(); break;
    default: break;
    }
    return CLI_LIVE_VIEW_NOTHING;
}

enum cli_live_view_wish cli_live_view_turn(struct cli_live_view *v)
{
    enum cli_live_view_wish wish = CLI_LIVE_VIEW_NOTHING;
    int key;
    while (wish == CLI_LIVE_VIEW_NOTHING && (key = getch()) != ERR) {
        v->draw.dirty = true;
        v->draw.said[0] = '\0';
        if (v->draw.typing && key != KEY_RESIZE)
            type_filter(&v->draw, key);
        else
            wish = press(v, key);
    }
    if (v->draw.dirty)
        cli_live_draw(&v->draw);
    v->draw.dirty = false;
    return wish;
}

void cli_live_view_say(struct cli_live_view *v, const char *sentence)
{
    snprintf(v->draw.said, sizeof v->draw.said, "%s", sentence);
    v->draw.dirty = true;
}

void cli_live_view_close(struct cli_live_view *v)
{
    if (!v)
        return;
    endwin();
    delscreen(v->screen);
    cli_live_scene_free(&v->draw.scene);
    free(v);
}
