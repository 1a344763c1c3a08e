/* SPDX-License-Identifier: Apache-2.0 */
#include "endpoint/import.h"

#include <stdlib.h>
#include <string.h>

#include "endpoint/file.h"
#include "endpoint/span.h"
#include "endpoint/store.h"
#include "endpoint/write.h"

enum { TABLE_LIMIT_BYTES = 15 * 1024 * 1024, NEW_REGIONS_MAX = 256 };
#define ARENA_LIMIT_BYTES ((size_t)256 * 1024 * 1024)

struct spans {
    struct endpoint_span *spans;
    size_t count;
};

struct job {
    const struct endpoint_catalogue *base;
    struct endpoint_ip_ranges ranges;
    struct endpoint_import *out;
    const struct endpoint_source *source; /* of ip-ranges.json, with the new date */
    struct endpoint_import_change *changes;
    struct endpoint_row *rows, *shared;
    size_t row_count, shared_count;
    struct endpoint_region *regions[NEW_REGIONS_MAX]; /* those that the base lacks */
    size_t region_count;
    bool too_many_regions;
    struct error *error;
};

static enum status no_memory(struct job *job)
{
    return error_set(job->error, STATUS_NO_MEMORY, "There is not enough memory to import the prefixes.");
}

static bool is_gateway(enum endpoint_role role)
{
    return role == ENDPOINT_DCV_GATEWAY || role == ENDPOINT_PCOIP_GATEWAY || role == ENDPOINT_GATEWAY;
}

static bool same_prefix(const struct ipaddr_prefix *a, const struct ipaddr_prefix *b)
{
    return a->length == b->length && ipaddr_equal(&a->address, &b->address);
}

static const char *code_of(const struct endpoint_region *region)
{
    return region ? region->code : "*";
}

static bool from_ip_ranges(const struct job *job, const struct endpoint_row *row)
{
    const char *id = job->source->id;
    return strcmp(row->source, id) == 0 || (row->confirmed && strcmp(row->confirmed, id) == 0);
}

static void change(struct job *job, enum endpoint_ip_service service, bool added, const struct endpoint_row *row)
{
    *(added ? &job->out->added[service] : &job->out->removed[service]) += 1;
    job->changes[job->out->change_count++] =
        (struct endpoint_import_change){ service, added, row->prefix, row->role, row->region };
}

/* What the file lists for a service; with `by_region` false under one Region. */
static struct spans spans_of_file(struct job *job, enum endpoint_ip_service service, bool by_region)
{
    struct spans out = { arena_alloc(job->out->arena, job->ranges.count + 1, sizeof *out.spans), 0 };
    for (size_t i = 0; out.spans && i < job->ranges.count; i++) {
        const struct endpoint_ip_range *r = &job->ranges.ranges[i];
        if (r->service == service)
            out.spans[out.count++] = (struct endpoint_span){ by_region ? r->region : "*", r->prefix };
    }
    out.count = endpoint_span_sort(out.spans, out.count);
    return out;
}

static struct spans spans_of_rows(struct job *job)
{
    struct spans out = { arena_alloc(job->out->arena, job->row_count + 1, sizeof *out.spans), 0 };
    for (size_t i = 0; out.spans && i < job->row_count; i++)
        if (is_gateway(job->rows[i].role))
            out.spans[out.count++] = (struct endpoint_span){ code_of(job->rows[i].region), job->rows[i].prefix };
    out.count = endpoint_span_sort(out.spans, out.count);
    return out;
}

static void keep(struct job *job, struct endpoint_row row, bool covered)
{
    if (covered && strcmp(row.source, job->source->id) == 0)
        row.date = job->source->date;
    if (covered && !row.confirmed) { /* its disagreement was that the file did not list it */
        row.confirmed = job->source->id;
        row.disagreement = NULL;
    }
    job->rows[job->row_count++] = row;
}

/* The rows of the base that still stand. */
static void keep_rows(struct job *job, const struct spans *gateways, const struct spans *accelerator)
{
    for (size_t i = 0; i < job->base->addresses.count; i++) {
        const struct endpoint_row *row = &job->base->addresses.rows[i];
        bool gateway = is_gateway(row->role);
        if (!gateway && row->role != ENDPOINT_DCV_GATEWAY_AGA) {
            job->rows[job->row_count++] = *row;
            continue;
        }
        const struct spans *file = gateway ? gateways : accelerator;
        struct endpoint_span wanted = { gateway ? code_of(row->region) : "*", row->prefix };
        bool covered = endpoint_span_covers(file->spans, file->count, &wanted);
        if (covered || !from_ip_ranges(job, row))
            keep(job, *row, covered);
        else
            change(job, gateway ? ENDPOINT_IP_GATEWAYS : ENDPOINT_IP_ACCELERATOR, false, row);
    }
}

/* The Region of a range; one that the base does not know gets a row of its own, named by its code. */
static const struct endpoint_region *region_for(struct job *job, const struct endpoint_ip_range *range)
{
    if (strcmp(range->region, "*") == 0)
        return NULL;
    const struct endpoint_region *known = endpoint_region_find(job->base, range->region);
    for (size_t i = 0; !known && i < job->region_count; i++)
        if (strcmp(job->regions[i]->code, range->region) == 0)
            known = job->regions[i];
    job->too_many_regions |= !known && job->region_count == NEW_REGIONS_MAX;
    if (known || job->too_many_regions)
        return known;
    struct endpoint_region *region = arena_alloc(job->out->arena, 1, sizeof *region);
    if (!region)
        return NULL;
    const char *code = arena_copy(job->out->arena, range->region);
    *region = (struct endpoint_region){
        .code = code,
        .name = code,
        .city = code,
        .coverage = range->service == ENDPOINT_IP_GATEWAYS ? ENDPOINT_UNDOCUMENTED : ENDPOINT_NO_WORKSPACES,
        .source = job->source->id,
        .date = job->source->date,
    };
    job->regions[job->region_count++] = region;
    return region;
}

/* What the base knew of the space in which a new prefix of the same Region lies: a range that AWS cut into pieces. */
static const struct endpoint_row *wider_row(const struct job *job, const struct endpoint_ip_range *range)
{
    const struct endpoint_row *row = endpoint_lookup(job->base, &range->prefix.address);
    bool wider = row && is_gateway(row->role) && row->prefix.length < range->prefix.length;
    return wider && strcmp(code_of(row->region), range->region) == 0 ? row : NULL;
}

static struct endpoint_row gateway_row(struct job *job, const struct endpoint_ip_range *range)
{
    const struct endpoint_row *wider = wider_row(job, range);
    struct endpoint_row row = {
        .role = ENDPOINT_GATEWAY,
        .ports = "tcp/4195,udp/4195,tcp/4172,udp/4172,tcp/443,udp/443",
        .disagreement = "ip-ranges.json lists this range among the WorkSpaces gateways, but no AWS page says "
                        "whether it serves DCV or PCoIP.",
    };
    if (wider)
        row = *wider;
    row.prefix = range->prefix;
    row.region = region_for(job, range);
    row.source = row.confirmed = job->source->id;
    row.date = job->source->date;
    return row;
}

/* A row of the same prefix under another Region, which only a page documents, gives way to the file. */
static void drop_row(struct job *job, const struct ipaddr_prefix *prefix)
{
    for (size_t i = 0; i < job->row_count; i++) {
        if (!same_prefix(&job->rows[i].prefix, prefix))
            continue;
        change(job, ENDPOINT_IP_GATEWAYS, false, &job->rows[i]);
        job->rows[i] = job->rows[--job->row_count];
        return;
    }
}

static void add_gateways(struct job *job, const struct spans *known)
{
    for (size_t i = 0; i < job->ranges.count && job->ranges.ranges[i].service == ENDPOINT_IP_GATEWAYS; i++) {
        const struct endpoint_ip_range *range = &job->ranges.ranges[i];
        struct endpoint_span wanted = { range->region, range->prefix };
        if (endpoint_span_covers(known->spans, known->count, &wanted)) {
            job->out->unchanged[ENDPOINT_IP_GATEWAYS]++;
            continue;
        }
        drop_row(job, &range->prefix);
        struct endpoint_row row = gateway_row(job, range);
        job->rows[job->row_count++] = row;
        change(job, ENDPOINT_IP_GATEWAYS, true, &row);
    }
    for (size_t i = 0; i < job->row_count; i++)
        job->out->undocumented += job->rows[i].role == ENDPOINT_GATEWAY;
}

static struct endpoint_row shared_row(struct job *job, const struct endpoint_ip_range *range)
{
    return (struct endpoint_row){
        .prefix = range->prefix,
        .role = ENDPOINT_AWS_OTHER,
        .region = region_for(job, range),
        .ports = "tcp/4195,udp/4195,tcp/443,udp/443",
        .source = job->source->id,
        .confirmed = job->source->id,
        .date = job->source->date,
        .note = "GLOBALACCELERATOR: shared with every other customer of Global Accelerator.",
    };
}

static int compare_rows(const void *a, const void *b)
{
    const struct ipaddr_prefix *p = &((const struct endpoint_row *)a)->prefix;
    const struct ipaddr_prefix *q = &((const struct endpoint_row *)b)->prefix;
    int order = ipaddr_compare(&p->address, &q->address);
    return order != 0 ? order : p->length - q->length;
}

/* `rows` are sorted; the Region must be the same as well. */
static bool has_row(const struct endpoint_row *rows, size_t count, const struct endpoint_row *wanted)
{
    const struct endpoint_row *found = count > 0 ? bsearch(wanted, rows, count, sizeof *rows, compare_rows) : NULL;
    return found && strcmp(code_of(found->region), code_of(wanted->region)) == 0;
}

/* The shared ranges are what the file lists, no more. */
static void replace_shared(struct job *job)
{
    const struct endpoint_index *old = &job->base->shared;
    for (size_t i = 0; i < job->ranges.count; i++) {
        if (job->ranges.ranges[i].service != ENDPOINT_IP_ACCELERATOR)
            continue;
        struct endpoint_row row = shared_row(job, &job->ranges.ranges[i]);
        job->shared[job->shared_count++] = row;
        if (has_row(old->rows, old->count, &row))
            job->out->unchanged[ENDPOINT_IP_ACCELERATOR]++;
        else
            change(job, ENDPOINT_IP_ACCELERATOR, true, &row);
    }
    for (size_t i = 0; i < old->count; i++)
        if (!has_row(job->shared, job->shared_count, &old->rows[i]))
            change(job, ENDPOINT_IP_ACCELERATOR, false, &old->rows[i]);
}

static int compare_changes(const void *a, const void *b)
{
    const struct endpoint_import_change *p = a, *q = b;
    if (p->service != q->service)
        return p->service < q->service ? -1 : 1;
    if (p->added != q->added)
        return p->added ? -1 : 1;
    int order = strcmp(code_of(p->region), code_of(q->region));
    if (order == 0)
        order = ipaddr_compare(&p->prefix.address, &q->prefix.address);
    return order != 0 ? order : p->prefix.length - q->prefix.length;
}

static enum status merge(struct job *job)
{
    struct spans gateways = spans_of_file(job, ENDPOINT_IP_GATEWAYS, true);
    struct spans accelerator = spans_of_file(job, ENDPOINT_IP_ACCELERATOR, false);
    size_t old = job->base->addresses.count + job->base->shared.count;
    job->rows = arena_alloc(job->out->arena, old + job->ranges.count + 1, sizeof *job->rows);
    job->shared = arena_alloc(job->out->arena, job->ranges.count + 1, sizeof *job->shared);
    job->changes = arena_alloc(job->out->arena, old + job->ranges.count + 1, sizeof *job->changes);
    if (arena_failed(job->out->arena))
        return no_memory(job);

    keep_rows(job, &gateways, &accelerator);
    struct spans known = spans_of_rows(job);
    if (!known.spans)
        return no_memory(job);
    add_gateways(job, &known);
    replace_shared(job);
    if (job->too_many_regions)
        return error_set(job->error, STATUS_BAD_INPUT, "The file names more than %d Regions that nobody knows; is it "
                         "AWS's ip-ranges.json, whole and unchanged?", NEW_REGIONS_MAX);
    if (job->row_count > 0)
        qsort(job->rows, job->row_count, sizeof *job->rows, compare_rows);
    if (job->out->change_count > 0)
        qsort(job->changes, job->out->change_count, sizeof *job->changes, compare_changes);
    job->out->changes = job->changes;
    return arena_failed(job->out->arena) ? no_memory(job) : STATUS_OK;
}

/* The row of sources.tsv for ip-ranges.json, brought to the new date. */
static enum status find_source(struct job *job)
{
    static const char end[] = "/ip-ranges.json";
    const struct endpoint_list *list = &job->base->lists[ENDPOINT_TABLE_SOURCES];
    for (size_t i = 0; i < list->count; i++) {
        const struct endpoint_source *old = &((const struct endpoint_source *)list->rows)[i];
        size_t length = strlen(old->address);
        if (length < sizeof end - 1 || strcmp(old->address + length - (sizeof end - 1), end) != 0)
            continue;
        struct endpoint_source *source = arena_alloc(job->out->arena, 1, sizeof *source);
        if (!source)
            return no_memory(job);
        *source = *old;
        source->date = arena_copy(job->out->arena, job->ranges.date);
        const char *token = job->ranges.sync_token[0] ? job->ranges.sync_token : "unknown";
        source->note = arena_format(job->out->arena, "syncToken %s, createDate %s", token, job->ranges.created);
        job->out->base_date = arena_copy(job->out->arena, old->date);
        job->out->date = source->date;
        job->source = source;
        return STATUS_OK;
    }
    return error_set(job->error, STATUS_BAD_USAGE, "%s has no row for ip-ranges.json; import into the built-in tables.",
                     job->base->origin[ENDPOINT_TABLE_SOURCES]);
}

static void render(const struct job *job, enum endpoint_table table, struct text *out)
{
    const struct endpoint_tables_text *old = &job->base->texts[table];
    switch (table) {
    case ENDPOINT_TABLE_ADDRESSES:
        endpoint_write_header(out, *old);
        endpoint_write_addresses(out, job->rows, job->row_count);
        break;
    case ENDPOINT_TABLE_SHARED:
        endpoint_write_header(out, *old);
        endpoint_write_addresses(out, job->shared, job->shared_count);
        break;
    case ENDPOINT_TABLE_REGIONS:
        text_add_bytes(out, old->bytes, old->length);
        if (old->length > 0 && old->bytes[old->length - 1] != '\n')
            text_add(out, "\n");
        for (size_t i = 0; i < job->region_count; i++)
            endpoint_write_region(out, job->regions[i]);
        break;
    case ENDPOINT_TABLE_SOURCES:
        endpoint_write_header(out, *old);
        for (size_t i = 0; i < job->base->lists[table].count; i++) {
            const struct endpoint_source *s = &((const struct endpoint_source *)job->base->lists[table].rows)[i];
            endpoint_write_source(out, strcmp(s->id, job->source->id) == 0 ? job->source : s);
        }
        break;
    default:
        text_add_bytes(out, old->bytes, old->length);
    }
}

static enum status write_tables(struct job *job, const char *directory)
{
    enum status status = endpoint_file_make_directory(directory, job->error);
    for (int table = 0; status == STATUS_OK && table < ENDPOINT_TABLES; table++) {
        struct text out;
        text_init(&out, TABLE_LIMIT_BYTES);
        render(job, (enum endpoint_table)table, &out);
        const char *file = endpoint_tables_builtin((enum endpoint_table)table).file;
        status = text_failed(&out) ? no_memory(job)
                                   : endpoint_file_write(directory, file, out.bytes, out.length, job->error);
        text_free(&out);
    }
    return status;
}

enum status endpoint_import(const struct endpoint_catalogue *base, const char *json_path, const char *directory,
                            struct endpoint_import **out, struct error *error)
{
    struct job job = { .base = base, .error = error };
    job.out = calloc(1, sizeof *job.out);
    if (job.out)
        job.out->arena = arena_new(ARENA_LIMIT_BYTES);
    enum status status = job.out && job.out->arena ? STATUS_OK : no_memory(&job);
    if (status == STATUS_OK)
        status = endpoint_ip_ranges_read(json_path, &job.ranges, error);
    if (status == STATUS_OK)
        status = find_source(&job);
    if (status == STATUS_OK)
        status = merge(&job);
    if (status == STATUS_OK)
        status = write_tables(&job, directory);
    endpoint_ip_ranges_free(&job.ranges);
    if (status != STATUS_OK) {
        endpoint_import_free(job.out);
        return status;
    }
    *out = job.out;
    return STATUS_OK;
}

void endpoint_import_free(struct endpoint_import *import)
{
    if (!import)
        return;
    arena_free(import->arena);
    free(import);
}
