/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UNIT_SOFT_H
#define UNIT_SOFT_H

/* Checks that name their row, count, and go on: all rows of a table are seen in one run. Each returns 1 when it failed;
 * the test asserts at its end that the sum is 0. */

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

static inline unsigned soft_int(const char *row, const char *what, int64_t got, int64_t want)
{
    if (got == want)
        return 0;
    print_error("row \"%s\": %s is %" PRId64 ", expected %" PRId64 "\n", row, what, got, want);
    return 1;
}

static inline unsigned soft_true(const char *row, const char *what, bool condition)
{
    if (condition)
        return 0;
    print_error("row \"%s\": not so: %s\n", row, what);
    return 1;
}

/* NULL and "NULL" are told apart; `want` NULL expects NULL. */
static inline unsigned soft_text(const char *row, const char *what, const char *got, const char *want)
{
    if (got == want || (got && want && strcmp(got, want) == 0))
        return 0;
    print_error("row \"%s\": %s is\n  \"%s\", expected\n  \"%s\"\n", row, what, got ? got : "(null)",
                want ? want : "(null)");
    return 1;
}

/* `got` holds `part` somewhere. */
static inline unsigned soft_holds(const char *row, const char *what, const char *got, const char *part)
{
    if (got && strstr(got, part))
        return 0;
    print_error("row \"%s\": %s is\n  \"%s\", which does not hold\n  \"%s\"\n", row, what, got ? got : "(null)", part);
    return 1;
}

#endif
