/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/ipaddr.h"
#include "cli/cli.h"
#include "cli/endpoints.h"
#include "cli/message.h"
#include "cli/wrap.h"

static void print_changes(const struct wspscope_endpoint_import *import)
{
    for (size_t i = 0; i < import->change_count; i++) {
        const struct wspscope_endpoint_change *c = &import->changes[i];
        printf("  %-7s  %-22s  %-19s  %s%s%s\n", c->added ? "added" : "removed", c->prefix, c->service,
               c->region ? c->region : "all Regions", c->region && strcmp(c->region, c->region_name) != 0 ? "  " : "",
               c->region && strcmp(c->region, c->region_name) != 0 ? c->region_name : "");
    }
}

int cli_endpoints_import(const struct wspscope_endpoints *endpoints, const struct cli_endpoints_request *request)
{
    struct wspscope_error error;
    const char *path = strcmp(request->operands[0], "-") == 0 ? "/dev/stdin" : request->operands[0];
    if (!request->output) {
        cli_message("`wspscope endpoints import` needs -o DIR, the directory to write the tables to.");
        return CLI_UNUSABLE;
    }
    struct wspscope_endpoint_import *import = wspscope_endpoints_import(endpoints, path, request->output, &error);
    if (!import) {
        cli_message("%s", error.text);
        return CLI_UNUSABLE;
    }
    printf("ip-ranges.json of %s against tables that rest on that of %s:\n", import->date, import->base_date);
    for (size_t i = 0; i < sizeof import->counts / sizeof *import->counts; i++)
        printf("  %-19s  %zu added, %zu removed, %zu unchanged\n", import->counts[i].service, import->counts[i].added,
               import->counts[i].removed, import->counts[i].unchanged);
    print_changes(import);
    if (strcmp(import->date, import->base_date) < 0)
        printf("The file is older than the tables: what it lacks may be newer, not gone.\n");
    if (import->undocumented > 0)
        printf("For %zu gateway ranges no AWS page says whether they serve DCV or PCoIP.\n", import->undocumented);
    printf("The tables are in %s; use them with --endpoints.\n", request->output);
    wspscope_endpoints_import_free(import);
    return CLI_DONE;
}

static const char *relation(const struct ipaddr_prefix *own, const struct ipaddr_prefix *other)
{
    if (own->length == other->length)
        return "is the same as";
    return own->length > other->length ? "lies inside" : "contains";
}

static const char *whose(const char *protocols)
{
    if (strcmp(protocols, "dcv") == 0)
        return "DCV WorkSpaces";
    if (strcmp(protocols, "pcoip") == 0)
        return "PCoIP WorkSpaces";
    return strcmp(protocols, "byol") == 0 ? "bring-your-own-licence WorkSpaces" : "WorkSpaces";
}

static void print_sentence(const char *text)
{
    fputs("  ", stdout);
    cli_wrap_print(stdout, text, 2, 2);
}

/* Prints the collisions of one CIDR; returns how many there are. */
static size_t check_cidr(const struct wspscope_endpoints *endpoints, const char *text, const struct ipaddr_prefix *own,
                         const struct wspscope_endpoint_region *region)
{
    size_t count, found = 0;
    const struct wspscope_endpoint_management *rows = wspscope_endpoints_management(endpoints, &count);
    for (size_t i = 0; i < count; i++) {
        struct ipaddr_prefix other;
        char sentence[1024];
        if (rows[i].region && strcmp(rows[i].region, region->code) != 0)
            continue;
        if (!ipaddr_prefix_parse(rows[i].prefix, &other) || !ipaddr_prefix_overlaps(own, &other))
            continue;
        if (found++ == 0)
            printf("%s collides in %s, %s:\n", text, region->code, region->name);
        snprintf(sentence, sizeof sentence, "It %s %s, which %s use%s for: %s (%s of %s).%s%.400s",
                 relation(own, &other), rows[i].prefix, whose(rows[i].protocols),
                 rows[i].region ? " in this Region" : " in every Region", rows[i].use, rows[i].source, rows[i].date,
                 rows[i].note ? " " : "", rows[i].note ? rows[i].note : "");
        print_sentence(sentence);
    }
    if (found == 0)
        printf("%s collides with no management range of %s, %s.\n", text, region->code, region->name);
    return found;
}

static void print_advice(const struct wspscope_endpoints *endpoints, const struct wspscope_endpoint_region *region,
                         size_t collisions)
{
    size_t count, own = 0, used = 0;
    char ranges[512] = "", text[1200];
    const struct wspscope_endpoint_management *rows = wspscope_endpoints_management(endpoints, &count);
    for (size_t i = 0; i < count; i++) {
        if (!rows[i].region || strcmp(rows[i].region, region->code) != 0)
            continue;
        own++;
        int length = snprintf(ranges + used, sizeof ranges - used, "%s%s", used > 0 ? ", " : "", rows[i].prefix);
        used += length > 0 && (size_t)length < sizeof ranges - used ? (size_t)length : 0;
    }
    if (own == 0) {
        snprintf(text, sizeof text,
                 "AWS documents no management range for %s itself; only those of every Region were compared.",
                 region->code);
        cli_wrap_print(stdout, text, 0, 0);
    }
    if (collisions == 0)
        return;
    snprintf(text, sizeof text,
             "Each WorkSpace has its management interface in one of these ranges. Hosts of the VPC in the same "
             "addresses may be out of its reach: give the VPC addresses outside of them, or ask AWS which of them your "
             "WorkSpaces use.%s%s%s", own > 0 ? " The Region's own: " : "", ranges, own > 0 ? "." : "");
    cli_wrap_print(stdout, text, 0, 0);
}

int cli_endpoints_conflicts(const struct wspscope_endpoints *endpoints, const struct cli_endpoints_request *request)
{
    if (!request->region) {
        cli_message("`wspscope endpoints conflicts` needs --region CODE, the Region of the VPC.");
        return CLI_UNUSABLE;
    }
    const struct wspscope_endpoint_region *region = cli_endpoints_find_region(endpoints, request->region);
    if (!region)
        return CLI_UNUSABLE;
    int status = CLI_DONE;
    size_t collisions = 0;
    for (int i = 0; i < request->operand_count; i++) {
        struct ipaddr_prefix own;
        if (ipaddr_prefix_parse(request->operands[i], &own)) {
            collisions += check_cidr(endpoints, request->operands[i], &own, region);
            continue;
        }
        cli_message("\"%s\" is no CIDR such as 10.20.0.0/16 with zeros beyond its length.", request->operands[i]);
        status = CLI_UNUSABLE;
    }
    print_advice(endpoints, region, collisions);
    return status;
}
