/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

#include <stddef.h>

#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF_LIKE(string_index, first_to_check) __attribute__((format(printf, string_index, first_to_check)))

enum status {
    STATUS_OK = 0,
    STATUS_END,       /* no more of what was asked for; not an error */
    STATUS_BAD_INPUT, /* the input cannot be read as what it claims to be */
    STATUS_BAD_USAGE, /* the caller or the user asked for something impossible */
    STATUS_IO,        /* the operating system refused */
    STATUS_NO_MEMORY,
};

/* One sentence for a person: what, where, what to do. Empty while nothing went wrong. */
struct error {
    char text[512];
};

/* Formats into `error` (which may be NULL) and returns `status`, so that a caller can `return error_set(...)`. */
enum status error_set(struct error *error, enum status status, const char *format, ...) PRINTF_LIKE(3, 4);

#endif
