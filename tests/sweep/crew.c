/* SPDX-License-Identifier: Apache-2.0 */
#include "crew.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORKERS_MOST = 64 };

/* What parent and children share. */
struct board {
    uint64_t next; /* the first job that nobody has taken */
    struct place {
        pid_t pid;    /* 0: nobody works here; the parent's alone */
        uint64_t job; /* UINT64_MAX: none at the moment */
        uint64_t passed, failed, slowest, slowest_ms;
    } places[WORKERS_MOST];
};

uint64_t crew_cpu_ms(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (uint64_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000 +
           (uint64_t)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1000;
}

uint64_t crew_peak_mib(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (uint64_t)used.ru_maxrss / 1024;
}

/* CPU time, not time: a busy machine is no fault of the job. The signal's own effect ends the process. */
static void limit_time(unsigned seconds)
{
    struct itimerval limit = { .it_value.tv_sec = (time_t)seconds };
    setitimer(ITIMER_PROF, &limit, NULL);
}

static void do_job(const struct crew_work *work, struct place *place, uint64_t job)
{
    place->job = job;
    limit_time(work->seconds);
    uint64_t before = crew_cpu_ms();
    bool passed = work->run(work->context, job);
    uint64_t took = crew_cpu_ms() - before;
    limit_time(0);
    if (took >= place->slowest_ms) {
        place->slowest_ms = took;
        place->slowest = job;
    }
    *(passed ? &place->passed : &place->failed) += 1;
    place->job = UINT64_MAX;
}

static void work_on(const struct crew_work *work, struct board *board, struct place *place)
{
    for (;;) {
        uint64_t job = __atomic_fetch_add(&board->next, 1, __ATOMIC_RELAXED);
        if (job >= work->count)
            return;
        do_job(work, place, job);
        if (work->alone)
            return;
    }
}

static bool start(const struct crew_work *work, struct board *board, struct place *place)
{
    fflush(stdout);
    place->job = UINT64_MAX;
    pid_t pid = fork();
    if (pid == 0) {
        work_on(work, board, place);
        fflush(stdout);
        _exit(0);
    }
    place->pid = pid > 0 ? pid : 0;
    return pid > 0;
}

static void note_end(const struct crew_work *work, struct place *place, int status)
{
    char name[CREW_NAME_SIZE] = "";
    place->pid = 0;
    if (place->job == UINT64_MAX)
        return;
    place->failed++;
    work->name(work->context, place->job, name);
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGPROF)
        printf("FAIL %s: not done after %u seconds of CPU time\n", name, work->seconds);
    else if (WIFSIGNALED(status))
        printf("FAIL %s: ended by signal %d (%s)\n", name, WTERMSIG(status), strsignal(WTERMSIG(status)));
    else
        printf("FAIL %s: ended with exit status %d\n", name, WEXITSTATUS(status));
    fflush(stdout);
}

static struct place *place_of(struct board *board, pid_t pid)
{
    for (size_t i = 0; i < WORKERS_MOST; i++)
        if (board->places[i].pid == pid)
            return &board->places[i];
    return NULL;
}

/* A child that ended makes room for the next until no job is left. */
static void wait_for_all(const struct crew_work *work, struct board *board)
{
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, 0)) > 0;) {
        struct place *place = place_of(board, pid);
        if (!place)
            continue;
        note_end(work, place, status);
        if (__atomic_load_n(&board->next, __ATOMIC_RELAXED) < work->count && !start(work, board, place))
            return;
    }
}

bool crew_run(const struct crew_work *work, struct crew_sum *sum)
{
    void *shared = mmap(NULL, sizeof(struct board), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct board *board = shared;
    bool started = false;
    if (shared == MAP_FAILED)
        return false;
    for (size_t i = 0; i < work->workers && i < WORKERS_MOST; i++)
        started = start(work, board, &board->places[i]) || started;
    wait_for_all(work, board);
    for (size_t i = 0; i < WORKERS_MOST; i++) {
        const struct place *p = &board->places[i];
        sum->passed += p->passed;
        sum->failed += p->failed;
        if (p->slowest_ms > sum->slowest_ms) {
            sum->slowest_ms = p->slowest_ms;
            sum->slowest = p->slowest;
        }
    }
    munmap(shared, sizeof *board);
    return started;
}
