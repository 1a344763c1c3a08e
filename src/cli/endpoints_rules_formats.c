/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/ipaddr.h"
#include "cli/endpoints_rules.h"

static const char *const protocols[] = { "tcp", "udp" };
enum { PROTOCOLS = sizeof protocols / sizeof *protocols };

/* What a reader should know of the rows of a group, above them. */
static void print_group_comment(const struct wspscope_endpoint *const *rows, size_t count)
{
    char ports[2 * CLI_ENDPOINTS_PORTS_SIZE];
    cli_endpoints_rules_comment("%s, IPv%d: %s (%s of %s)", rows[0]->title, rows[0]->family,
                                cli_endpoints_ports_text(rows[0]->ports, ports), rows[0]->source, rows[0]->date);
    for (size_t i = 0; i < count; i++) {
        bool said = false;
        for (size_t k = 0; k < i; k++)
            said |= rows[i]->disagreement && rows[k]->disagreement &&
                    strcmp(rows[i]->disagreement, rows[k]->disagreement) == 0;
        if (rows[i]->disagreement && !said)
            cli_endpoints_rules_comment("%s: %s", rows[i]->value, rows[i]->disagreement);
    }
}

static void plain_group(const struct wspscope_endpoint *const *rows, size_t count)
{
    print_group_comment(rows, count);
    for (size_t i = 0; i < count; i++) {
        char tcp[CLI_ENDPOINTS_PORTS_SIZE], udp[CLI_ENDPOINTS_PORTS_SIZE];
        cli_endpoints_ports_join(cli_endpoints_ports_of(rows[i]->ports, "tcp"), tcp);
        cli_endpoints_ports_join(cli_endpoints_ports_of(rows[i]->ports, "udp"), udp);
        printf("%-24s  tcp %-9s  udp %-9s  %s\n", rows[i]->value, *tcp ? tcp : "-", *udp ? udp : "-", rows[i]->role);
    }
}

/* RFC 4180. */
static void csv_field(const char *text, const char *after)
{
    if (!text || !strpbrk(text, ",\"\r\n")) {
        printf("%s%s", text ? text : "", after);
        return;
    }
    putchar('"');
    for (const char *c = text; *c; c++)
        fputs(*c == '"' ? "\"\"" : (char[2]){ *c, '\0' }, stdout);
    printf("\"%s", after);
}

static void csv_row(const struct wspscope_endpoint *e, const char *region)
{
    static const char *const kinds[] = { [0] = "name", [4] = "ipv4", [6] = "ipv6" };
    for (int i = 0; i < PROTOCOLS; i++) {
        char ports[CLI_ENDPOINTS_PORTS_SIZE];
        cli_endpoints_ports_join(cli_endpoints_ports_of(e->ports, protocols[i]), ports);
        if (!*ports)
            continue;
        csv_field(region, ",");
        csv_field(kinds[e->family], ",");
        csv_field(e->value, ",");
        csv_field(protocols[i], ",");
        csv_field(ports, ",");
        csv_field(e->role, ",");
        csv_field(e->function, ",");
        csv_field(e->source, ",");
        csv_field(e->date, ",");
        csv_field(e->disagreement, "\r\n");
    }
}

static void csv_begin(const struct cli_endpoints_rules *rules)
{
    (void)rules;
    printf("region,kind,value,protocol,ports,role,function,source,date,disagreement\r\n");
}

static void csv_group(const struct wspscope_endpoint *const *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        csv_row(rows[i], rows[i]->region);
}

static void csv_end(const struct cli_endpoints_rules *rules)
{
    for (size_t i = 0; i < rules->all_count; i++) {
        const struct wspscope_endpoint *e = rules->all[i];
        if (e->family == 0 && (!e->region || strcmp(e->region, rules->region->code) == 0))
            csv_row(e, rules->region->code);
    }
}

static void nftables_begin(const struct cli_endpoints_rules *rules)
{
    cli_endpoints_rules_heading(rules);
    cli_endpoints_rules_comment("Load: nft -f FILE. It fills a chain of its own, again and again without doubling, and "
                                "changes no traffic until the chain that filters forwarded packets goes there:");
    printf("#   nft add rule inet filter forward jump workspaces-out\n\n"
           "add table inet filter\n"
           "add chain inet filter workspaces-out\n"
           "flush chain inet filter workspaces-out\n"
           "table inet filter {\n"
           "    chain workspaces-out {\n"
           "        ct state established,related accept\n");
}

static void nftables_group(const struct wspscope_endpoint *const *rows, size_t count)
{
    print_group_comment(rows, count);
    for (int p = 0; p < PROTOCOLS; p++) {
        char ports[CLI_ENDPOINTS_PORTS_SIZE];
        cli_endpoints_ports_join(cli_endpoints_ports_of(rows[0]->ports, protocols[p]), ports);
        if (!*ports)
            continue;
        printf("        %s daddr {", rows[0]->family == 4 ? "ip" : "ip6");
        for (size_t i = 0; i < count; i++)
            printf("%s%s %s", i > 0 ? "," : "", count > 1 ? "\n           " : "", rows[i]->value);
        printf("%s} %s dport { %s } accept\n", count > 1 ? "\n        " : " ", protocols[p], ports);
    }
}

static void nftables_end(const struct cli_endpoints_rules *rules)
{
    printf("    }\n}\n\n");
    cli_endpoints_rules_notes(rules);
}

static void iptables_begin(const struct cli_endpoints_rules *rules)
{
    cli_endpoints_rules_heading(rules);
    cli_endpoints_rules_comment("One file for both families: each program passes over the other's lines. Load it "
                                "beside the rules that are there, which without --noflush would be gone:");
    printf("#   iptables-restore --noflush FILE; ip6tables-restore --noflush FILE\n");
    cli_endpoints_rules_comment("It changes no traffic until the chain that filters forwarded packets goes there:");
    printf("#   iptables -A FORWARD -j WORKSPACES-OUT; ip6tables -A FORWARD -j WORKSPACES-OUT\n"
           "*filter\n"
           ":WORKSPACES-OUT - [0:0]\n"
           "-A WORKSPACES-OUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT\n");
}

static void iptables_group(const struct wspscope_endpoint *const *rows, size_t count)
{
    print_group_comment(rows, count);
    for (size_t i = 0; i < count; i++) {
        for (int p = 0; p < PROTOCOLS; p++) {
            char ports[CLI_ENDPOINTS_PORTS_SIZE];
            cli_endpoints_ports_join(cli_endpoints_ports_of(rows[i]->ports, protocols[p]), ports);
            if (*ports)
                printf("-A WORKSPACES-OUT -%d -d %s -p %s -m multiport --dports %s -j ACCEPT\n", rows[i]->family,
                       rows[i]->value, protocols[p], ports);
        }
    }
}

static void iptables_end(const struct cli_endpoints_rules *rules)
{
    printf("COMMIT\n");
    cli_endpoints_rules_notes(rules);
}

const struct cli_endpoints_rules_format *cli_endpoints_rules_format(const char *name)
{
    static const struct cli_endpoints_rules_format formats[] = {
        { "plain", cli_endpoints_rules_heading, plain_group, cli_endpoints_rules_notes },
        { "csv", csv_begin, csv_group, csv_end },
        { "nftables", nftables_begin, nftables_group, nftables_end },
        { "iptables", iptables_begin, iptables_group, iptables_end },
    };
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (strcmp(formats[i].name, name) == 0)
            return &formats[i];
    return NULL;
}
