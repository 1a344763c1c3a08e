/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/ipaddr.h"
#include "cli/endpoints_rules.h"

#define comment cli_endpoints_rules_comment

/* The sources of the rows, each once. */
static void print_sources(const struct cli_endpoints_rules *rules)
{
    for (size_t i = 0; i < rules->count; i++) {
        const struct wspscope_endpoint *row = rules->rows[i];
        size_t same = 0;
        while (same < i && (strcmp(rules->rows[same]->source, row->source) != 0 ||
                            strcmp(rules->rows[same]->date, row->date) != 0))
            same++;
        if (same == i)
            printf("#   %s of %s: %s\n", row->source, row->date, row->source_address);
    }
}

void cli_endpoints_rules_heading(const struct cli_endpoints_rules *rules)
{
    comment("What a client network must let out for Amazon WorkSpaces in %s, %s.", rules->region->code,
            rules->region->name);
    comment("Sources:");
    print_sources(rules);
    comment("Replies must come back: let a stateful firewall return established and related packets (related are the "
            "ICMP errors, without which large packets vanish). A stateless one must let TCP and UDP from these ranges "
            "return to the client ports 49152-65535, and for PCoIP UDP to the client ports 50002 and 55002.");
    if (rules->region->note)
        comment("%s", rules->region->note);
    putchar('#');
    putchar('\n');
}

/* A name may stand for several functions; the list is sorted by function. */
static bool named_before(const struct cli_endpoints_rules *rules, size_t index)
{
    const struct wspscope_endpoint *row = rules->all[index];
    for (size_t i = 0; i < index; i++) {
        const struct wspscope_endpoint *e = rules->all[i];
        bool here = !e->region || strcmp(e->region, rules->region->code) == 0;
        if (here && e->family == 0 && strcmp(e->value, row->value) == 0)
            return true;
    }
    return false;
}

static void print_names(const struct cli_endpoints_rules *rules)
{
    comment("Names, which no list of addresses can express, because their addresses change: login, registration, "
            "updates and the rest on port 443 (through a proxy without login, or a firewall that filters by name):");
    for (size_t i = 0; i < rules->all_count; i++) {
        const struct wspscope_endpoint *e = rules->all[i];
        char ports[2 * CLI_ENDPOINTS_PORTS_SIZE];
        if (e->family != 0 || (e->region && strcmp(e->region, rules->region->code) != 0) || named_before(rules, i))
            continue;
        printf("#   %s  (%s, %s; %s of %s)\n", e->value, cli_endpoints_ports_text(e->ports, ports), e->function,
               e->source, e->date);
    }
}

static void print_ranges(const struct cli_endpoints_rules *rules)
{
    size_t count;
    const struct wspscope_endpoint_port *rows = wspscope_endpoints_ports(rules->endpoints, &count);
    comment("Where the firewall cannot filter by name, AWS says to allow these services of ip-ranges.json instead:");
    for (size_t i = 0; i < count; i++) {
        char ports[2 * CLI_ENDPOINTS_PORTS_SIZE];
        const char *region = rows[i].region ? rows[i].region : "";
        if (!rows[i].ranges || strcmp(rows[i].ranges, "WORKSPACES_GATEWAYS") == 0)
            continue;
        printf("#   %s to %s %s: %s (%s of %s)\n", cli_endpoints_ports_text(rows[i].ports, ports), rows[i].ranges,
               strcmp(region, "<region>") == 0 ? rules->region->code : region, rows[i].purpose, rows[i].source,
               rows[i].date);
    }
    comment("DNS: UDP 53 to the DNS servers of the clients, unless they resolve names elsewhere.");
}

/* The health checks of a Region whose addresses are not published in both families. */
static void print_health_checks(const struct cli_endpoints_rules *rules)
{
    bool family[7] = { false };
    for (size_t i = 0; i < rules->count; i++)
        if (strcmp(rules->rows[i]->role, "health-check") == 0)
            family[rules->rows[i]->family] = true;
    for (int f = 4; f <= 6; f += 2)
        if (!family[f])
            comment("No IPv%d address of a health-check host is published for this Region, so none is allowed.", f);
    for (size_t i = 0; i < rules->all_count; i++) {
        const struct wspscope_endpoint *e = rules->all[i];
        bool ours = e->region && strcmp(e->region, rules->region->code) == 0;
        if (ours && e->family == 0 && strcmp(e->role, "health-check") == 0 && e->disagreement)
            comment("%s: %s", e->value, e->disagreement);
    }
}

static void print_accelerator(const struct cli_endpoints_rules *rules)
{
    size_t printed = 0;
    for (size_t i = 0; i < rules->all_count; i++) {
        const struct wspscope_endpoint *e = rules->all[i];
        if (!e->shared || e->family != 6 || (e->region && strcmp(e->region, rules->region->code) != 0))
            continue;
        if (printed++ == 0)
            comment("Global Accelerator over IPv6 uses these ranges of GLOBALACCELERATOR, which others use as well; "
                    "they are not allowed here. Without them sessions take the direct way or IPv4. %s of %s:",
                    e->source, e->date);
        printf("#   %s\n", e->value);
    }
}

void cli_endpoints_rules_notes(const struct cli_endpoints_rules *rules)
{
    printf("#\n");
    print_health_checks(rules);
    print_names(rules);
    print_ranges(rules);
    print_accelerator(rules);
}
