/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/child.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "base/nsec.h"
#include "base/text.h"
#include "cli/wire.h"
#include "sandbox/sandbox.h"

enum { PROGRESS_EVERY_MS = 100, GAPS_BYTES_MAX = 2048 };

#define REPORT_BYTES_MAX ((size_t)4 << 30)
#define ADDRESS_SPACE_LEAST_BYTES ((rlim_t)4 << 30)

struct channel {
    int fd;
    int64_t last_progress_ns;
};

static void send_bytes(const struct channel *channel, const void *bytes, size_t length)
{
    const char *at = bytes;
    while (length > 0) {
        ssize_t written = write(channel->fd, at, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            _exit(EXIT_FAILURE); /* the parent is gone: there is nobody to work for */
        at += written;
        length -= (size_t)written;
    }
}

static void put_u64(unsigned char *out, uint64_t value)
{
    for (unsigned i = 0; i < 8; i++)
        out[i] = (unsigned char)(value >> (8 * i));
}

static void send_message(const struct channel *channel, enum cli_child_message type, const void *body, size_t length)
{
    unsigned char header[CLI_CHILD_HEADER_BYTES] = { (unsigned char)type };
    put_u64(header + 1, length);
    send_bytes(channel, header, sizeof header);
    send_bytes(channel, body, length);
}

static void on_progress(void *context, uint64_t packets, uint64_t bytes, uint64_t total_bytes)
{
    struct channel *channel = context;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t now_ns = now.tv_sec * NSEC_PER_SEC + now.tv_nsec;
    if (now_ns - channel->last_progress_ns < PROGRESS_EVERY_MS * NSEC_PER_MSEC)
        return;
    channel->last_progress_ns = now_ns;
    unsigned char body[24];
    put_u64(body, packets);
    put_u64(body + 8, bytes);
    put_u64(body + 16, total_bytes);
    send_message(channel, CLI_CHILD_PROGRESS, body, sizeof body);
}

static void send_report(const struct channel *channel, const char *path, const struct wspscope_report *report)
{
    struct text body;
    text_init(&body, REPORT_BYTES_MAX);
    cli_wire_write(report, &body);
    if (text_failed(&body)) {
        text_free(&body);
        text_init(&body, REPORT_BYTES_MAX);
        text_addf(&body, "%s: the report is too large for this machine's memory; leave out --flows or set --max-flows.",
                  path);
        send_message(channel, CLI_CHILD_UNREADABLE, body.bytes, body.length);
    } else
        send_message(channel, CLI_CHILD_REPORT, body.bytes, body.length);
    text_free(&body);
}

static void send_passed_over(const struct channel *channel, const struct wspscope_input_run *run)
{
    size_t count;
    const char *const *sentences = wspscope_passed_over(run, &count);
    for (size_t i = 0; i < count; i++)
        send_message(channel, CLI_CHILD_PASSED_OVER, sentences[i], strlen(sentences[i]));
}

/* A decompressor allocates the dictionary that a stranger's header asks for. Sanitizers reserve terabytes. */
static void limit_address_space(void)
{
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    long pages = sysconf(_SC_PHYS_PAGES), page_bytes = sysconf(_SC_PAGESIZE);
    struct rlimit limit;
    if (pages <= 0 || page_bytes <= 0 || getrlimit(RLIMIT_AS, &limit) != 0)
        return;
    rlim_t bytes = (rlim_t)pages * (rlim_t)page_bytes;
    if (bytes < ADDRESS_SPACE_LEAST_BYTES)
        bytes = ADDRESS_SPACE_LEAST_BYTES;
    if (limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur > bytes) {
        limit.rlim_cur = bytes;
        setrlimit(RLIMIT_AS, &limit);
    }
#endif
}

static void confine(const struct channel *channel)
{
    struct text gaps;
    text_init(&gaps, GAPS_BYTES_MAX);
    sandbox_enter(&(struct sandbox_plan){ .profile = SANDBOX_ANALYZE }, &gaps);
    if (gaps.length)
        send_message(channel, CLI_CHILD_GAPS, gaps.bytes, gaps.length);
    text_free(&gaps);
}

static void report_each(const struct channel *channel, const char *path, struct wspscope_input_run *run)
{
    enum wspscope_result result = WSPSCOPE_REPORTED;
    while (result != WSPSCOPE_FINISHED) {
        struct wspscope_error error = { "" };
        const struct wspscope_report *report = NULL;
        result = wspscope_next(run, &report, &error);
        if (result == WSPSCOPE_REPORTED) {
            send_report(channel, path, report);
            wspscope_report_free(report);
        } else if (result == WSPSCOPE_UNREADABLE)
            send_message(channel, CLI_CHILD_UNREADABLE, error.text, strlen(error.text));
    }
    send_passed_over(channel, run);
}

/* The order matters: whatever opens a file comes before the sandbox, threads and the first byte of the input after. */
_Noreturn void cli_child_run(struct wspscope_analyzer *analyzer, const struct cli_child_task *task)
{
    struct channel channel = { .fd = task->fd };
    struct wspscope_error error = { "" };
    limit_address_space();
    mallopt(M_ARENA_MAX, 1); /* one thread at a time allocates: an arena for each would only hold memory back */
    struct wspscope_input_run *run = wspscope_open(analyzer, task->path, &error);
    if (!task->unconfined)
        confine(&channel);

    if (!run)
        send_message(&channel, CLI_CHILD_UNREADABLE, error.text, strlen(error.text));
    if (run && task->progress)
        wspscope_on_progress(run, on_progress, &channel);
    if (run)
        report_each(&channel, task->path, run);
    wspscope_close(run);
    wspscope_analyzer_free(analyzer);
    send_message(&channel, CLI_CHILD_END, "", 0);
    exit(EXIT_SUCCESS);
}
