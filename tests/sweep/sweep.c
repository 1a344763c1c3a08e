/* SPDX-License-Identifier: Apache-2.0 */
#include "sweep.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "exam.h"

enum { CASE_SECONDS = 30, TIGHT_ONE_IN = 4 };

struct sweep_job {
    uint32_t file;
    struct mutate_case c;
};

struct sweep {
    const struct files *files;
    const struct sweep_options *options;
    struct sweep_job *jobs;
    size_t count, capacity;
    struct exam *usual, *tight;
    /* of the worker: the file that was read last */
    uint8_t *bytes;
    size_t length;
    uint32_t file;
};

static bool add_job(struct sweep *s, const struct sweep_job *job)
{
    if (s->count == s->capacity) {
        size_t capacity = s->capacity ? s->capacity * 2 : 1024;
        struct sweep_job *jobs = realloc(s->jobs, capacity * sizeof *jobs);
        if (!jobs)
            return false;
        s->jobs = jobs;
        s->capacity = capacity;
    }
    s->jobs[s->count++] = *job;
    return true;
}

/* By the file's own name: the share does not change with the folder, nor with the other files. */
static uint64_t seed_of(const char *path, uint64_t seed)
{
    const char *name = path;
    for (const char *at = path; *at; at++)
        name = *at == '/' ? at + 1 : name;
    return mutate_mix(mutate_digest(name), seed);
}

static bool add_file(struct sweep *s, uint32_t file)
{
    struct stat is;
    const char *path = s->files->paths[file];
    uint64_t seed = seed_of(path, s->options->seed);
    if (stat(path, &is) != 0)
        return true;
    for (enum mutate_kind kind = 0; kind < MUTATE_KINDS; kind++) {
        uint32_t count = mutate_count(kind, (size_t)is.st_size);
        for (uint32_t n = 0; n < count; n++) {
            struct sweep_job job = { .file = file, .c = { kind, n } };
            if (mutate_mix(seed ^ (uint64_t)kind << 32, n) % s->options->one_in == 0 && !add_job(s, &job))
                return false;
        }
    }
    return true;
}

static void name_of(const char *path, const struct mutate_case *c, char name[CREW_NAME_SIZE])
{
    snprintf(name, CREW_NAME_SIZE, "%s %s %" PRIu32, path, mutate_name(c->kind), c->number);
}

static void name_job(void *context, uint64_t index, char name[CREW_NAME_SIZE])
{
    const struct sweep *s = context;
    name_of(s->files->paths[s->jobs[index].file], &s->jobs[index].c, name);
}

static bool examine(const struct sweep *s, const char *path, const struct mutate_case *c, const uint8_t *bytes,
                    size_t length)
{
    struct exam_result result;
    char name[CREW_NAME_SIZE];
    if (exam_bytes(c->number % TIGHT_ONE_IN ? s->usual : s->tight, bytes, length, &result))
        return true;
    name_of(path, c, name);
    printf("FAIL %s: %s\n", name, result.problem);
    fflush(stdout);
    return false;
}

static bool run_job(void *context, uint64_t index)
{
    struct sweep *s = context;
    const struct sweep_job *job = &s->jobs[index];
    const char *path = s->files->paths[job->file];
    size_t length = 0;
    if (!s->bytes || s->file != job->file) {
        free(s->bytes);
        s->bytes = files_read(path, &s->length);
        s->file = job->file;
    }
    uint64_t seed = seed_of(path, s->options->seed);
    uint8_t *made = s->bytes ? mutate_make(&job->c, seed, s->bytes, s->length, &length) : NULL;
    if (!made) {
        printf("FAIL %s: cannot be read\n", path);
        return false;
    }
    bool passed = examine(s, path, &job->c, made, length);
    free(made);
    return passed;
}

static bool open_exams(struct sweep *s)
{
    static const struct exam_options usual = { .flows = true };
    static const struct exam_options tight = { .flows = true, .max_flows = 3, .filter = "not udp port 53" };
    s->usual = exam_new(&usual);
    s->tight = exam_new(&tight);
    return s->usual && s->tight;
}

static void close_sweep(struct sweep *s)
{
    exam_free(s->usual);
    exam_free(s->tight);
    free(s->jobs);
    free(s->bytes);
}

bool sweep_captures(const struct files *files, const struct sweep_options *options, struct crew_sum *sum)
{
    struct sweep s = { .files = files, .options = options };
    bool ready = open_exams(&s);
    for (uint32_t i = 0; ready && i < files->count; i++)
        ready = add_file(&s, i);
    struct crew_work work = { .context = &s, .count = s.count, .run = run_job, .name = name_job,
                              .workers = options->workers, .seconds = CASE_SECONDS };
    ready = ready && crew_run(&work, sum);
    if (ready && s.count) {
        char name[CREW_NAME_SIZE];
        name_job(&s, sum->slowest, name);
        printf("captures: %zu cases of %zu files, the slowest %s with %" PRIu64 " ms\n", s.count, files->count, name,
               sum->slowest_ms);
    }
    close_sweep(&s);
    return ready;
}

bool sweep_one(const char *path, const struct mutate_case *c, uint64_t seed, const char *write_to)
{
    struct sweep s = { .files = NULL };
    size_t length = 0;
    s.bytes = files_read(path, &s.length);
    uint8_t *made = s.bytes ? mutate_make(c, seed_of(path, seed), s.bytes, s.length, &length) : NULL;
    bool passed = made && (!write_to || files_write(write_to, made, length));
    passed = passed && open_exams(&s) && examine(&s, path, c, made, length);
    free(made);
    close_sweep(&s);
    return passed;
}
