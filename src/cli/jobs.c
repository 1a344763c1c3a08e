/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/jobs.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cursor.h"
#include "cli/child.h"
#include "cli/wire.h"

/* So many may have started and not had their turn: when the first one is large, the others go on meanwhile. */
enum { WINDOW = 64, READ_BYTES = 64 * 1024 };

/* A job whose turn it is not may run ahead this far; one message may be this long. */
#define AHEAD_BYTES_MAX ((size_t)16 << 20)
#define MESSAGE_BYTES_MAX ((size_t)5 << 30)

/* A report's structs beside its strings. */
#define ARENA_BYTES_MAX ((size_t)8 << 30)

struct job {
    const char *path;
    pid_t pid;             /* 0: free */
    int fd;                /* -1: the pipe has ended */
    struct text received;
    size_t consumed;       /* of `received` */
    bool ended;            /* CLI_CHILD_END was seen */
};

struct jobs {
    struct wspscope_analyzer *analyzer;
    const struct cli_jobs_inputs *inputs;
    const struct cli_jobs_events *events;
    struct job slots[WINDOW]; /* input n is in slot n % WINDOW */
    size_t running, running_max;
    size_t turn, next; /* inputs: whose messages are passed on; the first not started */
    bool stopped;
};

void cli_jobs_report_free(struct cli_jobs_report *report)
{
    text_free(&report->message);
    arena_free(report->arena);
    *report = (struct cli_jobs_report){ .report = NULL };
}

static size_t most_running(const struct cli_jobs_inputs *inputs)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t wanted = inputs->jobs > 0 ? inputs->jobs : processors > 0 ? (size_t)processors : 1;
    return wanted < WINDOW ? wanted : WINDOW;
}

static struct job *slot_of(struct jobs *all, size_t input)
{
    return &all->slots[input % WINDOW];
}

/* In the child: only its own end of its own pipe stays open. */
static _Noreturn void become_child(struct jobs *all, const struct job *job, const int ends[2])
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close(ends[0]);
    for (size_t i = 0; i < WINDOW; i++) {
        if (all->slots[i].pid > 0 && all->slots[i].fd >= 0)
            close(all->slots[i].fd);
        if (all->slots[i].pid > 0)
            text_free(&all->slots[i].received);
    }
    const struct cli_child_task task = { .path = job->path, .fd = ends[1], .progress = all->events->progress != NULL,
                                         .unconfined = all->inputs->unconfined };
    cli_child_run(all->analyzer, &task);
}

static enum status start(struct jobs *all, struct error *error)
{
    struct job *job = slot_of(all, all->next);
    int ends[2];
    *job = (struct job){ .path = all->inputs->paths[all->next], .fd = -1 };
    text_init(&job->received, MESSAGE_BYTES_MAX);
    if (pipe2(ends, 0) != 0)
        return error_set(error, STATUS_IO, "No pipe could be opened (%s): use a smaller -j.", strerror(errno));

    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0)
        become_child(all, job, ends);
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return error_set(error, STATUS_IO, "No process could be started (%s): use a smaller -j.", strerror(errno));
    }
    job->pid = pid;
    job->fd = ends[0];
    all->next++;
    all->running++;
    return STATUS_OK;
}

/* Ends the process if it still runs; its wait status. */
static int reap(struct job *job, bool kill_it)
{
    int status = 0;
    if (job->fd >= 0)
        close(job->fd);
    job->fd = -1;
    if (kill_it)
        kill(job->pid, SIGKILL);
    while (waitpid(job->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    job->pid = 0;
    text_free(&job->received);
    return status;
}

static void tell_death(const struct jobs *all, const char *path, int status)
{
    char sentence[1024];
    const char *others = all->inputs->count > 1 ? " The other inputs are not touched by it." : "";
    if (WIFSIGNALED(status))
        snprintf(sentence, sizeof sentence, "%s: the analysis ended by signal %d (%s), which is a fault of this "
                 "program; please report it with the capture.%s", path, WTERMSIG(status),
                 strsignal(WTERMSIG(status)), others);
    else
        snprintf(sentence, sizeof sentence, "%s: the analysis ended without a result (exit status %d), which is a "
                 "fault of this program; please report it with the capture.%s", path, WEXITSTATUS(status), others);
    all->events->unreadable(all->events->context, sentence);
}

static bool pass_report(struct jobs *all, const uint8_t *body, size_t length)
{
    struct cli_jobs_report report = { .arena = arena_new(ARENA_BYTES_MAX) };
    text_init(&report.message, MESSAGE_BYTES_MAX);
    text_add_bytes(&report.message, (const char *)body, length);
    if (report.arena && !text_failed(&report.message))
        report.report = cli_wire_read((const uint8_t *)report.message.bytes, length, report.arena);
    if (report.report)
        return all->events->report(all->events->context, &report);
    cli_jobs_report_free(&report);
    all->events->unreadable(all->events->context,
                            "A report could not be taken over from the process that made it: memory ran out.");
    return true;
}

static void pass_sentence(void (*event)(void *, const char *), void *context, const uint8_t *body, size_t length)
{
    struct text sentence;
    text_init(&sentence, 64 * 1024);
    text_add_utf8(&sentence, body, length);
    event(context, sentence.bytes);
    text_free(&sentence);
}

/* False: an event said stop. */
static bool pass_message(struct jobs *all, struct job *job, uint8_t type, struct cursor *body)
{
    const struct cli_jobs_events *events = all->events;
    size_t length = cursor_left(body);
    switch (type) {
    case CLI_CHILD_REPORT:
        return pass_report(all, body->at, length);
    case CLI_CHILD_UNREADABLE:
        pass_sentence(events->unreadable, events->context, body->at, length);
        return true;
    case CLI_CHILD_PASSED_OVER:
        pass_sentence(events->passed_over, events->context, body->at, length);
        return true;
    case CLI_CHILD_GAPS:
        pass_sentence(events->gaps, events->context, body->at, length);
        return true;
    case CLI_CHILD_PROGRESS: {
        uint64_t counts[3];
        for (size_t i = 0; i < 3; i++)
            counts[i] = cursor_u64le(body);
        if (events->progress)
            events->progress(events->context, job->path, counts);
        return true;
    }
    default:
        job->ended = type == CLI_CHILD_END;
        return true;
    }
}

/* Passes on every whole message of the job whose turn it is. */
static void pass_messages(struct jobs *all, struct job *job)
{
    struct cursor c = cursor_make((const uint8_t *)job->received.bytes + job->consumed,
                                  job->received.length - job->consumed);
    while (!all->stopped) {
        struct cursor ahead = c;
        uint8_t type = cursor_u8(&ahead);
        uint64_t length = cursor_u64le(&ahead);
        if (!cursor_ok(&ahead) || length > cursor_left(&ahead))
            break;
        struct cursor body = cursor_sub(&ahead, (size_t)length);
        all->stopped = !pass_message(all, job, type, &body);
        c = ahead;
    }
    job->consumed = job->received.length - cursor_left(&c);
    if (job->consumed == job->received.length) {
        text_free(&job->received);
        job->consumed = 0;
    }
}

static void receive(struct jobs *all, struct job *job)
{
    char bytes[READ_BYTES];
    ssize_t length = read(job->fd, bytes, sizeof bytes);
    if (length > 0)
        text_add_bytes(&job->received, bytes, (size_t)length);
    else if (length == 0 || errno != EINTR) {
        close(job->fd);
        job->fd = -1;
        all->running--;
    }
}

/* Waits until one of those that may say more has said something. */
static void wait_and_receive(struct jobs *all)
{
    struct pollfd polled[WINDOW];
    struct job *jobs[WINDOW];
    nfds_t count = 0;
    for (size_t input = all->turn; input < all->next; input++) {
        struct job *job = slot_of(all, input);
        if (job->fd < 0 || (input != all->turn && job->received.length >= AHEAD_BYTES_MAX))
            continue;
        jobs[count] = job;
        polled[count++] = (struct pollfd){ .fd = job->fd, .events = POLLIN };
    }
    if (count == 0 || poll(polled, count, -1) <= 0)
        return;
    for (nfds_t i = 0; i < count; i++)
        if (polled[i].revents)
            receive(all, jobs[i]);
}

/* Passes on what the job whose turn it is has said; when it has ended, the turn goes to the next. */
static void take_turns(struct jobs *all)
{
    while (all->turn < all->next && !all->stopped) {
        struct job *job = slot_of(all, all->turn);
        pass_messages(all, job);
        if (job->fd >= 0)
            return;
        bool ended = job->ended && !text_failed(&job->received);
        int status = reap(job, false);
        if (!all->stopped && (!ended || status != 0))
            tell_death(all, job->path, status);
        if (!all->stopped && all->events->ended)
            all->events->ended(all->events->context, all->turn);
        all->turn++;
    }
}

static bool may_start(const struct jobs *all)
{
    return all->next < all->inputs->count && all->running < all->running_max && all->next - all->turn < WINDOW;
}

enum status cli_jobs_run(struct wspscope_analyzer *analyzer, const struct cli_jobs_inputs *inputs,
                         const struct cli_jobs_events *events, struct error *error)
{
    struct jobs *all = calloc(1, sizeof *all);
    if (!all)
        return error_set(error, STATUS_NO_MEMORY, "There is not enough memory to start.");
    all->analyzer = analyzer;
    all->inputs = inputs;
    all->events = events;
    all->running_max = most_running(inputs);

    enum status status = STATUS_OK;
    while (all->turn < inputs->count && !all->stopped && status == STATUS_OK) {
        while (status == STATUS_OK && may_start(all))
            status = start(all, error);
        if (status == STATUS_OK) {
            wait_and_receive(all);
            take_turns(all);
        }
    }
    for (size_t input = all->turn; input < all->next; input++)
        if (slot_of(all, input)->pid > 0)
            reap(slot_of(all, input), true);
    free(all);
    return status;
}
