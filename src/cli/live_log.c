/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/live_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct cli_live_log {
    const char *path; /* NULL: stdout */
    int fd;
    int failed;
};

static int open_path(const char *path)
{
    return open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
}

struct cli_live_log *cli_live_log_open(const char *path, struct error *error)
{
    struct cli_live_log *log = calloc(1, sizeof *log);
    if (!log) {
        (void)error_set(error, STATUS_NO_MEMORY, "There is not enough memory to start.");
        return NULL;
    }
    *log = (struct cli_live_log){ .path = path, .fd = path ? open_path(path) : STDOUT_FILENO };
    if (log->fd >= 0)
        return log;
    (void)error_set(error, STATUS_IO, "%s cannot be written to: %s.", path, strerror(errno));
    free(log);
    return NULL;
}

static bool write_all(void *context, const char *bytes, size_t length)
{
    struct cli_live_log *log = context;
    while (length > 0 && !log->failed) {
        ssize_t written = write(log->fd, bytes, length);
        if (written < 0 && errno != EINTR)
            log->failed = errno;
        if (written > 0) {
            bytes += written;
            length -= (size_t)written;
        }
    }
    return !log->failed;
}

struct wspscope_sink cli_live_log_sink(struct cli_live_log *log)
{
    return (struct wspscope_sink){ .write = write_all, .context = log };
}

bool cli_live_log_reopen(struct cli_live_log *log)
{
    int fd = log->path ? open_path(log->path) : STDOUT_FILENO;
    if (fd < 0)
        return false;
    if (log->path)
        close(log->fd);
    log->fd = fd;
    log->failed = 0;
    return true;
}

int cli_live_log_failed(const struct cli_live_log *log)
{
    return log->failed;
}

void cli_live_log_close(struct cli_live_log *log)
{
    if (log && log->path)
        close(log->fd);
    free(log);
}
