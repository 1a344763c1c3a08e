/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/live_draw.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/nsec.h"

enum color { COLOR_BAD = 1, COLOR_WARN, COLOR_GOOD };
enum { HEAD_ROWS = 3, LINE_SIZE = 512, LEAST_ROWS = 8, LEAST_COLUMNS = 40 };

const char *cli_live_draw_step(double value, double low, double high, bool utf8)
{
    static const char *const blocks[] = { "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
    static const char *const letters[] = { "_", ".", ":", "-", "=", "+", "*", "#" };
    enum { STEPS = sizeof blocks / sizeof *blocks };
    double share = high > low ? (value - low) / (high - low) : 0;
    int step = (int)(share * STEPS);
    step = step < 0 ? 0 : step >= STEPS ? STEPS - 1 : step;
    return utf8 ? blocks[step] : letters[step];
}

void cli_live_draw_colors(struct cli_live_draw *d)
{
    (void)d;
    if (!has_colors() || start_color() == ERR)
        return;
    use_default_colors();
    init_pair(COLOR_BAD, COLOR_RED, -1);
    init_pair(COLOR_WARN, COLOR_YELLOW, -1);
    init_pair(COLOR_GOOD, COLOR_GREEN, -1);
}

/* A line cut at the edge of the screen; what a terminal without UTF-8 cannot show becomes "?". */
static void put(const struct cli_live_draw *d, int row, int column, const char *string)
{
    char safe[LINE_SIZE];
    snprintf(safe, sizeof safe, "%s", string);
    for (char *c = safe; !d->utf8 && *c; c++)
        if ((unsigned char)*c >= 128)
            *c = '?';
    if (row >= 0 && row < LINES && column < COLS)
        mvaddnstr(row, column, safe, -1);
}

static void put_clean(const struct cli_live_draw *d, int row, const char *string)
{
    if (row < 0 || row >= LINES)
        return;
    wmove(stdscr, row, 0);
    clrtoeol();
    char cut[LINE_SIZE];
    int columns = COLS < LINE_SIZE ? COLS : LINE_SIZE - 1;
    snprintf(cut, sizeof cut, "%.*s", columns, string);
    put(d, row, 0, cut);
}

static void put_bar(const struct cli_live_draw *d, int row, const char *string)
{
    char line[LINE_SIZE];
    snprintf(line, sizeof line, "%-*.*s", COLS < LINE_SIZE ? COLS : LINE_SIZE - 1,
             COLS < LINE_SIZE ? COLS : LINE_SIZE - 1, string);
    attron(A_REVERSE);
    put(d, row, 0, line);
    attroff(A_REVERSE);
}

/* Breaks the text into lines of the screen's width and shows those from `skip` on in rows [row, end). Returns how many
 * there are. */
static size_t wrap(const struct cli_live_draw *d, const char *text, size_t skip, int row, int end)
{
    size_t lines = 0, width = COLS > 2 ? (size_t)COLS - 1 : 1;
    while (*text) {
        size_t length = strcspn(text, "\n"), taken = length;
        if (length > width) {
            for (taken = width; taken > width / 2 && text[taken] != ' '; taken--)
                continue;
            taken = taken > width / 2 ? taken : width;
        }
        if (lines >= skip && row < end) {
            char line[LINE_SIZE];
            snprintf(line, sizeof line, "%.*s", (int)(taken < LINE_SIZE ? taken : LINE_SIZE - 1), text);
            put_clean(d, row++, line);
        }
        lines++;
        text += taken;
        text += taken == length ? *text == '\n' : strspn(text, " ");
    }
    return lines;
}

static attr_t color_of(enum wspscope_verdict_status status)
{
    int pair = status == WSPSCOPE_FAILING    ? COLOR_BAD
               : status == WSPSCOPE_DEGRADED ? COLOR_WARN
               : status == WSPSCOPE_OK       ? COLOR_GOOD
                                             : 0;
    return has_colors() ? (attr_t)COLOR_PAIR(pair) : 0;
}

static void draw_head(const struct cli_live_draw *d)
{
    const struct cli_live_scene *s = &d->scene;
    char line[LINE_SIZE], time[NSEC_TEXT_SIZE] = "waiting for packets";
    if (s->arena)
        nsec_format(s->now_ns, time);
    snprintf(line, sizeof line, " wspscope live  %s  %.19s  packets %" PRIu64 "  drops %" PRIu64 "%s", d->interfaces,
             time, s->packets, s->drops, d->paused ? "  [paused]" : "");
    put_bar(d, 0, line);
    snprintf(line, sizeof line, "%s: %s", s->arena ? wspscope_verdict_name(s->status) : "nothing yet",
             s->arena ? s->summary : "no packet has come");
    put_clean(d, 1, "");
    put_clean(d, 2, "");
    attr_t look = A_BOLD | color_of(s->arena ? s->status : WSPSCOPE_NO_TRAFFIC);
    attr_on(look, NULL);
    wrap(d, line, 0, 1, HEAD_ROWS);
    attr_off(look, NULL);
}

static void spark(const struct cli_live_draw *d, const struct cli_live_scene_session *s, char out[64])
{
    double low = 0, high = 0;
    size_t used = 0;
    out[0] = '\0';
    for (unsigned i = 0; i < s->history_count; i++) {
        low = i == 0 || s->history_ms[i] < low ? s->history_ms[i] : low;
        high = s->history_ms[i] > high ? s->history_ms[i] : high;
    }
    for (unsigned i = 0; i < s->history_count && used < 60; i++) {
        int length = snprintf(out + used, 64 - used, "%s", cli_live_draw_step(s->history_ms[i], low, high, d->utf8));
        used += length > 0 ? (size_t)length : 0;
    }
}

static void draw_session(const struct cli_live_draw *d, int row, const struct cli_live_scene_session *s)
{
    char line[LINE_SIZE], rtt[16] = "-", loss[16] = "-", trace[64];
    if (s->rtt_ms >= 0)
        snprintf(rtt, sizeof rtt, "%.1f", s->rtt_ms);
    if (s->loss_ratio >= 0)
        snprintf(loss, sizeof loss, "%.1f%%", s->loss_ratio * 100);
    snprintf(line, sizeof line, " %-22.39s %-14.14s %-5.5s %-4.4s %8s", s->client, s->region, s->protocol,
             s->transport, rtt);
    put_clean(d, row, line);
    spark(d, s, trace);
    put(d, row, 59, trace);
    snprintf(line, sizeof line, "%6s %s", loss, s->state);
    if (COLS >= 90)
        put(d, row, 72, line);
    else
        put(d, row, 72, s->state);
}

/* Rows [row, end), the heading first. */
static void draw_sessions(const struct cli_live_draw *d, int row, int end)
{
    static const char *const words[CLI_LIVE_DRAW_ORDERS] = { "latest first", "by client", "by round trip", "by state" };
    const struct cli_live_scene *s = &d->scene;
    char line[LINE_SIZE];
    int heading = row++;
    size_t shown = 0, matching = 0;
    for (size_t i = 0; i < s->session_count; i++) {
        if (d->filter[0] && !strstr(s->sessions[i].client, d->filter))
            continue;
        matching++;
        if (row < end) {
            draw_session(d, row++, &s->sessions[i]);
            shown++;
        }
    }
    snprintf(line, sizeof line, " %-22s %-14s %-5s %-4s %8s %-12s %s", "CLIENT", "REGION", "PROTO", "VIA", "RTT ms", "",
             COLS >= 90 ? " LOSS STATE" : "STATE");
    attron(A_UNDERLINE);
    put_clean(d, heading, line);
    attroff(A_UNDERLINE);
    for (; row < end; row++)
        put_clean(d, row, "");
    snprintf(line, sizeof line, " %zu of %zu sessions, %s%s%s", shown, matching + s->sessions_hidden, words[d->order],
             d->filter[0] ? ", client " : "", d->filter);
    put_bar(d, end, line);
}

static void draw_findings(const struct cli_live_draw *d, int row, int end)
{
    static const int pairs[WSPSCOPE_SEVERITIES] = { COLOR_BAD, COLOR_WARN, 0 };
    const struct cli_live_scene *s = &d->scene;
    int rows = end - row;
    size_t first = rows > 0 && d->selected >= (size_t)rows ? d->selected - (size_t)rows + 1 : 0;
    for (size_t i = first; row < end; i++, row++) {
        char line[LINE_SIZE];
        if (i >= s->finding_count) {
            put_clean(d, row, "");
            continue;
        }
        const struct cli_live_scene_finding *f = &s->findings[i];
        attr_t look = f->open ? A_BOLD : A_DIM;
        look |= has_colors() && f->open ? (attr_t)COLOR_PAIR(pairs[f->severity]) : 0;
        snprintf(line, sizeof line, "%c%-8s %-8s %s", i == d->selected ? '>' : ' ', f->open ? "open" : "resolved",
                 wspscope_severity_name(f->severity), f->line);
        attr_on(look, NULL);
        put_clean(d, row, line);
        attr_off(look, NULL);
    }
}

static void draw_keys(const struct cli_live_draw *d)
{
    char line[LINE_SIZE];
    if (d->typing)
        snprintf(line, sizeof line, " client: %s_   (Enter keeps, Escape clears)", d->filter);
    else if (d->said[0])
        snprintf(line, sizeof line, " %s", d->said);
    else
        snprintf(line, sizeof line, "%s", d->page ? " j k scroll  Enter back  q back"
                                                  : " j k choose  Enter open  s sort  / client  p pause  w write "
                                                    "evidence  q quit");
    put_bar(d, LINES - 1, line);
}

static void draw_page(struct cli_live_draw *d)
{
    const struct cli_live_scene_finding *f = &d->scene.findings[d->selected];
    int end = LINES - 1, row = 1;
    put_bar(d, 0, f->open ? " A finding that holds now" : " A finding that is resolved");
    for (int clean = row; clean < end; clean++)
        put_clean(d, clean, "");
    size_t lines = wrap(d, f->page, d->scroll, row, end), room = end > row ? (size_t)(end - row) : 0;
    d->scroll_most = lines > room ? lines - room : 0;
}

void cli_live_draw(struct cli_live_draw *d)
{
    if (d->selected >= d->scene.finding_count)
        d->selected = d->scene.finding_count ? d->scene.finding_count - 1 : 0;
    d->page = d->page && d->scene.finding_count > 0;
    if (LINES < LEAST_ROWS || COLS < LEAST_COLUMNS) {
        erase();
        put_clean(d, 0, "too small");
    } else if (d->page)
        draw_page(d);
    else {
        char line[LINE_SIZE];
        int findings = (int)d->scene.finding_count < (LINES - HEAD_ROWS) / 2 - 1 ? (int)d->scene.finding_count
                                                                                : (LINES - HEAD_ROWS) / 2 - 1;
        int split = LINES - 2 - (findings > 3 ? findings : 3);
        draw_head(d);
        draw_sessions(d, HEAD_ROWS, split - 1);
        snprintf(line, sizeof line, " FINDINGS: %zu open, %zu in all", d->scene.open_count, d->scene.finding_count);
        put_clean(d, split, line);
        draw_findings(d, split + 1, LINES - 1);
    }
    if (LINES >= LEAST_ROWS)
        draw_keys(d);
    refresh();
}
