/* SPDX-License-Identifier: Apache-2.0 */
#ifndef EXPECT_NODE_H
#define EXPECT_NODE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/status.h"
#include "expect/expect.h"

/* A YAML document as a tree of bounded size in which every node knows where it was written. */
enum expect_node_type { EXPECT_SCALAR, EXPECT_LIST, EXPECT_MAP };
enum expect_node_style { EXPECT_PLAIN, EXPECT_SINGLE_QUOTED, EXPECT_DOUBLE_QUOTED, EXPECT_BLOCK, EXPECT_FLOW };

struct expect_node {
    enum expect_node_type type;
    enum expect_node_style style;
    const char *text;    /* of a scalar; without zeros inside */
    size_t line, column; /* 1-based, in characters */
    size_t start, end;   /* bytes of the file, without anchor and tag; a block list or map ends with its last scalar */
    size_t indent;       /* bytes between the beginning of the line and `start` */
    const struct expect_node *const *keys;  /* of a map: scalars, each once */
    const struct expect_node *const *items; /* of a list; the values of a map */
    size_t count;
};

enum {
    EXPECT_NODE_DEPTH = 16,
    EXPECT_NODE_LIMIT = 20000, /* what an alias stands for is counted each time it is used */
    EXPECT_NODE_KEYS = 256,    /* keys of one map */
};

/* The source is borrowed while reading; a zero must follow its bytes. *root is NULL for a file without a
 * document. The error text is "NAME:LINE:COLUMN: reason". */
enum status expect_node_read(struct arena *arena, const struct expect_source *source,
                             const struct expect_node **root, struct error *error) MUST_USE;

/* Formats "NAME:LINE:COLUMN: reason" and returns STATUS_BAD_INPUT. */
enum status expect_node_error(struct error *error, const char *name, const struct expect_node *at,
                              const char *format, ...) PRINTF_LIKE(4, 5);

/* The value of a key of a map; NULL when it has none, or when `map` is no map. */
const struct expect_node *expect_node_get(const struct expect_node *map, const char *key);

/* Written as null, ~ or nothing at all. */
bool expect_node_is_null(const struct expect_node *node);

/* A plain `true` (or `false`). */
bool expect_node_is_true(const struct expect_node *node);
bool expect_node_is_false(const struct expect_node *node);

#endif
