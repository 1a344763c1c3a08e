/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUFFER_BYTES = 64 * 1024 };

struct cli_output {
    int fd;
    int failed_errno;           /* of the first write that failed; 0 */
    bool close_it, replaces;    /* replaces: `target` is put in place at the end */
    char target[PATH_MAX];      /* the file meant, symbolic links followed */
    char temporary[PATH_MAX];   /* beside it; empty while the file has no name (O_TMPFILE) */
    const char *name;           /* as the user gave it, for messages */
    size_t used;
    char buffer[BUFFER_BYTES];
};

static void flush(struct cli_output *o)
{
    for (size_t done = 0; done < o->used && !o->failed_errno;) {
        ssize_t written = write(o->fd, o->buffer + done, o->used - done);
        if (written > 0)
            done += (size_t)written;
        else if (written < 0 && errno != EINTR)
            o->failed_errno = errno;
    }
    o->used = 0;
}

static bool take(void *context, const char *bytes, size_t length)
{
    struct cli_output *o = context;
    while (length > 0 && !o->failed_errno) {
        size_t room = sizeof o->buffer - o->used;
        size_t step = length < room ? length : room;
        memcpy(o->buffer + o->used, bytes, step);
        o->used += step;
        bytes += step;
        length -= step;
        if (o->used == sizeof o->buffer)
            flush(o);
    }
    return !o->failed_errno;
}

struct wspscope_sink cli_output_sink(struct cli_output *output)
{
    return (struct wspscope_sink){ .write = take, .context = output };
}

/* "DIR/.NAME.SUFFIX", into o->temporary. False when that is too long. */
static bool name_temporary(struct cli_output *o, const char *suffix)
{
    char directory[PATH_MAX], base[PATH_MAX];
    snprintf(directory, sizeof directory, "%s", o->target);
    snprintf(base, sizeof base, "%s", o->target);
    int length = snprintf(o->temporary, sizeof o->temporary, "%s/.%.200s.%s", dirname(directory), basename(base),
                          suffix);
    return length > 0 && (size_t)length < sizeof o->temporary;
}

bool cli_output_failed(const struct cli_output *output)
{
    return output->failed_errno != 0;
}

static int open_named(struct cli_output *o)
{
    if (!name_temporary(o, "XXXXXX"))
        return -1;
    int fd = mkostemp(o->temporary, O_CLOEXEC);
    mode_t mask = umask(0);
    umask(mask);
    if (fd < 0)
        o->temporary[0] = '\0';
    else if (fchmod(fd, 0666 & ~mask) != 0)
        o->failed_errno = errno;
    return fd;
}

/* A file without a name is gone by itself when the program is interrupted; not every file system can do it. */
static bool open_beside(struct cli_output *o)
{
    char copy[PATH_MAX];
    snprintf(copy, sizeof copy, "%s", o->target);
    o->fd = open(dirname(copy), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
    if (o->fd < 0)
        o->fd = open_named(o);
    return o->fd >= 0;
}

/* Sets `target` and opens what the report is first written to. */
static bool open_file(struct cli_output *o, const char *path)
{
    struct stat status;
    bool there = stat(path, &status) == 0;
    o->fd = -1;
    o->close_it = true;
    if (there && !S_ISREG(status.st_mode)) {
        o->fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
        return o->fd >= 0;
    }
    o->replaces = true;
    if (there && access(path, W_OK) != 0)
        return false;
    if (there ? !realpath(path, o->target)
              : snprintf(o->target, sizeof o->target, "%s", path) >= (int)sizeof o->target)
        return false;
    if (!open_beside(o))
        return false;
    return !there || fchmod(o->fd, status.st_mode & 07777) == 0;
}

struct cli_output *cli_output_open(const char *path, struct error *error)
{
    struct cli_output *o = calloc(1, sizeof *o);
    if (!o) {
        error_set(error, STATUS_NO_MEMORY, "There is not enough memory to write a report.");
        return NULL;
    }
    o->fd = STDOUT_FILENO;
    o->name = path ? path : "stdout";
    if (path && !open_file(o, path)) {
        error_set(error, STATUS_IO, "%s cannot be written: %s. Name a file in a folder that you may write to.", path,
                  strerror(errno));
        cli_output_discard(o);
        return NULL;
    }
    return o;
}

bool cli_output_is_file(const struct cli_output *output, const char *path)
{
    struct stat target, other;
    const char *name = output->replaces ? output->target : NULL;
    return name && stat(name, &target) == 0 && stat(path, &other) == 0 && target.st_dev == other.st_dev &&
           target.st_ino == other.st_ino;
}

/* Gives the nameless file a name beside the target: linkat() itself cannot replace a file. */
static bool give_name(struct cli_output *o)
{
    char self[64], suffix[32];
    snprintf(self, sizeof self, "/proc/self/fd/%d", o->fd);
    for (unsigned tries = 0; tries < 100; tries++) {
        snprintf(suffix, sizeof suffix, "%ld.%u", (long)getpid(), tries);
        if (name_temporary(o, suffix) && linkat(AT_FDCWD, self, AT_FDCWD, o->temporary, AT_SYMLINK_FOLLOW) == 0)
            return true;
        if (errno != EEXIST)
            break;
    }
    o->temporary[0] = '\0';
    return false;
}

/* What close() reports must be known before the old file is replaced. */
static void put_in_place(struct cli_output *o)
{
    bool ok = !o->replaces || o->temporary[0] != '\0' || give_name(o);
    if (ok && o->close_it) {
        ok = close(o->fd) == 0;
        o->close_it = false;
    }
    if (ok && o->replaces) {
        ok = rename(o->temporary, o->target) == 0;
        if (ok)
            o->temporary[0] = '\0';
    }
    if (!ok)
        o->failed_errno = errno;
}

enum status cli_output_commit(struct cli_output *o, struct error *error)
{
    enum status status = STATUS_OK;
    flush(o);
    if (!o->failed_errno)
        put_in_place(o);
    if (o->failed_errno == EPIPE)
        status = STATUS_END;
    else if (o->failed_errno)
        status = error_set(error, STATUS_IO, "The report could not be written to %s: %s.%s", o->name,
                           strerror(o->failed_errno),
                           o->failed_errno == ENOSPC ? " Make room or name another place with --output." : "");
    cli_output_discard(o);
    return status;
}

void cli_output_discard(struct cli_output *o)
{
    if (o->temporary[0] != '\0')
        unlink(o->temporary);
    if (o->close_it && o->fd >= 0)
        close(o->fd);
    free(o);
}

unsigned cli_output_columns(const struct cli_output *output)
{
    struct winsize size;
    if (ioctl(output->fd, TIOCGWINSZ, &size) != 0)
        return 0;
    return size.ws_col > 0 ? size.ws_col : 80;
}
