/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/progress.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/nsec.h"
#include "base/text.h"
#include "wspscope/report.h"

enum { NAME_COLUMNS = 40 };

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * NSEC_PER_SEC + now.tv_nsec;
}

bool cli_progress_wanted(bool quiet)
{
    return !quiet && isatty(STDERR_FILENO);
}

void cli_progress_start(struct cli_progress *progress)
{
    *progress = (struct cli_progress){ .started_ns = now_ns() };
}

static void put(const struct text *line)
{
    if (write(STDERR_FILENO, line->bytes, line->length) < 0) {
        /* A progress line that cannot be shown is no reason to stop. */
    }
}

void cli_progress_show(struct cli_progress *progress, const char *path, const uint64_t packets_bytes_total[3])
{
    uint64_t packets = packets_bytes_total[0], bytes = packets_bytes_total[1], total = packets_bytes_total[2];
    if (now_ns() - progress->started_ns < NSEC_PER_SEC)
        return;
    const char *slash = strrchr(path, '/');
    const char *name = slash && slash[1] ? slash + 1 : path;
    struct text line, escaped;
    text_init(&escaped, 4096);
    text_add_escaped(&escaped, name);
    text_init(&line, 4096);
    text_addf(&line, "\r\033[K%.*s: ", NAME_COLUMNS, escaped.bytes);
    if (total != WSPSCOPE_UNKNOWN_COUNT && total > 0)
        text_addf(&line, "%u %%, ", (unsigned)(bytes >= total ? 100 : (double)bytes * 100.0 / (double)total));
    else
        text_addf(&line, "%.1f MB, ", (double)bytes / 1e6);
    text_addf(&line, "%.1f million packets", (double)packets / 1e6);
    put(&line);
    text_free(&line);
    text_free(&escaped);
    progress->shown = true;
}

void cli_progress_wipe(struct cli_progress *progress)
{
    struct text line;
    if (!progress->shown)
        return;
    text_init(&line, 16);
    text_add(&line, "\r\033[K");
    put(&line);
    text_free(&line);
    progress->shown = false;
}
