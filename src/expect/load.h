/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXPECT_LOAD_H
#define EXPECT_LOAD_H

#include "base/arena.h"
#include "expect/expect.h"
#include "expect/node.h"

struct expect {
    struct arena *arena;
    const char *name;  /* as in errors */
    const char *bytes; /* the file as read */
    size_t length;
    const struct expect_node *root;
    const char *const *options;
    size_t option_count;
};

#endif
