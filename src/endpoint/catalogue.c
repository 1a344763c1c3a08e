/* SPDX-License-Identifier: Apache-2.0 */
#include "endpoint/catalogue.h"

#include <stdlib.h>
#include <string.h>

#include "endpoint/file.h"
#include "endpoint/lookup.h"
#include "endpoint/names.h"
#include "endpoint/rows.h"
#include "endpoint/threshold.h"

#define ARENA_LIMIT_BYTES ((size_t)256 * 1024 * 1024)

static enum status no_memory(struct error *error)
{
    return error_set(error, STATUS_NO_MEMORY, "There is not enough memory for the endpoint tables.");
}

static enum status check_required(const struct endpoint_rows_format *format, const struct endpoint_line *line,
                                  struct error *error)
{
    for (size_t i = 0; i < format->column_count; i++)
        if ((format->required & 1u << i) && !line->field[i])
            return error_set(error, STATUS_BAD_INPUT, "%s, line %zu: the field \"%s\" is empty; fill it in.",
                             line->file, line->number, format->columns[i]);
    return STATUS_OK;
}

/* Reads the text of one table, whose strings the rows keep. */
static enum status read_table(struct endpoint_catalogue *catalogue, enum endpoint_table table,
                              struct endpoint_tables_text text, struct error *error)
{
    const struct endpoint_rows_format *format = endpoint_rows_format(table);
    enum status status = endpoint_parse_check(text.file, text.bytes, text.length, error);
    if (status != STATUS_OK)
        return status;

    size_t lines = endpoint_parse_lines(text.bytes, text.length);
    size_t capacity = lines < format->limit ? lines : format->limit;
    char *bytes = arena_alloc(catalogue->arena, text.length + 1, 1);
    unsigned char *rows = arena_alloc(catalogue->arena, capacity + 1, format->row_bytes);
    if (!bytes || !rows)
        return no_memory(error);
    memcpy(bytes, text.bytes, text.length);

    struct endpoint_parse parse = { .file = text.file, .at = bytes, .end = bytes + text.length };
    struct endpoint_list *list = &catalogue->lists[table];
    *list = (struct endpoint_list){ rows, 0 };
    for (;;) {
        struct endpoint_line line;
        status = endpoint_parse_next(&parse, format->column_count, &line, error);
        if (status == STATUS_OK && list->count == format->limit)
            return error_set(error, STATUS_BAD_INPUT, "%s has more than %zu rows, which is the limit.", text.file,
                             format->limit);
        if (status == STATUS_OK)
            status = check_required(format, &line, error);
        if (status == STATUS_OK)
            status = format->read(catalogue, &line, rows + list->count * format->row_bytes, error);
        if (status != STATUS_OK)
            return status == STATUS_END ? STATUS_OK : status;
        list->count++;
    }
}

static int compare_regions(const void *a, const void *b)
{
    return strcmp(((const struct endpoint_region *)a)->code, ((const struct endpoint_region *)b)->code);
}

static enum status sort_regions(struct endpoint_catalogue *catalogue, struct error *error)
{
    struct endpoint_list *list = &catalogue->lists[ENDPOINT_TABLE_REGIONS];
    struct endpoint_region *regions = list->rows;
    if (list->count > 0)
        qsort(regions, list->count, sizeof *regions, compare_regions);
    for (size_t i = 1; i < list->count; i++)
        if (compare_regions(&regions[i - 1], &regions[i]) == 0)
            return error_set(error, STATUS_BAD_INPUT, "%s has the Region %s twice; keep one of the rows.",
                             catalogue->origin[ENDPOINT_TABLE_REGIONS], regions[i].code);
    return STATUS_OK;
}

/* One table: the directory's when it has one, else the built-in one. */
static enum status load_table(struct endpoint_catalogue *catalogue, const char *directory, enum endpoint_table table,
                              struct error *error)
{
    struct endpoint_tables_text builtin = endpoint_tables_builtin(table), text = builtin;
    catalogue->origin[table] = builtin.file;
    enum status status = directory ? endpoint_file_read_table(catalogue->arena, directory, &text, error) : STATUS_OK;
    if (status != STATUS_OK)
        return status;
    catalogue->origin[table] = text.file;
    catalogue->texts[table] = text;
    status = read_table(catalogue, table, text, error);
    if (status != STATUS_OK || table != ENDPOINT_TABLE_THRESHOLDS)
        return status == STATUS_OK && table == ENDPOINT_TABLE_REGIONS ? sort_regions(catalogue, error) : status;

    struct endpoint_list given = catalogue->lists[table];
    status = read_table(catalogue, table, builtin, error);
    if (status != STATUS_OK)
        return status;
    struct endpoint_list base = catalogue->lists[table];
    catalogue->lists[table] = given;
    return endpoint_threshold_merge(catalogue, base, error);
}

static void newest(const char **date, const char *other)
{
    if (!*date || strcmp(other, *date) > 0)
        *date = other;
}

/* Dates that an address or a name rests on; a source that none of them uses says nothing about their age. */
static const char *newest_date(const struct endpoint_catalogue *catalogue)
{
    const char *date = NULL;
    for (size_t i = 0; i < catalogue->addresses.count; i++)
        newest(&date, catalogue->addresses.rows[i].date);
    for (size_t i = 0; i < catalogue->shared.count; i++)
        newest(&date, catalogue->shared.rows[i].date);
    const struct endpoint_list *names = &catalogue->lists[ENDPOINT_TABLE_NAMES];
    for (size_t i = 0; i < names->count; i++)
        newest(&date, ((const struct endpoint_name_row *)names->rows)[i].date);
    return date ? date : "";
}

static enum status list_sources(struct endpoint_catalogue *catalogue, struct error *error)
{
    const struct endpoint_list *list = &catalogue->lists[ENDPOINT_TABLE_SOURCES];
    const struct endpoint_source *sources = list->rows;
    const char **out = arena_alloc(catalogue->arena, list->count + 1, sizeof *out);
    if (!out)
        return no_memory(error);
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++) {
        size_t same = 0;
        while (same < count && strcmp(out[same], sources[i].address) != 0)
            same++;
        if (same == count)
            out[count++] = sources[i].address;
    }
    catalogue->source_addresses = out;
    catalogue->source_address_count = count;
    return STATUS_OK;
}

static enum status finish(struct endpoint_catalogue *catalogue, struct error *error)
{
    enum status status = endpoint_lookup_index(catalogue, ENDPOINT_TABLE_ADDRESSES, &catalogue->addresses, error);
    if (status == STATUS_OK)
        status = endpoint_lookup_index(catalogue, ENDPOINT_TABLE_SHARED, &catalogue->shared, error);
    if (status == STATUS_OK)
        status = endpoint_names_index(catalogue, error);
    if (status == STATUS_OK)
        status = list_sources(catalogue, error);
    if (status == STATUS_OK)
        catalogue->date = newest_date(catalogue);
    return status == STATUS_OK && arena_failed(catalogue->arena) ? no_memory(error) : status;
}

static enum status load(const char *directory, struct endpoint_catalogue **out, struct error *error)
{
    struct endpoint_catalogue *catalogue = calloc(1, sizeof *catalogue);
    if (!catalogue)
        return no_memory(error);
    catalogue->arena = arena_new(ARENA_LIMIT_BYTES);
    enum status status = catalogue->arena ? STATUS_OK : no_memory(error);
    for (int table = 0; status == STATUS_OK && table < ENDPOINT_TABLES; table++)
        status = load_table(catalogue, directory, (enum endpoint_table)table, error);
    if (status == STATUS_OK)
        status = finish(catalogue, error);
    if (status != STATUS_OK) {
        endpoint_catalogue_free(catalogue);
        return status;
    }
    *out = catalogue;
    return STATUS_OK;
}

struct endpoint_catalogue *endpoint_catalogue_builtin(struct error *error)
{
    struct endpoint_catalogue *catalogue = NULL;
    return load(NULL, &catalogue, error) == STATUS_OK ? catalogue : NULL;
}

enum status endpoint_catalogue_load(const char *directory, struct endpoint_catalogue **out, struct error *error)
{
    enum status status = endpoint_file_check_directory(directory, error);
    return status != STATUS_OK ? status : load(directory, out, error);
}

void endpoint_catalogue_free(struct endpoint_catalogue *catalogue)
{
    if (!catalogue)
        return;
    arena_free(catalogue->arena);
    free(catalogue);
}

const struct endpoint_region *endpoint_region_find(const struct endpoint_catalogue *catalogue, const char *code)
{
    const struct endpoint_list *list = &catalogue->lists[ENDPOINT_TABLE_REGIONS];
    const struct endpoint_region wanted = { .code = code };
    return list->count > 0 ? bsearch(&wanted, list->rows, list->count, sizeof wanted, compare_regions) : NULL;
}

const struct endpoint_source *endpoint_source_find(const struct endpoint_catalogue *catalogue, const char *id)
{
    const struct endpoint_list *list = &catalogue->lists[ENDPOINT_TABLE_SOURCES];
    const struct endpoint_source *sources = list->rows;
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(sources[i].id, id) == 0)
            return &sources[i];
    return NULL;
}

const struct endpoint_region *endpoint_regions(const struct endpoint_catalogue *catalogue, size_t *count)
{
    *count = catalogue->lists[ENDPOINT_TABLE_REGIONS].count;
    return catalogue->lists[ENDPOINT_TABLE_REGIONS].rows;
}

const struct endpoint_row *endpoint_rows(const struct endpoint_catalogue *catalogue, size_t *count)
{
    *count = catalogue->addresses.count;
    return catalogue->addresses.rows;
}

const struct endpoint_row *endpoint_shared_rows(const struct endpoint_catalogue *catalogue, size_t *count)
{
    *count = catalogue->shared.count;
    return catalogue->shared.rows;
}

const struct endpoint_name_row *endpoint_name_rows(const struct endpoint_catalogue *catalogue, size_t *count)
{
    *count = catalogue->lists[ENDPOINT_TABLE_NAMES].count;
    return catalogue->lists[ENDPOINT_TABLE_NAMES].rows;
}

const struct endpoint_management_row *endpoint_management_rows(const struct endpoint_catalogue *catalogue,
                                                               size_t *count)
{
    *count = catalogue->lists[ENDPOINT_TABLE_MANAGEMENT].count;
    return catalogue->lists[ENDPOINT_TABLE_MANAGEMENT].rows;
}

const struct endpoint_port_row *endpoint_port_rows(const struct endpoint_catalogue *catalogue, size_t *count)
{
    *count = catalogue->lists[ENDPOINT_TABLE_PORTS].count;
    return catalogue->lists[ENDPOINT_TABLE_PORTS].rows;
}

const char *endpoint_catalogue_date(const struct endpoint_catalogue *catalogue)
{
    return catalogue->date;
}

const char *const *endpoint_catalogue_sources(const struct endpoint_catalogue *catalogue, size_t *count)
{
    *count = catalogue->source_address_count;
    return catalogue->source_addresses;
}
