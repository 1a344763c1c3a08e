/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/check_case.h"

#include <stdlib.h>
#include <string.h>

enum { NAMES_LIMIT_BYTES = 256 * 1024 * 1024, FIRST_CAPACITY = 64 };

struct cli_check_list *cli_check_case_list_new(void)
{
    struct cli_check_list *list = calloc(1, sizeof *list);
    if (list)
        list->arena = arena_new(NAMES_LIMIT_BYTES);
    if (list && !list->arena) {
        free(list);
        list = NULL;
    }
    return list;
}

void cli_check_case_list_free(struct cli_check_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        expect_free(list->cases[i].expect);
        text_free(&list->cases[i].details);
    }
    arena_free(list->arena);
    free(list->cases);
    free(list->orphans);
    free(list);
}

/* Room for one more of `size` bytes; NULL: no memory, or the limit is met. */
static void *reserve(void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return items;
    size_t wanted = *capacity ? *capacity * 2 : FIRST_CAPACITY;
    void *larger = count < CLI_CHECK_CASES_MAX ? realloc(items, wanted * size) : NULL;
    if (larger)
        *capacity = wanted;
    return larger;
}

struct cli_check_case *cli_check_case_add(struct cli_check_list *list, const char *name, const char *expectation)
{
    list->met++;
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->cases[i].expectation, expectation) == 0)
            return &list->cases[i];
    struct cli_check_case *cases = reserve(list->cases, list->count, &list->capacity, sizeof *cases);
    if (!cases)
        return NULL;
    list->cases = cases;
    struct cli_check_case *c = &cases[list->count];
    *c = (struct cli_check_case){ .name = arena_copy(list->arena, name),
                                  .expectation = arena_copy(list->arena, expectation) };
    text_init(&c->details, EXPECT_TEXT_LIMIT_BYTES);
    if (arena_failed(list->arena))
        return NULL;
    list->count++;
    return c;
}

bool cli_check_case_add_orphan(struct cli_check_list *list, const char *path)
{
    const char **orphans = reserve(list->orphans, list->orphan_count, &list->orphan_capacity, sizeof *orphans);
    if (!orphans)
        return false;
    list->orphans = orphans;
    orphans[list->orphan_count++] = arena_copy(list->arena, path);
    return !arena_failed(list->arena);
}

void cli_check_case_error(struct cli_check_case *c, const char *sentence)
{
    c->state = CLI_CHECK_ERROR;
    text_add_escaped(&c->details, sentence);
    text_add(&c->details, "\n");
}

const char *cli_check_case_file(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

const char *cli_check_case_beside(struct arena *arena, const char *path, const char *file, size_t length,
                                  const char *ending)
{
    int directory = (int)(cli_check_case_file(path) - path);
    return arena_format(arena, "%.*s%.*s%s", directory, path, (int)length, file, ending);
}
