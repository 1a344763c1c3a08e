/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyze.h"
#include "judge.h"
#include "scenario.h"

/* run [-v] [--pcap DIR] [FILE.scn...] [NAME...]: builds each scenario's capture, analyses it under two hash keys and
 * says where the report is not what the scenario expects. Without a file: all of tests/scenario/, from the project's
 * root. A NAME keeps the scenarios whose name contains it. */

enum { NAMES_MAX = 32, TEXT_BYTES_MAX = 64 * 1024 * 1024 };
#define ARENA_BYTES_MAX ((size_t)1 << 30)

struct runner {
    const char *names[NAMES_MAX], *pcap_directory;
    unsigned name_count, passed, failed;
    struct wspscope_classifier *classifier;
    bool verbose;
};

static bool is_chosen(const struct runner *runner, const struct scenario *scenario)
{
    for (unsigned i = 0; i < runner->name_count; i++)
        if (strstr(scenario->name, runner->names[i]))
            return true;
    return runner->name_count == 0;
}

static enum status write_file(const struct runner *runner, const struct scenario *scenario, struct craft_bytes capture,
                              struct error *error)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/%s.%s", runner->pcap_directory, scenario->name,
             scenario->capture.file.format == CRAFT_PCAP_NG ? "pcapng" : "pcap");
    FILE *file = fopen(path, "wb");
    bool written = file && fwrite(capture.bytes, 1, capture.length, file) == capture.length;
    if (file && fclose(file) != 0)
        written = false;
    return written ? STATUS_OK : error_set(error, STATUS_IO, "%s cannot be written: %s", path, strerror(errno));
}

/* Nothing visible may follow the hash key. */
static void compare_renderings(const struct scenario *scenario, const struct wspscope_report *a,
                               const struct wspscope_report *b, struct text *out)
{
    struct text first, second;
    text_init(&first, TEXT_BYTES_MAX);
    text_init(&second, TEXT_BYTES_MAX);
    if (!analyze_render(a, "json", &first) || !analyze_render(b, "json", &second))
        text_addf(out, "  %s:%u: the report cannot be rendered as json\n", scenario->place.file, scenario->place.line);
    else if (strcmp(first.bytes, second.bytes) != 0)
        text_addf(out, "  %s:%u: the report depends on the hash key\n", scenario->place.file, scenario->place.line);
    text_free(&first);
    text_free(&second);
}

static void show(const struct wspscope_report *report)
{
    struct text text;
    text_init(&text, TEXT_BYTES_MAX);
    if (analyze_render(report, "text", &text))
        fputs(text.bytes, stdout);
    text_free(&text);
}

static enum status judge_capture(const struct runner *runner, const struct scenario *scenario,
                                 const struct frames *frames, struct craft_bytes capture, struct text *out)
{
    static const uint64_t keys[2][2] = { { 1, 2 }, { UINT64_C(0x9d39247e33776d41), UINT64_C(0x2af7398005aaa5c7) } };
    struct error error = { "" };
    const struct analyze_with with[2] = { { keys[0], runner->classifier }, { keys[1], runner->classifier } };
    const struct wspscope_report *first = analyze_capture(scenario, capture, &with[0], &error);
    const struct wspscope_report *second = first ? analyze_capture(scenario, capture, &with[1], &error) : NULL;
    if (first && second) {
        judge_report(scenario, frames, first, out);
        compare_renderings(scenario, first, second, out);
        if (runner->verbose)
            show(first);
    } else {
        text_addf(out, "  %s\n", error.text);
    }
    if (first)
        wspscope_report_free(first);
    if (second)
        wspscope_report_free(second);
    return STATUS_OK;
}

static enum status run_in(struct arena *arena, const struct runner *runner, const struct scenario *scenario,
                          struct text *out, struct error *error)
{
    struct steps steps;
    struct frames frames = { .count = 0 };
    enum status status = expand_scenario(arena, scenario, &steps, error);
    if (status == STATUS_OK)
        status = play_steps(arena, scenario, &steps, &frames, error);
    if (status == STATUS_OK)
        status = tap_frames(arena, scenario, &frames, error);
    struct craft_pcap *pcap = status == STATUS_OK ? tap_write(scenario, &frames, error) : NULL;
    if (!pcap)
        return STATUS_BAD_INPUT;
    struct craft_bytes capture = craft_pcap_bytes(pcap);
    capture.length -= scenario->capture.cut_bytes < capture.length ? scenario->capture.cut_bytes : 0;
    if (runner->pcap_directory)
        status = write_file(runner, scenario, capture, error);
    if (status == STATUS_OK)
        status = judge_capture(runner, scenario, &frames, capture, out);
    craft_pcap_free(pcap);
    return status;
}

/* A pending scenario that does not hold is neither passed nor failed; one that holds has lost its reason to wait. */
static void count(struct runner *runner, const struct scenario *scenario, const struct text *differences)
{
    bool held = differences->length == 0, pending = scenario->pending != NULL;
    if (pending && !held) {
        printf("pend %s: %s\n%s", scenario->name, scenario->pending, runner->verbose ? differences->bytes : "");
        return;
    }
    printf("%s %s\n%s", pending ? "FAIL" : held ? "ok  " : "FAIL", scenario->name, differences->bytes);
    if (pending)
        printf("  %s:%u: it holds now: take \"pending\" away\n", scenario->place.file, scenario->place.line);
    runner->passed += !pending && held;
    runner->failed += pending || !held;
}

static void run_scenario(struct runner *runner, const struct scenario *scenario)
{
    struct error error = { "" };
    struct text out;
    struct arena *arena = arena_new(ARENA_BYTES_MAX);
    text_init(&out, TEXT_BYTES_MAX);
    if (!arena)
        text_add(&out, "  There is no memory for the scenario.\n");
    else if (run_in(arena, runner, scenario, &out, &error) != STATUS_OK)
        text_addf(&out, "  %s\n", error.text);
    count(runner, scenario, &out);
    text_free(&out);
    if (arena)
        arena_free(arena);
}

static void run_file(struct runner *runner, const char *path)
{
    struct error error = { "" };
    struct arena *arena = arena_new(ARENA_BYTES_MAX);
    const struct scenario *scenario = arena ? parse_file(arena, path, &error) : NULL;
    if (!scenario) {
        printf("FAIL %s\n  %s\n", path, error.text);
        runner->failed++;
    }
    for (; scenario; scenario = scenario->next)
        if (is_chosen(runner, scenario))
            run_scenario(runner, scenario);
    if (arena)
        arena_free(arena);
}

static bool is_file(const char *argument)
{
    size_t length = strlen(argument);
    return length > 4 && strcmp(argument + length - 4, ".scn") == 0;
}

static unsigned run_named_files(struct runner *runner, int argc, char **argv)
{
    unsigned files = 0;
    for (int i = 1; i < argc; i++) {
        if (!is_file(argv[i]))
            continue;
        run_file(runner, argv[i]);
        files++;
    }
    return files;
}

static void run_all_files(struct runner *runner)
{
    glob_t found;
    if (glob("tests/scenario/*.scn", 0, NULL, &found) != 0)
        return;
    for (size_t i = 0; i < found.gl_pathc; i++)
        run_file(runner, found.gl_pathv[i]);
    globfree(&found);
}

int main(int argc, char **argv)
{
    struct runner runner = { .classifier = wspscope_classifier_new() };
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "-v") == 0)
            runner.verbose = true;
        else if (strcmp(argv[i], "--pcap") == 0 && i + 1 < argc)
            runner.pcap_directory = argv[++i];
        else if (!is_file(argv[i]) && runner.name_count < NAMES_MAX)
            runner.names[runner.name_count++] = argv[i];
    }
    if (!run_named_files(&runner, argc, argv))
        run_all_files(&runner);
    if (runner.passed + runner.failed == 0)
        fprintf(stderr, "No scenario was run: start from the project's root, or name .scn files; and a NAME is a part "
                        "of a scenario's name.\n");
    wspscope_classifier_free(runner.classifier);
    printf("%u passed, %u failed\n", runner.passed, runner.failed);
    return runner.failed || !runner.passed ? 1 : 0;
}
