/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_FORMAT_H
#define REPORT_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#include "report/out.h"
#include "wspscope/render.h"

/* One run of one format over any number of reports. */
struct report_run {
    struct report_out out;
    struct wspscope_render_options options; /* columns within what a page can be set in */
    bool several;
    size_t added; /* reports before this one */
    void *state;  /* the format's own, from open() to close() */
};

/* A format is a file that defines `const struct report_format report_NAME_format`, and a line of formats.def. What
 * add() and finish() could not do they say by report_out_fail(). */
struct report_format {
    const char *name;
    bool (*open)(struct report_run *run); /* NULL: nothing to prepare; false: no memory */
    void (*add)(struct report_run *run, const struct wspscope_report *report);
    void (*finish)(struct report_run *run);
    void (*close)(struct report_run *run); /* NULL: nothing to give back; also called after open() failed */
};

#define REPORT_FORMAT(format) extern const struct report_format report_##format##_format;
#include "report/formats.def"
#undef REPORT_FORMAT

#endif
