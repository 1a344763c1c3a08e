/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SWEEP_EXAM_H
#define SWEEP_EXAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wspscope/analysis.h"

/* The whole program over bytes in memory, and what must hold whatever the bytes are: each packet is counted once, each
 * report is whole, every format is clean text, and two hash keys give the same document. */

enum { EXAM_PROBLEM_SIZE = 600, EXAM_RUNS = 2 /* one for each hash key */ };

/* Zero-initialise; what is left zero has the program's default. */
struct exam_options {
    uint64_t max_flows;
    const char *filter;
    bool flows; /* ask for the table of flows */
};

/* Looks at each report of an input and may object: false, with the reason in `problem`. */
typedef bool exam_look(void *context, const struct wspscope_report *report, char problem[EXAM_PROBLEM_SIZE]);

struct exam_result {
    char problem[EXAM_PROBLEM_SIZE]; /* "" when all is well */
    uint64_t reports, packets;       /* of the first run */
};

struct exam; /* analyzers for two hash keys */

/* NULL: the options are refused, or there is no memory. */
struct exam *exam_new(const struct exam_options *options);
void exam_free(struct exam *exam);

/* False when something does not hold. `look` may be NULL. */
bool exam_bytes(struct exam *exam, const void *bytes, size_t length, struct exam_result *result);
bool exam_bytes_look(struct exam *exam, const void *bytes, size_t length, exam_look *look, void *context,
                     struct exam_result *result);

#endif
