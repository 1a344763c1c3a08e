/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENDPOINT_WRITE_H
#define ENDPOINT_WRITE_H

#include "base/text.h"
#include "endpoint/store.h"

/* Tables as text again: the comment lines of `old`, then the rows. What comes out reads back as what went in. */

void endpoint_write_header(struct text *out, struct endpoint_tables_text old);
void endpoint_write_addresses(struct text *out, const struct endpoint_row *rows, size_t count);
void endpoint_write_region(struct text *out, const struct endpoint_region *region);
void endpoint_write_source(struct text *out, const struct endpoint_source *source);

#endif
