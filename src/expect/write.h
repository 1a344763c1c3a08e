/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXPECT_WRITE_H
#define EXPECT_WRITE_H

#include "base/text.h"
#include "expect/node.h"
#include "wspscope/report.h"

/* Adds a value as YAML in flow style: 12, udp-blocked, [52, 53], {a: 1}. */
void expect_write_value(struct text *out, const struct wspscope_value *value);

/* Adds a string so that it is read back as that string. The style is a wish: a string that would not survive plain
 * or in single quotes is put in double quotes. */
void expect_write_string(struct text *out, const char *string, enum expect_node_style style);

/* Adds what a node of an expectation asks for, for a person: "1 to 3", "5018 within 10%", "[a, b]". */
void expect_write_wanted(struct text *out, const struct expect_node *node);

/* Adds one thing of a report in a few words: "F2 udp-blocked (problem, high, udp 4195, 1 client)". */
void expect_write_thing(struct text *out, const struct wspscope_value *object);

#endif
