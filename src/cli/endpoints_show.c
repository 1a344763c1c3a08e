/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/endpoints.h"
#include "cli/message.h"
#include "cli/wrap.h"

enum { FIELD_INDENT = 15 };

/* The tables hold valid UTF-8 without control characters: only these two need care. */
static void json_string(const char *text)
{
    putchar('"');
    for (const char *c = text; *c; c++) {
        if (*c == '"' || *c == '\\')
            putchar('\\');
        putchar(*c);
    }
    putchar('"');
}

static void json_member(const char *before, const char *name, const char *text)
{
    printf("%s\"%s\": ", before, name);
    if (text)
        json_string(text);
    else
        fputs("null", stdout);
}

static void json_ports(const char *ports)
{
    fputs(ports ? ", \"ports\": [" : ", \"ports\": null", stdout);
    for (const char *at = ports; at; at = strchr(at, ',')) {
        at += *at == ',';
        printf("%s\"%.*s\"", at > ports ? ", " : "", (int)strcspn(at, ","), at);
    }
    if (ports)
        putchar(']');
}

static void json_row(const struct wspscope_endpoint *e)
{
    json_member("{", "value", e->value);
    json_member(", ", "kind", e->family == 0 ? "name" : e->family == 4 ? "ipv4" : "ipv6");
    json_member(", ", "role", e->role);
    json_member(", ", "function", e->function);
    json_member(", ", "region", e->region);
    json_member(", ", "region_name", e->region_name);
    json_ports(e->ports);
    json_member(", ", "source", e->source);
    json_member(", ", "source_address", e->source_address);
    json_member(", ", "confirmed", e->confirmed);
    json_member(", ", "date", e->date);
    json_member(", ", "disagreement", e->disagreement);
    json_member(", ", "note", e->note);
    putchar('}');
}

/* -1 when the format is none of text and json. */
static int wants_json(const struct cli_endpoints_request *request)
{
    if (!request->format || strcmp(request->format, "text") == 0)
        return 0;
    if (strcmp(request->format, "json") == 0)
        return 1;
    cli_message("There is no format \"%s\" here; use text or json.", request->format);
    return -1;
}

static bool is_listed(const struct wspscope_endpoint *e, const struct cli_endpoints_request *request)
{
    if (e->shared && !request->all)
        return false;
    return !request->region || !e->region || strcmp(e->region, request->region) == 0;
}

static bool same_region(const struct wspscope_endpoint *a, const struct wspscope_endpoint *b)
{
    return a && (a->region && b->region ? strcmp(a->region, b->region) == 0 : a->region == b->region);
}

static void print_row(const struct wspscope_endpoint *e)
{
    char ports[2 * CLI_ENDPOINTS_PORTS_SIZE];
    printf("  %-18s  %-22s  %-3s %-10s  %s%s%s%s\n", e->role, cli_endpoints_ports_text(e->ports, ports), e->source,
           e->date, e->value, e->function ? "  (" : "", e->function ? e->function : "", e->function ? ")" : "");
    if (e->disagreement) {
        fputs("      ! ", stdout);
        cli_wrap_print(stdout, e->disagreement, 8, 8);
    }
}

static void print_list(const struct wspscope_endpoints *endpoints, const struct cli_endpoints_request *request)
{
    size_t count, left_out = 0;
    const struct wspscope_endpoint *before = NULL;
    const struct wspscope_endpoint *const *rows = wspscope_endpoints_all(endpoints, &count);
    for (size_t i = 0; i < count; i++) {
        left_out += rows[i]->shared && !request->all;
        if (!is_listed(rows[i], request))
            continue;
        if (!same_region(before, rows[i])) {
            const struct wspscope_endpoint_region *region =
                rows[i]->region ? wspscope_endpoints_region(endpoints, rows[i]->region) : NULL;
            printf("%s%s%s%s\n", before ? "\n" : "", region ? region->code : "all Regions", region ? "  " : "",
                   region ? region->name : "");
            if (region && region->note)
                printf("  %s\n", region->note);
        }
        print_row(rows[i]);
        before = rows[i];
    }
    printf("\nThe newest source is of %s.\n", wspscope_endpoints_date(endpoints));
    if (left_out > 0)
        printf("%zu ranges of Global Accelerator, which others use as well, are left out;\n--all lists them.\n",
               left_out);
}

int cli_endpoints_list(const struct wspscope_endpoints *endpoints, const struct cli_endpoints_request *request)
{
    int json = wants_json(request);
    if (json < 0 || (request->region && !cli_endpoints_find_region(endpoints, request->region)))
        return CLI_UNUSABLE;
    if (!json) {
        print_list(endpoints, request);
        return CLI_DONE;
    }
    size_t count, printed = 0;
    const struct wspscope_endpoint *const *rows = wspscope_endpoints_all(endpoints, &count);
    for (size_t i = 0; i < count; i++) {
        if (!is_listed(rows[i], request))
            continue;
        fputs(printed++ == 0 ? "[\n  " : ",\n  ", stdout);
        json_row(rows[i]);
    }
    fputs(printed == 0 ? "[]\n" : "\n]\n", stdout);
    return CLI_DONE;
}

static void print_field(const char *name, const char *text)
{
    if (!text)
        return;
    printf("  %-13s", name);
    cli_wrap_print(stdout, text, FIELD_INDENT, FIELD_INDENT);
}

static void print_match(const struct wspscope_endpoint *e)
{
    char ports[2 * CLI_ENDPOINTS_PORTS_SIZE], source[512];
    printf("  %-13s%s\n", e->family == 0 ? "name" : "range", e->value);
    printf("  %-13s%s%s%s\n", "role", e->role, e->function ? ", " : "", e->function ? e->function : "");
    printf("  %-13s%s%s%s\n", "Region", e->region ? e->region : "all", e->region ? "  " : "",
           e->region ? e->region_name : "");
    print_field("ports", cli_endpoints_ports_text(e->ports, ports));
    snprintf(source, sizeof source, "%s of %s%s%s", e->source, e->date,
             e->confirmed && strcmp(e->confirmed, e->source) != 0 ? ", confirmed by " : "",
             e->confirmed && strcmp(e->confirmed, e->source) != 0 ? e->confirmed : "");
    print_field("source", source);
    printf("  %-13s%s\n", "", e->source_address);
    print_field("disagreement", e->disagreement);
    print_field("note", e->note);
}

static void print_unknown(const struct wspscope_endpoints *endpoints, const struct wspscope_lookup_result *result)
{
    printf("%s is not in the catalogue (newest source: %s).\n", result->asked, wspscope_endpoints_date(endpoints));
    if (result->private_address)
        printf("  It is a private address, as the gateways of a VPC endpoint have.\n");
    else
        printf("  No source names it as %s of WorkSpaces.\n", result->is_address ? "an address" : "a name");
}

static void print_result(const struct wspscope_endpoints *endpoints, const struct wspscope_lookup_result *result)
{
    if (result->count == 0) {
        print_unknown(endpoints, result);
        return;
    }
    const struct wspscope_endpoint *first = result->rows[0];
    if (first->shared)
        printf("%s lies in a range of AWS that others use as well: by itself it is no sign\nof WorkSpaces.\n",
               result->asked);
    else
        printf("%s: %s\n", result->asked, first->title);
    for (size_t i = 0; i < result->count && i < WSPSCOPE_LOOKUP_MAX; i++) {
        if (i > 0)
            putchar('\n');
        print_match(result->rows[i]);
    }
    if (result->count > WSPSCOPE_LOOKUP_MAX)
        printf("  and %zu more rows of the same name\n", result->count - WSPSCOPE_LOOKUP_MAX);
}

static void json_result(const struct wspscope_lookup_result *result)
{
    json_member("{", "asked", result->asked);
    printf(", \"found\": %s, \"matches\": [", result->count > 0 ? "true" : "false");
    for (size_t i = 0; i < result->count && i < WSPSCOPE_LOOKUP_MAX; i++) {
        fputs(i > 0 ? ",\n    " : "\n    ", stdout);
        json_row(result->rows[i]);
    }
    fputs("]}", stdout);
}

int cli_endpoints_lookup(const struct wspscope_endpoints *endpoints, const struct cli_endpoints_request *request)
{
    int json = wants_json(request), status = CLI_DONE, printed = 0;
    if (json < 0)
        return CLI_UNUSABLE;
    for (int i = 0; i < request->operand_count; i++) {
        struct wspscope_lookup_result result;
        if (wspscope_endpoints_lookup(endpoints, request->operands[i], &result) == WSPSCOPE_LOOKUP_BAD_SYNTAX) {
            cli_message("\"%s\" is neither an address nor a host name.", request->operands[i]);
            status = CLI_UNUSABLE;
            continue;
        }
        if (json) {
            fputs(printed++ == 0 ? "[\n  " : ",\n  ", stdout);
            json_result(&result);
        } else {
            fputs(printed++ == 0 ? "" : "\n", stdout);
            print_result(endpoints, &result);
        }
    }
    if (json)
        fputs(printed == 0 ? "[]\n" : "\n]\n", stdout);
    return status;
}
