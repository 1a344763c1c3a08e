/* SPDX-License-Identifier: Apache-2.0 */
#include "../soft.h"

#include <dirent.h>
#include <limits.h>

#include "base/text.h"
#include "capture/capture.h"
#include "capture/live_filter.h"
#include "wspscope/live.h"
#include "wspscope/render.h"

/* The packets of recorded captures, fed as if they came now: what a live run says at its end is what the analysis of
 * the file says, and what the kernel's filter leaves out changes no finding and no session. */

enum { FILES_MOST = 400, SUM_BYTES = 1 << 20 };

static const uint64_t hash_key[2] = { 1, 2 };
static const uint16_t followed_ports[] = { 443, 4172, 4195, 53, 80, 3128, 8000, 8080, 8081, 8888, 9090 };

struct tape {
    struct capture_source *source;
    struct capture_reader *reader;
    struct capture_block *block;
    struct capture_filter *ethernet, *other; /* NULL: every packet */
    size_t at;
    uint64_t ticks, opened, changes;
};

static bool passes(const struct tape *t, const struct capture_packet *p)
{
    const struct capture_filter *filter = p->link_type == 1 ? t->ethernet : t->other;
    return !filter || capture_filter_match(filter, p) != CAPTURE_FILTER_DROP;
}

static enum wspscope_fed next(void *context, struct wspscope_packet *out)
{
    struct tape *t = context;
    for (;;) {
        size_t count;
        struct error error;
        const struct capture_packet *packets = capture_block_packets(t->block, &count);
        while (t->at < count) {
            const struct capture_packet *p = &packets[t->at++];
            *out = (struct wspscope_packet){ .bytes = p->bytes, .captured_bytes = p->captured_bytes,
                                             .wire_bytes = p->wire_bytes, .time_ns = p->time_ns,
                                             .link_type = p->link_type, .direction = p->direction };
            if (passes(t, p))
                return WSPSCOPE_FED_PACKET;
        }
        t->at = 0;
        if (capture_next_block(t->reader, t->block, &error) != STATUS_OK)
            return WSPSCOPE_FED_END;
    }
}

static void on_tick(void *context, const struct wspscope_tick *tick)
{
    struct tape *t = context;
    t->ticks++;
    t->changes += tick->change_count;
    for (size_t i = 0; i < tick->change_count; i++)
        t->opened += tick->changes[i].kind == WSPSCOPE_OPENED;
}

static struct wspscope_analyzer *analyzer(void)
{
    struct wspscope_options options = { .hash_key = hash_key };
    struct wspscope_error error;
    struct wspscope_analyzer *a = wspscope_analyzer_new(&options, &error);
    assert_non_null(a);
    return a;
}

static struct capture_filter *mission_filter(bool ethernet)
{
    struct capture_filter *filter = NULL;
    struct error error;
    struct text expression;
    struct capture_live_filter what = { .ports = followed_ports, .port_count = COUNT_OF(followed_ports) };
    text_init(&expression, 1 << 20);
    capture_live_filter_write(&what, ethernet, &expression);
    assert_int_equal(capture_filter_new(expression.bytes, &filter, &error), STATUS_OK);
    text_free(&expression);
    return filter;
}

static const struct wspscope_report *run_live(struct wspscope_analyzer *a, const char *path, struct tape *t)
{
    struct error error;
    struct wspscope_error problem;
    const struct wspscope_report *report = NULL;
    t->block = capture_block_new();
    assert_non_null(t->block);
    if (capture_source_open(path, &t->source, &error) != STATUS_OK ||
        capture_source_next(t->source, &t->reader, &error) != STATUS_OK) {
        capture_block_free(t->block);
        capture_source_free(t->source);
        return NULL;
    }
    struct wspscope_feed feed = { .next = next, .context = t, .name = path };
    struct wspscope_live *live = wspscope_live_feed(a, &feed, &problem);
    assert_non_null(live);
    struct wspscope_watch watch = { .tick = on_tick, .context = t };
    if (wspscope_live_run(live, &watch, &report, &problem) != WSPSCOPE_REPORTED)
        report = NULL;
    wspscope_live_free(live);
    capture_block_free(t->block);
    capture_reader_free(t->reader);
    capture_source_free(t->source);
    return report;
}

/* What must be equal: with frames, or, when packets were left out, without. */
static void sum_up(const struct wspscope_report *r, bool frames, struct text *out)
{
    text_init(out, SUM_BYTES);
    text_addf(out, "%s; %s\n", wspscope_verdict_name(r->verdict.status), frames ? r->verdict.summary : "");
    for (size_t i = 0; i < r->finding_count; i++) {
        const struct wspscope_finding *f = &r->findings[i];
        text_addf(out, "%s %s %u %d %d %" PRIu64 " %zu %zu %" PRIi64 " %" PRIi64 "\n", f->kind,
                  f->region ? f->region : "", f->port, (int)f->severity, (int)f->confidence, f->count,
                  f->client_count, f->server_count, f->first_ns, f->last_ns);
        for (size_t e = 0; frames && e < f->evidence_count; e++)
            text_addf(out, "  %" PRIu64 " %s\n", f->evidence[e].frame, f->evidence[e].text);
    }
    for (size_t i = 0; i < r->session_count; i++) {
        const struct wspscope_session *s = &r->sessions[i];
        text_addf(out, "%s %s %s %s %u %" PRIu64 " %" PRIu64 " %.3f\n", s->client, s->protocol, s->transport,
                  s->gateway ? s->gateway : "", s->port, s->bytes_to_client, s->bytes_to_server,
                  s->round_trip.p50_ms);
        for (size_t k = 0; k < s->step_count; k++)
            text_addf(out, "  %s %s %s\n", s->steps[k].step, s->steps[k].outcome, s->steps[k].text);
    }
}

static unsigned same(const char *path, const char *what, const struct wspscope_report *a,
                     const struct wspscope_report *b, bool frames)
{
    struct text left, right;
    sum_up(a, frames, &left);
    sum_up(b, frames, &right);
    unsigned failed = soft_text(path, what, left.bytes, right.bytes);
    text_free(&left);
    text_free(&right);
    return failed;
}

static unsigned check_file(struct wspscope_analyzer *a, const char *path, uint64_t *opened)
{
    struct wspscope_error problem;
    const struct wspscope_report *file = NULL;
    struct wspscope_input_run *run = wspscope_open(a, path, &problem);
    if (!run || wspscope_next(run, &file, &problem) != WSPSCOPE_REPORTED) {
        wspscope_close(run);
        return 0; /* no capture: nothing to compare */
    }
    wspscope_close(run);
    struct tape whole = { 0 }, kept = { .ethernet = mission_filter(true), .other = mission_filter(false) };
    const struct wspscope_report *live = run_live(a, path, &whole), *filtered = run_live(a, path, &kept);
    assert_non_null(live);
    assert_non_null(filtered);
    unsigned failed = same(path, "live", live, file, true);
    failed += same(path, "with the kernel's filter", filtered, live, false);
    failed += soft_true(path, "every finding opens once or more", whole.opened >= live->finding_count);
    failed += soft_true(path, "there are ticks", whole.ticks > 0);
    *opened += whole.opened;
    capture_filter_free(kept.ethernet);
    capture_filter_free(kept.other);
    wspscope_report_free(file);
    wspscope_report_free(live);
    wspscope_report_free(filtered);
    return failed;
}

static void live_says_what_the_file_says(void **state)
{
    (void)state;
    unsigned failed = 0;
    size_t files = 0;
    uint64_t opened = 0;
    struct wspscope_analyzer *a = analyzer();
    DIR *folder = opendir("captures");
    if (!folder)
        skip(); /* not run from the project's folder */
    for (struct dirent *entry = readdir(folder); entry && files < FILES_MOST; entry = readdir(folder)) {
        char path[PATH_MAX];
        if (!strstr(entry->d_name, ".pcap"))
            continue;
        snprintf(path, sizeof path, "captures/%s", entry->d_name);
        failed += check_file(a, path, &opened);
        files++;
    }
    closedir(folder);
    wspscope_analyzer_free(a);
    assert_int_equal(failed, 0);
    assert_true(files > 50 && opened > 20);
}

static void the_filter_fits_the_kernel(void **state)
{
    (void)state;
    struct text plain, joined;
    struct capture_live_filter what = { .ports = followed_ports, .port_count = COUNT_OF(followed_ports) };
    text_init(&plain, 1 << 20);
    text_init(&joined, 1 << 20);
    capture_live_filter_write(&what, true, &plain);
    what.expression = "host 192.0.2.1";
    capture_live_filter_write(&what, true, &joined);
    assert_memory_equal(joined.bytes, "(host 192.0.2.1) and (", 22);
    assert_non_null(strstr(joined.bytes, plain.bytes));
    text_free(&plain);
    text_free(&joined);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(live_says_what_the_file_says),
        cmocka_unit_test(the_filter_fits_the_kernel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
