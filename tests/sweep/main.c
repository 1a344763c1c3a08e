/* SPDX-License-Identifier: Apache-2.0 */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "flood.h"
#include "sweep.h"

/* Nothing that a stranger puts into a file can hurt: every capture cut, flipped and shortened, and floods. The last
 * line is "N passed, N failed". */

#if defined __SANITIZE_ADDRESS__
enum { FLOOD_MS = 60000, FLOOD_MIB = 0 };
#else
enum { FLOOD_MS = 5000, FLOOD_MIB = 1024 };
#endif

struct settings {
    struct sweep_options sweep;
    struct flood_options flood;
    bool captures, floods;
    const char *write_to;
};

static const char usage[] =
    "usage: run [--one-in N] [--seed N] [--workers N] [--captures | --floods] [--flood-scale N] [FOLDER...]\n"
    "       run [--flood-scale N] [--write FILE] --only-flood PART-OF-ITS-NAME\n"
    "       run [--seed N] [--write FILE] --case PATH whole|cut|flip|snap NUMBER\n"
    "FOLDER: captures and, where it is there, the folder beside the project that holds other people's captures.\n";

static bool number_of(const char *text, uint64_t least, uint64_t most, uint64_t *out)
{
    char *end;
    unsigned long long value = strtoull(text, &end, 10);
    if (end == text || *end || value < least || value > most)
        return false;
    *out = value;
    return true;
}

static bool set(struct settings *s, int option, const char *value)
{
    uint64_t workers = 0;
    switch (option) {
    case 'n':
        return number_of(value, 1, UINT32_MAX, &s->sweep.one_in);
    case 's':
        return number_of(value, 0, UINT64_MAX, &s->sweep.seed);
    case 'f':
        return number_of(value, 1, UINT32_MAX, &s->flood.scale);
    case 'j':
        if (!number_of(value, 1, 64, &workers))
            return false;
        s->sweep.workers = s->flood.workers = (unsigned)workers;
        return true;
    case 'c':
        s->floods = false;
        return true;
    case 'F':
        s->captures = false;
        return true;
    case 'o':
        s->flood.only = value;
        s->captures = false;
        return true;
    case 'w':
        s->write_to = s->flood.write_to = value;
        return true;
    default:
        return false;
    }
}

static int one_case(const struct settings *s, char **arguments)
{
    struct mutate_case c = { .kind = MUTATE_NOTHING };
    uint64_t number = 0;
    while (c.kind < MUTATE_KINDS && strcmp(mutate_name(c.kind), arguments[1]) != 0)
        c.kind++;
    if (c.kind == MUTATE_KINDS || !number_of(arguments[2], 0, UINT32_MAX, &number))
        return 2;
    c.number = (uint32_t)number;
    bool passed = sweep_one(arguments[0], &c, s->sweep.seed, s->write_to);
    printf("%d passed, %d failed\n", passed, !passed);
    return !passed;
}

static bool list_files(struct files *files, char **folders, int count)
{
    static const char *const usual[] = { "captures", "../shared/captures" };
    bool done = true;
    for (int i = 0; i < count; i++)
        done = files_add(files, folders[i]) && done;
    for (size_t i = 0; !count && i < sizeof usual / sizeof *usual; i++)
        done = files_add(files, usual[i]) && done;
    return done;
}

static int sweep(const struct settings *s, char **folders, int count)
{
    struct files files = { .count = 0 };
    struct crew_sum captures = { .passed = 0 }, floods = { .passed = 0 };
    bool done = !s->captures || (list_files(&files, folders, count) && sweep_captures(&files, &s->sweep, &captures));
    if (s->captures && !files.count)
        printf("FAIL there is no capture to sweep\n");
    done = done && (!s->captures || files.count);
    done = (!s->floods || flood_run(&s->flood, &floods)) && done;
    files_free(&files);
    uint64_t failed = captures.failed + floods.failed + !done;
    printf("%" PRIu64 " passed, %" PRIu64 " failed\n", captures.passed + floods.passed, failed);
    return failed != 0;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        { "one-in", required_argument, NULL, 'n' },   { "seed", required_argument, NULL, 's' },
        { "workers", required_argument, NULL, 'j' },  { "flood-scale", required_argument, NULL, 'f' },
        { "captures", no_argument, NULL, 'c' },       { "floods", no_argument, NULL, 'F' },
        { "only-flood", required_argument, NULL, 'o' },
        { "write", required_argument, NULL, 'w' },    { "case", no_argument, NULL, 'C' },
        { NULL, 0, NULL, 0 },
    };
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned workers = processors > 0 && processors < 64 ? (unsigned)processors : 2;
    struct settings s = { .sweep = { .one_in = 1, .seed = 1, .workers = workers }, .captures = true, .floods = true,
                          .flood = { .scale = 1, .workers = workers, .milliseconds = FLOOD_MS,
                                     .mebibytes = FLOOD_MIB } };
    bool is_case = false;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        is_case = is_case || option == 'C';
        if (option != 'C' && !set(&s, option, optarg)) {
            fputs(usage, stderr);
            return 2;
        }
    }
    if (is_case && argc - optind == 3)
        return one_case(&s, argv + optind);
    return sweep(&s, argv + optind, argc - optind);
}
