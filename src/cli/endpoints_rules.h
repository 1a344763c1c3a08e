/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_ENDPOINTS_RULES_H
#define CLI_ENDPOINTS_RULES_H

#include "base/status.h"
#include "cli/endpoints.h"

/* The allow-list of a Region, on its way to stdout. */
struct cli_endpoints_rules {
    const struct wspscope_endpoints *endpoints;
    const struct wspscope_endpoint_region *region;
    const struct wspscope_endpoint *const *all;
    size_t all_count;
    const struct wspscope_endpoint **rows; /* prefixes to allow; none holds another of the same role and ports */
    size_t count;
};

/* `group` gets rows that share role, family and ports. */
struct cli_endpoints_rules_format {
    const char *name;
    void (*begin)(const struct cli_endpoints_rules *rules);
    void (*group)(const struct wspscope_endpoint *const *rows, size_t count);
    void (*end)(const struct cli_endpoints_rules *rules);
};

/* NULL when there is none of that name. */
const struct cli_endpoints_rules_format *cli_endpoints_rules_format(const char *name);

/* Words in lines that begin with "# ". */
void cli_endpoints_rules_comment(const char *format, ...) PRINTF_LIKE(1, 2);

/* Comments that every format but CSV carries: what this is; and what no address can express. */
void cli_endpoints_rules_heading(const struct cli_endpoints_rules *rules);
void cli_endpoints_rules_notes(const struct cli_endpoints_rules *rules);

#endif
