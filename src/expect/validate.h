/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXPECT_VALIDATE_H
#define EXPECT_VALIDATE_H

#include "expect/node.h"

/* Checks a whole file against the tables of schema.h, so that whoever reads it later need not ask again. `kinds` as
 * in struct expect_source. The first mistake is the one reported. */
enum status expect_validate(const struct expect_node *root, const char *name, const char *const *kinds,
                            struct error *error) MUST_USE;

#endif
