/* SPDX-License-Identifier: Apache-2.0 */
#include "endpoint/write.h"

#include <string.h>

#include "endpoint/fields.h"

static const char *or_dash(const char *text)
{
    return text ? text : "-";
}

void endpoint_write_header(struct text *out, struct endpoint_tables_text old)
{
    const char *at = old.bytes, *end = old.bytes + old.length;
    while (at < end && *at == '#') {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((stop ? stop : end) - at);
        text_add_bytes(out, at, length);
        text_add(out, "\n");
        at += length + 1;
    }
}

void endpoint_write_addresses(struct text *out, const struct endpoint_row *rows, size_t count)
{
    for (const struct endpoint_row *r = rows; r < rows + count; r++) {
        char prefix[IPADDR_PREFIX_TEXT_SIZE];
        text_addf(out, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", ipaddr_prefix_format(&r->prefix, prefix),
                  endpoint_role_name(r->role), r->region ? r->region->code : "*", or_dash(r->ports), r->source,
                  or_dash(r->confirmed), r->date, or_dash(r->disagreement), or_dash(r->note));
    }
}

void endpoint_write_region(struct text *out, const struct endpoint_region *r)
{
    text_addf(out, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r->code, r->name, r->city,
              endpoint_fields_coverage_name(r->coverage), r->source, r->date, or_dash(r->note));
}

void endpoint_write_source(struct text *out, const struct endpoint_source *s)
{
    text_addf(out, "%s\t%s\t%s\t%s\n", s->id, s->address, s->date, or_dash(s->note));
}
