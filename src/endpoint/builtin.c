/* SPDX-License-Identifier: Apache-2.0 */
#include "endpoint/tables.h"

#define TABLE(name) extern const char endpoint_tables_##name[], endpoint_tables_##name##_end[]
TABLE(regions);
TABLE(sources);
TABLE(addresses);
TABLE(shared);
TABLE(names);
TABLE(management);
TABLE(ports);
TABLE(thresholds);
#undef TABLE

struct endpoint_tables_text endpoint_tables_builtin(enum endpoint_table table)
{
#define TABLE(id, name) \
    [ENDPOINT_TABLE_##id] = { #name ".tsv", endpoint_tables_##name, endpoint_tables_##name##_end }
    static const struct {
        const char *file, *begin, *end;
    } texts[ENDPOINT_TABLES] = {
        TABLE(REGIONS, regions),   TABLE(SOURCES, sources),       TABLE(ADDRESSES, addresses), TABLE(SHARED, shared),
        TABLE(NAMES, names),       TABLE(MANAGEMENT, management), TABLE(PORTS, ports),
        TABLE(THRESHOLDS, thresholds),
    };
#undef TABLE
    size_t length = (size_t)(texts[table].end - texts[table].begin);
    return (struct endpoint_tables_text){ texts[table].file, texts[table].begin, length };
}
