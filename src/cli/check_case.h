/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_CHECK_CASE_H
#define CLI_CHECK_CASE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/text.h"
#include "expect/expect.h"

/* One capture and what is expected of it. Strings lie in the arena of the list. */
enum cli_check_state {
    CLI_CHECK_OPEN, /* not decided yet */
    CLI_CHECK_PASSED,
    CLI_CHECK_FAILED,
    CLI_CHECK_ERROR, /* could not be checked: no expectation, no capture, or one that cannot be read */
};

struct cli_check_case {
    const char *name;        /* as shown: the path that was given or found */
    const char *expectation; /* where it lies, or would be created */
    const char *capture;     /* NULL until the expectation has named it */
    bool has_expectation;
    struct expect *expect;   /* between reading it and comparing */
    enum cli_check_state state;
    bool compared;           /* with a report; later captures of an archive do not count */
    size_t pending, changes; /* changes: made by --bless */
    bool created;
    struct text details;     /* lines */
};

struct cli_check_list {
    struct arena *arena;
    struct cli_check_case *cases;
    size_t count, capacity;
    size_t met; /* additions, those that were there already too */
    const char **orphans; /* captures found in folders without an expectation beside them */
    size_t orphan_count, orphan_capacity;
};

enum { CLI_CHECK_CASES_MAX = 20000 };

struct cli_check_list *cli_check_case_list_new(void);
void cli_check_case_list_free(struct cli_check_list *list);

/* NULL when the limit is met or memory is out. The same expectation is not added twice: then the first is returned. */
struct cli_check_case *cli_check_case_add(struct cli_check_list *list, const char *name, const char *expectation);
bool cli_check_case_add_orphan(struct cli_check_list *list, const char *path);

/* Decides the case as one that could not be checked; `sentence` is copied. */
void cli_check_case_error(struct cli_check_case *c, const char *sentence);

/* "DIRECTORY/FILE" of `path`'s directory; the first `length` bytes of `file`, then `ending`. */
const char *cli_check_case_beside(struct arena *arena, const char *path, const char *file, size_t length,
                                  const char *ending);
/* What follows the last slash. */
const char *cli_check_case_file(const char *path);

#endif
