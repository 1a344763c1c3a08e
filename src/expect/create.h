/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXPECT_CREATE_H
#define EXPECT_CREATE_H

#include "base/text.h"
#include "expect/schema.h"
#include "wspscope/report.h"

/* Adds an entry for one thing of a report: in block style "- kind: ..." with a line for each key, each line behind
 * `indent` spaces and ended; in flow style without any line end. */
void expect_create_block_entry(struct text *out, const struct expect_section *section,
                               const struct wspscope_value *thing, size_t indent);
void expect_create_flow_entry(struct text *out, const struct expect_section *section,
                              const struct wspscope_value *thing);

#endif
