/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WSPSCOPE_ANALYSIS_H
#define WSPSCOPE_ANALYSIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wspscope/report.h"

/* Captures in, reports out. The library never prints, forks or exits. */

#define WSPSCOPE_VERSION "0.1.0"

/* Zero-initialise; what is left zero has its default. Strings are borrowed for the life of the analyzer. */
struct wspscope_options {
    const char *filter;              /* BPF; NULL: none */
    const char *region;              /* Region code: the report says when sessions go elsewhere; NULL: any */
    const char *endpoints_directory; /* NULL: the tables compiled in */
    const char *const *thresholds;   /* "NAME=VALUE" */
    size_t threshold_count;
    const uint16_t *ports;           /* followed beside the mission's own */
    size_t port_count;
    const uint16_t *proxy_ports;
    size_t proxy_port_count;
    uint64_t max_flows;              /* 0: 1,048,576 */
    uint64_t max_memory_bytes;       /* resident, the program itself included; 0: no limit beyond max_flows */
    unsigned threads;                /* for one capture, at most 4; 0: by processors and size. The report is the same */
    bool sha256;
    bool flows;                      /* fill report.flows */
    bool no_dpi;                     /* do not ask nDPI what flows carry */
    struct wspscope_classifier *classifier; /* nDPI made ready, borrowed; NULL: the analyzer makes its own */
    const uint64_t *hash_key;        /* two words; NULL: random. Nothing visible may follow it */
};

/* nDPI made ready, which takes some hundredths of a second: for many analyzers, one used after the other. NULL
 * without memory, or in a build without nDPI. */
struct wspscope_classifier *wspscope_classifier_new(void);
void wspscope_classifier_free(struct wspscope_classifier *classifier);

enum wspscope_result {
    WSPSCOPE_REPORTED,  /* *report is set */
    WSPSCOPE_UNREADABLE,/* this capture gave nothing; error says why; asking again goes on with the next entry */
    WSPSCOPE_FINISHED,  /* the input has no further capture */
};

struct wspscope_error {
    char text[512]; /* one sentence: what, where, what to do */
};

struct wspscope_analyzer; /* options checked, tables loaded, filter compiled: usable for many inputs, one at a time */
struct wspscope_input_run;/* one file, pipe or archive being analysed */

/* NULL: an option cannot be met; `error` says which. */
struct wspscope_analyzer *wspscope_analyzer_new(const struct wspscope_options *options, struct wspscope_error *error);
void wspscope_analyzer_free(struct wspscope_analyzer *analyzer);

/* `path` "-" is stdin. NULL: it cannot be opened. */
struct wspscope_input_run *wspscope_open(struct wspscope_analyzer *analyzer, const char *path,
                                         struct wspscope_error *error);
/* The same over bytes in memory, borrowed until wspscope_close(). */
struct wspscope_input_run *wspscope_open_memory(struct wspscope_analyzer *analyzer, const char *name,
                                                const void *bytes, size_t length, struct wspscope_error *error);

/* Called now and then with what was done so far; total_bytes is WSPSCOPE_UNKNOWN_COUNT when unknown. */
typedef void wspscope_progress(void *context, uint64_t packets, uint64_t bytes, uint64_t total_bytes);
void wspscope_on_progress(struct wspscope_input_run *run, wspscope_progress *progress, void *context);

/* Analyses the next capture of the input. On WSPSCOPE_REPORTED the report belongs to the caller. */
enum wspscope_result wspscope_next(struct wspscope_input_run *run, const struct wspscope_report **report,
                                   struct wspscope_error *error);

/* Entries of an archive that are no captures, one sentence each; borrowed from the run. */
const char *const *wspscope_passed_over(const struct wspscope_input_run *run, size_t *count);
void wspscope_close(struct wspscope_input_run *run);
void wspscope_report_free(const struct wspscope_report *report);

/* Every kind of finding: what it means. NULL at the end. */
struct wspscope_kind {
    const char *kind, *title;
    const char *severity;   /* problem, warning, notice, limit, "by cause" */
    const char *meaning;    /* a paragraph */
    const char *signature;  /* what must be seen */
    const char *needs;      /* "both directions, the start of the flow" */
    const char *const *thresholds; /* names in the thresholds table, NULL at the end */
    bool judged;            /* false: known, not judged by this version */
};
const struct wspscope_kind *const *wspscope_kinds(void);

#endif
