/* SPDX-License-Identifier: Apache-2.0 */
#include "wspscope/endpoint.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "endpoint/catalogue.h"
#include "endpoint/import.h"

#define ARENA_LIMIT_BYTES ((size_t)512 * 1024 * 1024)

struct wspscope_endpoints {
    struct endpoint_catalogue *catalogue;
    struct arena *arena;
    struct wspscope_endpoint *rows; /* in the catalogue's order: prefixes, shared prefixes, names */
    const struct wspscope_endpoint **sorted;
    size_t address_count, shared_count, count;
    struct wspscope_endpoint_region *regions;
    size_t region_count;
    struct wspscope_endpoint_management *management;
    size_t management_count;
    struct wspscope_endpoint_port *ports;
    size_t port_count;
};

struct import {
    struct wspscope_endpoint_import face; /* first: what callers hold */
    struct endpoint_import *import;
};

static void set_error(struct wspscope_error *error, const char *text)
{
    if (!error)
        return;
    size_t length = strnlen(text, sizeof error->text - 1);
    memcpy(error->text, text, length);
    error->text[length] = '\0';
}

static const char *format_prefix(struct arena *arena, const struct ipaddr_prefix *prefix)
{
    char text[IPADDR_PREFIX_TEXT_SIZE];
    return arena_copy(arena, ipaddr_prefix_format(prefix, text));
}

static const char *source_address(const struct wspscope_endpoints *e, const char *id)
{
    const struct endpoint_source *source = endpoint_source_find(e->catalogue, id);
    return source ? source->address : "";
}

static struct wspscope_endpoint from_row(struct wspscope_endpoints *e, const struct endpoint_row *row, bool shared)
{
    return (struct wspscope_endpoint){
        .value = format_prefix(e->arena, &row->prefix),
        .family = ipaddr_is_v4(&row->prefix.address) ? 4 : 6,
        .role = endpoint_role_name(row->role),
        .title = endpoint_role_title(row->role),
        .region = row->region ? row->region->code : NULL,
        .region_name = row->region ? row->region->name : NULL,
        .ports = row->ports,
        .source = row->source,
        .source_address = source_address(e, row->source),
        .confirmed = row->confirmed,
        .date = row->date,
        .disagreement = row->disagreement,
        .note = row->note,
        .shared = shared,
    };
}

static struct wspscope_endpoint from_name(struct wspscope_endpoints *e, const struct endpoint_name_row *row)
{
    return (struct wspscope_endpoint){
        .value = row->pattern,
        .role = endpoint_role_name(row->role),
        .title = endpoint_role_title(row->role),
        .function = row->function,
        .region = row->region ? row->region->code : NULL,
        .region_name = row->region ? row->region->name : NULL,
        .ports = row->ports,
        .source = row->source,
        .source_address = source_address(e, row->source),
        .date = row->date,
        .disagreement = row->disagreement,
        .note = row->note,
    };
}

/* Streaming first, what others use as well last. */
static int rank(const char *role)
{
    static const enum endpoint_role order[] = {
        ENDPOINT_DCV_GATEWAY,  ENDPOINT_DCV_GATEWAY_AGA,  ENDPOINT_PCOIP_GATEWAY,      ENDPOINT_GATEWAY,
        ENDPOINT_HEALTH_CHECK, ENDPOINT_PRIVATE_GATEWAY, ENDPOINT_WORKSPACES_SERVICE, ENDPOINT_AWS_OTHER,
    };
    int i = 0;
    while (i < (int)(sizeof order / sizeof *order) && strcmp(endpoint_role_name(order[i]), role) != 0)
        i++;
    return i;
}

static int compare(const void *a, const void *b)
{
    const struct wspscope_endpoint *p = *(const struct wspscope_endpoint *const *)a;
    const struct wspscope_endpoint *q = *(const struct wspscope_endpoint *const *)b;
    int order = strcmp(p->region ? p->region : "", q->region ? q->region : "");
    if (order == 0)
        order = rank(p->role) - rank(q->role);
    if (order == 0 && p->function && q->function)
        order = strcmp(p->function, q->function);
    if (order != 0)
        return order;
    return p < q ? -1 : p > q; /* one array, sorted by address and by name */
}

static void build_rows(struct wspscope_endpoints *e)
{
    size_t addresses, shared, names;
    const struct endpoint_row *row = endpoint_rows(e->catalogue, &addresses);
    const struct endpoint_row *shared_row = endpoint_shared_rows(e->catalogue, &shared);
    const struct endpoint_name_row *name = endpoint_name_rows(e->catalogue, &names);
    size_t total = addresses + shared + names;
    e->rows = arena_alloc(e->arena, total + 1, sizeof *e->rows);
    e->sorted = arena_alloc(e->arena, total + 1, sizeof *e->sorted);
    if (!e->rows || !e->sorted)
        return;

    for (size_t i = 0; i < addresses; i++)
        e->rows[e->count++] = from_row(e, &row[i], false);
    for (size_t i = 0; i < shared; i++)
        e->rows[e->count++] = from_row(e, &shared_row[i], true);
    for (size_t i = 0; i < names; i++)
        e->rows[e->count++] = from_name(e, &name[i]);
    e->address_count = addresses;
    e->shared_count = shared;
    for (size_t i = 0; i < total; i++)
        e->sorted[i] = &e->rows[i];
    if (total > 0)
        qsort(e->sorted, total, sizeof *e->sorted, compare);
}

static void build_regions(struct wspscope_endpoints *e)
{
    static const char *const coverages[] = { "documented", "undocumented", "none" };
    const struct endpoint_region *regions = endpoint_regions(e->catalogue, &e->region_count);
    e->regions = arena_alloc(e->arena, e->region_count + 1, sizeof *e->regions);
    for (size_t i = 0; e->regions && i < e->region_count; i++)
        e->regions[i] = (struct wspscope_endpoint_region){
            regions[i].code, regions[i].name, coverages[regions[i].coverage], regions[i].note,
        };
}

static void build_management(struct wspscope_endpoints *e)
{
    const struct endpoint_management_row *rows = endpoint_management_rows(e->catalogue, &e->management_count);
    e->management = arena_alloc(e->arena, e->management_count + 1, sizeof *e->management);
    for (size_t i = 0; e->management && i < e->management_count; i++)
        e->management[i] = (struct wspscope_endpoint_management){
            .prefix = format_prefix(e->arena, &rows[i].prefix),
            .region = rows[i].region ? rows[i].region->code : NULL,
            .protocols = rows[i].protocols,
            .use = rows[i].use,
            .source = rows[i].source,
            .date = rows[i].date,
            .note = rows[i].note,
        };
}

static void build_ports(struct wspscope_endpoints *e)
{
    const struct endpoint_port_row *rows = endpoint_port_rows(e->catalogue, &e->port_count);
    e->ports = arena_alloc(e->arena, e->port_count + 1, sizeof *e->ports);
    for (size_t i = 0; e->ports && i < e->port_count; i++)
        e->ports[i] = (struct wspscope_endpoint_port){
            rows[i].ports, rows[i].ranges, rows[i].region, rows[i].purpose,
            rows[i].source, rows[i].date, rows[i].disagreement,
        };
}

struct wspscope_endpoints *wspscope_endpoints_open(const char *directory, struct wspscope_error *error)
{
    struct error problem = { "There is not enough memory for the endpoint tables." };
    struct wspscope_endpoints *e = calloc(1, sizeof *e);
    if (!e) {
        set_error(error, problem.text);
        return NULL;
    }
    if (!directory)
        e->catalogue = endpoint_catalogue_builtin(&problem);
    else if (endpoint_catalogue_load(directory, &e->catalogue, &problem) != STATUS_OK)
        e->catalogue = NULL;
    e->arena = e->catalogue ? arena_new(ARENA_LIMIT_BYTES) : NULL;
    if (e->arena) {
        build_rows(e);
        build_regions(e);
        build_management(e);
        build_ports(e);
    }
    if (e->arena && !arena_failed(e->arena))
        return e;
    set_error(error, problem.text);
    wspscope_endpoints_close(e);
    return NULL;
}

void wspscope_endpoints_close(struct wspscope_endpoints *e)
{
    if (!e)
        return;
    arena_free(e->arena);
    endpoint_catalogue_free(e->catalogue);
    free(e);
}

const char *wspscope_endpoints_date(const struct wspscope_endpoints *e)
{
    return endpoint_catalogue_date(e->catalogue);
}

const struct wspscope_endpoint_region *wspscope_endpoints_regions(const struct wspscope_endpoints *e, size_t *count)
{
    *count = e->region_count;
    return e->regions;
}

const struct wspscope_endpoint_region *wspscope_endpoints_region(const struct wspscope_endpoints *e, const char *code)
{
    for (size_t i = 0; i < e->region_count; i++)
        if (strcmp(e->regions[i].code, code) == 0)
            return &e->regions[i];
    return NULL;
}

const struct wspscope_endpoint *const *wspscope_endpoints_all(const struct wspscope_endpoints *e, size_t *count)
{
    *count = e->count;
    return e->sorted;
}

const struct wspscope_endpoint_management *wspscope_endpoints_management(const struct wspscope_endpoints *e,
                                                                         size_t *count)
{
    *count = e->management_count;
    return e->management;
}

const struct wspscope_endpoint_port *wspscope_endpoints_ports(const struct wspscope_endpoints *e, size_t *count)
{
    *count = e->port_count;
    return e->ports;
}

static void add_result(struct wspscope_lookup_result *result, const struct wspscope_endpoint *row)
{
    if (result->count < WSPSCOPE_LOOKUP_MAX)
        result->rows[result->count] = row;
    result->count++;
}

static void lookup_address(const struct wspscope_endpoints *e, const struct ipaddr *address,
                           struct wspscope_lookup_result *result)
{
    size_t count;
    const struct endpoint_row *row = endpoint_lookup(e->catalogue, address);
    if (row)
        add_result(result, &e->rows[row - endpoint_rows(e->catalogue, &count)]);
    const struct endpoint_row *shared = row ? NULL : endpoint_lookup_shared(e->catalogue, address);
    if (shared)
        add_result(result, &e->rows[e->address_count + (size_t)(shared - endpoint_shared_rows(e->catalogue, &count))]);
    result->is_address = true;
    result->private_address = ipaddr_is_private(address);
}

static void lookup_name(const struct wspscope_endpoints *e, struct wspscope_lookup_result *result)
{
    const struct endpoint_name_row *row = endpoint_lookup_name(e->catalogue, result->asked);
    for (size_t i = e->address_count + e->shared_count; row && i < e->count; i++)
        if (strcmp(e->rows[i].value, row->pattern) == 0)
            add_result(result, &e->rows[i]);
}

/* Lower-cases a host name without its final dot into `out`; false when it is none (RFC 1123, and "_" as in use). */
static bool read_name(const char *text, char out[256])
{
    size_t length = strlen(text), label = 0;
    bool letter = false;
    if (length > 0 && text[length - 1] == '.')
        length--;
    if (length == 0 || length > 253)
        return false;
    for (size_t i = 0; i < length; i++) {
        char c = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] - 'A' + 'a') : text[i];
        bool digit = c >= '0' && c <= '9', dot = c == '.';
        if (!(c >= 'a' && c <= 'z') && !digit && !dot && c != '-' && c != '_')
            return false;
        if (dot && label == 0)
            return false;
        label = dot ? 0 : label + 1;
        if (label > 63)
            return false;
        letter |= !digit && !dot;
        out[i] = c;
    }
    out[length] = '\0';
    return letter && label > 0; /* digits and dots alone are a wrong address */
}

enum wspscope_lookup wspscope_endpoints_lookup(const struct wspscope_endpoints *e, const char *text,
                                               struct wspscope_lookup_result *result)
{
    struct ipaddr address;
    *result = (struct wspscope_lookup_result){ 0 };
    if (ipaddr_parse(text, &address)) {
        char formatted[IPADDR_TEXT_SIZE];
        ipaddr_format(&address, formatted);
        memcpy(result->asked, formatted, strlen(formatted) + 1);
        lookup_address(e, &address, result);
    } else if (read_name(text, result->asked)) {
        lookup_name(e, result);
    } else {
        return WSPSCOPE_LOOKUP_BAD_SYNTAX;
    }
    return result->count > 0 ? WSPSCOPE_LOOKUP_FOUND : WSPSCOPE_LOOKUP_UNKNOWN;
}

static bool fill_import(struct import *import)
{
    const struct endpoint_import *in = import->import;
    struct wspscope_endpoint_change *changes = arena_alloc(in->arena, in->change_count + 1, sizeof *changes);
    for (size_t i = 0; changes && i < in->change_count; i++) {
        const struct endpoint_import_change *c = &in->changes[i];
        changes[i] = (struct wspscope_endpoint_change){
            .service = endpoint_ip_service_name(c->service),
            .added = c->added,
            .prefix = format_prefix(in->arena, &c->prefix),
            .role = endpoint_role_name(c->role),
            .region = c->region ? c->region->code : NULL,
            .region_name = c->region ? c->region->name : NULL,
        };
    }
    import->face = (struct wspscope_endpoint_import){
        .date = in->date,
        .base_date = in->base_date,
        .changes = changes,
        .change_count = in->change_count,
        .undocumented = in->undocumented,
    };
    for (int i = 0; i < ENDPOINT_IP_SERVICES; i++)
        import->face.counts[i] = (struct wspscope_endpoint_import_count){
            endpoint_ip_service_name((enum endpoint_ip_service)i), in->added[i], in->removed[i], in->unchanged[i],
        };
    return !arena_failed(in->arena);
}

struct wspscope_endpoint_import *wspscope_endpoints_import(const struct wspscope_endpoints *e, const char *json_path,
                                                           const char *directory, struct wspscope_error *error)
{
    struct error problem = { "There is not enough memory to import the prefixes." };
    struct import *import = calloc(1, sizeof *import);
    if (import && endpoint_import(e->catalogue, json_path, directory, &import->import, &problem) == STATUS_OK &&
        fill_import(import))
        return &import->face;
    set_error(error, problem.text);
    if (import)
        wspscope_endpoints_import_free(&import->face);
    return NULL;
}

void wspscope_endpoints_import_free(struct wspscope_endpoint_import *face)
{
    struct import *import = (struct import *)face;
    if (!import)
        return;
    endpoint_import_free(import->import);
    free(import);
}

bool wspscope_endpoints_threshold(const struct wspscope_endpoints *endpoints, const char *name,
                                  struct wspscope_threshold *out)
{
    const struct endpoint_threshold *t = endpoint_threshold_find(endpoints->catalogue, name);
    if (t)
        *out = (struct wspscope_threshold){ .name = t->name, .value = t->value, .unit = t->unit, .source = t->source,
                                            .date = t->date, .meaning = t->meaning };
    return t != NULL;
}
