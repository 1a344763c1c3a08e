/* SPDX-License-Identifier: Apache-2.0 */
#include "exam.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clean.h"
#include "wspscope/render.h"

enum { KEYS = EXAM_RUNS, FORMATS = 3, CAPTURES_MOST = 4096 };

/* JSON first: it is what two runs are compared by. */
static const char *const formats[FORMATS] = { "json", "text", "ndjson" };
static const uint64_t keys[KEYS][2] = { { 0, 1 }, { 0xfedcba9876543210, 0x0123456789abcdef } };

struct exam {
    struct wspscope_classifier *classifier;
    struct wspscope_analyzer *analyzers[KEYS];
};

struct run {
    struct clean_sink sinks[FORMATS], sentences;
    struct wspscope_renderer *renderers[FORMATS];
    size_t format_count;
    uint64_t reports, packets;
    char *problem;
};

struct exam *exam_new(const struct exam_options *options)
{
    struct exam *exam = calloc(1, sizeof *exam);
    if (exam)
        exam->classifier = wspscope_classifier_new();
    for (int i = 0; exam && i < KEYS; i++) {
        struct wspscope_options o = { .max_flows = options->max_flows, .filter = options->filter,
                                      .flows = options->flows, .hash_key = keys[i],
                                      .classifier = exam->classifier };
        struct wspscope_error error;
        exam->analyzers[i] = wspscope_analyzer_new(&o, &error);
        if (!exam->analyzers[i]) {
            exam_free(exam);
            return NULL;
        }
    }
    return exam;
}

void exam_free(struct exam *exam)
{
    if (!exam)
        return;
    for (int i = 0; i < KEYS; i++)
        wspscope_analyzer_free(exam->analyzers[i]);
    wspscope_classifier_free(exam->classifier);
    free(exam);
}

__attribute__((format(printf, 2, 3))) static bool object(struct run *r, const char *format, ...)
{
    if (*r->problem)
        return false;
    va_list args;
    va_start(args, format);
    vsnprintf(r->problem, EXAM_PROBLEM_SIZE, format, args);
    va_end(args);
    return false;
}

static void check_counts(struct run *r, const struct wspscope_report *report)
{
    const struct wspscope_packet_counts *p = &report->ledger.packets;
    uint64_t sum = p->decoded + p->truncated + p->malformed + p->unsupported + p->duplicate;
    uint64_t of_decoded = p->followed + p->background + p->filtered;
    if (p->read != sum)
        object(r, "%" PRIu64 " packets were read, and the five kinds sum up to %" PRIu64, p->read, sum);
    if (p->decoded != of_decoded)
        object(r, "%" PRIu64 " packets were decoded, and their three kinds sum up to %" PRIu64, p->decoded, of_decoded);
    if (p->read != report->input.packets)
        object(r, "the ledger has %" PRIu64 " packets, the input %" PRIu64, p->read, report->input.packets);
    uint64_t unsupported = 0;
    for (size_t i = 0; i < report->ledger.unsupported_count; i++)
        unsupported += report->ledger.unsupported[i].packets;
    if (unsupported != p->unsupported)
        object(r, "%" PRIu64 " packets are unsupported, and their kinds sum up to %" PRIu64, p->unsupported,
               unsupported);
}

static void check_finding(struct run *r, const struct wspscope_report *report, size_t index)
{
    enum { LISTED_MOST = 100, EVIDENCE_MOST = 16 };
    const struct wspscope_finding *f = &report->findings[index];
    char id[24];
    snprintf(id, sizeof id, "F%zu", index + 1);
    if (strcmp(id, f->id) != 0)
        object(r, "finding %zu calls itself %s", index + 1, f->id);
    if (!f->summary || !f->cause || !f->remedy || !*f->summary)
        object(r, "%s (%s) has no sentences", f->id, f->kind);
    if (f->client_listed > LISTED_MOST || f->server_listed > LISTED_MOST || f->evidence_count > EVIDENCE_MOST)
        object(r, "%s (%s) lists more than it may", f->id, f->kind);
    if (f->client_listed > f->client_count || f->server_listed > f->server_count)
        object(r, "%s (%s) lists more addresses than it counts", f->id, f->kind);
    if (!f->count || f->first_ns > f->last_ns)
        object(r, "%s (%s) counts %" PRIu64 " incidents from %" PRId64 " to %" PRId64, f->id, f->kind, f->count,
               f->first_ns, f->last_ns);
    for (size_t i = 0; i < f->evidence_count; i++)
        if (!f->evidence[i].frame || f->evidence[i].frame > report->ledger.packets.read)
            object(r, "%s (%s) shows frame %" PRIu64 " of %" PRIu64, f->id, f->kind, f->evidence[i].frame,
                   report->ledger.packets.read);
}

static void check_report(struct run *r, const struct wspscope_report *report)
{
    check_counts(r, report);
    for (size_t i = 0; i < report->finding_count; i++)
        check_finding(r, report, i);
    if ((report->verdict.primary != NULL) != (report->finding_count > 0))
        object(r, "the verdict names %s, and there are %zu findings",
               report->verdict.primary ? report->verdict.primary : "no finding", report->finding_count);
    if (!report->verdict.summary || !*report->verdict.summary)
        object(r, "the verdict has no sentence");
}

/* What is said about an input that is no capture goes into the comparison as well. */
static void take_sentence(struct run *r, const char *sentence)
{
    if (!*sentence || !clean_text(sentence))
        object(r, "an error is not one clean sentence: %.200s", *sentence ? sentence : "(nothing)");
    struct clean_sink one;
    struct wspscope_sink sink = clean_sink_of(&one);
    sink.write(sink.context, sentence, strlen(sentence));
    r->sentences.digest = (r->sentences.digest ^ one.digest) * UINT64_C(0x9e3779b97f4a7c15) + 1;
}

static void render(struct run *r, const struct wspscope_report *report)
{
    for (size_t i = 0; i < r->format_count; i++)
        if (!wspscope_renderer_add(r->renderers[i], report))
            object(r, "%s cannot be written", formats[i]);
}

static void analyze(struct run *r, struct wspscope_input_run *input, exam_look *look, void *context)
{
    for (unsigned n = 0;; n++) {
        const struct wspscope_report *report = NULL;
        struct wspscope_error error = { "" };
        enum wspscope_result result = wspscope_next(input, &report, &error);
        if (result == WSPSCOPE_FINISHED)
            break;
        if (n >= CAPTURES_MOST) {
            wspscope_report_free(report);
            object(r, "the input does not end");
            break;
        }
        if (result == WSPSCOPE_UNREADABLE) {
            take_sentence(r, error.text);
            continue;
        }
        r->reports++;
        r->packets += report->ledger.packets.read;
        check_report(r, report);
        if (look && !*r->problem)
            look(context, report, r->problem);
        render(r, report);
        wspscope_report_free(report);
    }
    size_t count = 0;
    const char *const *passed_over = wspscope_passed_over(input, &count);
    for (size_t i = 0; i < count; i++)
        take_sentence(r, passed_over[i]);
}

static bool open_renderers(struct run *r)
{
    struct wspscope_render_options options = { .columns = 100, .verbosity = 1 };
    for (size_t i = 0; i < r->format_count; i++) {
        r->renderers[i] = wspscope_renderer_new(formats[i], &options, true, clean_sink_of(&r->sinks[i]));
        if (!r->renderers[i])
            return object(r, "there is no memory for %s", formats[i]);
    }
    return true;
}

static void close_renderers(struct run *r)
{
    for (size_t i = 0; i < r->format_count; i++) {
        const struct clean_sink *s = &r->sinks[i];
        if (r->renderers[i] && !wspscope_renderer_finish(r->renderers[i]))
            object(r, "%s cannot be finished", formats[i]);
        if (s->broken || s->control || s->following)
            object(r, "%s: %s at byte %" PRIu64, formats[i], s->control ? "a control character" : "no valid UTF-8",
                   s->broken_at);
        wspscope_renderer_free(r->renderers[i]);
    }
}

static void run_once(struct run *r, struct wspscope_analyzer *analyzer, const void *bytes, size_t length,
                     exam_look *look, void *context)
{
    struct wspscope_error error = { "" };
    struct wspscope_input_run *input = wspscope_open_memory(analyzer, "input", bytes, length, &error);
    if (!input) {
        take_sentence(r, error.text);
        return;
    }
    if (open_renderers(r))
        analyze(r, input, look, context);
    close_renderers(r);
    wspscope_close(input);
}

bool exam_bytes_look(struct exam *exam, const void *bytes, size_t length, exam_look *look, void *context,
                     struct exam_result *result)
{
    *result = (struct exam_result){ .problem = "" };
    struct run first = { .problem = result->problem, .format_count = FORMATS };
    struct run second = { .problem = result->problem, .format_count = 1 };
    run_once(&first, exam->analyzers[0], bytes, length, look, context);
    run_once(&second, exam->analyzers[1], bytes, length, NULL, NULL);
    result->reports = first.reports;
    result->packets = first.packets;
    if (first.sinks[0].digest != second.sinks[0].digest || first.sinks[0].bytes != second.sinks[0].bytes ||
        first.sentences.digest != second.sentences.digest)
        object(&first, "two hash keys do not give the same document");
    return !*result->problem;
}

bool exam_bytes(struct exam *exam, const void *bytes, size_t length, struct exam_result *result)
{
    return exam_bytes_look(exam, bytes, length, NULL, NULL, result);
}
