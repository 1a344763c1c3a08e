/* SPDX-License-Identifier: Apache-2.0 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "../sweep/exam.h"

/* The whole program on bytes: with libFuzzer (make fuzz), or with replay.c on the corpus (make check).
 *
 * Tables of the usual size for most inputs; for some a table so small that its limits are met at once. */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

enum { USUAL, TIGHT, EXAMS };

static struct exam *exam_of(int which)
{
    static struct exam *exams[EXAMS]; /* libFuzzer gives no context, and tables are slow to load */
    static const struct exam_options options[EXAMS] = {
        [USUAL] = { .flows = true },
        [TIGHT] = { .max_flows = 4, .filter = "not port 53" },
    };
    if (!exams[which])
        exams[which] = exam_new(&options[which]);
    return exams[which];
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct exam_result result;
    struct exam *exam = exam_of(length % 8 == 7 ? TIGHT : USUAL);
    if (!exam || !exam_bytes(exam, bytes, length, &result)) {
        fprintf(stderr, "%s\n", exam ? result.problem : "the analyzer cannot be made");
        abort();
    }
    return 0;
}
