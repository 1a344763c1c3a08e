/* SPDX-License-Identifier: Apache-2.0 */
#include "endpoint/names.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 262144 };

static const char placeholder[] = "<region>";

static bool is_template(const struct endpoint_name_row *row)
{
    return strstr(row->pattern, placeholder) != NULL;
}

static enum status no_memory(struct error *error)
{
    return error_set(error, STATUS_NO_MEMORY, "There is not enough memory for the endpoint tables.");
}

static struct endpoint_name_row for_region(struct endpoint_catalogue *catalogue, struct endpoint_name_row row,
                                           const struct endpoint_region *region)
{
    const char *at = strstr(row.pattern, placeholder);
    row.pattern = arena_format(catalogue->arena, "%.*s%s%s", (int)(at - row.pattern), row.pattern, region->code,
                               at + sizeof placeholder - 1);
    row.region = region;
    return row;
}

/* Appends the row, or its copies: a Region without WorkSpaces has no WorkSpaces names. Returns how many; with `out`
 * NULL it only counts them. */
static size_t put(struct endpoint_catalogue *catalogue, const struct endpoint_name_row *row,
                  struct endpoint_name_row *out)
{
    size_t count, copies = 0;
    const struct endpoint_region *regions = endpoint_regions(catalogue, &count);
    if (!is_template(row)) {
        if (out)
            *out = *row;
        return 1;
    }
    for (size_t i = 0; i < count; i++) {
        if (regions[i].coverage == ENDPOINT_NO_WORKSPACES)
            continue;
        if (out)
            out[copies] = for_region(catalogue, *row, &regions[i]);
        copies++;
    }
    return copies;
}

static enum status expand(struct endpoint_catalogue *catalogue, struct error *error)
{
    struct endpoint_list *list = &catalogue->lists[ENDPOINT_TABLE_NAMES];
    const struct endpoint_name_row *rows = list->rows;
    size_t total = 0, count = 0;
    for (size_t i = 0; i < list->count; i++)
        total += put(catalogue, &rows[i], NULL);
    if (total > ROWS_MAX)
        return error_set(error, STATUS_BAD_INPUT, "%s makes %zu names, and %d are the limit; use <region> less.",
                         catalogue->origin[ENDPOINT_TABLE_NAMES], total, ROWS_MAX);

    struct endpoint_name_row *out = arena_alloc(catalogue->arena, total + 1, sizeof *out);
    if (!out)
        return no_memory(error);
    for (size_t i = 0; i < list->count; i++)
        count += put(catalogue, &rows[i], out + count);
    *list = (struct endpoint_list){ out, count };
    return STATUS_OK;
}

static const char *code_of(const struct endpoint_name_row *row)
{
    return row->region ? row->region->code : "";
}

/* All of a pattern together, the row for all Regions first. */
static int compare_rows(const void *a, const void *b)
{
    const struct endpoint_name_row *p = a, *q = b;
    int order = strcmp(p->pattern, q->pattern);
    if (order == 0)
        order = strcmp(code_of(p), code_of(q));
    return order != 0 ? order : strcmp(p->function, q->function);
}

/* One answer for `count` rows of one pattern. */
static struct endpoint_name_row merge(const struct endpoint_name_row *rows, size_t count)
{
    struct endpoint_name_row merged = rows[0];
    if (!merged.region)
        return merged;
    for (size_t i = 1; i < count; i++) {
        if (rows[i].region != rows[0].region)
            merged.region = NULL;
        if (!merged.disagreement)
            merged.disagreement = rows[i].disagreement;
    }
    return merged;
}

static int compare_keys(const void *a, const void *b)
{
    return strcmp(((const struct endpoint_name_key *)a)->key, ((const struct endpoint_name_key *)b)->key);
}

static void sort_keys(struct endpoint_name_key *keys, size_t count)
{
    if (count > 0)
        qsort(keys, count, sizeof *keys, compare_keys);
}

enum status endpoint_names_index(struct endpoint_catalogue *catalogue, struct error *error)
{
    enum status status = expand(catalogue, error);
    if (status != STATUS_OK)
        return status;
    struct endpoint_name_row *rows = catalogue->lists[ENDPOINT_TABLE_NAMES].rows;
    size_t count = catalogue->lists[ENDPOINT_TABLE_NAMES].count;
    struct endpoint_name_index index = {
        .exact = arena_alloc(catalogue->arena, count + 1, sizeof *index.exact),
        .wild = arena_alloc(catalogue->arena, count + 1, sizeof *index.wild),
    };
    if (arena_failed(catalogue->arena))
        return no_memory(error);

    if (count > 0)
        qsort(rows, count, sizeof *rows, compare_rows);
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && strcmp(rows[end].pattern, rows[i].pattern) == 0;)
            end++;
        struct endpoint_name_row row = merge(rows + i, end - i);
        if (row.pattern[0] == '*')
            index.wild[index.wild_count++] = (struct endpoint_name_key){ row.pattern + 2, row };
        else
            index.exact[index.exact_count++] = (struct endpoint_name_key){ row.pattern, row };
    }
    sort_keys(index.exact, index.exact_count);
    sort_keys(index.wild, index.wild_count);
    catalogue->names = index;
    return STATUS_OK;
}

static const struct endpoint_name_row *find(const struct endpoint_name_key *keys, size_t count, const char *name)
{
    const struct endpoint_name_key wanted = { .key = name };
    const struct endpoint_name_key *key = count > 0 ? bsearch(&wanted, keys, count, sizeof *keys, compare_keys) : NULL;
    return key ? &key->row : NULL;
}

const struct endpoint_name_row *endpoint_lookup_name(const struct endpoint_catalogue *catalogue, const char *name)
{
    const struct endpoint_name_index *index = &catalogue->names;
    const struct endpoint_name_row *row = find(index->exact, index->exact_count, name);
    for (const char *dot = strchr(name, '.'); !row && dot; dot = strchr(dot + 1, '.'))
        if (dot > name) /* "*" is at least one label */
            row = find(index->wild, index->wild_count, dot + 1);
    return row;
}
