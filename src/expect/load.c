/* SPDX-License-Identifier: Apache-2.0 */
#include "expect/load.h"

#include <stdlib.h>
#include <string.h>

#include "expect/validate.h"

enum { ARENA_LIMIT_BYTES = 32 * 1024 * 1024 };

static enum status no_memory(struct error *error, const char *name)
{
    return error_set(error, STATUS_NO_MEMORY, "%.200s: not enough memory to read it.", name);
}

static bool read_options(struct expect *e)
{
    const struct expect_node *list = expect_node_get(e->root, "options");
    size_t count = list ? list->count : 0;
    const char **words = arena_alloc(e->arena, count, sizeof *words);
    for (size_t i = 0; words && i < count; i++)
        words[i] = list->items[i]->text;
    e->options = words;
    e->option_count = count;
    return words != NULL;
}

static enum status fill(struct expect *e, const struct expect_source *source, struct error *error)
{
    char *bytes = arena_alloc(e->arena, source->length + 1, 1);
    if (!bytes)
        return no_memory(error, source->name);
    memcpy(bytes, source->bytes, source->length);
    e->name = arena_copy(e->arena, source->name);
    e->bytes = bytes;
    e->length = source->length;
    struct expect_source copy = { .name = e->name, .bytes = e->bytes, .length = e->length };
    enum status status = expect_node_read(e->arena, &copy, &e->root, error);
    if (status != STATUS_OK)
        return status;
    if (!e->root)
        return error_set(error, STATUS_BAD_INPUT, "%.200s:1:1: the file is empty; give it a verdict or a finding.",
                         source->name);
    status = expect_validate(e->root, e->name, source->kinds, error);
    if (status == STATUS_OK && !read_options(e))
        status = no_memory(error, source->name);
    return status;
}

enum status expect_load(const struct expect_source *source, struct expect **out, struct error *error)
{
    *out = NULL;
    if (source->length > EXPECT_FILE_LIMIT_BYTES)
        return error_set(error, STATUS_BAD_INPUT, "%.200s: larger than the %d bytes an expectation may have.",
                         source->name, EXPECT_FILE_LIMIT_BYTES);
    struct expect *e = calloc(1, sizeof *e);
    if (!e)
        return no_memory(error, source->name);
    e->arena = arena_new(ARENA_LIMIT_BYTES);
    enum status status = e->arena ? fill(e, source, error) : no_memory(error, source->name);
    if (status == STATUS_OK)
        *out = e;
    else
        expect_free(e);
    return status;
}

void expect_free(struct expect *expect)
{
    if (!expect)
        return;
    arena_free(expect->arena);
    free(expect);
}

static const char *root_text(const struct expect *expect, const char *key)
{
    const struct expect_node *node = expect_node_get(expect->root, key);
    return node && !expect_node_is_null(node) ? node->text : NULL;
}

const char *expect_capture(const struct expect *expect)
{
    return root_text(expect, "capture");
}

const char *expect_entry(const struct expect *expect)
{
    return root_text(expect, "entry");
}

const char *const *expect_options(const struct expect *expect, size_t *count)
{
    *count = expect->option_count;
    return expect->options;
}

enum status expect_options_error(const struct expect *expect, size_t index, const char *reason, struct error *error)
{
    const struct expect_node *list = expect_node_get(expect->root, "options");
    return expect_node_error(error, expect->name, index < list->count ? list->items[index] : list, "%s", reason);
}
