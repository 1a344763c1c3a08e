/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/live_evidence.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/nsec.h"
#include "wspscope/pcapng.h"

enum { NAME_SIZE = 64, BUFFER_BYTES = 256 * 1024 };

static const char prefix[] = "wspscope-", suffix[] = ".pcapng";

struct file {
    char name[NAME_SIZE];
    uint64_t bytes;
};

struct cli_live_evidence {
    int folder;
    uint64_t file_bytes_max;
    struct file files[2 * CLI_LIVE_EVIDENCE_FILES]; /* oldest first; the last is being written while fd is open */
    size_t file_count;
    int fd; /* -1: none */
    struct wspscope_pcapng *buffer;
    uint64_t buffered_packets, lost_packets;
    char failure[300];
    bool failing, told;
};

static bool is_ours(const char *name)
{
    size_t length = strlen(name), end = sizeof suffix - 1;
    return length > sizeof prefix + end && length < NAME_SIZE && strncmp(name, prefix, sizeof prefix - 1) == 0 &&
           strcmp(name + length - end, suffix) == 0;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct file *)a)->name, ((const struct file *)b)->name);
}

static void forget_oldest(struct cli_live_evidence *e)
{
    unlinkat(e->folder, e->files[0].name, 0);
    memmove(e->files, e->files + 1, --e->file_count * sizeof *e->files);
}

static void remember(struct cli_live_evidence *e, const char *name, uint64_t bytes)
{
    struct file *file = &e->files[e->file_count++];
    snprintf(file->name, sizeof file->name, "%s", name);
    file->bytes = bytes;
}

/* The files of earlier runs, the newest of them when there are many: the ring is kept over a restart. */
static void take_over(struct cli_live_evidence *e)
{
    DIR *listing = fdopendir(dup(e->folder));
    for (struct dirent *entry = listing ? readdir(listing) : NULL; entry; entry = readdir(listing)) {
        struct stat status;
        if (!is_ours(entry->d_name) || fstatat(e->folder, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
            !S_ISREG(status.st_mode))
            continue;
        remember(e, entry->d_name, (uint64_t)status.st_size);
        qsort(e->files, e->file_count, sizeof *e->files, by_name);
        while (e->file_count >= CLI_LIVE_EVIDENCE_FILES)
            forget_oldest(e);
    }
    if (listing)
        closedir(listing);
}

struct cli_live_evidence *cli_live_evidence_open(const char *folder, uint64_t bytes, struct error *error)
{
    struct cli_live_evidence *e = calloc(1, sizeof *e);
    if (!e) {
        (void)error_set(error, STATUS_NO_MEMORY, "There is not enough memory to start.");
        return NULL;
    }
    e->fd = -1;
    e->file_bytes_max = bytes / CLI_LIVE_EVIDENCE_FILES;
    e->buffer = wspscope_pcapng_new();
    e->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (e->buffer && e->folder >= 0 && faccessat(e->folder, ".", W_OK | X_OK, 0) == 0) {
        take_over(e);
        return e;
    }
    (void)error_set(error, STATUS_IO, "No evidence can be kept in %s: %s. Name a folder that is there and may be "
                    "written to.", folder, strerror(errno));
    cli_live_evidence_close(e);
    return NULL;
}

static void fail(struct cli_live_evidence *e, const char *what)
{
    if (!e->failing)
        snprintf(e->failure, sizeof e->failure, "%s (%s): packets are missing from the evidence until it can be.", what,
                 strerror(errno));
    e->told = e->told && e->failing;
    e->failing = true;
}

/* What is buffered goes out, whole blocks all of it. */
static void write_out(struct cli_live_evidence *e)
{
    size_t at = 0, end;
    const char *bytes = wspscope_pcapng_bytes(e->buffer, &end);
    bool written = e->fd >= 0 && bytes;
    while (written && at < end) {
        ssize_t length = write(e->fd, bytes + at, end - at);
        if (length > 0)
            at += (size_t)length;
        written = length > 0 || (length < 0 && errno == EINTR);
    }
    if (e->file_count)
        e->files[e->file_count - 1].bytes += at;
    if (written)
        e->failing = false;
    else if (e->buffered_packets) {
        e->lost_packets += e->buffered_packets;
        fail(e, "Evidence cannot be written");
        if (e->fd >= 0)
            close(e->fd);
        e->fd = -1; /* the file may end inside a block: the next packet begins another */
    }
    e->buffered_packets = 0;
    wspscope_pcapng_clear(e->buffer);
}

static size_t buffered_bytes(const struct cli_live_evidence *e)
{
    size_t length;
    (void)wspscope_pcapng_bytes(e->buffer, &length);
    return length;
}

static void name_file(int64_t time_ns, char name[NAME_SIZE])
{
    time_t seconds = (time_t)(time_ns / NSEC_PER_SEC);
    struct tm utc = { 0 };
    char text[24];
    gmtime_r(&seconds, &utc);
    strftime(text, sizeof text, "%Y%m%dT%H%M%S", &utc);
    snprintf(name, NAME_SIZE, "%s%s.%09" PRId64 "Z%s", prefix, text, time_ns % NSEC_PER_SEC, suffix);
}

static bool begin_file(struct cli_live_evidence *e, int64_t time_ns)
{
    char name[NAME_SIZE];
    while (e->file_count >= CLI_LIVE_EVIDENCE_FILES)
        forget_oldest(e);
    name_file(time_ns > 0 ? time_ns : 0, name);
    e->fd = openat(e->folder, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0640);
    if (e->fd < 0) {
        fail(e, "No evidence file can be made");
        return false;
    }
    remember(e, name, 0);
    wspscope_pcapng_begin(e->buffer);
    return true;
}

void cli_live_evidence_add(struct cli_live_evidence *e, const struct wspscope_packet *packet)
{
    if (e->fd >= 0 && e->files[e->file_count - 1].bytes + buffered_bytes(e) >= e->file_bytes_max) {
        write_out(e);
        if (e->fd >= 0)
            close(e->fd);
        e->fd = -1;
    }
    if (e->fd < 0 && !begin_file(e, packet->time_ns)) {
        e->lost_packets++;
        return;
    }
    wspscope_pcapng_add(e->buffer, packet);
    e->buffered_packets++;
    if (buffered_bytes(e) >= BUFFER_BYTES)
        write_out(e);
}

const char *cli_live_evidence_flush(struct cli_live_evidence *e)
{
    if (e->buffered_packets > 0)
        write_out(e);
    if (!e->failing || e->told)
        return NULL;
    e->told = true;
    return e->failure;
}

uint64_t cli_live_evidence_lost(const struct cli_live_evidence *e)
{
    return e->lost_packets;
}

void cli_live_evidence_close(struct cli_live_evidence *e)
{
    if (!e)
        return;
    if (e->buffer)
        (void)cli_live_evidence_flush(e);
    wspscope_pcapng_free(e->buffer);
    if (e->fd >= 0)
        close(e->fd);
    if (e->folder >= 0)
        close(e->folder);
    free(e);
}
