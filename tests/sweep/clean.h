/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SWEEP_CLEAN_H
#define SWEEP_CLEAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wspscope/render.h"

/* A sink that keeps nothing: it counts, takes a digest, and watches that what arrives is valid UTF-8 without any
 * control character but the newline: a terminal obeys the others. */
struct clean_sink {
    uint64_t bytes, digest;
    uint32_t code;       /* of the character that is on its way */
    unsigned following;  /* bytes of it still to come */
    unsigned length;     /* bytes it has */
    bool broken;         /* not UTF-8 */
    bool control;        /* a control character */
    uint64_t broken_at;  /* first byte of either */
};

struct wspscope_sink clean_sink_of(struct clean_sink *sink);

/* Text that is shown alone: the same watch over one string. False when it is not clean. */
bool clean_text(const char *text);

#endif
