/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SCENARIO_WORDS_H
#define SCENARIO_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "scenario.h"

/* One line of a .scn file as words, read from left to right. */

enum { WORDS_MAX = 40 };

struct words {
    struct place place;
    const char *word[WORDS_MAX];
    unsigned count, at;
};

/* Cuts a line at spaces; '#' begins a comment; "..." keeps spaces. False: too many words, or no closing quote. */
bool words_split(struct arena *arena, const char *line, struct words *out);

/* The next word, NULL at the end of the line. */
const char *words_next(struct words *words);
const char *words_peek(const struct words *words);

/* True, and steps over it, when the next word is `word`. */
bool words_accept(struct words *words, const char *word);

/* Each is false unless the whole word is such a value. */
bool words_number(const char *word, int64_t *out);             /* "12", "-3", "+1", "0x10" */
bool words_real(const char *word, double *out);
bool words_seconds(const char *word, int64_t *out_ns);         /* "1.250" */
bool words_duration(const char *word, int64_t *out_ns);        /* "30ms", "5s", "200us" */
bool words_bytes(const char *word, int64_t *out);              /* "100", "60kB", "1MB" */

#endif
