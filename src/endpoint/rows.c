/* SPDX-License-Identifier: Apache-2.0 */
#include "endpoint/rows.h"

#include <string.h>

#include "endpoint/fields.h"

enum { FEW = 1024, MANY = 65536 };

static enum status bad(const struct endpoint_line *line, const char *text, const char *needed, struct error *error)
{
    return error_set(error, STATUS_BAD_INPUT, "%s, line %zu: \"%.80s\" is not %s.", line->file, line->number, text,
                     needed);
}

static enum status check_date(const struct endpoint_line *line, const char *date, struct error *error)
{
    return endpoint_fields_date(date) ? STATUS_OK : bad(line, date, "a date such as 2026-07-15", error);
}

static enum status check_source(const struct endpoint_catalogue *catalogue, const struct endpoint_line *line,
                                const char *id, struct error *error)
{
    return endpoint_source_find(catalogue, id) ? STATUS_OK : bad(line, id, "an id of sources.tsv", error);
}

static enum status check_origin(const struct endpoint_catalogue *catalogue, const struct endpoint_line *line,
                                const char *source, const char *date, struct error *error)
{
    enum status status = check_source(catalogue, line, source, error);
    return status != STATUS_OK ? status : check_date(line, date, error);
}

/* "*" is every Region: NULL. */
static enum status read_region(const struct endpoint_catalogue *catalogue, const struct endpoint_line *line,
                               const char *code, const struct endpoint_region **out, struct error *error)
{
    *out = strcmp(code, "*") == 0 ? NULL : endpoint_region_find(catalogue, code);
    return *out || strcmp(code, "*") == 0 ? STATUS_OK : bad(line, code, "a Region of regions.tsv, nor *", error);
}

static enum status read_prefix(const struct endpoint_line *line, struct ipaddr_prefix *out, struct error *error)
{
    if (endpoint_fields_prefix(line->field[0], out))
        return STATUS_OK;
    return bad(line, line->field[0],
               "a prefix such as 18.134.68.0/22 or 2a05:d02c:8::/48 with zeros beyond its length", error);
}

static enum status read_role(const struct endpoint_line *line, enum endpoint_role *out, struct error *error)
{
    return endpoint_fields_role(line->field[1], out) ? STATUS_OK
                                                     : bad(line, line->field[1], "a role such as dcv-gateway", error);
}

static enum status check_ports(const struct endpoint_line *line, const char *ports, struct error *error)
{
    if (!ports || endpoint_fields_ports(ports))
        return STATUS_OK;
    return bad(line, ports, "a list of ports such as tcp/4195,udp/4195", error);
}

static enum status read_region_row(const struct endpoint_catalogue *catalogue, const struct endpoint_line *line,
                                   void *out, struct error *error)
{
    struct endpoint_region *row = out;
    const char *const *f = line->field;
    (void)catalogue; /* sources.tsv is read after this table */
    *row = (struct endpoint_region){
        .code = f[0], .name = f[1], .city = f[2], .source = f[4], .date = f[5], .note = f[6],
    };
    if (!endpoint_fields_code(f[0]))
        return bad(line, f[0], "a Region's code such as eu-west-2", error);
    if (!endpoint_fields_coverage(f[3], &row->coverage))
        return bad(line, f[3], "one of documented, undocumented and none", error);
    return check_date(line, f[5], error);
}

static enum status read_source(const struct endpoint_catalogue *catalogue, const struct endpoint_line *line, void *out,
                               struct error *error)
{
    (void)catalogue;
    const char *const *f = line->field;
    *(struct endpoint_source *)out = (struct endpoint_source){ f[0], f[1], f[2], f[3] };
    return check_date(line, f[2], error);
}

static enum status read_address(const struct endpoint_catalogue *catalogue, const struct endpoint_line *line, void *out,
                                struct error *error)
{
    struct endpoint_row *row = out;
    const char *const *f = line->field;
    *row = (struct endpoint_row){
        .ports = f[3], .source = f[4], .confirmed = f[5], .date = f[6], .disagreement = f[7], .note = f[8],
    };
    enum status status = read_prefix(line, &row->prefix, error);
    if (status == STATUS_OK)
        status = read_role(line, &row->role, error);
    if (status == STATUS_OK)
        status = read_region(catalogue, line, f[2], &row->region, error);
    if (status == STATUS_OK)
        status = check_ports(line, f[3], error);
    if (status == STATUS_OK && row->confirmed)
        status = check_source(catalogue, line, row->confirmed, error);
    return status != STATUS_OK ? status : check_origin(catalogue, line, row->source, row->date, error);
}

static enum status read_name(const struct endpoint_catalogue *catalogue, const struct endpoint_line *line, void *out,
                             struct error *error)
{
    struct endpoint_name_row *row = out;
    const char *const *f = line->field;
    *row = (struct endpoint_name_row){
        .pattern = f[0], .function = f[2], .ports = f[4], .source = f[5], .date = f[6], .disagreement = f[7],
        .note = f[8],
    };
    enum status status = STATUS_OK;
    if (!endpoint_fields_pattern(f[0]))
        status = bad(line, f[0], "a host name in lower case, with * only as its first label", error);
    if (status == STATUS_OK)
        status = read_role(line, &row->role, error);
    if (status == STATUS_OK)
        status = read_region(catalogue, line, f[3], &row->region, error);
    if (status == STATUS_OK)
        status = check_ports(line, f[4], error);
    return status != STATUS_OK ? status : check_origin(catalogue, line, row->source, row->date, error);
}

static enum status read_management(const struct endpoint_catalogue *catalogue, const struct endpoint_line *line,
                                   void *out, struct error *error)
{
    struct endpoint_management_row *row = out;
    const char *const *f = line->field;
    *row = (struct endpoint_management_row){
        .protocols = f[2], .use = f[3], .source = f[4], .date = f[5], .note = f[6],
    };
    enum status status = read_prefix(line, &row->prefix, error);
    if (status == STATUS_OK)
        status = read_region(catalogue, line, f[1], &row->region, error);
    return status != STATUS_OK ? status : check_origin(catalogue, line, row->source, row->date, error);
}

static enum status read_ports(const struct endpoint_catalogue *catalogue, const struct endpoint_line *line, void *out,
                              struct error *error)
{
    const char *const *f = line->field;
    *(struct endpoint_port_row *)out = (struct endpoint_port_row){ f[0], f[1], f[2], f[3], f[4], f[5], f[6] };
    enum status status = check_ports(line, f[0], error);
    return status != STATUS_OK ? status : check_origin(catalogue, line, f[4], f[5], error);
}

static enum status read_threshold(const struct endpoint_catalogue *catalogue, const struct endpoint_line *line,
                                  void *out, struct error *error)
{
    struct endpoint_threshold *row = out;
    const char *const *f = line->field;
    (void)catalogue;
    *row = (struct endpoint_threshold){ .name = f[0], .unit = f[2], .source = f[3], .date = f[4], .meaning = f[5] };
    if (!endpoint_fields_number(f[1], &row->value))
        return bad(line, f[1], "a decimal number such as 3000 or 0.6", error);
    return check_date(line, f[4], error);
}

#define COLUMNS(count, ...) { __VA_ARGS__ }, count
#define ADDRESS_COLUMNS \
    COLUMNS(9, "prefix", "role", "region", "ports", "source", "confirmed", "date", "disagreement", "note")

const struct endpoint_rows_format *endpoint_rows_format(enum endpoint_table table)
{
    static const struct endpoint_rows_format formats[ENDPOINT_TABLES] = {
        [ENDPOINT_TABLE_REGIONS] = { COLUMNS(7, "code", "name", "city", "coverage", "source", "date", "note"), 0x3f,
                                     sizeof(struct endpoint_region), FEW, read_region_row },
        [ENDPOINT_TABLE_SOURCES] = { COLUMNS(4, "id", "address", "date", "note"), 0x07, sizeof(struct endpoint_source),
                                     FEW, read_source },
        [ENDPOINT_TABLE_ADDRESSES] = { ADDRESS_COLUMNS, 0x5f, sizeof(struct endpoint_row), MANY, read_address },
        [ENDPOINT_TABLE_SHARED] = { ADDRESS_COLUMNS, 0x5f, sizeof(struct endpoint_row), MANY, read_address },
        [ENDPOINT_TABLE_NAMES] = { COLUMNS(9, "pattern", "role", "function", "region", "ports", "source", "date",
                                           "disagreement", "note"),
                                   0x6f, sizeof(struct endpoint_name_row), MANY, read_name },
        [ENDPOINT_TABLE_MANAGEMENT] = { COLUMNS(7, "prefix", "region", "protocols", "use", "source", "date", "note"),
                                        0x3f, sizeof(struct endpoint_management_row), MANY, read_management },
        [ENDPOINT_TABLE_PORTS] = { COLUMNS(7, "ports", "ranges", "region", "purpose", "source", "date", "disagreement"),
                                   0x39, sizeof(struct endpoint_port_row), FEW, read_ports },
        [ENDPOINT_TABLE_THRESHOLDS] = { COLUMNS(6, "name", "value", "unit", "source", "date", "meaning"), 0x3f,
                                        sizeof(struct endpoint_threshold), FEW, read_threshold },
    };
    return &formats[table];
}
