/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CAPTURE_FOREIGN_H
#define CAPTURE_FOREIGN_H

#include <stddef.h>
#include <stdint.h>

/* What a file that we do not read is, told from its first bytes. */
struct capture_foreign {
    const char *what;   /* "a snoop capture (Solaris)": to follow "is" */
    const char *advice; /* "convert it with `editcap -F pcapng IN OUT`" */
};

/* Never NULL: what nobody knows is "in no format that is known here". */
const struct capture_foreign *capture_foreign_find(const uint8_t *head, size_t length);

/* The text formats among them; NULL when the bytes are not text. */
const struct capture_foreign *capture_foreign_text(const uint8_t *head, size_t length);

#endif
