/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXPECT_NUMBER_H
#define EXPECT_NUMBER_H

#include <stdbool.h>

#include "base/text.h"
#include "expect/node.h"

/* Numbers as people write them: 12, -3.5. No exponent, no other base, and the same in every locale. */
bool expect_number_parse(const char *text, double *out);
void expect_number_add(struct text *out, double number);

/* A number with its tolerance: 12, {min: 1, max: 3}, {value: 12, within: 10%}, {value: 12, within: 2}. */
struct expect_number_range {
    double min, max; /* infinite where there is no bound */
};

/* True when every key of the map belongs to a tolerance (and there is one). */
bool expect_number_is_tolerance(const struct expect_node *node);

/* NULL when `node` is a number or a tolerance; else what it lacks, for a person, and *at is where. */
const char *expect_number_range(const struct expect_node *node, struct expect_number_range *out,
                                const struct expect_node **at);
bool expect_number_holds(const struct expect_number_range *range, double number);

#endif
