/* SPDX-License-Identifier: Apache-2.0 */
#include "base/nsec.h"
#include "endpoint/threshold.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "endpoint/fields.h"

static int compare(const void *a, const void *b)
{
    return strcmp(((const struct endpoint_threshold *)a)->name, ((const struct endpoint_threshold *)b)->name);
}

static struct endpoint_threshold *find(const struct endpoint_catalogue *catalogue, const char *name)
{
    const struct endpoint_list *list = &catalogue->lists[ENDPOINT_TABLE_THRESHOLDS];
    const struct endpoint_threshold wanted = { .name = name };
    return list->count > 0 ? bsearch(&wanted, list->rows, list->count, sizeof wanted, compare) : NULL;
}

enum status endpoint_threshold_merge(struct endpoint_catalogue *catalogue, struct endpoint_list builtin,
                                     struct error *error)
{
    struct endpoint_list *list = &catalogue->lists[ENDPOINT_TABLE_THRESHOLDS];
    const struct endpoint_threshold *given = list->rows;
    size_t given_count = list->count;
    *list = builtin;
    if (list->count > 0)
        qsort(list->rows, list->count, sizeof(struct endpoint_threshold), compare);

    for (size_t i = 0; i < given_count; i++) {
        struct endpoint_threshold *known = find(catalogue, given[i].name);
        if (!known)
            return error_set(error, STATUS_BAD_INPUT,
                             "%s has a threshold \"%.60s\", which this version does not know; remove the row.",
                             catalogue->origin[ENDPOINT_TABLE_THRESHOLDS], given[i].name);
        *known = given[i];
    }
    return STATUS_OK;
}

const struct endpoint_threshold *endpoint_threshold_find(const struct endpoint_catalogue *catalogue, const char *name)
{
    return find(catalogue, name);
}

double endpoint_threshold_value(const struct endpoint_catalogue *catalogue, const char *name)
{
    const struct endpoint_threshold *threshold = find(catalogue, name);
    assert(threshold);
    return threshold ? threshold->value : 0;
}

int64_t endpoint_threshold_ns(const struct endpoint_catalogue *catalogue, const char *name)
{
    return (int64_t)(endpoint_threshold_value(catalogue, name) * (double)NSEC_PER_MSEC);
}

const struct endpoint_threshold *endpoint_thresholds(const struct endpoint_catalogue *catalogue, size_t *count)
{
    *count = catalogue->lists[ENDPOINT_TABLE_THRESHOLDS].count;
    return catalogue->lists[ENDPOINT_TABLE_THRESHOLDS].rows;
}

enum status endpoint_threshold_override(struct endpoint_catalogue *catalogue, const char *assignment,
                                        struct error *error)
{
    char name[64];
    size_t length = strcspn(assignment, "=");
    if (assignment[length] != '=' || length == 0)
        return error_set(error, STATUS_BAD_USAGE, "A threshold is given as NAME=VALUE, not \"%.60s\".", assignment);
    struct endpoint_threshold *threshold = NULL;
    if (length < sizeof name) {
        memcpy(name, assignment, length);
        name[length] = '\0';
        threshold = find(catalogue, name);
    }
    if (!threshold)
        return error_set(error, STATUS_BAD_USAGE,
                         "There is no threshold \"%.*s\"; `wspscope findings` names those of each kind.",
                         length < 60 ? (int)length : 60, assignment);
    if (!endpoint_fields_number(assignment + length + 1, &threshold->value))
        return error_set(error, STATUS_BAD_USAGE,
                         "\"%.60s\" is no value for the threshold %s; give a decimal number of %s.",
                         assignment + length + 1, threshold->name, threshold->unit);
    threshold->source = "--threshold";
    return STATUS_OK;
}
