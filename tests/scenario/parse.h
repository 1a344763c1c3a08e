/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SCENARIO_PARSE_H
#define SCENARIO_PARSE_H

#include "scenario.h"
#include "words.h"

/* The parts of the parser. Each reads one line whose first word was taken, into `scenario`. */

struct parser {
    struct arena *arena;
    struct scenario *scenario; /* the one being read: the file's common part until the first "scenario" */
    struct words words;
    struct error *error;
};

enum status parse_event(struct parser *parser, const char *time) MUST_USE;
enum status parse_expect(struct parser *parser) MUST_USE;
enum status parse_kinds(struct parser *parser, enum wanted_thing thing) MUST_USE; /* absent, allow */

/* An error at the line being read. */
enum status parse_error(struct parser *parser, const char *format, ...) PRINTF_LIKE(2, 3);

/* The index of a name among the scenario's hosts or flows, NOT_GIVEN when there is none. */
int parse_find_host(const struct scenario *scenario, const char *name, size_t length);
int parse_find_flow(const struct scenario *scenario, const char *name);

/* The next word as a number; an error names what was wanted. */
enum status parse_number(struct parser *parser, const char *what, int64_t *out) MUST_USE;
/* The next word; an error when there is none. */
enum status parse_word(struct parser *parser, const char *what, const char **out) MUST_USE;
enum status parse_duration(struct parser *parser, const char *what, int64_t *out_ns) MUST_USE;

#endif
