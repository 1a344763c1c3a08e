/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/endpoints_rules.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ipaddr.h"
#include "cli/cli.h"
#include "cli/message.h"

void cli_endpoints_rules_comment(const char *format, ...)
{
    enum { COLUMNS = 78 };
    char text[1400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);

    size_t column = 0;
    for (const char *word = text; *word;) {
        size_t length = strcspn(word, " ");
        if (column > 0 && column + 1 + length > COLUMNS) {
            putchar('\n');
            column = 0;
        }
        column += (size_t)printf("%s%.*s", column == 0 ? "# " : " ", (int)length, word);
        word += length;
        word += strspn(word, " ");
    }
    putchar('\n');
}

static bool is_gateway(const char *role)
{
    static const char *const roles[] = { "dcv-gateway", "dcv-gateway-aga", "pcoip-gateway", "gateway", "health-check" };
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (strcmp(role, roles[i]) == 0)
            return true;
    return false;
}

static bool belongs(const struct wspscope_endpoint *e, const char *region)
{
    return e->region && strcmp(e->region, region) == 0 && e->family != 0 && !e->shared && e->ports &&
           is_gateway(e->role);
}

/* True when a wider row of the same role and ports makes this one superfluous: nftables refuses both together. */
static bool is_covered(const struct cli_endpoints_rules *rules, const struct wspscope_endpoint *row)
{
    struct ipaddr_prefix own, other;
    if (!ipaddr_prefix_parse(row->value, &own))
        return true;
    for (size_t i = 0; i < rules->all_count; i++) {
        const struct wspscope_endpoint *e = rules->all[i];
        if (e != row && belongs(e, rules->region->code) && strcmp(e->role, row->role) == 0 &&
            strcmp(e->ports, row->ports) == 0 && ipaddr_prefix_parse(e->value, &other) && other.length < own.length &&
            ipaddr_prefix_contains(&other, &own.address))
            return true;
    }
    return false;
}

static bool same_group(const struct wspscope_endpoint *a, const struct wspscope_endpoint *b)
{
    return a->family == b->family && strcmp(a->role, b->role) == 0 && strcmp(a->ports, b->ports) == 0;
}

static bool collect(struct cli_endpoints_rules *rules)
{
    rules->rows = calloc(rules->all_count + 1, sizeof *rules->rows);
    for (size_t i = 0; rules->rows && i < rules->all_count; i++)
        if (belongs(rules->all[i], rules->region->code) && !is_covered(rules, rules->all[i]))
            rules->rows[rules->count++] = rules->all[i];
    return rules->rows;
}

static void print_rows(const struct cli_endpoints_rules *rules, const struct cli_endpoints_rules_format *format)
{
    for (size_t i = 0, end; i < rules->count; i = end) {
        for (end = i + 1; end < rules->count && same_group(rules->rows[i], rules->rows[end]);)
            end++;
        format->group(rules->rows + i, end - i);
    }
}

int cli_endpoints_rules(const struct wspscope_endpoints *endpoints, const struct cli_endpoints_request *request)
{
    const char *name = request->format ? request->format : "plain";
    const struct cli_endpoints_rules_format *format = cli_endpoints_rules_format(name);
    struct cli_endpoints_rules rules = { .endpoints = endpoints };
    if (!request->region) {
        cli_message("`wspscope endpoints rules` needs --region CODE, the Region of the WorkSpaces.");
        return CLI_UNUSABLE;
    }
    if (!format) {
        cli_message("There is no format \"%s\" here; use plain, csv, nftables or iptables.", name);
        return CLI_UNUSABLE;
    }
    rules.region = cli_endpoints_find_region(endpoints, request->region);
    if (!rules.region)
        return CLI_UNUSABLE;
    rules.all = wspscope_endpoints_all(endpoints, &rules.all_count);
    if (!collect(&rules)) {
        cli_message("There is not enough memory for the rules.");
        return CLI_UNUSABLE;
    }
    if (rules.count > 0) {
        format->begin(&rules);
        print_rows(&rules, format);
        format->end(&rules);
    } else {
        cli_message("No gateway of WorkSpaces is known in %s, so there is nothing to allow.", rules.region->code);
    }
    free(rules.rows);
    return rules.count > 0 ? CLI_DONE : CLI_UNUSABLE;
}
